"""A client that a generator makes from docs/openapi.json, driven against a real service: what we document is what programs get."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from api.app import create_app
from assistant.domain.ticket import Connection
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from tests.support.mcp_clients import listening
from tests.support.service import feedback_csv
from tests.support.waiting import until

_DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"
_PACKAGE = "generated_voxspec_client"
KEY = "a-key-of-some-length-0123456789"
DESK = Connection(name="desk", tracker="roundup", url="http://127.0.0.1:1/", user="ida", token="env:NOBODY")
"""Nobody listens there, and nothing is sent: tickets only come in."""


def _generate(folder: Path) -> str:
    """Make the package in a folder. Returns: what the generator said."""
    # It tidies what it made with the ruff of the same environment.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    what = ("--path", str(_DOCUMENT), "--output-path", str(folder / _PACKAGE))
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", *what],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Generated:
    """The generated package."""

    said: str
    client: Any
    stranger: Any

    def part(self, name: str) -> ModuleType:
        """A module of it."""
        return importlib.import_module(f"{_PACKAGE}.{name}")

    def model(self, module: str, name: str) -> Any:
        """A class of it."""
        return getattr(self.part(f"models.{module}"), name)

    def ask(self, operation: str, *arguments: Any, by: Any = None, **more: Any) -> Any:
        """Call an operation, `tag.name`. Returns: its whole answer, with `status_code` and `parsed`."""
        return self.part(f"api.{operation}").sync_detailed(*arguments, client=by or self.client, **more)

    def finished(self, job_id: str) -> Any:
        """The job once it is over."""
        until(lambda: self.ask("jobs.get_job", job_id).parsed.state in {"done", "failed"})
        job = self.ask("jobs.get_job", job_id).parsed
        assert job.state == "done", job
        return job


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = tmp_path_factory.mktemp("generated")
    said = _generate(folder)
    home = tmp_path_factory.mktemp("home")
    catalog = open_catalog(home / "catalog.sqlite3")
    catalog.connections.put("default", DESK)
    catalog.close()
    app = create_app(Settings.load(home=home, api_key=KEY))
    with pytest.MonkeyPatch.context() as patched, listening(app) as url:
        patched.syspath_prepend(str(folder))
        package = importlib.import_module(_PACKAGE)
        client = package.AuthenticatedClient(base_url=url, token=KEY, timeout=60)
        yield Generated(said, client, package.Client(base_url=url))
    for name in [one for one in sys.modules if one.partition(".")[0] == _PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def imported(generated: Generated) -> Generated:
    """The same, once the service has records."""
    file = generated.part("types").File(payload=BytesIO(feedback_csv()), file_name="feedback.csv", mime_type="text/csv")  # fmt: skip
    form = generated.model("post_ingest_form", "PostIngestForm")(files=[file], source="support")
    answer = generated.ask("ingest.post_ingest", body=form)
    assert answer.status_code == 202, answer.content
    assert generated.finished(answer.parsed.id).result["records"] == 60
    return generated


def test_nothing_of_the_document_is_left_out_but_a_stream_that_it_does_not_know(generated: Generated) -> None:
    warnings = [line for line in generated.said.splitlines() if line.startswith(("WARNING", "Unable"))]
    assert warnings == ["WARNING parsing POST /v1/records within records. Endpoint will not be generated."]
    assert "application/x-ndjson" in generated.said


def test_records_are_imported_listed_and_found(imported: Generated) -> None:
    listed = imported.ask("records.get_records", limit=3).parsed
    assert len(listed.items) == 3
    order = imported.model("search_request", "SearchRequest")(question="slow export", limit=5)
    hits = imported.ask("search.post_search", body=order).parsed.hits
    assert len(hits) == 5
    record = imported.ask("records.get_record", hits[0].record_id).parsed
    assert record["raw"][hits[0].quote.start : hits[0].quote.end] == hits[0].quote.text


def test_a_draft_is_asked_for_read_and_checked(imported: Generated) -> None:
    order = imported.model("draft_order", "DraftOrder")(kind="prd", brief="slow export")
    run = imported.ask("drafts.post_draft", body=order)
    assert run.status_code == 202
    draft_id = imported.finished(run.parsed.id).result["draft_id"]
    draft = imported.ask("drafts.get_draft", draft_id).parsed
    assert (draft.id, draft.kind) == (draft_id, "prd")
    assert draft.report.verdict == "ready"
    check = imported.model("check_order", "CheckOrder")(draft_id=draft_id)
    report = imported.ask("checks.post_check", body=check).parsed
    assert report.verdict == "ready"
    document = imported.model("check_order", "CheckOrder")(markdown='# A\n\n> "Nobody has ever said this at all."\n')  # fmt: skip
    found = imported.ask("checks.post_check", body=document).parsed
    assert found.verdict != "ready"
    assert all(finding.key and finding.message for finding in found.findings)
    assert draft_id in [one.id for one in imported.ask("drafts.get_drafts").parsed.items]


def test_the_same_idempotency_key_gives_the_same_run(imported: Generated) -> None:
    order = imported.model("draft_order", "DraftOrder")(kind="prd", brief="dark mode")
    first, again = (imported.ask("drafts.post_draft", body=order, idempotency_key="one") for _ in range(2))
    assert first.parsed.id == again.parsed.id
    assert again.headers["idempotency-replayed"] == "true"
    imported.finished(first.parsed.id)


def test_a_ticket_is_sent_matched_and_read(imported: Generated) -> None:
    sent = imported.model("sent_ticket", "SentTicket")(connection="desk", key="7", title="CSV export hangs")
    answer = imported.ask("tickets.post_ticket", body=sent)
    assert answer.status_code == 202, answer.content
    imported.finished(answer.parsed.id)
    held = imported.ask("tickets.get_ticket", "desk", "7").parsed
    assert (held.ticket.key, held.ticket.title) == ("7", "CSV export hangs")
    assert held.triage is not None
    wanted = imported.model("match_request", "MatchRequest")(title="Export to CSV hangs")
    assert imported.ask("tickets.post_match", body=wanted).status_code == 200


def test_a_hook_is_added_and_removed(imported: Generated) -> None:
    events = [imported.model("hook_event", "HookEvent").DRAFT_COMPLETED]
    order = imported.model("hook_order", "HookOrder")(name="chat", url="https://example.com/", events=events)
    made = imported.ask("hooks.post_hook", body=order).parsed
    assert made.secret.startswith("whsec_")
    assert [one.name for one in imported.ask("hooks.get_hooks").parsed.items] == ["chat"]
    assert imported.ask("hooks.delete_hook", "chat").status_code == 204


def test_problems_come_as_their_own_class_with_a_hint(imported: Generated) -> None:
    problem = imported.model("problem", "Problem")
    for answer, status, code in (
        (imported.ask("drafts.get_draft", "dra_nobody"), 404, "not-found"),
        (imported.ask("drafts.get_drafts", by=imported.stranger), 401, "key-required"),
        (imported.ask("drafts.get_drafts", limit=0), 422, "invalid-request"),
    ):
        assert (answer.status_code, type(answer.parsed)) == (status, problem), answer.content
        assert (answer.parsed.status, answer.parsed.code) == (status, code)
        assert answer.parsed.type_ == f"urn:voxspec:problem:{code}"
        assert answer.parsed.hint
