"""Linear: the id is the marker, so nothing is made twice; errors come in answers that look well, and become ours."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import pytest

from api.trackers.linear import KIND
from api.trackers.linear_ids import ATTEMPTS, id_of, marker_of
from api.trackers.port import Tracker
from assistant.domain.ticket import Connection, Ticket, TicketChange, TicketState, TicketText, marker
from assistant.errors import NotFound, TrackerRateLimited, TrackerRefused, TrackerUnavailable, VoxspecError
from tests.support.hosted_tracker import TOKEN, Accident, Answer
from tests.support.linear_server import LinearServer

_Answer = TypeVar("_Answer")
MARKED = marker("publish/desk/d_1/US-1")
TEXT = TicketText(title="Open it offline", body="As a *traveller* …", labels=("mobile", "ux", "no such"))


@pytest.fixture
def server() -> Iterator[LinearServer]:
    with LinearServer() as running:
        yield running


def ask(
    server: LinearServer,
    question: Callable[[Tracker], Awaitable[_Answer]],
    token: str = TOKEN,
    team: str = "KAN",
) -> _Answer:
    async def asked() -> _Answer:
        there = Connection(name="desk", tracker="linear", url=f"{server.url}/graphql", project=team)
        async with KIND.open(there, token) as tracker:
            return await question(tracker)

    return asyncio.run(asked())


async def made(tracker: Tracker) -> Ticket:
    return await tracker.create(TEXT, MARKED, await tracker.reserve(MARKED))


def failed(code: str, kind: str, message: str = "no", status: int = 200, **headers: str) -> Accident:
    body = {"errors": [{"message": message, "extensions": {"code": code, "type": kind}}], "data": None}
    return Accident(Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()}))


def test_an_id_is_a_version_4_uuid_that_tells_its_marker_and_no_other_does() -> None:
    dice = random.Random(7)
    for number in range(300):
        marked = marker(f"effect {number}")
        for attempt in range(ATTEMPTS):
            chosen = id_of(marked, attempt)
            assert UUID(chosen).version == 4
            assert UUID(chosen).variant == "specified in RFC 4122"
            assert marker_of(chosen) == marked
        place = dice.choice([one for one in range(36) if chosen[one] not in "-" and one not in (14, 19)])
        changed = chosen[:place] + ("0" if chosen[place] != "0" else "1") + chosen[place + 1 :]
        assert marker_of(changed) == ""
        assert marker_of(str(uuid4())) == ""
    assert marker_of("no id") == ""
    assert len({id_of(MARKED, attempt) for attempt in range(ATTEMPTS)}) == ATTEMPTS


@pytest.mark.parametrize("hangs", [False, True])
def test_what_arrived_without_an_answer_is_not_made_again(
    server: LinearServer, monkeypatch: pytest.MonkeyPatch, *, hangs: bool
) -> None:
    monkeypatch.setattr("api.trackers.web.TIMEOUT_S", 1.0 if hangs else 20.0)
    server.accident_of["issueCreate"] = Accident(done=True, hangs=hangs)
    with pytest.raises(TrackerUnavailable):
        ask(server, made)
    assert len(server.issues) == 1
    again = ask(server, made)
    found = ask(server, lambda tracker: tracker.find(MARKED))
    assert found is not None
    assert (again.key, found.key, len(server.issues)) == ("KAN-1", "KAN-1", 1)
    assert (found.labels, found.marker) == (("ux", "mobile"), MARKED)


@pytest.mark.parametrize(
    ("accident", "error", "said"),
    [
        (failed("RATELIMITED", "ratelimited", status=400, retry_after="9"), TrackerRateLimited, "slow down"),
        (failed("AUTHENTICATION_ERROR", "authentication error"), TrackerRefused, "API key"),
        (failed("INPUT_ERROR", "invalid input", "Entity not found: Issue"), NotFound, "KAN-1"),
        (failed("INTERNAL_SERVER_ERROR", "internal error", "boom"), TrackerUnavailable, "boom"),
        (failed("FORBIDDEN", "forbidden", "not yours", 400), TrackerRefused, "not yours"),
        (Accident(Answer(503, {})), TrackerUnavailable, "503"),
        (Accident(Answer(200, [])), VoxspecError, "something else"),
    ],
)
def test_an_error_is_told_as_what_it_means_whatever_its_status(
    server: LinearServer, accident: Accident, error: type[VoxspecError], said: str
) -> None:
    server.accidents.append(accident)
    with pytest.raises(error, match=said) as raised:
        ask(server, lambda tracker: tracker.get("KAN-1"))
    if isinstance(raised.value, TrackerRateLimited):
        assert raised.value.retry_after_s == 9


def test_a_limit_that_names_the_time_of_its_end_is_waited_for(server: LinearServer) -> None:
    end = datetime.now(UTC) + timedelta(minutes=5)
    reset = str(int(end.timestamp() * 1000))
    server.accidents.append(
        failed("RATELIMITED", "ratelimited", status=400, x_ratelimit_requests_reset=reset)
    )
    with pytest.raises(TrackerRateLimited) as raised:
        ask(server, lambda tracker: tracker.get("KAN-1"))
    assert 280 < (raised.value.retry_after_s or 0) <= 300


def test_a_wrong_key_and_a_wrong_team_are_told(server: LinearServer) -> None:
    with pytest.raises(TrackerRefused, match="token"):
        ask(server, made, token="another")
    with pytest.raises(NotFound, match="team ENG"):
        ask(server, made, team="ENG")


def test_a_ticket_is_closed_as_done_and_opened_where_work_waits(server: LinearServer) -> None:
    ask(server, made)
    closed = ask(server, lambda tracker: tracker.update("KAN-1", TicketChange(state=TicketState.closed)))
    opened = ask(server, lambda tracker: tracker.update("KAN-1", TicketChange(state=TicketState.open)))
    assert (closed.status, opened.status) == ("Done", "Todo")


def test_a_deleted_ticket_is_gone_but_never_made_again(server: LinearServer) -> None:
    ask(server, made)
    server.issues["KAN-1"]["trashed"] = True
    with pytest.raises(NotFound, match="deleted"):
        ask(server, lambda tracker: tracker.get("KAN-1"))
    found = ask(server, lambda tracker: tracker.find(MARKED))
    assert found is not None


def test_a_comment_is_made_once_and_again_only_where_somebody_deleted_it(server: LinearServer) -> None:
    ask(server, made)
    marked = marker("evidence")

    def say(text: str) -> str:
        return ask(server, lambda tracker: tracker.comment("KAN-1", text, marked, "", id_of(marked))).id

    first = say("12 people")
    assert say("12 people") == first
    server.comments[first]["issueId"] = None
    second = say("14 people")
    assert second != first
    read = ask(server, lambda tracker: tracker.get("KAN-1")).comments
    assert [(one.id, one.text, one.marker) for one in read] == [(second, "14 people", marked)]


def test_every_comment_of_a_long_talk_is_read_oldest_first(server: LinearServer) -> None:
    written = ask(server, made)
    for number in range(230):
        said = {
            "id": str(uuid4()),
            "issueId": server.issues["KAN-1"]["id"],
            "body": str(number),
            "user": None,
        }
        server.comments[said["id"]] = {**said, "createdAt": server.now()}
    read = ask(server, lambda tracker: tracker.get(written.key)).comments
    assert [one.text for one in read] == [str(number) for number in range(230)]
