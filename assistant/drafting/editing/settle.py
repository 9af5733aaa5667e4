"""Ids of a redraft: what its parent had keeps the id it had there, what is new gets one that the parent never used."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from assistant.domain.base import canonical_json
from assistant.domain.draft import PLACEHOLDER, Block, Claim, Draft
from assistant.domain.evidence import Quote
from assistant.domain.fact import Fact, Measure, Selection
from assistant.drafting.editing.renaming import renamed

_ALIKE = 0.5
"""Share of common proof from which two passages are one, worded anew."""


def settled(parent: Draft, written: Draft) -> Draft:
    """The redraft with the ids of its parent: quotes by their span, facts by their query, claims and blocks by their words, else by their proof, else claims by their words but for the numbers."""
    return renamed(written, _Settling(parent, written).names)


class _Settling:
    def __init__(self, parent: Draft, written: Draft) -> None:
        self.parent = parent
        self.names: dict[str, str] = {}
        self._match(parent.quotes, written.quotes, lambda one, _: _place(one))
        self._match(parent.selections, written.selections, lambda one, _: _members(one))
        self._match(parent.facts, written.facts, self._query)
        self._match(parent.claims, written.claims, self._words)
        self._pair(parent.claims, written.claims, self._proof)
        homes = {False: _homes(parent), True: _homes(written)}
        self._match(
            parent.claims,
            written.claims,
            lambda claim, new: (homes[new].get(claim.id), PLACEHOLDER.sub("{}", claim.text), claim.stance),
        )
        self._fresh(written.claims, parent.claims)
        for field in ("quotes", "selections", "facts"):
            self._fresh(getattr(written, field), getattr(parent, field))
        old, new = _blocks(parent), _blocks(written)
        self._match(old, new, self._title)
        self._pair(old, new, self._rests_on)
        self._fresh(new, old)
        self.names = {old: new for old, new in self.names.items() if old != new}

    def _match(
        self, old: Mapping[str, Any], new: Mapping[str, Any], key: Callable[[Any, bool], Hashable]
    ) -> None:
        """Give equal things the old name, each once, where neither has found another. `key` is told whether it looks at a new one."""
        known: dict[Hashable, list[str]] = {}
        taken = set(self.names.values())
        for name, one in old.items():
            if name not in taken:
                known.setdefault(key(one, False), []).append(name)
        for name, one in new.items():
            if name not in self.names and (left := known.get(key(one, True))):
                self.names[name] = left.pop(0)

    def _pair(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        proof: Callable[[Any, bool], frozenset[Hashable]],
    ) -> None:
        """Give what rests on the same proof the old name, the most alike first."""
        free = [name for name in old if name not in self.names.values()]
        ranked = sorted(
            (-share, before, after)
            for after in new
            if after not in self.names
            for before in free
            if (share := _common(proof(old[before], False), proof(new[after], True))) >= _ALIKE
        )
        for _, before, after in ranked:
            if after not in self.names and before not in self.names.values():
                self.names[after] = before

    def _fresh(self, new: Iterable[str], old: Iterable[str]) -> None:
        taken = {*old, *self.names.values()}
        for name in new:
            if name in self.names:
                continue
            stem = re.sub(r"\d+\Z", "", name)
            numbers = [int(one[len(stem) :]) for one in taken if re.fullmatch(re.escape(stem) + r"\d+", one)]
            self.names[name] = name if name not in taken else f"{stem}{max(numbers) + 1}"
            taken.add(self.names[name])

    def _name(self, name: str, new: bool) -> str:
        # What has no old name is like nothing old.
        return self.names.get(name, f"new {name}") if new else name

    def _text(self, text: str, new: bool) -> str:
        return PLACEHOLDER.sub(lambda match: f"{{{self._name(match[1], new)}}}", text)

    def _query(self, fact: Fact, new: bool) -> Hashable:
        held = fact.model_dump(mode="json", exclude={"id", "value", "as_of"})
        for where in (held["filter"], held["denominator"]):
            if where and where["selection"]:
                where["selection"] = self._name(where["selection"], new)
        held["peers"] = [self._name(one, new) for one in fact.peers]
        if fact.measure is Measure.stated:
            quote, _, rest = fact.param.partition(":")
            held["param"] = f"{self._name(quote, new)}:{rest}"
        return canonical_json(held)

    def _words(self, claim: Claim, new: bool) -> Hashable:
        return self._text(claim.text, new), claim.stance

    def _proof(self, claim: Claim, new: bool) -> frozenset[Hashable]:
        names = (*claim.quote_ids, *claim.counter_quote_ids, *claim.fact_ids)
        return frozenset(self._name(name, new) for name in names)

    def _title(self, block: Block, new: bool) -> Hashable:
        words = getattr(block, "title", "") or getattr(block, "name", "") or getattr(block, "text", "")
        return block.type, re.sub(r"\d+\Z", "", str(getattr(block, "id", ""))), self._text(words, new)

    def _rests_on(self, block: Block, new: bool) -> frozenset[Hashable]:
        claims = getattr(block, "claim_ids", ())
        stories = getattr(block, "story_ids", ())
        sort = re.sub(r"\d+\Z", "", str(getattr(block, "id", "")))
        return frozenset((sort, self._name(name, new)) for name in (*claims, *stories))


def _blocks(draft: Draft) -> dict[str, Block]:
    return {str(block.id): block for block in draft.blocks() if hasattr(block, "id")}


def _homes(draft: Draft) -> dict[str, str]:
    """Claim → the section that shows it first."""
    found: dict[str, str] = {}
    for section in draft.sections:
        for block in section.blocks:
            for name in getattr(block, "claim_ids", ()):
                found.setdefault(name, section.id)
    return found


def _place(quote: Quote) -> Hashable:
    return quote.record_id, quote.revision, quote.start, quote.end


def _members(selection: Selection) -> Hashable:
    return selection.rule, selection.record_ids


def _common(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
