"""`diff`: what differs between two versions of a draft, text by text and block by block, and why."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from assistant.domain.base import canonical_json
from assistant.domain.draft import Block, Claim, Criterion, Draft, Section
from assistant.domain.draft_diff import Change, CheckDelta, DraftDiff, Piece, VersionNote
from assistant.domain.finding import CheckReport, finding_key
from assistant.drafting.editing.addresses import SECTION, TITLE, Address, block_name, texts_of
from assistant.drafting.editing.reasons import reason_of, reasons
from assistant.drafting.formats.tree import gherkin, plain

_TOKEN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+|\s+|.", re.DOTALL)
_MOST_TOKENS = 5000
"""Longer texts are shown as gone and new; comparing them word by word takes seconds."""
_APART = frozenset({"id", "type", "criteria", "claim_ids", "quote_ids"})
Placed = tuple[str, str, Block]
"""Section id, name of the block, block."""


def diff(before: Draft, after: Draft, notes: Sequence[VersionNote] = ()) -> DraftDiff:
    """Compare two versions.

    Args:
        notes: how the versions between came about, for the reasons.

    Returns: changes in reading order, what was removed last in each section; nothing where the two say the same.
    """
    changes = [
        one.model_copy(update={"why": reason_of(one, notes)}) for one in _Comparison(before, after).changes()
    ]
    return DraftDiff(
        draft_id=after.id,
        from_version=before.version,
        to_version=after.version,
        changes=tuple(changes),
        why=reasons(before, after, notes),
        check=_check_delta(before.report, after.report),
    )


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts word by word; signs of scripts without spaces one by one."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(one), len(other)) > _MOST_TOKENS:
        return (Piece(type="gone", text=before), Piece(type="new", text=after))
    told: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            told.append(Piece(type="same", text="".join(one[a:b])))
            continue
        told += [Piece(type="gone", text="".join(one[a:b]))] if b > a else []
        told += [Piece(type="new", text="".join(other[c:d]))] if d > c else []
    return tuple(told)


class _Comparison:
    def __init__(self, before: Draft, after: Draft) -> None:
        self.before = before
        self.after = after
        self.told: set[str] = set()
        """Claims that were looked at."""

    def changes(self) -> Iterator[Change]:
        yield from self._text("", TITLE, "draft", self.before.title, self.after.title)
        old, new = placed(self.before), placed(self.after)
        pairs = paired(old, new)
        origin = {id(new[to][2]): old[of] for of, to in pairs}
        moved = moved_places(pairs, old, new)
        known = {section.id: section for section in self.before.sections}
        goes_by_section: dict[str, list[Placed]] = {}
        stays = {of for of, _ in pairs}
        for place, one in enumerate(old):
            if place not in stays:
                goes_by_section.setdefault(one[0], []).append(one)
        place = 0
        for section in self.after.sections:
            yield from self._heading(known.get(section.id), section)
            for _ in section.blocks:
                yield from self._block(new[place], origin, moved=place in moved)
                place += 1
            yield from self._gone(goes_by_section.pop(section.id, []))
        for section in self.before.sections:
            if section.id not in {one.id for one in self.after.sections}:
                yield self._change(
                    "removed", section.id, f"{SECTION}{section.id}", "section", section.title, ""
                )
                yield from self._gone(goes_by_section.get(section.id, []))
        yield from self._claims("", [n for n in self.after.claims if n not in self.told])
        yield from self._lost_claims("", [n for n in self.before.claims if n not in self.after.claims])

    def _heading(self, old: Section | None, new: Section) -> Iterator[Change]:
        target = f"{SECTION}{new.id}"
        if old is None:
            yield self._change("added", new.id, target, "section", "", new.title)
        else:
            yield from self._text(new.id, f"{target}.title", "section", old.title, new.title)

    def _block(self, placed: Placed, origin: dict[int, Placed], *, moved: bool) -> Iterator[Change]:
        section, name, block = placed
        was = origin.get(id(block))
        if was is None:
            yield self._change("added", section, name, block.type, "", told(self.after, block))
        else:
            if moved:
                yield self._change("moved", section, name, block.type, was[0], section)
            if was[2] != block:
                yield from self._inside(section, name, was[2], block)
        held = list(getattr(block, "claim_ids", ())) if block.type == "claims" else []
        yield from self._claims(section, held)
        if was is not None and block.type == "claims":
            lost = [n for n in getattr(was[2], "claim_ids", ()) if n not in self.after.claims]
            yield from self._lost_claims(section, lost)

    def _inside(self, section: str, name: str, old: Block, new: Block) -> Iterator[Change]:
        before, after = dict(texts_of(old)), dict(texts_of(new))
        for path, text in after.items():
            if path[0] != "criteria" and path in before:
                yield from self._text(section, str(Address(name, path)), new.type, before[path], text)
        if old.type == "story" and new.type == "story":
            yield from self._criteria(section, name, old.criteria, new.criteria)
        for field in type(new).model_fields:
            one, other = _listed(getattr(old, field, "")), _listed(getattr(new, field))
            told_already = any(path[0] == field for path in before.keys() & after.keys())
            if field not in _APART and not told_already:
                yield from self._text(section, f"{name}.{field}", new.type, one, other)

    def _criteria(
        self, section: str, name: str, old: tuple[Criterion, ...], new: tuple[Criterion, ...]
    ) -> Iterator[Change]:
        matcher = SequenceMatcher(
            None, [*map(canonical_json, old)], [*map(canonical_json, new)], autojunk=False
        )
        for what, a, b, c, d in matcher.get_opcodes():
            if what == "equal":
                continue
            both = min(b - a, d - c)
            for of, to in zip(range(a, a + both), range(c, c + both), strict=True):
                yield from self._criterion(section, f"{name}.criteria.{to + 1}", old[of], new[to])
            for to in range(c + both, d):
                text = gherkin(self.after, (new[to],))
                yield self._change("added", section, f"{name}.criteria.{to + 1}", "criterion", "", text)
            for of in range(a + both, b):
                text = gherkin(self.before, (old[of],))
                yield self._change("removed", section, f"{name}.criteria.{of + 1}", "criterion", text, "")

    def _criterion(self, section: str, target: str, old: Criterion, new: Criterion) -> Iterator[Change]:
        for field in Criterion.model_fields:
            one, other = getattr(old, field), getattr(new, field)
            if isinstance(other, tuple) and len(one) == len(other):
                for place, (was, step) in enumerate(zip(one, other, strict=True), start=1):
                    yield from self._text(section, f"{target}.{field}.{place}", "story", was, step)
            else:
                yield from self._text(section, f"{target}.{field}", "story", _listed(one), _listed(other))

    def _claims(self, section: str, names: Sequence[str]) -> Iterator[Change]:
        for name in names:
            if name in self.told or name not in self.after.claims:
                continue
            self.told.add(name)
            new, old = self.after.claims[name], self.before.claims.get(name)
            if old is None:
                yield self._change("added", section, name, "claim", "", plain(self.after, new.text))
            elif old != new:
                yield from self._claim(section, old, new)

    def _claim(self, section: str, old: Claim, new: Claim) -> Iterator[Change]:
        yield from self._text(section, new.id, "claim", old.text, new.text)
        for field in ("stance", "quote_ids", "counter_quote_ids"):
            one, other = _listed(getattr(old, field)), _listed(getattr(new, field))
            yield from self._text(section, f"{new.id}.{field}", "claim", one, other)

    def _lost_claims(self, section: str, names: Sequence[str]) -> Iterator[Change]:
        for name in names:
            if name not in self.told:
                self.told.add(name)
                text = plain(self.before, self.before.claims[name].text)
                yield self._change("removed", section, name, "claim", text, "")

    def _gone(self, blocks: list[Placed]) -> Iterator[Change]:
        for section, name, block in blocks:
            yield self._change("removed", section, name, block.type, told(self.before, block), "")
            if block.type == "claims":
                lost = [n for n in block.claim_ids if n not in self.after.claims]
                self.told.update(lost)

    def _text(self, section: str, target: str, block: str, old: str, new: str) -> Iterator[Change]:
        one, other = plain(self.before, old), plain(self.after, new)
        if one != other or old != new:
            change = self._change("changed", section, target, block, one, other)
            yield change.model_copy(update={"pieces": pieces(one, other)})

    def _change(self, what: Any, section: str, target: str, block: str, old: str, new: str) -> Change:
        return Change(type=what, section=section, target=target, block=block, before=old, after=new)


def told(draft: Draft, block: Block) -> str:
    """A block's words in one text, a line each."""
    lines = [plain(draft, text) for path, text in texts_of(block) if text and path[0] != "criteria"]
    if block.type == "story" and block.criteria:
        lines.append(gherkin(draft, block.criteria))
    if block.type == "claims":
        lines += [plain(draft, draft.claims[n].text) for n in block.claim_ids if n in draft.claims]
    if block.type == "quotes":
        lines += [f"{n} “{draft.quotes[n].text}”" for n in block.quote_ids if n in draft.quotes]
    return "\n".join(lines)


