"""What trackers send: taken once where it is proven, refused without a word of why where it isn't, and worked on in the right order."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.domain.ticket import EffectState, Ticket, marker, with_marker
from assistant.stores.port import Catalog
from tests.support.service import done_job, ingest_feedback, running
from tests.support.signed_tracker import KIND, SECRET, SECRET_VARIABLE, connection, install, message, send
from tests.support.waiting import until

EXPORT = "Exporting a large board to CSV takes forever, and then it fails without any message."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service with feedback and a connection in two workspaces, each with a secret of its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(install(tmp_path_factory.mktemp("installed")))
        patched.setenv(SECRET_VARIABLE, SECRET)
        patched.setenv("OTHER_SECRET", "the secret of another workspace")
        with running(tmp_path_factory.mktemp("home"), workers=0) as client:
            ingest_feedback(client)
            catalog = catalog_of(client)
            secrets = (f"env:{SECRET_VARIABLE}", "env:GONE_SECRET")
            catalog.connections.put("default", connection(webhook_secrets=secrets))
            catalog.connections.put("other", connection(webhook_secrets=("env:OTHER_SECRET",)))
            catalog.connections.put("default", connection("open", webhook_secrets=()))
            yield client


def catalog_of(client: TestClient) -> Catalog:
    with client.app.state.service.benches.use("default") as bench:  # type: ignore[attr-defined]
        catalog: Catalog = bench.catalog
        return catalog


def worked(client: TestClient, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    result: dict[str, Any] = done_job(client, answer.json()["job"])["result"]
    return result


def test_a_ticket_becomes_a_record_that_is_found_and_gets_its_comment(client: TestClient) -> None:
    KIND.tickets["7"] = on_the_board("7")
    answer = send(client, message("7", "2026-01-01", title="CSV export hangs", body=EXPORT), "d-7")
    assert worked(client, answer) == {"tickets": 1, "records": 1, "comments": 1, "removed": 0}
    held = client.get("/v1/tickets/desk/7").json()
    assert held["ticket"]["title"] == "CSV export hangs"
    record = client.get(f"/v1/records/{held['record_id']}").json()
    assert (record["source"], record["external_id"]) == ("tracker:desk", "7")
    assert record["raw"] == f"CSV export hangs\n\n{EXPORT}"
    until(lambda: client.get("/v1/tickets/desk/7").json()["evidence"] != "")
    assert [one.marker for one in KIND.tickets["7"].comments] != [""]
    assert "quotes verified" in KIND.tickets["7"].comments[0].text


def on_the_board(key: str) -> Ticket:
    return Ticket(connection="desk", key=key, title="CSV export hangs", version="2026-01-01")


def test_the_same_message_is_taken_once_and_another_one_under_its_id_is_not(client: TestClient) -> None:
    body = message("8", "2026-01-01", title="Mute a board")
    first = send(client, body, "d-8")
    worked(client, first)
    again = send(client, body, "d-8")
    assert (again.status_code, again.json()) == (200, {"state": "already", "job": first.json()["job"]})
    other = send(client, message("8", "2026-02-02", title="Something else"), "d-8")
    assert other.status_code == 409
    assert client.get("/v1/tickets/desk/8").json()["ticket"]["title"] == "Mute a board"


@pytest.mark.parametrize(
    ("told", "to"),
    [
        ({"secret": "guessed"}, "signed/desk"),
        ({"secret": "the secret of another workspace"}, "signed/desk"),
        ({"secret": SECRET}, "signed/desk?workspace=other"),
        ({"secret": SECRET}, "signed/nothing-of-that-name"),
        ({"secret": SECRET}, "signed/desk?workspace=nobody"),
        ({"secret": SECRET}, "signed/desk?workspace=../etc"),
        ({"secret": ""}, "signed/open"),
        ({"secret": SECRET}, "roundup/desk"),
        ({"secret": SECRET}, "no-such-system/desk"),
        ({"x-signature-256": ""}, "signed/desk"),
        ({"x-signature-256": "sha256=ä".encode("latin-1")}, "signed/desk"),
    ],
)
def test_what_is_not_proven_is_refused_in_the_same_words(
    client: TestClient, told: dict[str, Any], to: str
) -> None:
    answer = send(client, message("66", "2026-01-01"), "forged", to=to, **told)
    assert answer.status_code == 401
    assert {name: answer.json()[name] for name in ("code", "detail")} == {
        "code": "not-signed",
        "detail": "Nothing here is signed like that.",
    }
    assert client.get("/v1/tickets/desk/66").status_code == 404


def test_a_body_that_was_written_anew_is_not_the_one_that_was_signed(client: TestClient) -> None:
    body = message("67", "2026-01-01")
    signed = send(client, body, "d-67").request.headers["x-signature-256"]
    answer = send(client, body.replace(b": ", b":"), "d-67b", **{"x-signature-256": signed})
    assert answer.status_code == 401


def test_what_is_genuine_and_unreadable_or_too_large_is_told_so(client: TestClient) -> None:
    assert send(client, b'{"event": "ticket"}', "d-bad").status_code == 422
    assert send(client, b" " * (5 * 1024 * 1024 + 1), "d-large").status_code == 413
    ignored = send(client, message("68", "1", "other"), "d-other")
    assert (ignored.status_code, ignored.json()["state"]) == (200, "ignored")


def test_an_older_version_that_comes_late_changes_nothing(client: TestClient) -> None:
    worked(client, send(client, message("9", "2026-01-02", title="New words here"), "d-9b"))
    late = worked(client, send(client, message("9", "2026-01-01", title="Old words here"), "d-9a"))
    assert (late["tickets"], late["records"]) == (0, 0)
    held = client.get("/v1/tickets/desk/9").json()
    assert held["ticket"]["title"] == "New words here"
    assert client.get(f"/v1/records/{held['record_id']}").json()["raw"] == "New words here"


def test_two_texts_of_one_second_are_both_heard(client: TestClient) -> None:
    worked(client, send(client, message("10", "2026-01-02", title="First words"), "d-10a"))
    worked(client, send(client, message("10", "2026-01-02", title="Second words"), "d-10b"))
    assert client.get("/v1/tickets/desk/10").json()["ticket"]["title"] == "Second words"


def test_what_we_wrote_ourselves_starts_nothing(client: TestClient) -> None:
    made = with_marker("As a user I want exports.", marker("publish/desk/dra_1/US-1"))
    echo = worked(client, send(client, message("11", "2026-01-01", title="Exports", body=made), "d-11"))
    assert (echo["records"], echo["comments"]) == (0, 0)
    assert client.get("/v1/tickets/desk/11").json()["record_id"] is None


def test_a_removed_ticket_leaves_what_is_found_and_comes_back_when_it_does(client: TestClient) -> None:
    body = message("12", "2026-01-01", title="Gone and back", body=EXPORT)
    worked(client, send(client, body, "d-12a"))
    record = client.get("/v1/tickets/desk/12").json()["record_id"]
    gone = worked(client, send(client, message("12", "2026-01-02", "removed"), "d-12b"))
    assert gone["removed"] == 1
    assert client.get("/v1/tickets/desk/12").status_code == 404
    assert record not in current(client)
    worked(client, send(client, message("12", "2026-01-03", title="Gone and back", body=EXPORT), "d-12c"))
    assert record in current(client)


def current(client: TestClient) -> set[str]:
    with client.app.state.service.benches.use("default") as bench:  # type: ignore[attr-defined]
        return set(bench.columns().record_ids)


def test_too_many_at_once_are_told_when_to_come_again(client: TestClient) -> None:
    held = client.app.state.service.webhooks  # type: ignore[attr-defined]
    held.take("default/desk", 128)
    try:
        answer = send(client, message("13", "1"), "d-13")
        other = send(client, message("13", "1"), "d-13", to="signed/open", secret="")
    finally:
        held.give("default/desk", 128)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["code"] == "too-many-webhooks"
    assert other.status_code == 401
    assert send(client, message("13", "1"), "d-13").status_code == 202


def test_forgeries_take_none_of_the_places_of_what_is_genuine(client: TestClient) -> None:
    service = client.app.state.service  # type: ignore[attr-defined]
    with ThreadPoolExecutor(16) as pool:
        forged = [
            pool.submit(send, client, message(f"f{number}", "1"), f"d-f{number}", secret="guessed")
            for number in range(200)
        ]
        genuine = [
            pool.submit(send, client, message(f"g{number}", "1", title=f"Genuine {number}"), f"d-g{number}")
            for number in range(10)
        ]
        assert {one.result().status_code for one in genuine} == {202}
        assert {one.result().status_code for one in forged} == {401}
    assert client.get("/v1/tickets/desk/f1").status_code == 404
    service.unproven.take("", 128 * 1024 * 1024)
    try:
        assert send(client, message("14", "1"), "d-14").status_code == 429
    finally:
        service.unproven.give("", 128 * 1024 * 1024)


def test_a_command_is_answered_once_by_a_comment_of_its_own(client: TestClient) -> None:
    KIND.tickets["20"] = on_the_board("20")
    said = {"title": "CSV export hangs", "body": EXPORT}
    commands = {
        "c1": "/evidence",
        "c2": "/story please",
        "c3": "/teapot",
        "c4": "/duplicates",
        "c5": "/coffee",
    }
    for name, text in commands.items():
        comment = {"id": name, "text": text, "author": "ana"}
        for delivery in (f"d-{name}", f"d-{name}-again"):
            worked(
                client,
                send(client, message("20", "2026-01-01", "comment", comment=comment, **said), delivery),
            )
    for name, text in {
        "q1": "> /story",
        "q2": "```\n/story\n```",
        "q3": "    /story",
        "q4": "/etc/hosts",
    }.items():
        comment = {"id": name, "text": text, "author": "ana"}
        worked(
            client, send(client, message("20", "2026-01-01", "comment", comment=comment, **said), f"d-{name}")
        )
    effects = catalog_of(client).effects

    def answered() -> dict[str, str]:
        held = effects.page("default", states=(EffectState.done,), limit=500)
        return {
            one.key.rpartition("/")[2]: one.comment for one in held if one.key.startswith("command/desk/20/")
        }

    until(lambda: len(answered()) >= 4)
    told = answered()
    assert set(told) == {"c1", "c2", "c4", "help"}
    assert "quotes verified" in told["c1"]
    assert "Given" in told["c2"]
    assert "/story" in told["help"]
    written = [one.marker for one in KIND.tickets["20"].comments]
    keys = [f"command/desk/20/{name}" for name in ("c1", "c2", "c4", "help")]
    with client.app.state.service.benches.use("default") as bench:
        theirs = [marker(bench.catalog.erasures.pseudonym("default", "effect", key)) for key in keys]
    assert all(written.count(one) == 1 for one in theirs)


def say(client: TestClient, key: str, name: str, text: str, **told: str) -> None:
    """A comment comes in, is edited, or is told again under another delivery id, which no signature covers."""
    comment = {"id": name, "text": text, "author": told.pop("author", "ana")}
    to = told.pop("to", "signed/desk")
    said = {"title": "CSV export hangs", "body": EXPORT, "comment": comment}
    delivery = f"d-{key}-{name}-{sha256(repr((text, told)).encode()).hexdigest()[:8]}"
    worked(client, send(client, message(key, "2026-01-01", "comment", **said), delivery, to=to))


def answers(client: TestClient, connection: str, key: str) -> dict[str, str]:
    """Id of a comment, or `help` → what answers it."""
    start = f"command/{connection}/{key}/"
    held = catalog_of(client).effects.page("default", limit=500)
    return {one.key.removeprefix(start): one.comment for one in held if one.key.startswith(start)}


def drafts(client: TestClient) -> int:
    return len([one for one in client.get("/v1/jobs?limit=200").json()["items"] if one["kind"] == "draft"])


def test_a_prd_is_summed_up_and_what_a_comment_is_edited_to_is_not_answered_again(client: TestClient) -> None:
    KIND.tickets["21"] = on_the_board("21")
    say(client, "21", "c1", "/prd")
    until(lambda: "c1" in answers(client, "desk", "21"))
    told = answers(client, "desk", "21")["c1"]
    assert "requirements:" in told
    assert "- US-1: " in told
    before = drafts(client)
    say(client, "21", "c2", "/evidence")
    say(client, "21", "c3", "thanks")
    for name in ("c1", "c2"):
        for text in ("/story", "/prd", "/evidence", "/duplicates"):
            say(client, "21", name, text, again="edited")
    assert drafts(client) == before
    assert set(answers(client, "desk", "21")) == {"c1", "c2"}
    assert answers(client, "desk", "21")["c1"] == told
    say(client, "21", "c4", "/dupplicates")
    say(client, "21", "c4", "/duplicates")
    assert set(answers(client, "desk", "21")) == {"c1", "c2", "c4", "help"}, "help takes no answer away"


def test_the_same_words_under_another_delivery_id_are_answered_once(client: TestClient) -> None:
    KIND.tickets["22"] = on_the_board("22")
    before = drafts(client)
    for delivery in range(3):
        say(client, "22", "c1", "/evidence", again=str(delivery))
        say(client, "22", "c2", "/story", again=str(delivery))
    until(lambda: set(answers(client, "desk", "22")) == {"c1", "c2"})
    assert drafts(client) == before + 1


def test_only_who_may_ask_is_answered(client: TestClient) -> None:
    catalog_of(client).connections.put("default", connection("strict", asked_by=("Ida", "ben")))
    KIND.tickets["23"] = on_the_board("23")
    before = drafts(client)
    for name, (author, text) in enumerate(
        [("mallory", "/prd"), ("", "/evidence"), ("ida ", "/evidence"), ("mallory", "/teapot")]
    ):
        say(client, "23", f"m{name}", text, author=author, to="signed/strict")
    assert (answers(client, "strict", "23"), drafts(client)) == ({}, before)
    say(client, "23", "c1", "/evidence", author="ida", to="signed/strict")
    assert set(answers(client, "strict", "23")) == {"c1"}


def test_a_ticket_that_is_sent_is_judged_and_shown_on_its_page(client: TestClient) -> None:
    sent = {
        "connection": "desk",
        "key": "ABC-30",
        "title": "All cards are lost",
        "body": "After the export all data is lost.",
    }
    held = client.post("/v1/tickets?wait=true", json=sent)
    assert held.status_code == 200, held.text
    assert held.json()["triage"]["rated"]["severity"] == "critical"
    listed = client.get("/tickets").text
    assert "desk ABC-30" in listed
    assert "All cards are lost" in listed
    told = client.get("/tickets/desk/ABC-30").text
    assert "critical" in told
    assert "After the export all data is lost." in told
    accepted = client.post("/v1/tickets", json=sent | {"key": "ABC-31"}, headers={"Idempotency-Key": "k-31"})
    again = client.post("/v1/tickets", json=sent | {"key": "ABC-31"}, headers={"Idempotency-Key": "k-31"})
    assert (accepted.status_code, again.content) == (202, accepted.content)
    done_job(client, accepted.json()["id"])
    assert [one["key"] for one in client.get("/v1/tickets?limit=200").json()["items"]].count("ABC-31") == 1
    assert client.post("/v1/tickets", json=sent | {"connection": "nobody"}).status_code == 404
