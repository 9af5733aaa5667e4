"""The last hand on a draft: what nothing shows goes, and ids count in the order in which a reader meets them."""

from collections.abc import Iterator
from typing import Any

from assistant.domain.base import canonical_json
from assistant.domain.draft import PLACEHOLDER, Block, Claim, Draft, Section
from assistant.domain.evidence import Quote
from assistant.domain.fact import Fact, Measure

_ID_LISTS = frozenset({"claim_ids", "quote_ids", "counter_quote_ids", "fact_ids"})


def tidy(written: Draft) -> Draft:
    """Leave out claims that no block shows, then quotes, facts and selections that nothing refers to. Idempotent."""
    shown = canonical_json([section.model_dump(mode="json") for section in written.sections]) + written.title
    in_blocks = {claim for block in written.blocks() for claim in getattr(block, "claim_ids", ())}
    claims = {name: claim for name, claim in written.claims.items() if name in in_blocks}
    placeholders = set(PLACEHOLDER.findall(shown + " ".join(claim.text for claim in claims.values())))
    listed = {quote for claim in claims.values() for quote in (*claim.quote_ids, *claim.counter_quote_ids)}
    # A person may have typed over the placeholder of a number that the claim still counts.
    placeholders |= {name for claim in claims.values() for name in claim.fact_ids if name in written.facts}
    facts = {name: fact for name, fact in written.facts.items() if name in placeholders}
    stated_in = {_quote_of(fact) for fact in facts.values()}
    quotes = {
        name: quote for name, quote in written.quotes.items() if name in listed | placeholders | stated_in
    }
    used: set[str] = set()
    for fact in facts.values():
        used |= {
            name for name in (fact.filter.selection, fact.denominator and fact.denominator.selection) if name
        }
        used |= set(fact.peers)
    return written.model_copy(
        update={
            "sections": tuple(_without_lost_quotes(section, quotes) for section in written.sections),
            "claims": claims,
            "quotes": quotes,
            "facts": facts,
            "selections": {name: chosen for name, chosen in written.selections.items() if name in used},
        }
    )


def _quote_of(fact: Fact) -> str:
    """The quote that a stated fact was cut from; empty for other facts."""
    return fact.param.split(":")[0] if fact.measure is Measure.stated else ""


def _without_lost_quotes(section: Section, quotes: dict[str, Quote]) -> Section:
    blocks: list[Block] = []
    for block in section.blocks:
        if block.type != "quotes":
            blocks.append(block)
        elif kept := tuple(name for name in block.quote_ids if name in quotes):
            blocks.append(block.model_copy(update={"quote_ids": kept}))
    return section.model_copy(update={"blocks": tuple(blocks)})


def renumber(written: Draft) -> Draft:
    """Number claims, quotes and facts from 1 in reading order. For a new draft only: later versions keep their ids."""
    names = _new_names(written)
    claims = [
        _renamed(claim.model_dump(), names) | {"id": names[claim.id]} for claim in written.claims.values()
    ]
    facts = []
    for name, fact in written.facts.items():
        param = fact.param
        if quote := _quote_of(fact):
            param = names[quote] + param.removeprefix(quote)
        facts.append(fact.model_copy(update={"id": names[name], "param": param}))
    sections = tuple(
        Section.model_validate(_renamed(section.model_dump(), names)) for section in written.sections
    )
    return written.model_copy(
        update={
            "title": _renamed(written.title, names),
            "sections": sections,
            "claims": {
                claim["id"]: Claim.model_validate(claim)
                for claim in sorted(claims, key=lambda c: _number(c["id"]))
            },
            "quotes": {
                names[name]: written.quotes[name]
                for name in sorted(written.quotes, key=lambda n: _number(names[n]))
            },
            "facts": {fact.id: fact for fact in sorted(facts, key=lambda fact: _number(fact.id))},
        }
    )


def _new_names(written: Draft) -> dict[str, str]:
    names: dict[str, str] = {}
    counts = {"C": 0, "Q": 0, "F": 0}
    rest = (*written.claims, *written.quotes, *written.facts)
    for old in (*_met(written), *rest):
        if old not in names:
            counts[old[0]] += 1
            names[old] = f"{old[0]}{counts[old[0]]}"
    return names


def _met(written: Draft) -> Iterator[str]:
    """Ids of claims, quotes and facts as a reader meets them."""
    yield from PLACEHOLDER.findall(written.title)
    for section in written.sections:
        yield from PLACEHOLDER.findall(section.title)
        for block in section.blocks:
            for name in getattr(block, "claim_ids", ()):
                claim = written.claims[name]
                yield from (
                    name,
                    *PLACEHOLDER.findall(claim.text),
                    *claim.quote_ids,
                    *claim.counter_quote_ids,
                )
            yield from PLACEHOLDER.findall(canonical_json(block.model_dump(mode="json")))


def _renamed(value: Any, names: dict[str, str], field: str = "") -> Any:
    if isinstance(value, str):
        return (
            names.get(value, value)
            if field in _ID_LISTS
            else PLACEHOLDER.sub(lambda m: f"{{{names[m[1]]}}}", value)
        )
    if isinstance(value, dict):
        return {key: _renamed(item, names, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(item, names, field) for item in value]
    return value


def _number(name: str) -> int:
    return int(name[1:])
