"""A body that comes a byte at a time, or stops coming: told with 408, and nothing of it is held any longer."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from api import middleware
from api.routes import webhooks
from tests.support.service import BASE_URL, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home"), workers=0) as client:
        yield client


def _posted(client: TestClient, path: str, pause_s: float, pieces: int) -> httpx.Response:
    """The answer to a JSON body that comes in pieces with a pause before each but the first."""

    async def body() -> AsyncIterator[bytes]:
        yield b"["
        for _ in range(pieces):
            await asyncio.sleep(pause_s)
            yield b"1,"

    async def post() -> httpx.Response:
        through = httpx.ASGITransport(client.app)
        async with httpx.AsyncClient(transport=through, base_url=BASE_URL) as asking:
            headers = {"Content-Type": "application/json"}
            return await asking.post(path, content=body(), headers=headers)

    assert client.portal is not None
    answer: httpx.Response = client.portal.call(post)
    return answer


def test_a_pause_within_a_body_is_bounded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "_BODY_PAUSE_S", 0.2)
    answer = _posted(client, "/v1/drafts", pause_s=30, pieces=1)
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The request's body came too slowly."


def test_a_message_that_trickles_in_is_bounded_as_a_whole_and_holds_no_bytes_afterwards(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_READ_S", 0.3)
    answer = _posted(client, "/v1/webhooks/signed/desk", pause_s=0.05, pieces=400)
    assert (answer.status_code, answer.json()["code"]) == (408, "too-slow")
    held = client.app.state.service.unproven  # type: ignore[attr-defined]
    held.take("", 128 * 1024 * 1024)  # all there is; raises where any of it is held
    held.give("", 128 * 1024 * 1024)


def test_a_slow_body_that_keeps_coming_is_taken(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "_BODY_PAUSE_S", 5)
    assert _posted(client, "/v1/drafts", pause_s=0.05, pieces=4).status_code == 422
