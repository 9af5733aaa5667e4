"""Editing drafts: edits become versions, versions are compared, undone and redone; findings that code can mend are mended."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import BenchDep, DeciderDep, ServiceDep
from api.errors import HttpProblem
from api.idempotency import OnceRoute
from api.keyed import KeyedFinding, KeyedReport, keyed, keyed_report
from api.routes.approvals import KeyPath
from api.routes.drafts import find_draft
from api.shown import shown_diff, shown_draft, shown_edits, shown_note, shown_proposal
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import DraftDiff, VersionNote
from assistant.domain.edit import MOST_EDITS, Edit, Reword, Style, Target
from assistant.drafting.editing.addresses import addresses
from assistant.drafting.editing.proposals import Proposal
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.editing.amend import Amended, Stale, amend, undo
from evals.editing.fixes import fix, fixes
from evals.editing.history import diff_of, history
from evals.editing.resolve import propose

router = APIRouter(tags=["drafts"], route_class=OnceRoute)

Version = Annotated[int, Field(ge=1, le=1_000_000, description="the version that the person saw")]
By = Annotated[str, Field(max_length=200, description="default: whose key or session it is, else `api`")]
_VersionQuery = Annotated[int, Query(ge=1, le=1_000_000)]
STALE_VERSION: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "Another version is the newest: `newest`, `changed` and `diff` say what became of it"
    }
}


class Amendment(BaseModel):
    """Edits over a version."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    edits: list[Edit] = Field(min_length=1, max_length=MOST_EDITS)
    dry_run: bool = False
    """Show what would come of it, and keep nothing."""
    by: By = ""


class Step(BaseModel):
    """A step back or forth."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    by: By = ""


class Mending(Step):
    """One finding is to be mended, or all."""

    dry_run: bool = False


class Wish(BaseModel):
    """Which passage is to be worded anew, and how."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    target: Target
    style: Style


class AmendedDraft(BaseModel):
    """What came of edits."""

    draft: Draft
    diff: DraftDiff
    check: KeyedReport
    kept: bool
    """Whether it is a new version; false for a dry run, and where nothing changed."""
    merged: bool
    """Whether somebody else made versions since the one that the person saw."""


class VersionLine(BaseModel):
    """A version in a list."""

    version: int
    title: str
    status: str
    verdict: str | None
    note: VersionNote | None
    """How a person made it; null where the product wrote it."""


class Versions(BaseModel):
    """The history of a draft."""

    draft_id: str
    newest: int
    can_undo: bool
    can_redo: bool
    items: list[VersionLine]
    """Newest first."""


class Text(BaseModel):
    """A text of a draft that can be edited."""

    target: str
    text: str
    """With placeholders (`{F1}`, `{Q1}`), as edits count its characters."""
    locked: bool


class Texts(BaseModel):
    """Everything that can be typed over, in reading order."""

    draft_id: str
    version: int
    items: list[Text]


class FixOffer(BaseModel):
    """A finding that code can mend."""

    key: str
    finding: KeyedFinding
    edits: list[Edit]
    is_a_choice: bool
    """It takes something away or labels it; `fix` of all findings leaves it."""


@router.post("/v1/drafts/{draft_id}/edits", summary="Edit a draft", responses=STALE_VERSION)
def post_edits(
    service: ServiceDep, bench: BenchDep, who: DeciderDep, draft_id: str, body: Amendment
) -> AmendedDraft:
    """The next version with its diff and check. Edits of an older version are merged where nobody else changed the same."""
    known = find_draft(service, bench, draft_id).id
    outcome = amend(
        bench, known, body.edits, version=body.version, by=who.name(body.by), dry_run=body.dry_run
    )
    return told_outcome(bench, outcome)


@router.get("/v1/drafts/{draft_id}/texts", summary="What can be edited in a draft")
def get_texts(
    service: ServiceDep, bench: BenchDep, draft_id: str, version: _VersionQuery | None = None
) -> Texts:
    """Every text with its target, the newest version where none is named."""
    draft = find_draft(service, bench, draft_id, version)
    shown = shown_draft(bench.settings, draft)
    locks = draft.locks
    items = [
        Text(
            target=target,
            text=text,
            locked=any(target == one or target.startswith(f"{one}.") for one in locks),
        )
        for target, text in addresses(shown)
    ]
    return Texts(draft_id=draft.id, version=draft.version, items=items)


@router.get("/v1/drafts/{draft_id}/versions", summary="The versions of a draft")
def get_versions(service: ServiceDep, bench: BenchDep, draft_id: str) -> Versions:
    """All versions with how each came about, the newest first."""
    known = find_draft(service, bench, draft_id).id
    told = history(bench, known)
    notes = {note.version: note for note in told.notes}
    items = []
    for version in reversed(told.versions):
        draft = find_draft(service, bench, known, version)
        note = notes.get(version)
        items.append(
            VersionLine(
                version=version,
                title=shown_draft(bench.settings, draft).title,
                status=draft.status.value,
                verdict=draft.report.verdict.value if draft.report else None,
                note=shown_note(bench.settings, note) if note else None,
            )
        )
    return Versions(
        draft_id=known,
        newest=told.versions[-1],
        can_undo=len(told.done) > 1,
        can_redo=bool(told.undone),
        items=items,
    )


