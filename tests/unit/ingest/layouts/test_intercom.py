"""Intercom conversations: what users and leads wrote, as text."""

from pathlib import Path

import pytest

from assistant.domain.ids import person_id
from tests.support.json_exports import SAID, as_document, as_lines, camel, intercom, renamed
from tests.support.layout_reading import WORKSPACE, read


def test_every_part_is_accounted_for(tmp_path: Path) -> None:
    reading = read(as_document(tmp_path / "c.json", intercom()))
    assert (reading.opened.layout, reading.known.confidence) == ("intercom", 1.0)
    assert reading.rows == 46
    assert reading.dropped == {
        "written by the team": 20,
        "written by a bot": 1,
        "an internal note": 1,
        "an event without a message, for example an assignment": 1,
        "a message that was deleted": 1,
    }
    assert reading.empty == 2
    assert len(reading.records) == 20
    assert not [
        r for r in reading.records.values() if "Thanks" in r.raw or "Churn" in r.raw or "gone" in r.raw
    ]


def test_the_first_message_is_the_source_and_times_are_seconds(tmp_path: Path) -> None:
    first = read(as_document(tmp_path / "c.json", intercom())).records["5000"]
    assert first.raw == SAID[0]
    assert first.said_at is not None
    assert first.said_at.isoformat() == "2026-03-01T10:00:00+00:00"
    assert first.person == person_id(WORKSPACE, "ben@example.org")
    assert first.segments == {
        "state": "open",
        "priority": "not_priority",
        "channel": "conversation",
        "tags": "beta",
    }


def test_html_becomes_the_text_that_people_read(tmp_path: Path) -> None:
    reply = read(as_document(tmp_path / "c.json", intercom())).records["5000#r"]
    assert reply.raw == "Not & never: 3 < 4\ncolumns\nfirst\nlast"
    assert reply.said_at is not None
    assert reply.said_at.isoformat() == "2026-03-01T10:01:43+00:00"


def test_a_rating_goes_with_its_remark_alone(tmp_path: Path) -> None:
    records = read(as_document(tmp_path / "c.json", intercom())).records
    assert (records["5002#rating"].raw, records["5002#rating"].rating) == ("Two days for one answer.", 1.0)
    assert records["5002#rating"].person == records["5002"].person
    assert records["5002"].rating is None


def test_a_subject_is_the_title_of_the_first_message_only(tmp_path: Path) -> None:
    page = intercom()
    page["conversations"][0]["source"]["subject"] = "<b>Boards</b>"
    reading = read(as_document(tmp_path / "c.json", page))
    assert reading.records["5000"].title == "Boards"
    assert reading.records["5000#r"].title is None
    assert reading.empty == 2


@pytest.mark.parametrize("rename", [camel, str.upper])
def test_lines_and_other_cases_give_the_same(tmp_path: Path, rename: type[str]) -> None:
    plain = read(as_document(tmp_path / "a.json", intercom()))
    lines = read(as_lines(tmp_path / "b.jsonl", intercom()["conversations"]))
    other = read(as_document(tmp_path / "c.json", renamed(intercom(), rename), mark=True))
    assert plain.records == lines.records == other.records
    assert plain.dropped == lines.dropped == other.dropped
