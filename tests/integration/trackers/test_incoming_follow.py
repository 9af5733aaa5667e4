"""A ticket that counts as a customer's voice is evidence for others: their comments follow, once enough people ask, and no sooner."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.tickets.follow import KIND as FOLLOW
from assistant.domain.ticket import EffectState, Ticket
from tests.support.service import done_job, ingest_feedback, running
from tests.support.signed_tracker import KIND, SECRET, SECRET_VARIABLE, connection, install, message, send
from tests.support.waiting import until

LOST = (
    "The colours of our labels vanish: after saving a card, every label turns grey and the colours are lost."
)
AGAIN = "After saving a card the colours of the labels are lost. Every label turns grey, and we have to set it again."
MINE = "I lose the colours of my labels each time I save a card; the labels are all grey then."
ELSE = "The monthly invoice shows the wrong tax number, and accounting refuses to pay it."


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(install(tmp_path_factory.mktemp("installed")))
        patched.setenv(SECRET_VARIABLE, SECRET)
        KIND.tickets.clear()
        with running(tmp_path_factory.mktemp("home"), workers=0) as client:
            ingest_feedback(client)
            with client.app.state.service.benches.use("default") as bench:  # type: ignore[attr-defined]
                bench.catalog.connections.put(
                    "default", connection("voices", counts_as="customer", comment_at=3)
                )
                bench.catalog.connections.put("default", connection("inside", comment_at=3))
            yield client


def _comes(client: TestClient, to: str, key: str, title: str, body: str) -> None:
    KIND.tickets[key] = Ticket(connection=to, key=key, title=title, version="2026-01-01")
    told = message(key, "2026-01-01", title=title, body=body, author=f"author {key}")
    answer = send(client, told, f"d-{key}", to=f"signed/{to}")
    assert answer.status_code == 202, answer.text
    done_job(client, answer.json()["job"])
    until(lambda: not _following(client))


def _following(client: TestClient) -> list[str]:
    jobs = client.get("/v1/jobs").json()["items"]
    return [one["id"] for one in jobs if one["kind"] == FOLLOW and one["state"] in ("queued", "running")]


def _comment(client: TestClient, to: str, key: str) -> str:
    with client.app.state.service.benches.use("default") as bench:  # type: ignore[attr-defined]
        waits = (EffectState.waiting, EffectState.sending)
        until(lambda: not bench.catalog.effects.page("default", states=waits))
    return str(client.get(f"/v1/tickets/{to}/{key}").json()["evidence"])


def test_the_comments_of_others_follow_once_enough_people_ask(client: TestClient) -> None:
    _comes(client, "voices", "1", "Labels turn grey", LOST)
    _comes(client, "voices", "2", "Wrong tax number on the invoice", ELSE)
    _comes(client, "inside", "3", "Labels lose their colours", AGAIN)
    _comes(client, "voices", "4", "Label colours are lost", AGAIN)
    assert [_comment(client, "voices", key) for key in ("1", "2", "4")] == ["", "", ""]
    _comes(client, "voices", "5", "My labels are grey", MINE)
    asked = _people(_comment(client, "voices", "1"))
    assert asked >= 3
    assert _people(_comment(client, "inside", "3")) == asked
    assert _people(_comment(client, "voices", "5")) >= 3
    assert _comment(client, "voices", "2") == ""
    _comes(client, "voices", "6", "Grey labels after saving", f"On the tablet, too: {MINE}")
    assert _people(_comment(client, "voices", "1")) == asked + 1
    assert len(KIND.tickets["1"].comments) == 1, "it is edited in place"


def _people(comment: str) -> int:
    found = re.search(r"(\d+) people report", comment)
    assert found is not None, comment
    return int(found[1])
