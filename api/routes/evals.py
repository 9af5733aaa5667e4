"""`/v1/evals`: evaluation sets, running them as a job, and what the runs found."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api.answers import JOB, files
from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.eval_runs import KIND, demand_sets, kept_run
from api.idempotency import OnceRoute
from assistant.errors import UsageError
from evals.cases.case import load_set, shipped_sets
from evals.opinion import judge_of
from evals.runs.compare import Comparison, compare
from evals.runs.report import MEDIA_TYPES, Format, report
from evals.runs.report_html import policy

router = APIRouter(tags=["evals"], route_class=OnceRoute)

_MOST_SETS = 100


class EvalOrder(BaseModel):
    """A run of evaluation sets."""

    model_config = ConfigDict(extra="forbid")

    sets: list[Annotated[str, Field(max_length=100)]] = Field(default_factory=list, max_length=_MOST_SETS)
    """Names; none: all."""
    writer: Literal["extractive"] | None = None
    """`extractive` needs no model; null: the model of the service."""
    judge: bool = False
    """Ask the service's judge about each draft, too: the setting `judge`, or else its model."""


class SetShown(BaseModel):
    """An evaluation set."""

    name: str
    kind: str
    purpose: str
    cases: int
    records: int


class SetList(BaseModel):
    """The sets that come with Voxspec, by name."""

    items: list[SetShown]
    next: None = None
    """There are few: all are on the first page."""


@router.get("/v1/evals", summary="List evaluation sets")
def get_evals() -> SetList:
    """The sets that can be run here."""
    held = [load_set(folder) for folder in shipped_sets().values()]
    return SetList(
        items=[
            SetShown(
                name=one.spec.name,
                kind=one.spec.kind,
                purpose=one.spec.purpose,
                cases=len(one.cases),
                records=len(one.records),
            )
            for one in held
        ]
    )


@router.post("/v1/evals", status_code=202, summary="Run evaluation sets", responses=JOB)
def post_evals(
    service: ServiceDep, bench: BenchDep, workspace: WorkspaceDep, body: EvalOrder | None = None
) -> Response:
    """202 with the job. When it is done, its result holds `run`, the id for `/v1/evals/runs/{run_id}`."""
    order = body or EvalOrder()
    if order.judge and judge_of(bench.settings) is None:
        raise UsageError("This service has no judge.", hint="Its setting 'judge' names one.")
    payload = {"sets": demand_sets(order.sets), "writer": order.writer, "judge": order.judge}
    job = service.jobs.submit(workspace, KIND, payload)
    return JSONResponse(job.model_dump(mode="json"), 202, {"Location": f"/v1/jobs/{job.id}"})


@router.get(
    "/v1/evals/runs/{run_id}",
    summary="What a run found",
    responses={200: {"content": files(*MEDIA_TYPES.values())}},
)
def get_run(
    bench: BenchDep,
    run_id: str,
    form: Annotated[Format, Query(alias="format", description="json, junit, sarif or html")] = "json",
) -> Response:
    """The run case by case, as JSON, as JUnit XML, as SARIF 2.1.0, or as one HTML file."""
    held = kept_run(bench.settings, bench.workspace, run_id)
    headers = {"Content-Security-Policy": policy()} if form == "html" else {}
    return Response(report(held, form), media_type=MEDIA_TYPES[form], headers=headers)


@router.get(
    "/v1/evals/comparison",
    summary="Compare two runs",
    responses={404: {"description": "The workspace has no such run"}},
)
def get_comparison(
    bench: BenchDep,
    before: Annotated[str, Query(max_length=100, description="Id of the earlier run")],
    after: Annotated[str, Query(max_length=100, description="Id of the later run")],
) -> Comparison:
    """Only the verdicts that changed, and the mean differences per case with 95 % intervals."""
    one, other = (kept_run(bench.settings, bench.workspace, run_id) for run_id in (before, after))
    return compare(one, other)
