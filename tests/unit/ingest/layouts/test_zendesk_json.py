"""Zendesk tickets: customers' words, without those of agents."""

from pathlib import Path
from typing import Any

import pytest

from assistant.domain.ids import person_id
from tests.support.json_exports import SAID, as_document, as_lines, camel, renamed, zendesk
from tests.support.layout_reading import WORKSPACE, read


def test_every_comment_is_accounted_for(tmp_path: Path) -> None:
    reading = read(as_lines(tmp_path / "tickets.jsonl", zendesk()))
    assert (reading.opened.layout, reading.known.confidence) == ("zendesk-json", 1.0)
    assert reading.rows == 43
    assert reading.dropped == {
        "not written by the requester": 19,
        "written by an agent": 1,
        "a private note": 1,
        "its author isn't named, who may be an agent": 1,
    }
    assert len(reading.records) == 21
    assert reading.empty == 0
    raws = {record.raw for record in reading.records.values()}
    assert not [raw for raw in raws if "looking into" in raw or "Known bug" in raw or "work here" in raw]


def test_a_ticket_keeps_what_the_desk_knows_of_it(tmp_path: Path) -> None:
    reading = read(as_lines(tmp_path / "tickets.jsonl", zendesk()))
    ticket = reading.records["9007"]
    assert (ticket.raw, ticket.title, ticket.account) == (SAID[7], "Question 7", "Acme Fruit")
    assert ticket.said_at is not None
    assert ticket.said_at.isoformat() == "2026-02-08T08:00:00+00:00"
    assert ticket.url == "https://kanbo.zendesk.example/agent/tickets/9007"
    assert ticket.segments == {"status": "open", "channel": "web", "tags": "board, t1"}
    assert ticket.person == person_id(WORKSPACE, "cleo@example.org")
    assert ticket.source == "zendesk"


def test_further_comments_of_customers_are_records_of_their_own(tmp_path: Path) -> None:
    records = read(as_lines(tmp_path / "tickets.jsonl", zendesk())).records
    again, other = records["9000#4"], records["9000#5"]
    assert (again.raw, again.title, again.person) == ("Yes, with every board.", None, records["9000"].person)
    assert again.said_at is not None
    assert again.said_at.isoformat() == "2026-02-03T08:00:00+00:00"
    assert (other.raw, other.person) == ("Same at my desk.", person_id(WORKSPACE, "Fay Lund"))


def test_what_an_agent_opened_for_a_customer_is_dropped(tmp_path: Path) -> None:
    records = read(as_lines(tmp_path / "tickets.jsonl", zendesk())).records
    assert "9001" not in records
    assert "9003" not in records


def test_a_description_counts_once(tmp_path: Path) -> None:
    records = read(as_lines(tmp_path / "tickets.jsonl", zendesk())).records
    assert records["9002"].raw == SAID[2]  # the export has no comments of it
    assert records["9004"].raw == "Question 4"  # neither text nor comments: the subject
    assert records["9006"].raw == "Drag and drop stutters\non my tablet."  # as HTML alone
    assert sum(record.raw == SAID[8] for record in records.values()) == 1


def test_a_remark_on_the_service_is_kept_with_its_score(tmp_path: Path) -> None:
    records = read(as_lines(tmp_path / "tickets.jsonl", zendesk())).records
    assert records["9005#satisfaction"].raw == "Nobody called me back."
    assert records["9005#satisfaction"].segments["satisfaction"] == "bad"


def test_pages_of_the_api_take_roles_from_the_users_beside(tmp_path: Path) -> None:
    tickets = [{key: value for key, value in ticket.items() if key != "requester"} for ticket in zendesk()]
    users = [
        {"id": 7, "role": "agent"},
        {"id": 56, "role": "end-user", "name": "Ida"},
        {"id": 102, "role": "admin"},
    ]
    reading = read(as_document(tmp_path / "page.json", {"tickets": tickets, "users": users, "count": 20}))
    assert "9000#6" in reading.records
    assert "9002" not in reading.records  # a colleague asked
    assert reading.dropped["written by an agent"] == 23


@pytest.mark.parametrize("rename", [camel, str.upper])
def test_keys_in_another_case_are_the_same_keys(tmp_path: Path, rename: type[str]) -> None:
    plain = read(as_lines(tmp_path / "a.jsonl", zendesk()))
    other = read(as_document(tmp_path / "b.json", renamed(zendesk(), rename), mark=True))
    assert other.records == plain.records
    assert other.dropped == plain.dropped


def comment(role: str) -> dict[str, Any]:
    return {"author": {"name": "X", "role": role}, "body": f"Said as {role}.", "created_at": "2026-02-01"}


def test_roles_alone_are_enough(tmp_path: Path) -> None:
    roles = ["end-user", "agent", "End_User", "Admin", "customer", "light-agent"]
    ticket = {"id": 1, "subject": "S", "comments": [comment(role) for role in roles]}
    reading = read(as_lines(tmp_path / "a.jsonl", [ticket]))
    assert [r.raw for r in reading.records.values()] == [
        "Said as end-user.",
        "Said as End_User.",
        "Said as customer.",
    ]
    assert reading.dropped == {"written by an agent": 3}
