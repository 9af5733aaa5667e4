"""Between the last event of a run and the end of its job there is a moment; who asks in it is told the outcome too."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api import runs
from api.bus import Bus
from api.deps import Service
from api.idempotency import OnceStore
from api.metrics import Metrics
from api.pool import Benches
from assistant.domain.events import DraftEvent
from assistant.domain.job import JobState
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.port import Progress
from assistant.settings import Settings
from assistant.wiring import open_workbench


@pytest.mark.parametrize(
    ("event", "data", "state"),
    [
        ("draft.completed", {"draft_id": "dra_1", "version": 1}, JobState.done),
        ("draft.failed", {"code": "usage", "message": "No.", "hint": "Do."}, JobState.failed),
        ("step.started", {"step": "write"}, JobState.running),
    ],
)
def test_a_run_is_over_with_the_last_event_of_its_log(
    tmp_path: Path, event: str, data: dict[str, Any], state: JobState
) -> None:
    settings = Settings.load(home=tmp_path)
    once = OnceStore(tmp_path / "answers.sqlite3")
    service = Service(settings, Benches(settings, open_workbench), DbosJobs(tmp_path), once, Bus(), Metrics())
    working, told = threading.Event(), threading.Event()

    def write(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        working.set()
        told.wait(30)
        return {}

    service.jobs.start({runs.KIND: write})
    try:
        job = service.jobs.submit("default", runs.KIND, {})
        assert working.wait(30)
        with service.benches.use("default") as bench:
            last = DraftEvent.model_validate({"seq": 1, "type": event, "data": data})
            bench.catalog.drafts.append_events("default", job.id, [last])
            found = runs.run_of(service, bench, job.id)
        assert found is not None
        assert found.state is state
        assert found.result == (data if state is JobState.done else {})
        assert found.error == (data if state is JobState.failed else None)
    finally:
        told.set()
        service.jobs.close()
        service.benches.close()
        once.close()
