"""Runs of evaluation sets in the background: the job, and the file per run that its result is read from.

Files lie in `evals/runs/<workspace>` of the home folder, next to the other files that jobs share. A run's id is its content's hash,
so a job that runs again after a crash writes the same file.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.cli.files import writing
from api.pool import Benches
from api.shown import shown_run
from assistant.errors import NotFound
from assistant.jobs.port import Progress
from assistant.settings import Settings
from evals.cases.case import load_set, shipped_sets
from evals.opinion import OFF, cards_of, judge_of
from evals.runs.outcome import EvalRun, Outcome, load_run
from evals.runs.report import report
from evals.runs.run_sets import HOME, run_sets

KIND = "evals"
_ID = re.compile(r"run_[0-9a-f]{16}\Z")


def demand_sets(names: list[str]) -> list[str]:
    """The names of sets, or of all where none is given. Raises: NotFound."""
    there = shipped_sets()
    if unknown := [name for name in names if name not in there]:
        raise NotFound(
            f"There is no evaluation set '{unknown[0][:60]}'.", hint=f"Sets here: {', '.join(there)}."
        )
    return sorted(set(names)) or list(there)


def run_job(
    benches: Benches, workspace: str, payload: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Run the sets that the payload names, keep the run, and say how it went."""
    with benches.use(workspace) as bench:
        settings = bench.settings
        judge = judge_of(settings) if payload.get("judge") else None
        cards = cards_of(bench, judge) if judge else {}
    settings = settings.model_copy(update={"judge": judge or OFF})
    if writer := payload.get("writer"):
        settings = settings.model_copy(update={"model": writer})
    folders = shipped_sets()
    held = [load_set(folders[name]) for name in demand_sets(payload["sets"])]
    found = shown_run(settings, run_sets(held, settings, progress=progress, cards=cards))
    place = _place(settings, workspace, found.id)
    place.parent.mkdir(parents=True, exist_ok=True)
    with writing(place) as stream:
        stream.write(report(found, "json"))
    counts = {
        one.value: sum(result.outcome is one for held in found.sets for result in held.results)
        for one in Outcome
    }
    return {"run": found.id, "gate": found.gate.value, "cases": counts}


def kept_run(settings: Settings, workspace: str, run_id: str) -> EvalRun:
    """A run of the workspace. Raises: NotFound."""
    place = _place(settings, workspace, run_id) if _ID.match(run_id) else None
    if place is None or not place.is_file():
        raise NotFound(
            f"There is no run '{run_id[:60]}' of evaluation sets.",
            hint="POST /v1/evals starts one; its job names it under 'result.run'.",
        )
    return load_run(place.read_text(encoding="utf-8"), place.name)


def _place(settings: Settings, workspace: str, run_id: str) -> Path:
    return settings.home / HOME / "runs" / workspace / f"{run_id}.json"