@router.get("/v1/drafts/{draft_id}/diff", summary="What differs between two versions")
def get_diff(
    service: ServiceDep,
    bench: BenchDep,
    draft_id: str,
    before: Annotated[int, Query(alias="from", ge=1, le=1_000_000)],
    after: Annotated[
        int | None, Query(alias="to", ge=1, le=1_000_000, description="Default: the newest")
    ] = None,
) -> DraftDiff:
    """Text by text and block by block, word by word, with the reasons."""
    known = find_draft(service, bench, draft_id).id
    return shown_diff(bench.settings, diff_of(bench, known, before, after))


@router.post("/v1/drafts/{draft_id}/undo", summary="Undo the last change", responses=STALE_VERSION)
def post_undo(
    service: ServiceDep, bench: BenchDep, who: DeciderDep, draft_id: str, body: Step
) -> AmendedDraft:
    """A new version whose document is that of the version before; what was there stays in the history."""
    known = find_draft(service, bench, draft_id).id
    return told_outcome(bench, undo(bench, known, version=body.version, by=who.name(body.by)))


@router.post("/v1/drafts/{draft_id}/redo", summary="Redo what was undone last", responses=STALE_VERSION)
def post_redo(
    service: ServiceDep, bench: BenchDep, who: DeciderDep, draft_id: str, body: Step
) -> AmendedDraft:
    """A new version whose document is the one that was undone."""
    known = find_draft(service, bench, draft_id).id
    return told_outcome(bench, undo(bench, known, version=body.version, by=who.name(body.by), again=True))


@router.get("/v1/drafts/{draft_id}/fixes", summary="Findings that code can mend")
def get_fixes(service: ServiceDep, bench: BenchDep, draft_id: str) -> list[FixOffer]:
    """Of the newest version's report, with the edits that would mend each."""
    draft = find_draft(service, bench, draft_id)
    held = [one for one in draft.report.findings if one.overruled is None] if draft.report else []
    return [
        FixOffer(
            key=one.key,
            finding=keyed(bench.settings, (one.finding,))[0],
            edits=shown_edits(bench.settings, one.edits),
            is_a_choice=one.is_a_choice,
        )
        for one in fixes(draft, held)
    ]


@router.post("/v1/drafts/{draft_id}/findings/{key}/fix", summary="Mend a finding", responses=STALE_VERSION)
def post_fix(
    service: ServiceDep, bench: BenchDep, who: DeciderDep, draft_id: str, key: KeyPath, body: Mending
) -> AmendedDraft:
    """Code makes the edit that mends it, and grades the draft again; 422 where it needs a person."""
    known = find_draft(service, bench, draft_id).id
    outcome = fix(bench, known, version=body.version, by=who.name(body.by), key=key, dry_run=body.dry_run)
    return told_outcome(bench, outcome)


@router.post("/v1/drafts/{draft_id}/proposals", summary="Ask for another wording of a passage")
def post_proposal(service: ServiceDep, bench: BenchDep, draft_id: str, body: Wish) -> Proposal:
    """A wording to be looked at; whoever takes it sends its `edit` to `…/edits`. Nothing is kept."""
    draft = find_draft(service, bench, draft_id, body.version)
    wanted = Reword(target=body.target, style=body.style)
    return shown_proposal(bench.settings, propose(bench, draft, wanted), wanted)


def told_outcome(bench: Workbench, outcome: Amended | Stale) -> AmendedDraft:
    """What a change of a draft answers. Raises: HttpProblem 409 where another version is the newest."""
    if isinstance(outcome, Stale):
        raise _stale(bench.settings, outcome)
    settings, report = bench.settings, outcome.draft.report
    assert report is not None
    return AmendedDraft.model_construct(
        draft=shown_draft(settings, outcome.draft),
        diff=shown_diff(settings, outcome.diff),
        check=keyed_report(settings, report),
        kept=outcome.kept,
        merged=outcome.merged,
    )


def _stale(settings: Settings, outcome: Stale) -> HttpProblem:
    told = f"Version {outcome.newest} is the newest by now"
    return HttpProblem(
        HTTPStatus.CONFLICT,
        "stale-version",
        f"{told}, and it changed what these edits are about." if outcome.changed else f"{told}.",
        f"Read version {outcome.newest}, and make the change over it.",
        more={
            "newest": outcome.newest,
            "changed": list(outcome.changed),
            "diff": shown_diff(settings, outcome.diff).model_dump(mode="json"),
        },
    )
