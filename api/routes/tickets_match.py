"""`/v1/tickets:match`: whether a ticket says what others say already, also before it is made. Nothing is kept."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.deps import BenchDep
from api.idempotency import OnceRoute
from api.shown import shown_alike
from assistant.domain.triage import Alike
from assistant.triage.behind import MOST
from assistant.triage.duplicates import alike

MAX_TITLE = 1000
MAX_BODY = 200_000
MAX_QUOTED = 2000

router = APIRouter(tags=["tickets"], route_class=OnceRoute)


class MatchRequest(BaseModel):
    """What a ticket says."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        min_length=1, max_length=MAX_TITLE
    )
    body: str = Field(default="", max_length=MAX_BODY)
    limit: int = Field(default=10, ge=1, le=50)
    created_at: AwareDatetime | None = None
    """When it was made; without it, as new as the newest ticket of the workspace."""
    evidence: list[Annotated[str, StringConstraints(max_length=MAX_QUOTED)]] = Field(
        default_factory=list, max_length=MOST
    )
    """What people said that stands behind it."""


class Matches(BaseModel):
    """Tickets that say the same or nearly, best first."""

    alike: list[Alike]


@router.post("/v1/tickets:match", summary="Find tickets that say the same")
def post_match(bench: BenchDep, body: MatchRequest) -> Matches:
    """Tickets of all connections whose records are in the workspace, by title, text, evidence and time. A score of 1 is the same ticket."""
    found = alike(
        bench, body.title, body.body, body.limit, created_at=body.created_at, evidence=body.evidence
    )
    return Matches.model_construct(alike=shown_alike(bench.settings, found))
