"""Rules that read feedback, measured on real texts with labels."""

import csv
import json
from pathlib import Path

import pytest

from assistant.search.stance import is_instruction_like, stance

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the development data (../shared/data) is not here")


def test_the_known_attacks_are_recognised_and_their_carriers_are_not() -> None:
    lines = (DATA / "injections" / "injections.jsonl").read_text("utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["goal"] != "benign_control"]
    missed = [case["id"] for case in cases if not is_instruction_like(case["text"])]
    assert len(missed) / len(cases) <= 0.02
    assert not [case["carrier"] for case in cases if is_instruction_like(case["carrier"])]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("skytrax/lounge.csv", "content"),
        ("skytrax/seat.csv", "content"),
        ("banking77/train.csv", "text"),
        ("minibar/classes_garmin_connect.en.csv", "data"),
        ("minibar/classes_garmin_connect.fr.csv", "data"),
    ],
)
def test_real_feedback_raises_at_most_one_false_alarm_in_a_thousand(name: str, column: str) -> None:
    with (DATA / name).open(encoding="utf-8") as file:
        texts = [row[column] for row in csv.DictReader(file)]
    assert sum(map(is_instruction_like, texts)) / len(texts) <= 0.001


def test_seat_reviews_of_clear_ratings_are_told_apart() -> None:
    with (DATA / "skytrax" / "seat.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["overall_rating"]]
    expected = [
        ("problem" if float(row["overall_rating"]) <= 3 else "praise", row["content"])
        for row in rows
        if not 3 < float(row["overall_rating"]) < 8
    ]
    told = [(wanted, found) for wanted, text in expected if (found := stance(text)) != "neutral"]
    # Measured: 0.80 of all, 0.90 of those that aren't neutral.
    assert sum(wanted == found for wanted, found in told) / len(expected) >= 0.78
    assert sum(wanted == found for wanted, found in told) / len(told) >= 0.88