def placed(draft: Draft) -> list[Placed]:
    """All blocks in reading order, each with its section and its name."""
    return [
        (section.id, block_name(section.id, place, block), block)
        for section in draft.sections
        for place, block in enumerate(section.blocks, start=1)
    ]


def paired(old: list[Placed], new: list[Placed]) -> list[tuple[int, int]]:
    """Which block became which: by id; what has none by its bytes, then by claims it shares, then by sort and order in a section."""
    pairs: dict[int, int] = {}
    for test in (_same_id, _same_there, _same_bytes, _same_claims, _same_sort):
        for to, one in enumerate(new):
            if to in pairs:
                continue
            taken = set(pairs.values())
            found = next((of for of, was in enumerate(old) if of not in taken and test(was, one)), None)
            if found is not None:
                pairs[to] = found
    return sorted((of, to) for to, of in pairs.items())


def _same_id(one: Placed, other: Placed) -> bool:
    own = getattr(one[2], "id", "")
    return bool(own) and own == getattr(other[2], "id", "")


def _same_there(one: Placed, other: Placed) -> bool:
    return one[0] == other[0] and _same_bytes(one, other)


def _same_bytes(one: Placed, other: Placed) -> bool:
    return not getattr(one[2], "id", "") and one[2] == other[2]


def _same_claims(one: Placed, other: Placed) -> bool:
    shared = set(getattr(one[2], "claim_ids", ())) & set(getattr(other[2], "claim_ids", ()))
    return bool(shared) and _nameless(one, other)


