"""Edits of an older version, made over the newest one: where both touched other blocks, nobody has to choose."""

from collections.abc import Sequence

from assistant.domain.draft import Draft
from assistant.domain.edit import Edit, InsertBlock, Move
from assistant.drafting.editing.addresses import BLOCKS, SECTION, TITLE, Address, parse
from assistant.drafting.editing.apply import apply
from assistant.drafting.editing.compare import moved_places, paired, placed


def merged(base: Draft, newest: Draft, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
    """The edits as they are to be made over the newest version; None where both touched the same block, claim or title.

    Raises: UsageError: the edits can't be made over their own base.
    """
    if disturbed(base, newest) & disturbed(base, apply(base, edits)):
        return None
    old, new = placed(base), placed(newest)
    names = {old[of][1]: new[to][1] for of, to in paired(old, new)}
    sections = {section.id for section in newest.sections}
    found: list[Edit] = []
    for edit in edits:
        moved = _renamed(edit, names, sections)
        if moved is None:
            return None
        found.append(moved)
    return tuple(found)


def disturbed(before: Draft, after: Draft) -> frozenset[str]:
    """Names, as the older version has them, of the blocks, claims and titles that read differently, moved or went."""
    old, new = placed(before), placed(after)
    pairs = paired(old, new)
    moved = moved_places(pairs, old, new)
    stays = {of for of, _ in pairs}
    names = {one[1] for place, one in enumerate(old) if place not in stays}
    names |= {old[of][1] for of, to in pairs if old[of][2] != new[to][2] or to in moved}
    names |= {name for name, claim in before.claims.items() if after.claims.get(name) != claim}
    titles = {section.id: section.title for section in after.sections}
    names |= {
        f"{SECTION}{section.id}.title"
        for section in before.sections
        if titles.get(section.id) != section.title
    }
    return frozenset(names | ({TITLE} if before.title != after.title else set()))


def _renamed(edit: Edit, names: dict[str, str], sections: set[str]) -> Edit | None:
    changes: dict[str, str] = {}
    for field in ("target", "after"):
        if held := getattr(edit, field, ""):
            name = _name(held, names)
            if name is None:
                return None
            changes[field] = name
    if isinstance(edit, InsertBlock | Move):
        goal = edit.section.removeprefix(SECTION)
        return edit.model_copy(update=changes) if not goal or goal in sections else None
    return edit.model_copy(update=changes)


def _name(target: str, names: dict[str, str]) -> str | None:
    """What stood at a place of a section, wherever it stands by now; everything else is known by its id."""
    address = parse(target)
    if not address.name.startswith(SECTION) or address.path[:1] != (BLOCKS,) or len(address.path) < 2:
        return target
    block = names.get(str(Address(address.name, address.path[:2])))
    if block is None:
        return None
    return ".".join((block, *map(str, address.path[2:])))
