"""The inputs of the duplicates measurement, and its own arithmetic."""

import random

from evals.bench.duplicates import EDITS, links_of, peer_pairs, shingles

TEXT = "How do I activate my new card before I travel?"


def test_every_way_of_editing_changes_the_text_a_little() -> None:
    for way, edit in EDITS.items():
        edits = {edit(TEXT, random.Random(seed)) for seed in range(20)}
        assert edits - {TEXT}, way
        assert all(abs(len(one) - len(TEXT)) < 30 for one in edits), way


def test_both_sides_find_the_same_plain_pair() -> None:
    texts = [TEXT, "Why was my transfer declined yesterday evening?", f"{TEXT} Thanks!"]
    assert sorted(links_of(texts)) == ["00000000", "00000002"]
    assert peer_pairs(texts, by_batch=True) == peer_pairs(texts, by_batch=False) == {(0, 2)}


def test_shingles_leave_punctuation_and_case_out() -> None:
    assert shingles("My card!") == shingles("my CARD") == {" my ", "my c", "y ca", " car", "card", "ard "}
