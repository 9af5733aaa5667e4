"""`/v1/checks`: every finding about a draft, and the verdict."""

import json
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.deps import BenchDep, ServiceDep
from api.idempotency import OnceRoute
from api.keyed import KeyedReport, keyed_report
from api.middleware import MAX_JSON_BYTES
from api.routes.drafts import find_draft
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport
from assistant.workbench import Workbench
from evals.check import check, load_draft_json
from evals.documents.foreign import check_document
from evals.documents.stored import check_copy
from evals.opinion import keep_opinion, kept_opinion, with_opinion
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
def post_check(service: ServiceDep, bench: BenchDep, body: CheckOrder) -> KeyedReport:
    """Verdict, the four counts, and all findings with their keys, against the records as they are now."""
    if body.draft_id is not None:
        draft = find_draft(service, bench, body.draft_id, body.version)
        report = report_on(bench, draft, judge=body.judge)
    elif body.draft is not None:
        draft = load_draft_json(json.dumps(body.draft), bench)
        report = check_copy(bench, draft)
        report = with_opinion(bench, draft, report) if body.judge else report
    else:
        report = check_document(bench, body.markdown or "")
    return keyed_report(bench.settings, report)


def report_on(bench: Workbench, draft: Draft, *, judge: bool = False) -> CheckReport:
    """What is found about a stored draft, against the records as they are now, with what people overruled.

    Args: judge: ask the service's judge, too, and keep what it says; otherwise what it said before counts.
    """
    report = check(bench, draft)
    if judge:
        report = with_opinion(bench, draft, report)
        keep_opinion(bench, draft, report)
    else:
        report = kept_opinion(bench, draft, report)
    return with_overrulings(bench, draft, report)
