"""A Slack export: threads put together again, without what no person wrote."""

import json
import zipfile
from pathlib import Path

import pytest

from assistant.domain.ids import person_id
from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.layouts.slack_text import readable
from ingest.recognise import open_file
from tests.support.json_exports import SAID
from tests.support.layout_reading import WORKSPACE, read
from tests.support.slack_export import channels, slack_zip, users


def test_every_thread_and_every_dropped_message_is_accounted_for(tmp_path: Path) -> None:
    reading = read(slack_zip(tmp_path / "export.zip"))
    assert (reading.opened.layout, reading.known.confidence, reading.opened.source) == (
        "slack",
        1.0,
        "slack",
    )
    messages = sum(map(len, channels().values()))
    replies = 3
    assert reading.rows == messages - replies == 28
    assert reading.dropped == {
        "written by a bot": 3,
        "a message that was deleted": 1,
        "someone joined or left the channel": 2,
        "a notice of Slack itself": 1,
        "stands in the export twice": 1,
    }
    assert reading.empty == 1
    assert len(reading.records) == 19


def test_a_thread_is_one_record_with_its_replies_in_order(tmp_path: Path) -> None:
    records = read(slack_zip(tmp_path / "export.zip")).records
    thread = records["feedback/1772445600.000000"]
    assert thread.raw == (
        f"{SAID[0]}\n\nElin: Same for me.\n\nAna Reyes: Only in https://kanbo.example, yes?\n\nBen: Fixed it by @U9"
    )
    assert thread.person == person_id(WORKSPACE, "dov@example.org")
    assert thread.said_at is not None
    assert thread.said_at.isoformat() == "2026-03-02T10:00:00+00:00"
    assert thread.segments == {"channel": "feedback", "replies": "3", "votes": "2"}
    assert not [r for r in records.values() if "Deploy" in r.raw or "joined" in r.raw or "green" in r.raw]


def test_replies_whose_head_is_not_in_the_export_stand_alone(tmp_path: Path) -> None:
    orphan = read(slack_zip(tmp_path / "export.zip")).records["feedback/1771668000.000200"]
    assert orphan.raw == "Still broken."
    assert orphan.said_at is not None
    assert orphan.said_at.isoformat() == "2026-03-03T10:01:00+00:00"


def test_people_of_other_companies_are_known_by_their_own_message(tmp_path: Path) -> None:
    guest = read(slack_zip(tmp_path / "export.zip")).records["sales/1772454600.000000"]
    assert (guest.raw, guest.segments) == (SAID[19], {"channel": "sales"})
    assert guest.person == person_id(WORKSPACE, "zoe")


USERS = {"U1": {"id": "U1", "profile": {"display_name": "Ben"}}}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<@U1> and <@U2>, <@U3|cleo>", "@Ben and @U2, @cleo"),
        ("<#C1|general> <#C2>", "#general #C2"),
        ("<!here> <!subteam^S1|@team> <!date^1^x|today>", "@here @team @today"),
        ("<https://a.example?x=1&amp;y=2|the page> <https://b.example|b.example>", "the page (https://a.example?x=1&y=2) https://b.example"),
        ("<mailto:a@b.example|a@b.example>", "mailto:a@b.example"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"),
        ("if a < b and c > d", "if a < b and c > d"),
    ],
)  # fmt: skip
def test_messages_read_as_people_saw_them(raw: str, shown: str) -> None:
    assert readable(raw, USERS) == shown


def test_an_export_zipped_as_a_folder_or_without_lists_is_known_too(tmp_path: Path) -> None:
    plain = read(slack_zip(tmp_path / "a.zip"))
    inside = read(
        slack_zip(
            tmp_path / "b.zip", folder="kanbo export/", extra={"__MACOSX/feedback/2026-03-02.json": b"x"}
        )
    )
    assert inside.records == plain.records
    people = {"users.json": json.dumps(users()).encode()}
    half = read(slack_zip(tmp_path / "c.zip", lists=False, extra=people))
    assert (half.records, half.known.confidence) == (plain.records, 0.9)
    with pytest.raises(InputRejected, match="not a kind of file"):
        open_file(slack_zip(tmp_path / "d.zip", lists=False), Settings(home=tmp_path))


def test_damaged_days_are_rows_with_a_reason_and_the_others_go_on(tmp_path: Path) -> None:
    extra = {
        "feedback/2026-03-04.json": b"[{",
        "feedback/2026-03-05.json": b'{"messages": []}',
        "feedback/2026-03-06.json": b"[" * 100_000,
        "sales/2026-03-06.json": b'[null, 3, {"type": "message"}, {"ts": NaN}]',
        "sales/2026-03-07.json": b'[null, 3, {"type": "message", "user": "U1"}, {"user": "U1", "ts": {"a": 1}, "text": ["x"]}]',
        "sales/canvas.json": b"not read",
    }  # fmt: skip
    reading = read(slack_zip(tmp_path / "export.zip", extra=extra))
    assert reading.dropped["a day's file that isn't valid JSON"] == 3
    assert reading.dropped["a day's file without a list of messages"] == 1
    assert reading.dropped["not an object"] == 2
    assert len(reading.records) == 19
    assert reading.empty == 3


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", "[]")
        archive.writestr("general/2026-03-02.json", b"[" + b" " * (64 << 20) + b"]")
    return path


def test_bombs_tricks_and_other_archives_are_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(InputRejected, match="zip bomb"):
        open_file(bomb(tmp_path / "a.zip"), settings)
    with pytest.raises(InputRejected, match="leaves the file"):
        open_file(slack_zip(tmp_path / "b.zip", extra={"../evil.json": b"[]"}), settings)
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    with pytest.raises(InputRejected, match="not a kind of file"):
        open_file(tmp_path / "c.zip", settings)


def test_two_heads_without_a_time_are_two_rows(tmp_path: Path) -> None:
    messages = [
        {"type": "message", "user": "U1", "text": "One."},
        {"type": "message", "user": "U1", "text": "Two."},
    ]
    extra = {"odd/2026-03-02.json": json.dumps(messages).encode()}
    reading = read(slack_zip(tmp_path / "export.zip", extra=extra))
    assert {"One.", "Two."} <= {record.raw for record in reading.records.values()}
