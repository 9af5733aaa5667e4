"""Masking any text: spans stand apart, nothing found is left, and masking twice changes nothing."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.personal.find import find_personal, masked, masked_pieces
from evals.bench.seeds import SEEDS, TRAPS

_PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([" ", "\n", "-", ".", "+", "(", ")", "@", ":", "1", "42", "phone ", "password: ", "電話", "ab", "é", "https://"]),
    st.builds(lambda make, dice: "".join(make(dice)), st.sampled_from(list(SEEDS.values())), st.randoms(use_true_random=False)),
    st.builds(lambda make, dice: make(dice), st.sampled_from(list(TRAPS.values())), st.randoms(use_true_random=False)),
)  # fmt: skip
TEXTS = st.lists(_PIECES, max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = find_personal(text)
    assert all(0 <= one.start < one.end <= len(text) for one in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_nothing_that_was_found_is_left(text: str) -> None:
    shown = masked(text)
    for one in find_personal(text):
        assert text[one.start : one.end] not in shown


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_pieces_hold_nothing_that_the_whole_text_masks(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=2)))
    shown = "\x00".join(masked_pieces(text, cuts))
    for one in find_personal(text):
        assert text[one.start : one.end] not in shown
