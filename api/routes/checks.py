"""`/v1/checks`: every finding about a draft, and the verdict."""

import json
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.deps import BenchDep, PrincipalDep, ServiceDep
from api.hooks.telling import tell_of_check
from api.idempotency import OnceRoute
from api.keyed import KeyedReport, keyed_report
from api.middleware import MAX_JSON_BYTES
from api.routes.drafts import find_draft
from assistant.domain.access import Role
from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport
from assistant.workbench import Workbench
from evals.check import check, load_draft_json
from evals.documents.foreign import check_document
from evals.documents.stored import check_copy
from evals.opinion import kept_opinion, with_opinion
from evals.release import with_overrulings

router = APIRouter(tags=["checks"], route_class=OnceRoute)


class CheckOrder(BaseModel):
    """What is to be checked: a stored draft, a draft's JSON, its Markdown, or Markdown that was written elsewhere."""

    model_config = ConfigDict(extra="forbid")

    draft_id: str | None = Field(default=None, max_length=200)
    version: int | None = Field(default=None, ge=1, le=1_000_000)
    draft: dict[str, Any] | None = None
    markdown: str | None = Field(default=None, max_length=MAX_JSON_BYTES)
    judge: bool = False
    """Ask the service's judge, too; `opinion` tells how it got on. For a draft only."""

    @model_validator(mode="after")
    def _names_one(self) -> "CheckOrder":
        if sum(part is not None for part in (self.draft_id, self.draft, self.markdown)) != 1:
            raise ValueError("send exactly one of draft_id, draft and markdown")
        if self.judge and self.markdown is not None:
            raise ValueError("a draft can be judged, by draft_id or as JSON; Markdown can't")
        return self


@router.post("/v1/checks", summary="Check a draft")
def post_check(
    service: ServiceDep, bench: BenchDep, principal: PrincipalDep, body: CheckOrder
) -> KeyedReport:
    """Verdict, the four counts, and all findings with their keys, against the records as they are now.

    Where it fails, hooks hear `check.failed`, unless a viewer asked: who only reads causes nothing.
    """
    draft, document = None, ""
    if body.draft_id is not None:
        draft = find_draft(service, bench, body.draft_id, body.version)
        report = report_on(bench, draft, judge=body.judge)
    elif body.draft is not None:
        copy = load_draft_json(json.dumps(body.draft), bench)
        report = check_copy(bench, copy)
        report = with_opinion(bench, copy, report) if body.judge else report
        draft, document = stored_version(bench, copy), canonical_json(copy)
    else:
        document = body.markdown or ""
        report = check_document(bench, document)
    if principal.role is not Role.viewer:
        tell_of_check(bench, report, draft, document)
    return keyed_report(bench.settings, report)


def stored_version(bench: Workbench, copy: Draft) -> Draft | None:
    """The version that a draft from elsewhere says it is; None where it isn't stored here."""
    return bench.catalog.drafts.get(bench.workspace, copy.id, copy.version)


def report_on(bench: Workbench, draft: Draft, *, judge: bool = False) -> CheckReport:
    """What is found about a stored draft, against the records as they are now, with what people overruled.

    Args: judge: ask the service's judge, too; otherwise what it said before counts.
    """
    report = check(bench, draft)
    report = with_opinion(bench, draft, report) if judge else kept_opinion(bench, draft, report)
    return with_overrulings(bench, draft, report)
