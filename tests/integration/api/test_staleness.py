"""Stale claims over HTTP, on the page of a draft and from the command line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.domain.draft import Draft
from evals.gate import produce
from ingest.reach import link
from tests.support.command_line import CommandLine
from tests.support.flawed_draft import REQUEST, laneway
from tests.support.service import running

AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stale")


@pytest.fixture(scope="module")
def draft(home: Path) -> Draft:
    """A draft one of whose quotes left its source."""
    with laneway(home / "home", home, served=True) as bench:
        held = produce(bench, REQUEST)
        name = next(one for claim in held.claims.values() for one in claim.quote_ids)
        bench.catalog.tombstones.bury("default", [held.quotes[name].record_id], AT)
        link(bench)
    return held


@pytest.fixture(scope="module")
def client(home: Path, draft: Draft) -> Iterator[TestClient]:
    with running(home / "home") as started:
        yield started


def read(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_command_lists_claims_with_reasons_and_fails_while_something_is_stale(
    home: Path, draft: Draft
) -> None:
    shell = CommandLine(home, home / "home")
    told = shell.run("stale", expect=1)
    assert "left its source" in told.stdout.decode()
    assert "rest on evidence that changed" in told.stderr.decode()
    assert shell.run("stale", draft.id, "--json", expect=1).stdout.startswith(b'{"stale":')
    assert b"hint: " in shell.run("stale", "--refresh", expect=2).stderr


def test_staleness_is_told_and_a_refresh_ends_it(client: TestClient, draft: Draft) -> None:
    told = read(client, f"/v1/drafts/{draft.id}/staleness")
    assert (told["stale"], told["version"]) == (True, 1)
    assert all(one["reason"].endswith(".") and one["moved"] for one in told["claims"])
    assert read(client, "/v1/staleness")["items"] == [told]
    assert read(client, f"/v1/drafts/{draft.id}")["status"] == "stale"
    assert read(client, "/v1/drafts")["items"][0]["status"] == "stale"
    page = client.get(f"/drafts/{draft.id}", headers={"Accept": "text/html"}).text
    assert "on evidence that changed" in page
    assert told["claims"][0]["reason"] in page
    form = {"version": "1"}
    shown = client.post(f"/drafts/{draft.id}/refresh", data=form)
    assert "What a refresh would change" in shown.text
    assert read(client, f"/v1/drafts/{draft.id}")["version"] == 1
    where = f"/v1/drafts/{draft.id}/refresh"
    dry = client.post(where, json={"version": 1, "dry_run": True}).json()
    assert (dry["kept"], dry["draft"]["version"]) == (False, 2)
    done = client.post(f"/drafts/{draft.id}/refresh", data=form | {"confirm": "true"})
    assert "on evidence that changed" not in done.text
    held = read(client, f"/v1/drafts/{draft.id}")
    assert (held["version"], held["status"]) == (2, "ready")
    assert held["sections"] == dry["draft"]["sections"]
    assert read(client, "/v1/staleness") == {"items": []}
    late = client.post(where, json={"version": 1})
    assert (late.status_code, late.json()["newest"]) == (409, 2)
    same = client.post(where, json={"version": 2}).json()
    assert (same["kept"], same["draft"]["version"]) == (False, 2)
    assert client.get("/v1/drafts/dra_none/staleness").status_code == 404
