"""Which text or block a target names (`domain.edit`), and writing a text there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from assistant.domain.draft import Block, Criterion, Draft

Step = str | int
"""A field, or a place counted from 1."""
SECTION = "section:"
BLOCKS = "blocks"
TITLE = "draft.title"
EVIDENCE = re.compile(r"[QFS]\d+(?:\.|\Z)")
"""Quotes, facts and selections: cut and counted by code."""

TEXTS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "claims": ("lead",),
    "story": ("title", "role", "want", "benefit", "criteria.*", "size_hint"),
    "requirement": ("text", "bound", "unit", "reason"),
    "metric": ("name", "baseline", "target", "unit", "window", "guardrail"),
    "table": ("header.*", "rows.*.*"),
    "question": ("text", "ask"),
    "risk": ("text", "mitigation"),
    "decision": ("text",),
    "score": ("name", "value", "inputs.*"),
    "quotes": ("lead",),
}
"""Block type → its texts in reading order; `*` is any place, or any name of an input."""
_CRITERION = ("title", "given.*", "when.*", "then.*", "note")
MAY_BE_EMPTY = frozenset(
    {"lead", "size_hint", "bound", "unit", "reason", "guardrail", "ask", "mitigation", "note"}
)


@dataclass(frozen=True)
class Address:
    """A target, taken apart."""

    name: str
    """`draft`, a claim's or block's id, or `section:` with a section's id."""
    path: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.name, *map(str, self.path)))


def parse(target: str) -> Address:
    """Take a target apart; whether there is such a thing is another question."""
    name, *path = target.strip().split(".")
    return Address(name, tuple(int(step) if step.isdecimal() else step for step in path))


def block_name(section_id: str, place: int, block: Block) -> str:
    """How a block is named: by its id, else by its place in its section, from 1."""
    return str(getattr(block, "id", "")) or f"{SECTION}{section_id}.{BLOCKS}.{place}"


def texts_of(block: Block) -> Iterator[tuple[tuple[Step, ...], str]]:
    """The texts of a block with their paths in it, in reading order, empty ones too."""
    for pattern in TEXTS[block.type]:
        yield from _matching(block, tuple(pattern.split(".")), ())


def is_text(block: Block, path: tuple[Step, ...]) -> bool:
    """Whether the block has a text at that path."""
    return any(path == one for one, _ in texts_of(block))


def read(held: Any, path: tuple[Step, ...]) -> Any:
    """What stands there. Raises: LookupError."""
    for step in path:
        held = _step(held, step)
    return held


def written(held: Any, path: tuple[Step, ...], value: Any) -> Any:
    """A copy with that value there; everything beside the path is the same object. Raises: LookupError."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    left = written(_step(held, first), rest, value)
    if isinstance(held, BaseModel):
        return held.model_copy(update={str(first): left})
    if isinstance(held, dict):
        return {**held, str(first): left}
    place = int(first) - 1
    return (*held[:place], left, *held[place + 1 :])


def without(held: Any, path: tuple[Step, ...]) -> Any:
    """A copy without the item of a list at that path. Raises: LookupError."""
    listed = read(held, path[:-1])
    _step(listed, path[-1])
    place = int(path[-1]) - 1
    return written(held, path[:-1], (*listed[:place], *listed[place + 1 :]))


def addresses(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every text that a person may change, with its target, in reading order; empty ones too."""
    yield TITLE, draft.title
    shown: set[str] = set()
    for section in draft.sections:
        yield f"{SECTION}{section.id}.title", section.title
        for place, block in enumerate(section.blocks, start=1):
            name = block_name(section.id, place, block)
            for path, text in texts_of(block):
                yield str(Address(name, path)), text
            for claim in getattr(block, "claim_ids", ()):
                if claim in draft.claims and claim not in shown:
                    shown.add(claim)
                    yield claim, draft.claims[claim].text
    yield from ((name, claim.text) for name, claim in draft.claims.items() if name not in shown)


def _matching(
    held: Any, pattern: tuple[str, ...], path: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], str]]:
    if isinstance(held, Criterion) and not pattern:
        for one in _CRITERION:
            yield from _matching(held, tuple(one.split(".")), path)
    elif not pattern:
        yield path, held
    elif pattern[0] != "*":
        yield from _matching(getattr(held, pattern[0]), pattern[1:], (*path, pattern[0]))
    else:
        steps = held.items() if isinstance(held, dict) else enumerate(held, start=1)
        for step, item in steps:
            yield from _matching(item, pattern[1:], (*path, step))


def _step(held: Any, step: Step) -> Any:
    if isinstance(held, BaseModel):
        if step in type(held).model_fields:
            return getattr(held, str(step))
    elif isinstance(held, dict):
        return held[str(step)]
    elif isinstance(held, tuple) and isinstance(step, int) and 1 <= step <= len(held):
        return held[step - 1]
    raise LookupError(step)
