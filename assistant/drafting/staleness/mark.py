"""The use cases of staleness: `stale` evaluates one draft, `mark` those that a change can have touched, `stale_drafts` tells of all.

A change isn't reported by whoever makes it: each draft has a hash of all that it rests on, so what an import, a link between people
or a switch of facets did is found by comparing. Only drafts whose hash moved are read and evaluated.
"""

from assistant.domain.draft import Draft
from assistant.domain.staleness import Proof, StaleClaim, foundation_of
from assistant.drafting.staleness.evaluate import stale_in
from assistant.drafting.staleness.standing import Standing
from assistant.search.matrix import columns_of
from assistant.stores.staleness_port import Evaluated
from assistant.workbench import Workbench

_TRIES = 5


def stale(bench: Workbench, draft: Draft) -> tuple[StaleClaim, ...]:
    """The claims of any version of a draft that no longer hold, evaluated now. Nothing is kept. Raises: StoreError."""
    return stale_in(bench, draft, Standing(columns_of(bench)))


def stale_drafts(bench: Workbench) -> dict[str, tuple[StaleClaim, ...]]:
    """Stale claims of the newest versions, by draft id; drafts that hold are absent. Marks what is due first. Raises: StoreError."""
    mark(bench)
    found: dict[str, tuple[StaleClaim, ...]] = {}
    for one in bench.catalog.staleness.claims(bench.workspace):
        found[one.draft_id] = (*found.get(one.draft_id, ()), one)
    return found


def mark(bench: Workbench, saved: Draft | None = None) -> list[StaleClaim]:
    """Mark the claims that changes since the last call made stale, take the mark off those that hold again, tell the listeners.

    Costs one read of an index where nothing changed since, or no draft is kept.

    Args: saved: a draft as it was just saved, which needn't be read again.
    Returns: claims that weren't stale before. Raises: StoreError.
    """
    for _ in range(_TRIES):
        corpus, due = bench.catalog.staleness.due(bench.workspace)
        if not due:
            return []
        fresh = bench.catalog.staleness.put(bench.workspace, corpus, _evaluated(bench, due, saved))
        if fresh is not None:
            if fresh:
                for listener in bench.stale_listeners:
                    listener(fresh)
            return fresh
    # Records change faster than drafts can be held against them: whoever changes them marks when done.
    return []


def _evaluated(bench: Workbench, due: list[Proof], saved: Draft | None) -> list[Evaluated]:
    standing = Standing(columns_of(bench))
    founded = [_founded(bench, proof) for proof in due]
    quoted = sorted({one for proof in founded if proof.foundation for one in proof.foundation.quoted})
    revisions = bench.catalog.records.known(bench.workspace, quoted)
    found: list[Evaluated] = []
    for proof in founded:
        if proof.foundation is None:
            continue
        state = standing.state(proof.foundation, revisions)
        claims = None
        if state != proof.state:
            draft = _kept(bench, proof, saved)
            claims = stale_in(bench, draft, standing) if draft else ()
        found.append((proof.model_copy(update={"state": state}), claims))
    return found


def _kept(bench: Workbench, proof: Proof, saved: Draft | None) -> Draft | None:
    if saved is not None and (saved.id, saved.version) == (proof.draft_id, proof.version):
        return saved
    return bench.catalog.drafts.get(bench.workspace, proof.draft_id, proof.version)


def _founded(bench: Workbench, proof: Proof) -> Proof:
    """With its foundation, also where the draft was kept before foundations were."""
    if proof.foundation is not None:
        return proof
    draft = bench.catalog.drafts.get(bench.workspace, proof.draft_id, proof.version)
    return proof.model_copy(update={"foundation": foundation_of(draft)}) if draft else proof
