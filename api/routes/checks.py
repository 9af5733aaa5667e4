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
from evals.check import check, load_draft_json
from evals.foreign import check_document
from evals.release import with_overrulings
from evals.stored import check_copy

router = APIRouter(tags=["checks"], route_class=OnceRoute)


class CheckOrder(BaseModel):
    """What is to be checked: a stored draft, a draft's JSON, its Markdown, or Markdown that was written elsewhere."""

    model_config = ConfigDict(extra="forbid")

    draft_id: str | None = Field(default=None, max_length=200)
    version: int | None = Field(default=None, ge=1, le=1_000_000)
    draft: dict[str, Any] | None = None
    markdown: str | None = Field(default=None, max_length=MAX_JSON_BYTES)

    @model_validator(mode="after")
    def _names_one(self) -> "CheckOrder":
        if sum(part is not None for part in (self.draft_id, self.draft, self.markdown)) != 1:
            raise ValueError("send exactly one of draft_id, draft and markdown")
        return self


@router.post("/v1/checks", summary="Check a draft")
def post_check(service: ServiceDep, bench: BenchDep, body: CheckOrder) -> KeyedReport:
    """Verdict, the four counts, and all findings with their keys, against the records as they are now."""
    if body.draft_id is not None:
        draft = find_draft(service, bench, body.draft_id, body.version)
        report = with_overrulings(bench, draft, check(bench, draft))
    elif body.draft is not None:
        report = check_copy(bench, load_draft_json(json.dumps(body.draft), bench))
    else:
        report = check_document(bench, body.markdown or "")
    return keyed_report(bench.settings, report)
