"""Gong transcripts: what the other side said, and when."""

from pathlib import Path

import pytest

from assistant.domain.ids import person_id
from tests.support.json_exports import SAID, as_document, as_lines, gong, renamed, snake
from tests.support.layout_reading import WORKSPACE, read


def test_every_turn_of_speech_is_accounted_for(tmp_path: Path) -> None:
    reading = read(as_document(tmp_path / "calls.json", gong()))
    assert (reading.opened.layout, reading.known.confidence) == ("gong", 1.0)
    assert reading.rows == 41
    assert reading.dropped == {
        "spoken by our own side": 19,
        "its speaker isn't among the parties of the call": 3,
        "its speaker's side isn't known": 1,
    }
    assert reading.empty == 1
    assert len(reading.records) == 17


def test_a_turn_without_sentences_is_empty_and_not_the_title(tmp_path: Path) -> None:
    reading = read(as_document(tmp_path / "calls.json", gong()))
    assert "8802#2" not in reading.records


@pytest.mark.parametrize("unit", [1000, 1, 1.0])
def test_seconds_and_milliseconds_are_told_apart(tmp_path: Path, unit: float) -> None:
    turn = read(as_document(tmp_path / "calls.json", gong(unit=unit))).records["8806#2"]
    assert turn.said_at is not None
    assert turn.said_at.isoformat() == "2026-04-07T08:01:00+00:00"


def test_without_spoken_words_the_length_of_the_call_tells(tmp_path: Path) -> None:
    export = gong()
    for call in export["callTranscripts"]:
        for turn in call["transcript"]:
            for sentence in turn["sentences"]:
                del sentence["end"]
    turn = read(as_document(tmp_path / "calls.json", export)).records["8806#2"]
    assert turn.said_at is not None
    assert turn.said_at.isoformat() == "2026-04-07T08:01:00+00:00"


def test_a_turn_keeps_what_the_call_says_of_it(tmp_path: Path) -> None:
    records = read(as_document(tmp_path / "calls.json", gong())).records
    turn = records["8807#2"]
    assert turn.raw == f"{SAID[7]} That is my main point."
    assert (turn.title, turn.account, turn.language) == ("Renewal 7", "Acme Fruit", "en")
    assert turn.url == "https://gong.example/call?id=8807"
    assert turn.segments == {"topic": "Product", "role": "Head of Office", "channel": "Video"}
    assert turn.person == person_id(WORKSPACE, "elin@example.org")
    assert records["8803#2"].said_at is None


def test_parties_may_stand_in_a_list_of_calls_beside(tmp_path: Path) -> None:
    whole = gong()
    calls = [
        {"metaData": call.pop("metaData"), "parties": call.pop("parties")}
        for call in whole["callTranscripts"]
    ]
    apart = read(as_document(tmp_path / "apart.json", whole | {"calls": calls}))
    assert apart.records == read(as_document(tmp_path / "whole.json", gong())).records


def test_lines_and_other_cases_give_the_same(tmp_path: Path) -> None:
    plain = read(as_document(tmp_path / "a.json", gong()))
    lines = read(as_lines(tmp_path / "b.jsonl", gong()["callTranscripts"]))
    other = read(as_document(tmp_path / "c.json", renamed(gong(), snake), mark=True))
    assert plain.records == lines.records == other.records
    assert plain.dropped == lines.dropped == other.dropped
