"""`/v1/evals/sets`: the evaluation sets of a workspace; a draft becomes a case by one call."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.deps import BenchDep, DeciderDep, ServiceDep
from api.idempotency import OnceRoute
from api.routes.drafts import find_draft
from assistant.domain.label import KeptCase
from assistant.domain.personal.views import masked_mapping
from assistant.errors import NotFound
from assistant.workbench import Workbench
from evals.cases.case import Case, load_set, shipped_sets
from evals.cases.kept import Promotion, cases_of, promote
from evals.cases.set_folder import remove_case

router = APIRouter(tags=["evals"], route_class=OnceRoute)

Names = Annotated[list[str], Field(max_length=100)]


class CaseOrder(BaseModel):
    """A draft that is to become a case, and what a good answer does."""

    model_config = ConfigDict(extra="forbid")

    draft_id: str = Field(max_length=200)
    version: int | None = Field(default=None, ge=1, le=1_000_000)
    must_cite: Names = Field(default_factory=list)
    """Quote ids of the draft or record ids; `Q1|Q2`: one of them."""
    must_not_cite: Names = Field(default_factory=list)
    themes: Names = Field(default_factory=list)
    bad: bool = False
    abstain: bool | None = None
    finding: str = Field(default="", max_length=12)
    about: str = Field(default="", max_length=2000)
    case_id: str = Field(default="", max_length=100)
    by: str = Field(default="", max_length=200, description="default: whose key or session it is, else `api`")


@router.get("/v1/evals/sets", summary="List evaluation sets")
def get_sets(bench: BenchDep) -> dict[str, Any]:
    """The workspace's own and those that come with Voxspec, with kind and number of cases."""
    shipped = {name: load_set(folder) for name, folder in shipped_sets().items()}
    own = bench.catalog.cases.sets(bench.workspace)
    items = [
        {"name": name, "of": "workspace", "kind": kind, "cases": number}
        for name, (kind, number) in own.items()
    ]
    items += [
        {"name": name, "of": "voxspec", "kind": held.spec.kind, "cases": len(held.cases)}
        for name, held in shipped.items()
    ]
    return {"items": items}


@router.get("/v1/evals/sets/{name}", summary="Read a set of the workspace")
def get_set(bench: BenchDep, name: str) -> dict[str, Any]:
    """Its cases, with the records that they rest on."""
    return {"name": name, "cases": [_shown(bench, one) for one in cases_of(bench, name)]}


@router.post("/v1/evals/sets/{name}/cases", status_code=201, summary="Keep a draft as a case")
def post_case(
    service: ServiceDep, bench: BenchDep, who: DeciderDep, name: str, body: CaseOrder
) -> dict[str, Any]:
    """The case asks what the draft's brief asked, over the evidence that was found for it."""
    draft = find_draft(service, bench, body.draft_id, body.version)
    asked = Promotion(
        name,
        must_cite=tuple(body.must_cite),
        must_not_cite=tuple(body.must_not_cite),
        themes=tuple(body.themes),
        bad=body.bad,
        abstain=body.abstain,
        finding=body.finding,
        about=body.about,
        case_id=body.case_id,
        by=who.name(body.by),
    )
    return _shown(bench, promote(bench, draft, asked))


@router.delete("/v1/evals/sets/{name}/cases/{case_id}", status_code=204, summary="Remove a case")
def delete_case(bench: BenchDep, name: str, case_id: str) -> Response:
    """The set goes with its last case."""
    if not remove_case(bench, name, case_id):
        raise NotFound(
            f"There is no case '{case_id[:60]}' in '{name[:64]}'.",
            hint=f"GET /v1/evals/sets/{name[:64]} lists them.",
        )
    return Response(status_code=HTTPStatus.NO_CONTENT)


def kept_of(bench: Workbench, draft_id: str, version: int) -> list[str]:
    """`<set>/<case>` of the cases that a version of a draft became under its own name, for its page."""
    name = f"{draft_id}.v{version}"
    return [
        f"{set_name}/{name}"
        for set_name in bench.catalog.cases.sets(bench.workspace)
        if any(one.id == name for one in bench.catalog.cases.cases(bench.workspace, set_name))
    ]


def _shown(bench: Workbench, kept: KeptCase) -> dict[str, Any]:
    case = Case.model_validate_json(kept.body).model_dump(mode="json")
    told = kept.model_dump(mode="json", exclude={"body"}) | {"case": case}
    return told if bench.settings.show_personal_data else masked_mapping(told)