def _same_sort(one: Placed, other: Placed) -> bool:
    return one[0] == other[0] and _nameless(one, other)


def _nameless(one: Placed, other: Placed) -> bool:
    return one[2].type == other[2].type and not getattr(one[2], "id", "")


def moved_places(pairs: list[tuple[int, int]], old: list[Placed], new: list[Placed]) -> set[int]:
    """New places of blocks that stand in another section, or in another order within theirs."""
    moved = {to for of, to in pairs if old[of][0] != new[to][0]}
    for section in {one[0] for one in new}:
        inside = [to for of, to in pairs if to not in moved and new[to][0] == section]
        matcher = SequenceMatcher(None, inside, sorted(inside), autojunk=False)
        stay = {inside[a + k] for a, _, size in matcher.get_matching_blocks() for k in range(size)}
        moved |= set(inside) - stay
    return moved


def _listed(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_listed, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {held}" for name, held in value.items())
    return canonical_json(value) if isinstance(value, BaseModel) else str(value)


def _check_delta(before: CheckReport | None, after: CheckReport | None) -> CheckDelta:
    old = {finding_key(one): one for one in before.findings} if before else {}
    new = {finding_key(one): one for one in after.findings} if after else {}
    return CheckDelta(
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        solved=tuple(one for key, one in old.items() if key not in new) if after else (),
        raised=tuple(one for key, one in new.items() if key not in old),
    )
