"""After the evidence changed: the comments under tickets say what it says now, and tickets whose claims no longer hold are told so."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from api.pool import Benches
from api.tickets.evidence_comment import comment_on, topic_of
from api.tickets.inert import inert_words
from assistant.domain.base import digest
from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.evidence import Scope
from assistant.domain.staleness import StaleClaim
from assistant.domain.ticket import Action, Connection, Effect, Link, Relation, Ticket, TicketState
from assistant.drafting.pipeline import working_scope
from assistant.drafting.staleness.mark import stale_drafts
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.search.cutoffs import cutoffs_of
from assistant.search.matrix import matrix_of
from assistant.search.scope import record_mask
from assistant.workbench import Workbench
from ingest.tickets import record_of

KIND = "follow"
_PAGE = 500
_SLACK = 0.1
"""Below the cosine from which a passage is relevant: what others say may bring a record to a topic that is a little farther away."""
_UNSAID = 100
"""Open tickets without a comment that are looked at again, the newest: a survey takes up to a second of CPU."""


def follow(bench: Workbench, progress: Progress, come: Sequence[str] | None = None) -> int:
    """Keep what is to be said under tickets now. Returns: how many things are to be sent.

    Args:
        come: ids of records that came, where that is all that changed: only tickets are looked at that they are near to.
    """
    effects = stale_comments(bench)
    known = {one.name: one for one in bench.catalog.connections.connections(bench.workspace)}
    tickets = _followed(bench, known) if come is None else _near(bench, known, come)
    for done, ticket in enumerate(tickets):
        progress(done, len(tickets), "looking at the evidence of tickets")
        effect = comment_on(bench, known[ticket.connection], ticket)
        effects += [effect] if effect is not None else []
    bench.catalog.effects.add(bench.workspace, effects)
    return len(effects)


def follow_handler(benches: Benches) -> Handler:
    """What follows."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        with benches.use(workspace) as bench:
            return {"effects": follow(bench, progress, payload.get("come"))}

    return run


def ask_to_follow(bench: Workbench, jobs: Jobs, come: Sequence[str] | None = None) -> None:
    """Have a job follow a change of the records. Args: come: as of `follow`; the same change is followed once."""
    payload = {} if come is None else {"come": list(come)}
    snapshot = bench.catalog.records.snapshot(bench.workspace)
    jobs.submit(bench.workspace, KIND, payload, key=digest(KIND, bench.workspace, snapshot))


def then_followed(handler: Handler, benches: Benches, jobs: Jobs) -> Handler:
    """A handler after which tickets are told what changed, where any are linked or an issue system is connected."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        result = handler(workspace, payload, progress)
        with benches.use(workspace) as bench:
            if bench.catalog.connections.connections(workspace):
                ask_to_follow(bench, jobs)
        return result

    return run


def _followed(bench: Workbench, known: Mapping[str, Connection]) -> list[Ticket]:
    """Open tickets with a comment, and the newest ones without."""
    links = bench.catalog.links.links(bench.workspace)
    said = {(one.connection, one.ticket) for one in links if one.relation is Relation.evidence}
    found: list[Ticket] = []
    unsaid: deque[Ticket] = deque(maxlen=_UNSAID)
    after: str | None = None
    while page := bench.catalog.tickets.page(bench.workspace, after=after, limit=_PAGE):
        for ticket in page:
            if ticket.state is TicketState.open and ticket.connection in known:
                (found if (ticket.connection, ticket.key) in said else unsaid).append(ticket)
        after = f"{page[-1].connection}/{page[-1].key}"
    return [*found, *unsaid]


def _near(bench: Workbench, known: Mapping[str, Connection], come: Sequence[str]) -> list[Ticket]:
    """Those for which records that came may count: they speak of the same, and are voices of customers, as those that are counted."""
    matrix = matrix_of(bench)
    counts = record_mask(matrix, working_scope(Scope()))
    rows = [row for one in come if (row := matrix.row_of(one)) is not None and counts[row]]
    said = np.flatnonzero(np.isin(matrix.passage_record, rows))
    if not len(said):
        return []
    own = set(come)
    asked = [
        one
        for one in _followed(bench, known)
        if record_of(bench.workspace, one.connection, one.key) not in own
    ]
    if not asked:
        return []
    # As the survey asks.
    questions = bench.embedder.embed([topic_of(one) for one in asked])
    nearest = (questions @ matrix.unit_rows(said).T).max(axis=1)
    least = cutoffs_of(bench.embedder.identity).relevant - _SLACK
    return [one for one, cosine in zip(asked, nearest.tolist(), strict=True) if cosine >= least]


def stale_comments(bench: Workbench, draft_id: str | None = None) -> list[Effect]:
    """What is to be said under tickets whose claims don't hold any more, or hold again. Args: draft_id: of one draft alone."""
    return [one for one in _stale(bench) if draft_id in (None, one.draft_id)]


def _stale(bench: Workbench) -> Iterator[Effect]:
    stale = stale_drafts(bench)
    for link in bench.catalog.links.links(bench.workspace):
        if link.relation is not Relation.implements or not link.item:
            continue
        draft = bench.catalog.drafts.get(bench.workspace, link.draft_id)
        if draft is None:
            continue
        own = _claims_of(draft, link.item)
        moved = [one for one in stale.get(draft.id, ()) if one.claim_id.split(".")[0] in own]
        text = _moved(draft, moved) if moved else _holds(draft) if link.comment else ""
        if text and text != link.comment:
            yield _said(link, draft, text)


def _claims_of(draft: Draft, item: str) -> frozenset[str]:
    """Ids of a story or requirement and its claims, with those of the requirements that a story carries."""
    found: set[str] = set()
    for block in draft.blocks():
        if not isinstance(block, StoryBlock | RequirementBlock):
            continue
        if block.id == item or (isinstance(block, RequirementBlock) and item in block.story_ids):
            found |= {block.id, *block.claim_ids}
    return frozenset(found)


def _moved(draft: Draft, moved: Sequence[StaleClaim]) -> str:
    reasons = "\n".join(f"- {one.claim_id}: {inert_words(one.reason)}" for one in moved)
    return (
        f"**The evidence behind this changed** since version {draft.version} of {draft.id}:\n\n{reasons}\n\n"
        f"*Write the stale parts again: voxspec stale {draft.id} --refresh*"
    )


def _holds(draft: Draft) -> str:
    return f"**The evidence behind this holds**, as version {draft.version} of {draft.id} says it."


def _said(link: Link, draft: Draft, text: str) -> Effect:
    return Effect(
        key=f"stale/{link.connection}/{link.draft_id}/{link.item}/{digest(text, link.comment, size=8)}",
        connection=link.connection,
        action=Action.comment,
        subject=f"{link.draft_id}/{link.item}",
        ticket=link.ticket,
        comment=text,
        relation=Relation.implements,
        draft_id=link.draft_id,
        item=link.item,
        draft_version=draft.version,
        made_at=datetime.now(UTC),
    )
