"""`Idempotency-Key` on every POST."""

import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response
from starlette.testclient import TestClient

from api import errors
from api.access.credentials import LOCAL
from api.idempotency import OnceRoute, OnceStore
from tests.support.service import feedback_csv, wait_for_job


def test_the_same_key_and_body_give_the_same_answer_and_one_job(client: TestClient) -> None:
    key = {"Idempotency-Key": "import-1"}
    files = {"files": ("small.csv", b"id,text\n1,The import should run once only\n")}
    first = client.post("/v1/ingest", files=files, headers=key)
    again = client.post("/v1/ingest", files=files, headers=key)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert wait_for_job(client, first.json()["id"])["state"] == "done"


def test_the_same_key_with_another_body_is_refused(client: TestClient) -> None:
    key = {"Idempotency-Key": "draft-1"}
    assert client.post("/v1/drafts", json={"kind": "prd", "brief": "a"}, headers=key).status_code == 202
    other = client.post("/v1/drafts", json={"kind": "prd", "brief": "b"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    files = {"files": ("small.csv", feedback_csv())}
    assert client.post("/v1/ingest?dry_run=true", files=files, headers=key).status_code == 200


def test_a_key_belongs_to_its_workspace(client: TestClient) -> None:
    key = {"Idempotency-Key": "search-1"}
    here = client.post("/v1/search", json={"question": "export"}, headers=key)
    there = client.post(
        "/v1/search", json={"question": "export"}, headers=key | {"X-Voxspec-Workspace": "other"}
    )
    assert here.json()["hits"]
    assert there.json()["hits"] == []


def test_a_refused_request_may_be_mended_under_its_key(client: TestClient) -> None:
    key = {"Idempotency-Key": "mend-1"}
    assert client.post("/v1/search", json={"question": ""}, headers=key).status_code == 422
    assert client.post("/v1/search", json={"question": "export"}, headers=key).status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "ü"])
def test_a_malformed_key_is_refused(client: TestClient, key: str) -> None:
    answer = client.post("/v1/search", json={"question": "a"}, headers={"Idempotency-Key": key.encode()})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-idempotency-key")


def test_a_second_request_is_told_to_wait_while_the_first_runs(tmp_path: Path) -> None:
    """The first request is held by an event of the test, so the second surely comes in between."""

    async def main() -> None:
        entered, go_on = asyncio.Event(), asyncio.Event()
        router = APIRouter(route_class=OnceRoute)

        @router.post("/work")
        async def work() -> dict[str, bool]:
            entered.set()
            await go_on.wait()
            return {"worked": True}

        app = FastAPI()
        app.include_router(router)
        errors.install(app)

        @app.middleware("http")
        async def as_local(request: Request, answer: RequestResponseEndpoint) -> Response:
            request.state.principal = LOCAL
            return await answer(request)

        store = OnceStore(tmp_path / "answers.sqlite3")

        class Parts:
            once = store

        app.state.service = Parts()
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            key = {"Idempotency-Key": "k"}
            first = asyncio.create_task(client.post("/work", headers=key))
            await entered.wait()
            second = await client.post("/work", headers=key)
            assert (second.status_code, second.json()["code"]) == (409, "in-flight")
            assert second.headers["retry-after"] == "1"
            go_on.set()
            assert (await first).json() == {"worked": True}
            third = await client.post("/work", headers=key)
            assert (third.status_code, third.json()) == (200, {"worked": True})
        store.close()

    asyncio.run(main())


def test_an_answer_is_forgotten_after_a_day(tmp_path: Path) -> None:
    from starlette.responses import Response

    now = [1000.0]
    store = OnceStore(tmp_path / "answers.sqlite3", clock=lambda: now[0])
    store.put("k", "f", Response(b"x", 201))
    now[0] += 23 * 3600
    assert store.get("k") is not None
    now[0] += 2 * 3600
    assert store.get("k") is None
    store.close()
