"""What people say beside a draft: sections they approve, comments on a place of it."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.deps import BenchDep, DeciderDep, ServiceDep
from api.idempotency import OnceRoute
from api.keyed import not_approved
from api.routes.approvals import Decision
from api.routes.drafts import VersionQuery, find_draft
from api.routes.edits import By
from api.shown import shown_text
from assistant.domain.comment import Comment, SectionApproval
from assistant.settings import Settings
from evals.editing.comments import add_comment, comments_on, resolve_comment
from evals.editing.sections import approvals, approve_section, withdraw
from evals.release import Refusal

router = APIRouter(tags=["drafts"], route_class=OnceRoute)

_SectionPath = Annotated[str, Path(max_length=200, description="id of the section, for example `problem`")]
_CommentPath = Annotated[str, Path(pattern=r"^com_[0-9a-f]{16}$")]


class SectionLine(BaseModel):
    """A section in a list."""

    id: str
    title: str
    approved: SectionApproval | None
    """Null where nobody approved it as it stands."""


class Sections(BaseModel):
    """The sections of a version, in reading order."""

    draft_id: str
    version: int
    items: list[SectionLine]


class Remark(BaseModel):
    """A comment that somebody makes."""

    model_config = ConfigDict(extra="forbid")

    target: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=4000)
    by: By = ""


class Resolution(BaseModel):
    """Whether a comment is dealt with."""

    model_config = ConfigDict(extra="forbid")

    resolved: bool = True
    by: By = ""


class PlacedComment(BaseModel):
    """A comment with what it is about in the version that is shown."""

    comment: Comment
    where: str
    """A target of that version; empty where what it was about is gone."""


@router.get("/v1/drafts/{draft_id}/sections", summary="Sections of a draft, and who approved them")
def get_sections(
    service: ServiceDep, bench: BenchDep, draft_id: str, version: VersionQuery = None
) -> Sections:
    """An approval holds as long as the section says what was approved."""
    draft = find_draft(service, bench, draft_id, version)
    held = approvals(bench, draft)
    items = [
        SectionLine(id=one.id, title=shown_text(bench.settings, one.title), approved=held.get(one.id))
        for one in draft.sections
    ]
    return Sections(draft_id=draft.id, version=draft.version, items=items)


@router.post(
    "/v1/drafts/{draft_id}/sections/{section}/approval",
    summary="Approve a section",
    responses={409: {"description": "Blocking findings stand in it; `findings` lists them"}},
)
def post_section_approval(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    section: _SectionPath,
    body: Decision | None = None,
    version: VersionQuery = None,
) -> SectionApproval:
    """Refused with 409 while a blocking finding about it stands that nobody overruled."""
    given = body or Decision()
    draft = find_draft(service, bench, draft_id, version)
    outcome = approve_section(bench, draft, section, by=who.name(given.by), reason=given.reason)
    if isinstance(outcome, Refusal):
        raise not_approved(bench.settings, outcome)
    return outcome


@router.delete(
    "/v1/drafts/{draft_id}/sections/{section}/approval", status_code=204, summary="Withdraw an approval"
)
def delete_section_approval(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    section: _SectionPath,
    version: VersionQuery = None,
) -> None:
    """Nobody approves the section any more, as it stands. Who approved it and who took it back stays on record."""
    withdraw(bench, find_draft(service, bench, draft_id, version), section, by=who.name(""))


@router.get("/v1/drafts/{draft_id}/comments", summary="Comments on a draft")
def get_comments(
    service: ServiceDep, bench: BenchDep, draft_id: str, version: VersionQuery = None
) -> list[PlacedComment]:
    """Of all versions, the oldest first."""
    draft = find_draft(service, bench, draft_id, version)
    return [
        PlacedComment(comment=_shown(bench.settings, one), where=where)
        for one, where in comments_on(bench, draft)
    ]


@router.post("/v1/drafts/{draft_id}/comments", status_code=201, summary="Comment on a place of a draft")
def post_comment(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    body: Remark,
    version: VersionQuery = None,
) -> Comment:
    """On a claim, block, text, section, quote or number; it stays with its id in later versions."""
    draft = find_draft(service, bench, draft_id, version)
    return _shown(bench.settings, add_comment(bench, draft, body.target, body.text, by=who.name(body.by)))


@router.post("/v1/drafts/{draft_id}/comments/{comment_id}/resolution", summary="Resolve a comment")
def post_resolution(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    comment_id: _CommentPath,
    body: Resolution | None = None,
) -> Comment:
    """Or open it again."""
    given = body or Resolution()
    known = find_draft(service, bench, draft_id).id
    done = resolve_comment(bench, known, comment_id, by=who.name(given.by), resolved=given.resolved)
    return _shown(bench.settings, done)


def _shown(settings: Settings, one: Comment) -> Comment:
    words = {name: shown_text(settings, getattr(one, name)) for name in ("text", "excerpt")}
    return one.model_copy(update=words)
