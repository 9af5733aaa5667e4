"""Which claims of drafts no longer hold, and writing them again."""

from collections.abc import Sequence

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.deps import BenchDep, DeciderDep, ServiceDep
from api.idempotency import OnceRoute
from api.routes.drafts import VersionQuery, find_draft
from api.routes.edits import STALE_VERSION, AmendedDraft, By, Version, told_outcome
from api.shown import shown_stale
from assistant.domain.staleness import StaleClaim
from assistant.drafting.staleness.mark import stale, stale_drafts
from assistant.settings import Settings
from evals.editing.refresh import refresh

router = APIRouter(tags=["drafts"], route_class=OnceRoute)


class DraftStaleness(BaseModel):
    """A version of a draft, held against the records of now."""

    draft_id: str
    version: int
    stale: bool
    claims: list[StaleClaim]
    """Claims in their order, then other passages that show a number or quote of their own."""


class Staleness(BaseModel):
    """The newest versions that don't hold."""

    items: list[DraftStaleness]


class Refreshing(BaseModel):
    """The stale parts of a version are to be written again."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    dry_run: bool = False
    """Show what would come of it, and keep nothing."""
    by: By = ""


@router.get("/v1/staleness", summary="Drafts whose evidence changed")
def get_staleness(bench: BenchDep) -> Staleness:
    """The newest version of each draft that is stale, by id, with every claim that no longer holds and why."""
    found = stale_drafts(bench)
    return Staleness(
        items=[
            _told(bench.settings, name, claims[0].version, claims) for name, claims in sorted(found.items())
        ]
    )


@router.get("/v1/drafts/{draft_id}/staleness", summary="What of a draft no longer holds")
def get_draft_staleness(
    service: ServiceDep, bench: BenchDep, draft_id: str, version: VersionQuery = None
) -> DraftStaleness:
    """Every claim of a version is evaluated over the records of now; what gives something else is listed with the reason."""
    draft = find_draft(service, bench, draft_id, version)
    return _told(bench.settings, draft.id, draft.version, stale(bench, draft))


@router.post("/v1/drafts/{draft_id}/refresh", summary="Write the stale parts again", responses=STALE_VERSION)
def post_refresh(
    service: ServiceDep, bench: BenchDep, who: DeciderDep, draft_id: str, body: Refreshing
) -> AmendedDraft:
    """The next version with its diff and check: sections that rest on nothing stale keep their bytes, ids and locks stay.

    `kept` is false for a dry run, and where all of the draft holds.
    """
    known = find_draft(service, bench, draft_id).id
    outcome = refresh(bench, known, version=body.version, by=who.name(body.by), dry_run=body.dry_run)
    return told_outcome(bench, outcome)


def _told(settings: Settings, draft_id: str, version: int, claims: Sequence[StaleClaim]) -> DraftStaleness:
    return DraftStaleness(
        draft_id=draft_id,
        version=version,
        stale=bool(claims),
        claims=[shown_stale(settings, one) for one in claims],
    )
