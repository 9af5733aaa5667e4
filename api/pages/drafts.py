"""The page of one draft: the check strip, the chat, the document with its proof, what may be decided and changed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.formats import NAMES
from api.keyed import KeyedFinding
from api.pages.chat import held_talk, thread_about
from api.routes.drafts import VersionQuery, find_draft
from api.routes.eval_sets import kept_of
from api.shown import shown_draft, shown_stale, shown_text
from api.web.counts import counts_of
from api.web.document.page import document, places
from api.web.pages import for_readers, frame, keyed_findings, link, verdict_counts
from api.web.render import page, part
from assistant.domain.comment import Comment
from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, finding_key
from assistant.domain.staleness import StaleClaim
from assistant.drafting.claim_trends import claim_trends
from assistant.drafting.formats.tree import plain
from assistant.search.matrix import columns_of
from assistant.workbench import Workbench
from evals.coverage import RULE, TopTheme, areas_of, top_themes
from evals.editing.comments import comments_on
from evals.editing.fixes import fixes
from evals.editing.history import history
from evals.editing.sections import approvals
from evals.editing.suggest import can_suggest, has_words

router = APIRouter(include_in_schema=False)


@router.get("/drafts/{draft_id}")
def get_draft_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: VersionQuery = None,
    thread: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The draft as a document; each citation leads to its passage. Its other forms are those of `/v1/drafts`."""
    with for_readers("The first page lists the drafts of the workspace."):
        held = find_draft(service, bench, draft_id, version)
        told = history(bench, held.id)
        named = thread or thread_about(bench, held.id)
        talk = held_talk(service, bench, workspace, named) if named else None
    draft = shown_draft(bench.settings, held)
    findings = keyed_findings(bench.settings, held)
    newest = told.versions[-1]
    offered = {one.key: one.is_a_choice for one in fixes(held, _standing(held))}
    around = frame(service, workspace, "h")
    wordable = _wordable(bench, held) if held.version == newest else frozenset()
    beside = partial(_beside, draft, offered if held.version == newest else {}, wordable, around["link"])
    return page(
        "draft.html",
        **around,
        draft=draft,
        title=plain(draft, draft.title),
        newest=newest,
        can_undo=len(told.done) > 1,
        can_redo=bool(told.undone),
        counts=verdict_counts(draft),
        stale_claims=_stale(bench, held, newest),
        findings=findings,
        offered=offered,
        wordable=wordable,
        has_model=can_suggest(bench.settings),
        places=places(draft),
        kept=kept_of(bench, draft.id, draft.version),
        tops=_tops(bench, held),
        top_rule=RULE,
        document=document(
            draft,
            findings,
            proof_link(draft, service.settings.workspace, workspace),
            beside,
            {} if held.stale_reason else claim_trends(held, columns_of(bench)),
        ),
        formats=NAMES,
        talk=talk,
        as_of=_as_of(draft),
        approved=approvals(bench, held),
        comments=_comments(bench, held),
    )


def proof_link(draft: Draft, default: str, workspace: str) -> Callable[[str], str]:
    """Quote id → address of its passage in the record; fact id → address of its query with the records that it counts."""

    def to_proof(name: str) -> str:
        if name in draft.facts:
            return link(f"/drafts/{draft.id}/numbers/{name}?version={draft.version}", default, workspace)
        quote = draft.quotes[name]
        path = f"/records/{quote.record_id}?quote={quote.start}-{quote.end}&revision={quote.revision}"
        return link(path, default, workspace) + "#quote"

    return to_proof


def _stale(bench: Workbench, draft: Draft, newest: int) -> list[StaleClaim]:
    """As they were marked last: evaluating takes a read of all records."""
    held = bench.catalog.staleness.claims(bench.workspace, draft.id) if draft.version == newest else []
    return [shown_stale(bench.settings, one) for one in held]


def _tops(bench: Workbench, draft: Draft) -> list[TopTheme] | None:
    """The largest themes that the draft is about, with the claims that cite them; None where there are no themes to say."""
    counts = counts_of(bench)
    themes = counts.themes
    areas = counts.once("areas", lambda: areas_of(bench, themes, counts.places())) if themes else None
    return top_themes(bench, draft, areas) if areas is not None else None


def _standing(draft: Draft) -> Sequence[Finding]:
    return [one for one in draft.report.findings if one.overruled is None] if draft.report else []


def _wordable(bench: Workbench, draft: Draft) -> frozenset[str]:
    """Keys of the findings for which a model can be asked for a wording."""
    if not can_suggest(bench.settings):
        return frozenset()
    return frozenset(finding_key(one) for one in _standing(draft) if has_words(draft, one))


def _comments(bench: Workbench, draft: Draft) -> dict[str, list[tuple[Comment, str]]]:
    """Comments with their places, by the section that they stand in; under no name those whose place is gone."""
    held: dict[str, list[tuple[Comment, str]]] = {}
    homes: dict[str, str] = {}
    for section in draft.sections:
        homes[f"section:{section.id}"] = section.id
        for block in section.blocks:
            for name in (str(getattr(block, "id", "")), *getattr(block, "claim_ids", ())):
                homes.setdefault(name, section.id)
    for one, place in comments_on(bench, draft):
        told = {name: shown_text(bench.settings, getattr(one, name)) for name in ("text", "excerpt")}
        home = homes.get(place.split(".")[0], "") if place else ""
        held.setdefault(home, []).append((one.model_copy(update=told), place))
    return held


def _as_of(draft: Draft) -> str:
    moment = next((one.as_of for one in draft.facts.values() if one.as_of), None)
    return moment.date().isoformat() if moment else ""


def _beside(
    draft: Draft,
    offered: dict[str, bool],
    wordable: frozenset[str],
    to: Callable[[str], str],
    findings: Sequence[KeyedFinding],
) -> str:
    return part("beside.html", draft=draft, offered=offered, wordable=wordable, link=to, findings=findings)
