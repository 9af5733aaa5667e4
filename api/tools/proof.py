"""What a draft rests on: the quotes of its claims, and where one of its numbers comes from."""

from datetime import datetime

from pydantic import Field, JsonValue

from api.shown import shown_draft, shown_text
from api.tools.evidence import ClaimTold, EvidenceTold
from api.tools.shapes import Asked, QuoteTold, Quoting, listed, quote_told, quotes_told
from assistant.chat.explain import Numbers, behind, counted_again
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.domain.personal.views import masked_mapping
from assistant.domain.thread import Reference
from assistant.drafting.formats.describe import describe, filter_words
from assistant.drafting.formats.tree import plain
from assistant.errors import NotFound
from assistant.settings import Settings
from assistant.workbench import Workbench

_UNCOUNTED = frozenset({Measure.stated, Measure.constant})


class NumberAsked(Asked):
    """A number of a draft."""

    draft_id: str = Field(min_length=1, max_length=200)
    number: str = Field(
        min_length=1,
        max_length=100,
        description="Its id (F3), its digits as they stand in the draft, or a claim's id (C2).",
    )
    version: int | None = Field(default=None, ge=1, le=1_000_000, description="Default: the newest.")


class NumberTold(Quoting):
    """A number with the query that gives it, counted again."""

    draft_id: str
    version: int
    id: str
    shown: str = Field(description="The characters that the draft shows.")
    value: float | int | str
    unit: str
    measure: str = Field(
        description="What is counted; `stated`: a customer's words; `constant`: part of the request or query."
    )
    query: str = Field(description="How it is counted, in words: measure, filter, denominator.")
    filter: dict[str, JsonValue] = Field(description="The scope of the records that count; empty: all.")
    selection: str = Field(
        description="How the records among them were found, in words; empty: all of the scope."
    )
    records_selected: int | None = Field(description="Records of the selection; null: all of the scope.")
    denominator: str | None = Field(description="Out of what, in words; null where it is no share.")
    as_of: datetime | None = Field(description="Newest date of the records that it was counted over.")
    now: str | None = Field(
        description="What the same query gives over the records of now; null where nothing is counted."
    )
    is_same: bool | None = Field(description="Whether that is what the draft says.")
    people: int | None = Field(description="Distinct known people behind it, now.")
    quotes: list[QuoteTold] = Field(description="Words of some of them, each of another person.")


def evidence_of_draft(bench: Workbench, draft: Draft, target: str | None) -> EvidenceTold:
    """The claims of a place in a draft, each with its quotes. Raises: NotFound for a place that it doesn't have."""
    names = _claims_at(draft, target)
    settings = bench.settings
    shown = shown_draft(settings, draft)
    claims = [
        ClaimTold(
            id=name,
            text=plain(shown, shown.claims[name].text),
            stance=draft.claims[name].stance.value,
            quotes=quotes_told(settings, draft, shown, draft.claims[name].quote_ids),
            against=quotes_told(settings, draft, shown, draft.claims[name].counter_quote_ids),
            numbers=list(draft.claims[name].fact_ids),
        )
        for name in names
    ]
    return EvidenceTold(
        draft_id=draft.id,
        version=draft.version,
        claims=claims,
        next="explain_number says where a number comes from.",
    )


def explain_number(bench: Workbench, draft: Draft, number: str) -> NumberTold:
    """Where a number of a draft comes from. Raises: NotFound where the draft has no such number."""
    claim = number if number in draft.claims else ""
    found = Numbers(draft, ()).find("" if claim else number, Reference(target=claim))
    if found is None:
        raise NotFound(
            f"The draft has no number '{number[:40]}'.",
            hint=f"Its numbers: {listed(list(draft.facts)) or 'none'}.",
        )
    fact = found[0]
    now, same, people, quotes = None, None, None, _stated(bench.settings, draft, fact)
    if fact.measure not in _UNCOUNTED:
        recount = counted_again(bench, fact, draft.selections)
        now, same, people = recount.fact.display, recount.fact.value == fact.value, recount.people
        told = behind(recount.desk, recount.fact.filter)
        quotes = [quote_told(bench.settings, recount.desk.quotes[name]) for name in told]
    chosen = draft.selections.get(fact.filter.selection or "")
    return NumberTold(
        draft_id=draft.id,
        version=draft.version,
        id=fact.id,
        shown=shown_text(bench.settings, fact.display),
        value=shown_text(bench.settings, fact.value) if isinstance(fact.value, str) else fact.value,
        unit=fact.unit,
        measure=fact.measure.value,
        query=shown_text(bench.settings, describe(fact, draft.selections)),
        filter=_restrictions(bench.settings, fact.filter),
        selection=shown_text(bench.settings, chosen.rule) if chosen else "",
        records_selected=len(chosen.record_ids) if chosen else None,
        denominator=shown_text(bench.settings, filter_words(fact.denominator, draft.selections))
        if fact.denominator
        else None,
        as_of=fact.as_of,
        now=now,
        is_same=same,
        people=people,
        quotes=quotes,
    )


def _claims_at(draft: Draft, target: str | None) -> list[str]:
    if target is None:
        return list(draft.claims)
    if target in draft.claims:
        return [target]
    sections = [one for one in draft.sections if target in (one.id, f"section:{one.id}", one.title)]
    blocks = [block for one in sections for block in one.blocks] or [
        block for block in draft.blocks() if getattr(block, "id", None) == target
    ]
    if not sections and not blocks:
        places = [
            *(one.id for one in draft.sections),
            *(str(getattr(one, "id", "")) for one in draft.blocks()),
        ]
        raise NotFound(
            f"The draft has no place '{target[:60]}'.",
            hint=f"Its places: {listed([one for one in places if one], 40)}.",
        )
    names = [name for block in blocks for name in getattr(block, "claim_ids", ())]
    return [name for name in dict.fromkeys(names) if name in draft.claims]


def _stated(settings: Settings, draft: Draft, fact: Fact) -> list[QuoteTold]:
    if fact.measure is not Measure.stated:
        return []
    return quotes_told(settings, draft, shown_draft(settings, draft), [fact.param.split(":")[0]])


def _restrictions(settings: Settings, where: FactFilter) -> dict[str, JsonValue]:
    blank = Scope().model_dump(mode="json")
    held = {
        name: value for name, value in where.scope.model_dump(mode="json").items() if value != blank.get(name)
    }
    return held if settings.show_personal_data else masked_mapping(held)
