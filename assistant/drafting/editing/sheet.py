"""A draft taken apart for editing, and put together again: what no edit touches is the same object, and so the same bytes."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from assistant.domain.base import canonical_json
from assistant.domain.draft import Block, Claim, Draft, Section
from assistant.drafting.editing.addresses import (
    BLOCKS,
    EVIDENCE,
    SECTION,
    TITLE,
    Address,
    Step,
    addresses,
    block_name,
    parse,
    texts_of,
    without,
)
from assistant.errors import UsageError

_LONGEST_BLOCK = 200_000
_PREFIXES = {
    "story": "US-", "requirement": "FR-", "metric": "G-", "question": "OQ-", "risk": "R-", "decision": "D-", "score": "S-",
}  # fmt: skip
_ID = re.compile(r"[A-Z]{1,5}-?[0-9]{1,4}")
_WHOLE: tuple[Step, ...] = ()


@dataclass(eq=False)
class Cell:
    """A block in its place, with the paths of what is locked in it; the empty path is the whole block."""

    block: Block
    locked: set[tuple[Step, ...]] = field(default_factory=set)


@dataclass(eq=False)
class Part:
    """A section in its place."""

    section: Section
    cells: list[Cell]
    title_locked: bool = False


class Sheet:
    """A draft while it is edited."""

    def __init__(self, draft: Draft, *, locking: bool = True) -> None:
        self.draft = draft
        self.locking = locking
        """Whether what is written now is a person's, and is locked."""
        self.title = draft.title
        self.parts = [Part(one, [Cell(block) for block in one.blocks]) for one in draft.sections]
        self.claims = dict(draft.claims)
        self.locked: set[str] = set()
        """Claims, and the draft's title."""
        for target in draft.locks:
            self.lock(target, missing_ok=True)

    def part(self, name: str) -> Part:
        """The section of that id, with `section:` before it or without. Raises: UsageError."""
        wanted = name.removeprefix(SECTION)
        for part in self.parts:
            if part.section.id == wanted:
                return part
        raise self.unknown(name)

    def cell(self, target: str) -> tuple[Part, Cell, tuple[Step, ...]]:
        """The block that a target names or lies in, and the path inside it. Raises: UsageError."""
        address = parse(target)
        if address.name.startswith(SECTION):
            part = self.part(address.name)
            if address.path[:1] == (BLOCKS,) and len(address.path) > 1:
                place = address.path[1]
                if isinstance(place, int) and 1 <= place <= len(part.cells):
                    return part, part.cells[place - 1], address.path[2:]
            raise self.unknown(target)
        for part, cell in self.cells():
            if getattr(cell.block, "id", None) == address.name:
                return part, cell, address.path
        raise self.unknown(target)

    def cells(self) -> Iterator[tuple[Part, Cell]]:
        """All blocks, in reading order."""
        for part in self.parts:
            for cell in part.cells:
                yield part, cell

    def lock(self, target: str, *, missing_ok: bool = False) -> None:
        """Lock a text, a block, a claim, or all blocks and claims of a section. Raises: UsageError."""
        self._lock(target, on=True, missing_ok=missing_ok)

    def hold(self, name: str) -> None:
        """Lock a claim or the title that is written now."""
        if self.locking:
            self.locked.add(name)

    def hold_in(self, cell: Cell, *paths: tuple[Step, ...]) -> None:
        """Lock texts of a block that are written now."""
        if self.locking:
            cell.locked.update(paths)

    def unlock(self, target: str) -> None:
        """Unlock it, and everything in it. Raises: UsageError."""
        self._lock(target, on=False, missing_ok=False)

    def _lock(self, target: str, *, on: bool, missing_ok: bool) -> None:
        address = parse(target)
        if target == TITLE or target in self.claims:
            (self.locked.add if on else self.locked.discard)(target)
            return
        if self.is_section(address):
            part = self.part(address.name)
            if address.path in ((), ("title",)):
                part.title_locked = on
            if address.path == ():
                for cell in part.cells:
                    _set(cell, _WHOLE, on=on)
                    for name in getattr(cell.block, "claim_ids", ()) if cell.block.type == "claims" else ():
                        (self.locked.add if on else self.locked.discard)(name)
            return
        try:
            _, cell, path = self.cell(target)
        except UsageError:
            if missing_ok:
                return
            raise
        _set(cell, path, on=on)

    def is_section(self, address: Address) -> bool:
        """Whether it names a section or its title, as findings do or with `section:`."""
        bare = address.name.removeprefix(SECTION)
        named = address.name.startswith(SECTION) or not any(
            getattr(cell.block, "id", None) == address.name for _, cell in self.cells()
        )
        known = any(part.section.id == bare for part in self.parts)
        return named and known and address.path in ((), ("title",))

    def new_id(self, block: Block) -> str:
        """The id for a block that is put in: its own, or the next number of its sort. Raises: UsageError."""
        taken = [str(cell.block.id) for _, cell in self.cells() if hasattr(cell.block, "id")]
        own = str(getattr(block, "id", ""))
        if own:
            if not _ID.fullmatch(own) or own in taken or own in self.claims or EVIDENCE.match(own):
                raise UsageError(
                    f"A new block can't be called '{own[:40]}'.",
                    hint="Leave its id empty: it is given the next number.",
                )
            return own
        like = [
            name
            for _, cell in self.cells()
            if cell.block.type == block.type
            for name in [str(getattr(cell.block, "id", ""))]
        ]
        prefix = (
            re.sub(r"\d+\Z", "", like[0]) if like and re.search(r"\d\Z", like[0]) else _PREFIXES[block.type]
        )
        numbers = [
            int(name[len(prefix) :]) for name in taken if re.fullmatch(re.escape(prefix) + r"\d+", name)
        ]
        return f"{prefix}{max(numbers, default=0) + 1}"

    def new_claim(self) -> str:
        """The next free id of a claim."""
        return f"C{max((int(name[1:]) for name in self.claims if name[1:].isdecimal()), default=0) + 1}"

    def references(self, names: set[str]) -> None:
        """Take claims or blocks that are gone out of the lists that name them."""
        for part in self.parts:
            for cell in list(part.cells):
                changes: dict[str, Any] = {}
                for listed in ("claim_ids", "story_ids", "depends_on"):
                    held = getattr(cell.block, listed, ())
                    if names.intersection(held):
                        changes[listed] = tuple(name for name in held if name not in names)
                if changes:
                    cell.block = cell.block.model_copy(update=changes)
                    if cell.block.type == "claims" and not cell.block.claim_ids:
                        part.cells.remove(cell)

    def used_claims(self) -> set[str]:
        """Claims that a block shows or rests on."""
        return {name for _, cell in self.cells() for name in getattr(cell.block, "claim_ids", ())}

    def drop_unused(self, before: set[str]) -> None:
        """Claims that a block used before and none does now go."""
        for name in before - self.used_claims():
            self.claims.pop(name, None)
            self.locked.discard(name)

    def unknown(self, target: str) -> UsageError:
        """What is said of a target that the draft doesn't have."""
        if EVIDENCE.match(target):
            return evidence_stays(target)
        known = [name for name, _ in addresses(self.draft)]
        near = difflib.get_close_matches(target[:200], known, 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"For example: {', '.join(known[:4])}."
        return UsageError(f"The draft has nothing at '{target[:80]}'.", hint=hint)

    def put_together(self) -> Draft:
        """The edited draft, with the version and the report of the one before. Raises: UsageError where it is no valid draft."""
        sections = tuple(self._section(part) for part in self.parts)
        claims: dict[str, Claim] = self.claims
        draft = self.draft.model_copy(
            update={
                "title": self.title,
                "sections": sections,
                "claims": claims,
                "locks": tuple(sorted(self._locks())),
            }
        )
        for block in draft.blocks():
            if len(canonical_json(block)) > _LONGEST_BLOCK:
                raise UsageError(
                    "A block is longer than 200,000 characters.", hint="Say it in several blocks."
                )
        try:
            return Draft.model_validate_json(canonical_json(draft))
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UsageError(
                f"The edits would leave no valid draft: '{where[:80]}': {first['msg'].lower()}.",
                hint="Remove the whole where nothing is to be left of it.",
            ) from problem

    def _section(self, part: Part) -> Section:
        blocks = tuple(cell.block for cell in part.cells)
        same = len(blocks) == len(part.section.blocks) and all(
            one is other for one, other in zip(blocks, part.section.blocks, strict=True)
        )
        return part.section if same else part.section.model_copy(update={"blocks": blocks})

    def _locks(self) -> Iterator[str]:
        yield from self.locked
        for part in self.parts:
            if part.title_locked:
                yield f"{SECTION}{part.section.id}.title"
            for place, cell in enumerate(part.cells, start=1):
                name = block_name(part.section.id, place, cell.block)
                yield from (str(Address(name, path)) for path in cell.locked)


def evidence_stays(target: str) -> UsageError:
    """What is said to whoever would edit a quote or a number."""
    if target.startswith("Q"):
        return UsageError(
            f"{target[:20]} is a quote: it is cut from a record and stays as somebody said it.",
            hint="Edit the sentence around it, or remove the claim that cites it.",
        )
    return UsageError(
        f"{target[:20]} is a number that code counted; its value can't be typed.",
        hint="Edit the sentence around it, or change the scope and write the draft again.",
    )


def _set(cell: Cell, path: tuple[Step, ...], *, on: bool) -> None:
    if on:
        cell.locked.add(path)
        return
    left = {one for one in cell.locked if one[: len(path)] != path}
    for wider in [one for one in left if path[: len(one)] == one]:
        # One text of a passage that is locked as a whole: its other texts stay locked.
        left.remove(wider)
        left |= {
            one for one, _ in texts_of(cell.block) if one[: len(wider)] == wider and one[: len(path)] != path
        }
    cell.locked = left


def without_item(cell: Cell, path: tuple[Step, ...]) -> None:
    """Take an item out of a list of a block; locks behind it move up. Raises: LookupError."""
    cell.block = without(cell.block, path)
    depth, gone = len(path) - 1, int(path[-1])
    moved: set[tuple[Step, ...]] = set()
    for one in cell.locked:
        if one[:depth] == path[:depth] and len(one) > depth and isinstance(place := one[depth], int):
            if place == gone:
                continue
            if place > gone:
                one = (*one[:depth], place - 1, *one[depth + 1 :])
        moved.add(one)
    cell.locked = moved
