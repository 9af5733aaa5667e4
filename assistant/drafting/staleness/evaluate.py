"""A draft's claims evaluated over the records of now: `stale_in`. The rule is in `assistant/domain/staleness.py`."""

from collections.abc import Iterator

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.erasure import ERASED_RECORD
from assistant.domain.evidence import Quote
from assistant.domain.fact import Fact, Measure
from assistant.domain.record import Record
from assistant.domain.staleness import Moved, StaleClaim, Why, proof_ids, sentence
from assistant.drafting.editing.addresses import SECTION, TITLE
from assistant.drafting.editing.compare import placed
from assistant.drafting.facts import FactBook
from assistant.drafting.staleness.standing import Standing
from assistant.workbench import Workbench

_NOT_COUNTED = (Measure.stated, Measure.constant)
_TOLERANCE = 1e-9
"""As a check counts again (`evals/graders/numbers_recomputed.py`)."""


def stale_in(bench: Workbench, draft: Draft, standing: Standing) -> tuple[StaleClaim, ...]:
    """The claims of a draft that no longer hold, in the draft's order, then its other passages in reading order. Raises: StoreError."""
    moved = _moved_quotes(bench, draft)
    book = standing.book(draft)
    for name, fact in draft.facts.items():
        if (found := _moved_fact(name, fact, book, moved)) is not None:
            moved[name] = found
    stale = []
    for target, names in _proofs(draft):
        if changed := tuple(moved[name] for name in dict.fromkeys(names) if name in moved):
            stale.append(_told(draft, target, changed))
    return tuple(stale)


def counted_again(draft: Draft, standing: Standing) -> Draft:
    """The draft with its numbers as of now. Records that aren't here any more leave its selections; what isn't counted (words of
    customers, numbers of the query) keeps its value."""
    book = standing.book(draft)
    facts = {
        name: fact.model_copy(
            update={
                "value": fact.value if fact.measure in _NOT_COUNTED else _count(fact, book),
                "as_of": book.as_of,
            }
        )
        for name, fact in draft.facts.items()
    }
    here = standing.matrix.record_row
    selections = {
        name: one.model_copy(update={"record_ids": tuple(n for n in one.record_ids if n in here)})
        for name, one in draft.selections.items()
    }
    return draft.model_copy(update={"facts": facts, "selections": selections})


def _proofs(draft: Draft) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What each claim, and each passage that shows a number or quote of its own, rests on."""
    for name, claim in draft.claims.items():
        yield (
            name,
            (*claim.quote_ids, *claim.counter_quote_ids, *claim.fact_ids, *proof_ids(claim.text)),
        )
    yield TITLE, proof_ids(draft.title)
    for section in draft.sections:
        yield f"{SECTION}{section.id}.title", proof_ids(section.title)
    for _, name, block in placed(draft):
        listed = block.quote_ids if block.type == "quotes" else ()
        yield name, (*listed, *proof_ids(canonical_json(block)))


def _moved_quotes(bench: Workbench, draft: Draft) -> dict[str, Moved]:
    wanted = sorted({one.record_id for one in draft.quotes.values()})
    records = bench.catalog.records.get(bench.workspace, wanted)
    absent = [one for one in wanted if one not in records]
    left = bench.catalog.tombstones.find(bench.workspace, absent).keys() if absent else ()
    found: dict[str, Moved] = {}
    for name, quote in draft.quotes.items():
        record = records.get(quote.record_id)
        if record is None:
            gone = Why.erased if quote.record_id == ERASED_RECORD else Why.gone
            found[name] = Moved(id=name, why=Why.left if quote.record_id in left else gone)
        elif not _holds(quote, record):
            found[name] = Moved(id=name, why=Why.edited)
    return found


def _holds(quote: Quote, record: Record) -> bool:
    return record.raw[quote.start : quote.end] == quote.text


def _moved_fact(name: str, fact: Fact, book: FactBook, moved: dict[str, Moved]) -> Moved | None:
    """Args: moved: quotes that don't hold."""
    if fact.measure is Measure.constant:
        return None
    if fact.measure is Measure.stated:
        quote = moved.get(fact.param.partition(":")[0])
        return Moved(id=name, why=quote.why) if quote else None
    value = _count(fact, book)
    if _equal(fact.value, value):
        return None
    now = fact.model_copy(update={"value": value})
    return Moved(id=name, why=Why.counted, before=fact.display, after=now.display)


def _count(fact: Fact, book: FactBook) -> float | int | str:
    return book.count(fact.measure, fact.filter, of=fact.denominator, param=fact.param, peers=fact.peers)


def _equal(held: float | int | str, value: float | int | str) -> bool:
    if isinstance(held, str) or isinstance(value, str):
        return held == value
    return abs(held - value) <= _TOLERANCE


def _told(draft: Draft, target: str, moved: tuple[Moved, ...]) -> StaleClaim:
    shown = next((one for one in moved if one.why is Why.counted and not one.reads_the_same), None)
    return StaleClaim(
        draft_id=draft.id,
        version=draft.version,
        claim_id=target,
        reason=sentence(moved),
        before=shown.before if shown else "",
        after=shown.after if shown else "",
        moved=moved,
    )
