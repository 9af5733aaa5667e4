"""Jira: what was made is found although its search lags, people's pictures stay, and whatever it answers becomes an error of ours."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from api.trackers.jira import KIND
from api.trackers.port import Tracker
from assistant.domain.ticket import Connection, Ticket, TicketChange, TicketState, TicketText, marker
from assistant.errors import (
    NotFound,
    TrackerRateLimited,
    TrackerRefused,
    TrackerUnavailable,
    UsageError,
    VoxspecError,
)
from tests.support.hosted_tracker import TOKEN, Accident, Answer
from tests.support.jira_server import USER, JiraServer

_Answer = TypeVar("_Answer")
MARKED = marker("publish/desk/d_1/US-1")
TEXT = TicketText(title="Open it offline", body="As a *traveller* …", kind="story")


@pytest.fixture
def server() -> Iterator[JiraServer]:
    with JiraServer() as running:
        yield running


def ask(server: JiraServer, question: Callable[[Tracker], Awaitable[_Answer]], token: str = TOKEN) -> _Answer:
    async def asked() -> _Answer:
        there = Connection(name="desk", tracker="jira", url=server.url, project="KAN", user=USER)
        async with KIND.open(there, token) as tracker:
            return await question(tracker)

    return asyncio.run(asked())


def made(server: JiraServer, text: TicketText = TEXT, marked: str = MARKED) -> Ticket:
    return ask(server, lambda tracker: tracker.create(text, marked, ""))


def test_a_ticket_is_found_before_the_search_knows_it(server: JiraServer) -> None:
    server.add_issue("known to the search")
    server.unseen = {f"KAN-{number}" for number in range(2, 200)}
    for number in range(120):
        server.add_issue(f"somebody's, meanwhile {number}")
    written = made(server)
    found = ask(server, lambda tracker: tracker.find(MARKED))
    assert found is not None
    assert (written.key, found.key) == ("KAN-122", "KAN-122")
    assert ask(server, lambda tracker: tracker.find(marker("another"))) is None


def test_an_older_one_of_ours_is_found_behind_many(server: JiraServer) -> None:
    written = made(server)
    for number in range(160):
        made_by_us = {"summary": str(number), "issuetype": {"id": "10003"}}
        server._made(made_by_us, {}, {"accountId": "557058:bot", "displayName": "Voxspec"})
    found = ask(server, lambda tracker: tracker.find(MARKED))
    assert found is not None
    assert found.key == written.key


@pytest.mark.parametrize("hangs", [False, True])
def test_what_arrived_without_an_answer_is_found_by_its_marker(
    server: JiraServer, monkeypatch: pytest.MonkeyPatch, *, hangs: bool
) -> None:
    monkeypatch.setattr("api.trackers.web.TIMEOUT_S", 1.0 if hangs else 20.0)

    async def lost(tracker: Tracker) -> Ticket:
        server.accidents.append(Accident(method="POST", done=True, hangs=hangs))
        return await tracker.create(TEXT, MARKED, "")

    with pytest.raises(TrackerUnavailable):
        ask(server, lost)
    server.unseen = set(server.issues)
    found = ask(server, lambda tracker: tracker.find(MARKED))
    assert found is not None
    assert (found.title, found.body, found.marker) == (TEXT.title, TEXT.body, MARKED)
    assert len(server.issues) == 1


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (
            Answer(429, {}, {"retry-after": "7", "ratelimit-reason": "jira-burst-based"}),
            TrackerRateLimited,
            "burst",
        ),
        (Answer(503, {}), TrackerUnavailable, "503"),
        (Answer(403, {"errorMessages": ["No rights"]}), TrackerRefused, "No rights"),
        (Answer(404, {"errorMessages": ["gone"]}), NotFound, "KAN-1"),
        (Answer(200, b"<html>"), VoxspecError, "JSON"),
    ],
)
def test_an_answer_that_is_none_is_told_as_what_it_means(
    server: JiraServer, answer: Answer, error: type[VoxspecError], said: str
) -> None:
    server.add_issue("one")
    server.accidents.append(Accident(answer, method="GET"))
    with pytest.raises(error, match=said) as raised:
        ask(server, lambda tracker: tracker.get("KAN-1"))
    if isinstance(raised.value, TrackerRateLimited):
        assert raised.value.retry_after_s == 7


def test_a_wrong_token_or_a_connection_without_a_name_is_told(server: JiraServer) -> None:
    with pytest.raises(TrackerRefused, match="token"):
        ask(server, lambda tracker: tracker.get("KAN-1"), token="another")
    with pytest.raises(UsageError, match="user"):
        KIND.open(
            Connection(name="desk", tracker="jira", url=server.url, project="KAN"), TOKEN
        ).__aenter__().send(None)


def test_a_picture_and_a_mention_stay_where_somebody_put_them(server: JiraServer) -> None:
    picture = {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "m-1", "type": "file"}}]}
    said: dict[str, Any] = {
        "type": "paragraph",
        "content": [
            {"type": "text", "text": "See "},
            {"type": "mention", "attrs": {"id": "557058:1", "text": "@Ann"}},
        ],
    }
    ours = {"type": "paragraph", "content": [{"type": "text", "text": "ours"}]}
    key = server.add_issue("one", {"type": "doc", "version": 1, "content": [ours, picture, said]})
    held = ask(server, lambda tracker: tracker.get(key))
    assert held.body == "ours\n\n![](media:m-1)\n\nSee \\@Ann"
    change = TicketChange(body=held.body.replace("ours", "**ours**, again"), version=held.version)
    ask(server, lambda tracker: tracker.update(key, change))
    written = server.issues[key]["fields"]["description"]["content"]
    assert written[1:] == [picture, said]
    assert written[0]["content"][0] == {"type": "text", "text": "ours", "marks": [{"type": "strong"}]}


def test_types_parents_and_labels_are_said_as_jira_takes_them(server: JiraServer) -> None:
    epic = made(server, TicketText(title="All of it", kind="epic"), marker("epic"))
    part = made(server, TEXT.model_copy(update={"parent": epic.key, "labels": ("on the road", "ux")}))
    assert (epic.kind, part.kind, part.parent, part.labels) == (
        "Epic",
        "Story",
        "KAN-1",
        ("on-the-road", "ux"),
    )
    server.types = (("10001", "Epos", 1), ("10009", "Aufgabe", 0))
    assert made(server, TEXT, marker("c")).kind == "Aufgabe"
    assert made(server, TicketText(title="All", kind="epic"), marker("d")).kind == "Epos"


def test_a_ticket_is_closed_as_done_not_as_rejected(server: JiraServer) -> None:
    key = server.add_issue("one")
    closed = ask(server, lambda tracker: tracker.update(key, TicketChange(state=TicketState.closed)))
    assert (closed.state, closed.status) == (TicketState.closed, "Done")
    assert ask(server, lambda tracker: tracker.update(key, TicketChange(state=TicketState.closed))) == closed


def test_a_comment_of_ours_is_no_change_that_hinders_a_write(server: JiraServer) -> None:
    written = made(server)
    ask(server, lambda tracker: tracker.comment(written.key, "12 people", marker("comment"), "", ""))
    change = TicketChange(title="Another", version=written.version)
    changed = ask(server, lambda tracker: tracker.update(written.key, change))
    assert changed.title == "Another"
    assert changed.version > written.version


def test_every_comment_of_a_long_talk_is_read(server: JiraServer) -> None:
    key = server.add_issue("one")
    body = {"type": "doc", "version": 1, "content": []}
    for number in range(230):
        said = {
            "id": str(30_000 + number),
            "body": body,
            "author": {"displayName": "Ann"},
            "created": server.now(),
        }
        server.comments[key].append(said)
    ours = ask(server, lambda tracker: tracker.comment(key, "evidence", marker("comment"), "", ""))
    read = ask(server, lambda tracker: tracker.get(key)).comments
    assert len(read) == 231
    assert [one.id for one in read if one.marker == marker("comment")] == [ours.id]


def test_all_that_changed_is_listed_over_pages_whatever_zone_the_user_is_in(server: JiraServer) -> None:
    keys = [server.add_issue(str(number)) for number in range(120)]
    since = datetime.fromisoformat(server.issues[keys[10]]["fields"]["updated"])

    async def listed(tracker: Tracker) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while True:
            page = await tracker.list_since(since, cursor)
            found += [one.key for one in page.tickets]
            if (cursor := page.cursor) is None:
                return found

    assert ask(server, listed) == keys[10:]
    future = datetime.now(UTC) + timedelta(hours=1)
    assert ask(server, lambda tracker: tracker.list_since(future)).tickets == ()
