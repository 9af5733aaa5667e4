"""GitHub and GitLab in what only they do: long lists, limits, answers that get lost, and texts that they would obey."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import jsonschema
import pytest

from api.trackers.courier import deliver_all
from api.trackers.github import KIND as GITHUB
from api.trackers.github import GitHub
from api.trackers.gitlab import KIND as GITLAB
from api.trackers.gitlab import GitLab
from api.trackers.port import Tracker
from api.trackers.web import client
from assistant.domain.ticket import (
    Action,
    Connection,
    Effect,
    EffectState,
    Ticket,
    TicketChange,
    TicketText,
    marker,
    with_marker,
)
from assistant.errors import (
    Conflict,
    NotFound,
    TrackerError,
    TrackerRateLimited,
    TrackerRefused,
    TrackerUnavailable,
    UsageError,
)
from assistant.stores.catalog import open_catalog
from assistant.stores.port import Catalog
from tests.support.github_server import LOGIN, PROJECT, GitHubServer
from tests.support.gitlab_server import GitLabServer
from tests.support.hosted_tracker import TOKEN, Accident, Answer

_Answer = TypeVar("_Answer")
Server = GitHubServer | GitLabServer
SCHEMAS = json.loads((Path(__file__).parents[2] / "fixtures/github/schemas.json").read_text())
MARK = marker("hosted")
LOST = Accident(done=True)
TOO_MANY = Answer(429, {"message": "Too many requests"}, {"retry-after": "17"})


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    with GitHubServer() as running:
        yield running


@pytest.fixture
def gitlab() -> Iterator[GitLabServer]:
    with GitLabServer() as running:
        yield running


@pytest.fixture(params=["github", "gitlab"])
def server(request: pytest.FixtureRequest) -> Server:
    running: Server = request.getfixturevalue(request.param)
    return running


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    opened = open_catalog(tmp_path_factory.mktemp("effects") / "catalog.sqlite3")
    yield opened
    opened.close()


def connected(server: Server, **told: object) -> Connection:
    name = "github" if isinstance(server, GitHubServer) else "gitlab"
    return Connection.model_validate(
        {"name": "desk", "tracker": name, "url": server.url, "project": PROJECT} | told
    )


def ask(
    server: Server, question: Callable[[Tracker], Awaitable[_Answer]], token: str = TOKEN, **told: object
) -> _Answer:
    kind = GITHUB if isinstance(server, GitHubServer) else GITLAB

    async def asked() -> _Answer:
        async with kind.open(connected(server, **told), token) as tracker:
            return await question(tracker)

    return asyncio.run(asked())


def make(server: Server, title: str = "Exports", mark: str = MARK, **told: Any) -> Ticket:
    text = TicketText.model_validate({"title": title, "body": "Body", **told})
    return ask(server, lambda tracker: tracker.create(text, mark, ""))


def body_name(server: Server) -> str:
    return "body" if isinstance(server, GitHubServer) else "description"


def raw(server: Server, key: str) -> str:
    """The text of a ticket as its tracker keeps it."""
    return str(server.issues[int(key)][body_name(server)])


def all_since(
    server: Server, since: datetime | None, between: Callable[[], object] = lambda: None
) -> list[str]:
    """Keys of all pages. Args: between: what happens after each page."""

    async def listed(tracker: Tracker) -> list[str]:
        keys: list[str] = []
        cursor: str | None = None
        while True:
            page = await tracker.list_since(since, cursor)
            keys += [one.key for one in page.tickets]
            between()
            if (cursor := page.cursor) is None:
                return keys

    return ask(server, listed)


def test_what_the_stand_in_answers_has_the_shape_that_github_publishes(github: GitHubServer) -> None:
    made = make(github, labels=("bug",), kind="story")
    ask(github, lambda tracker: tracker.comment(made.key, "12 people", MARK, "", ""))
    with httpx.Client(headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False) as http:
        issues = http.get(f"{github.url}/repos/{PROJECT}/issues").json()
        comments = http.get(f"{github.url}/repos/{PROJECT}/issues/1/comments").json()
        me = http.get(f"{github.url}/user").json()
    assert (len(issues), len(comments)) == (1, 1)
    for schema, told in (("issue", issues[0]), ("issue-comment", comments[0]), ("simple-user", me)):
        whole = SCHEMAS | {"$ref": f"#/components/schemas/{schema}"}
        jsonschema.Draft202012Validator(whole).validate(told)


def test_a_ticket_is_found_behind_hundreds_of_newer_ones_and_never_among_those_of_others(
    server: Server,
) -> None:
    made = make(server)
    for number in range(230):
        server.add_issue(LOGIN if number % 2 else "ada", **{body_name(server): "Something else"})
    server.add_issue("mallory", **{body_name(server): with_marker("Mine now", MARK)})
    found = ask(server, lambda tracker: tracker.find(MARK))
    assert found is not None
    assert found.key == made.key
    assert [one.query["page"] for one in server.asked if one.method == "GET" and one.query][-2:] == ["1", "2"]


def test_a_ticket_is_found_where_somebody_wrote_below_the_marker(server: Server) -> None:
    made = make(server)
    server.touch(int(made.key), **{body_name(server): raw(server, made.key) + "\r\n\r\nI need this too"})
    found = ask(server, lambda tracker: tracker.find(MARK))
    assert found is not None
    assert (found.key, found.marker) == (made.key, MARK)


def test_a_token_that_may_not_ask_who_it_is_still_finds(github: GitHubServer) -> None:
    made = make(github)
    github.accidents.append(
        Accident(Answer(403, {"message": "Resource not accessible by integration"}), "GET")
    )
    found = ask(github, lambda tracker: tracker.find(MARK))
    assert found is not None
    assert found.key == made.key


def test_a_list_misses_nothing_that_changes_while_it_is_read(server: Server) -> None:
    for _ in range(260):
        server.add_issue("ada")
    since = datetime(2026, 3, 4, tzinfo=UTC)
    touched = iter(range(1, 261, 20))
    keys = all_since(server, since, lambda: [server.touch(next(touched)) for _ in range(3)])
    assert set(keys) == {str(number) for number in range(1, 261)}
    assert keys.index("2") < keys.index("150") < keys.index("260")
    assert len(set(all_since(server, None))) == 260


def test_more_tickets_of_one_second_than_fit_a_page_are_all_listed(server: Server) -> None:
    for _ in range(230):
        server.add_issue("ada", updated_at="2026-03-05T00:00:00Z")
    assert set(all_since(server, datetime(2026, 3, 5, tzinfo=UTC))) == {str(one) for one in range(1, 231)}


def test_pull_requests_are_no_tickets(github: GitHubServer) -> None:
    github.add_issue("ada", pull_request={"url": "https://api.github.com/pulls/1"})
    assert all_since(github, None) == []
    with pytest.raises(NotFound, match="pull request"):
        ask(github, lambda tracker: tracker.get("1"))


def test_long_discussions_are_read_to_their_end(server: Server) -> None:
    make(server)
    for number in range(130):
        if isinstance(server, GitHubServer):
            server.add_comment(1, "ada", f"{number}")
        else:
            server.add_note(1, "ada", f"{number}", system=number < 5)
    said = ask(server, lambda tracker: tracker.get("1")).comments
    assert [one.text for one in said][-1] == "129"
    assert len(said) == (130 if isinstance(server, GitHubServer) else 125)


@pytest.mark.parametrize(
    ("headers", "message", "wait"),
    [
        ({"retry-after": "31"}, "You have exceeded a secondary rate limit.", 31),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, "API rate limit exceeded", 0),
        ({"x-ratelimit-remaining": "41"}, "You have exceeded a secondary rate limit.", 60),
    ],
)
@pytest.mark.parametrize("status", [403, 429])
def test_githubs_limits_say_when_to_come_back(
    github: GitHubServer, headers: dict[str, str], message: str, wait: float, status: int
) -> None:
    github.accidents.append(Accident(Answer(status, {"message": message}, headers)))
    with pytest.raises(TrackerRateLimited) as problem:
        make(github)
    assert problem.value.retry_after_s == wait
    assert github.issues == {}


def test_missing_rights_are_no_limit(github: GitHubServer) -> None:
    answer = Answer(403, {"message": "Resource not accessible"}, {"x-ratelimit-remaining": "41"})
    github.accidents.append(Accident(answer))
    with pytest.raises(TrackerRefused, match="not accessible"):
        make(github)


def test_a_limit_of_gitlab_says_when_to_come_back(gitlab: GitLabServer) -> None:
    gitlab.accidents.append(Accident(TOO_MANY))
    with pytest.raises(TrackerRateLimited) as problem:
        make(gitlab)
    assert problem.value.retry_after_s == 17


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_in_trouble_may_be_tried_again(server: Server, status: int) -> None:
    server.accidents.append(Accident(Answer(status, b"<html>oops</html>")))
    with pytest.raises(TrackerUnavailable) as problem:
        make(server)
    assert problem.value.retryable


def test_an_answer_that_is_something_else_is_said_so(server: Server) -> None:
    for body in (b"<html>Sign in</html>", b"[]", b"{}"):
        server.accidents.append(Accident(Answer(200, body)))
        with pytest.raises(TrackerError, match="something else"):
            make(server)


def test_a_token_that_is_not_accepted_is_said_so_with_what_to_check(server: Server) -> None:
    with pytest.raises(TrackerRefused, match="token") as problem:
        ask(server, lambda tracker: tracker.get("1"), token="expired")
    assert problem.value.hint


@pytest.mark.parametrize(
    "project", ["", "kanbo", "../user", "kanbo/..", "kanbo/app/../../user", "kanbo/app?x"]
)
def test_a_repository_that_can_be_none_is_refused_before_anything_is_sent(
    github: GitHubServer, project: str
) -> None:
    with pytest.raises(UsageError, match="repository"):
        ask(github, lambda tracker: tracker.get("1"), project=project)
    assert github.asked == []


@pytest.mark.parametrize(
    "accident", [LOST, Accident(Answer(502, b""), done=True), Accident(Answer(502, b""))]
)
def test_what_may_have_arrived_is_there_once_after_all(
    server: Server, catalog: Catalog, accident: Accident
) -> None:
    text = TicketText(title="Exports", body="Body")
    at = datetime(2026, 3, 4, tzinfo=UTC)
    key = f"make at {server.url}, {accident.done} {accident.answer}"
    said = {"connection": "desk", "subject": key, "made_at": at}
    made = Effect.model_validate({"key": key, "action": Action.create, "text": text} | said)
    told = Effect.model_validate(
        {"key": f"say {key}", "action": Action.comment, "ticket": f"effect:{key}", "comment": "12"} | said
    )
    catalog.effects.add("default", [made, told])
    server.accidents += [accident, accident]
    tries = 0
    while any(one.state is not EffectState.done for one in catalog.effects.page("default")):
        ask(server, lambda tracker: deliver_all(catalog, "default", "desk", tracker))
        for one in catalog.effects.page("default", states=[EffectState.waiting]):
            catalog.effects.settle("default", one.model_copy(update={"not_before": None}))
        tries += 1
        assert tries < 5
    assert not server.accidents
    held = ask(server, lambda tracker: tracker.get("1"))
    assert (len(server.issues), [one.text for one in held.comments]) == (1, ["12"])


def test_no_answer_in_time_is_told_apart_from_a_refusal(server: Server) -> None:
    server.accidents.append(Accident(done=True, hangs=True))
    api = server.url if isinstance(server, GitHubServer) else f"{server.url}/api/v4"

    async def hasty() -> None:
        async with client(f"{api}/", {"authorization": f"Bearer {TOKEN}"}) as http:
            http.timeout = httpx.Timeout(0.3)
            make_one = GitHub if isinstance(server, GitHubServer) else GitLab
            await make_one(connected(server), http).create(TicketText(title="Exports"), MARK, "")

    with pytest.raises(TrackerUnavailable, match="in time"):
        asyncio.run(hasty())
    found = ask(server, lambda tracker: tracker.find(MARK))
    assert found is not None
    assert len(server.issues) == 1


def test_a_part_says_what_it_is_a_part_of_in_one_write_and_keeps_it(server: Server) -> None:
    epic = make(server, "Epic", marker("epic"), kind="epic")
    part = make(server, "Part", parent=epic.key, kind="story")
    assert (part.parent, part.body, part.labels) == (epic.key, "Body", ("story",))
    assert "\n\nPart of #1\n\n<!--" in raw(server, part.key)
    changed = ask(server, lambda tracker: tracker.update(part.key, TicketChange(body="Anew")))
    assert (changed.parent, changed.body, changed.marker) == (epic.key, "Anew", MARK)
    if isinstance(server, GitHubServer):
        assert server.sub_issues == [(1, server.issues[2]["id"])]


def test_a_github_without_sub_issues_still_gets_the_part(github: GitHubServer) -> None:
    part = make(github, parent="999")
    assert (part.parent, len(github.issues)) == ("999", 1)


def test_a_text_that_went_through_a_web_page_is_the_same_text(server: Server) -> None:
    made = make(server, parent="3")
    server.touch(1, **{body_name(server): raw(server, "1").replace("\n", "\r\n")})
    read = ask(server, lambda tracker: tracker.get("1"))
    assert (read.body, read.parent, read.marker) == (made.body, "3", MARK)


def test_a_comment_of_somebody_is_no_conflict_and_a_label_is(server: Server) -> None:
    made = make(server)
    server.clock.skip(timedelta(minutes=1))
    if isinstance(server, GitHubServer):
        server.add_comment(1, "ada", "me too")
    else:
        server.add_note(1, "ada", "me too")
    late = TicketChange(title="Better", version=made.version)
    changed = ask(server, lambda tracker: tracker.update("1", late))
    assert changed.version > made.version
    ask(server, lambda tracker: tracker.update("1", TicketChange(labels=("urgent", "api"))))
    with pytest.raises(Conflict):
        ask(server, lambda tracker: tracker.update("1", TicketChange(body="Late", version=changed.version)))
    read = ask(server, lambda tracker: tracker.get("1"))
    assert (read.title, read.body, read.labels) == ("Better", "Body", ("api", "urgent"))


def test_two_changes_within_one_second_have_two_versions(github: GitHubServer) -> None:
    made = make(github)
    github.issues[1]["title"] = "Changed in the same second"
    read = ask(github, lambda tracker: tracker.get("1"))
    assert read.version != made.version
    assert read.updated_at == made.updated_at


def test_gitlab_obeys_no_line_of_what_we_send_and_people_read_it_as_it_was(gitlab: GitLabServer) -> None:
    text = "> /close\n/close\n  /label ~bug\n\\/assign @ada\na/b"
    made = ask(gitlab, lambda tracker: tracker.create(TicketText(title="T", body=text), MARK, ""))
    said = ask(gitlab, lambda tracker: tracker.comment("1", text, MARK, "", ""))
    again = ask(gitlab, lambda tracker: tracker.comment("1", text + "\n/close", MARK, said.id, ""))
    changed = ask(gitlab, lambda tracker: tracker.update("1", TicketChange(body="/close")))
    assert gitlab.commanded == []
    assert (made.body, said.text, again.text, changed.body) == (text, text, text + "\n/close", "/close")


def test_since_goes_back_a_second_for_systems_that_mean_after(server: Server) -> None:
    made = make(server)
    assert made.updated_at is not None
    assert all_since(server, made.updated_at) == ["1"]
    assert all_since(server, made.updated_at + timedelta(seconds=5)) == []
