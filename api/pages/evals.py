"""Evaluation sets, what their runs found, and what the checks are trusted for."""

from http import HTTPStatus
from inspect import getmodule
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.eval_runs import KIND, demand_sets, kept_run
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.jobs import told_job
from api.web.pages import for_readers, frame, link
from api.web.render import page
from assistant.domain.job import Job
from evals.cases.case import load_set, shipped_sets
from evals.registry import OWN
from evals.runs.compare import compare
from evals.runs.outcome import EvalRun, Outcome

router = APIRouter(include_in_schema=False)
_LAYERS = ("structure", "evidence", "the set as a whole", "safety", "what a model judges")
_LOOKED_AT = 200
_RUNS = 20


@page_at(router, "/evals")
def get_evals_page(service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """The sets there are and the runs of this workspace."""
    held = [load_set(folder) for folder in shipped_sets().values()]
    jobs = _runs(service, workspace)
    sets: list[dict[str, Any]] = [
        {
            "name": one.spec.name,
            "kind": one.spec.kind,
            "purpose": one.spec.purpose,
            "cases": len(one.cases),
            "records": len(one.records),
        }
        for one in held
    ]
    runs = [
        {
            "id": str(job.result["run"]),
            "gate": str(job.result.get("gate", "")),
            "cases": job.result.get("cases", {}),
            "at": job.created_at,
        }
        for job in jobs
        if "run" in job.result
    ]
    waiting = [told for job in jobs if not (told := told_job(job)).is_over]
    return shaped(
        form,
        page=lambda: page(
            "evals.html", **frame(service, workspace, "v"), sets=sets, runs=runs, waiting=waiting
        ),
        data=lambda: {
            "sets": sets,
            "runs": [one | {"at": one["at"] and one["at"].isoformat()} for one in runs],
        },
        table=lambda: Table(
            "Evaluation sets",
            ("name", "kind", "cases", "records", "purpose"),
            [(one["name"], one["kind"], one["cases"], one["records"], one["purpose"]) for one in sets],
        ),
    )


@router.post("/evals")
def post_evals_page(
    service: ServiceDep,
    workspace: WorkspaceDep,
    sets: Annotated[list[str] | None, Form(max_length=100)] = None,
) -> Response:
    """Run the chosen sets, or all, and go to the job."""
    payload = {"sets": demand_sets(sets or []), "writer": None}
    job = service.jobs.submit(workspace, KIND, payload)
    back = link(f"/jobs/{job.id}", service.settings.workspace, workspace)
    return RedirectResponse(back, HTTPStatus.SEE_OTHER)


@page_at(router, "/evals/runs/{run_id}")
def get_run_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    run_id: str,
    before: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """One run, case by case; with `before`, what changed since that run."""
    with for_readers("The page of evaluations lists the runs of this workspace."):
        run = kept_run(bench.settings, workspace, run_id)
        earlier = kept_run(bench.settings, workspace, before) if before else None
    others = [
        str(job.result["run"])
        for job in _runs(service, workspace)
        if "run" in job.result and job.result["run"] != run_id
    ]
    return shaped(
        form,
        page=lambda: page(
            "eval_run.html",
            **frame(service, workspace, "v"),
            run=run,
            outcomes=[one.value for one in Outcome],
            before=before,
            others=list(dict.fromkeys(others)),
            comparison=compare(earlier, run) if earlier else None,
        ),
        data=lambda: run.model_dump(mode="json"),
        table=lambda: _cases(run),
    )


@page_at(router, "/trust")
def get_trust_page(service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """What every draft is checked for: rule by rule, whether it stops a draft, and how the rules are tested."""
    rows = [(one.name, _LAYERS[one.layer], one.severity.value, _about(one.grade)) for one in OWN]
    layers = {name: [row for row in rows if row[1] == name] for name in _LAYERS}
    columns = ("grader", "layer", "severity", "about")
    return shaped(
        form,
        page=lambda: page("trust.html", **frame(service, workspace, "v"), layers=layers, count=len(rows)),
        data=lambda: {"items": [dict(zip(columns, row, strict=True)) for row in rows]},
        table=lambda: Table("Checks", columns, rows),
    )


def _about(rule: object) -> str:
    module = getmodule(rule)
    return " ".join(
        ((module.__doc__ if module else "") or "").strip().partition("\n\n")[0].replace("`", "").split()
    )


def _runs(service: Service, workspace: str) -> list[Job]:
    return [one for one in service.jobs.newest(workspace, _LOOKED_AT) if one.kind == KIND][:_RUNS]


def _cases(run: EvalRun) -> Table:
    return Table(
        "Cases",
        ("set", "case", "outcome", "misses"),
        [
            (held.name, one.case_id, one.outcome.value, " ".join(one.misses))
            for held in run.sets
            for one in held.results
        ],
    )
