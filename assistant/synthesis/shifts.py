"""What a change of themes would do to what people see: counts before and after, with statements that show it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assistant.domain.evidence import Quote
from assistant.domain.theme import ThemeNode
from assistant.domain.theme_edit import LoggedEdit, Tally, ThemeShift
from assistant.search.matrix import Bools
from assistant.synthesis.exemplars import READ, exemplars_of
from assistant.synthesis.labels import labels_of
from assistant.synthesis.material import Material, excluded_records, without
from assistant.synthesis.members import Members, some_members
from assistant.synthesis.tree import NOWHERE, Tree

_QUOTES = 3


@dataclass(frozen=True)
class View:
    """Themes as they are counted with some edits in force."""

    material: Material
    """Without the excluded."""
    tree: Tree

    @classmethod
    def of(cls, material: Material, tree: Tree, edits: Iterable[LoggedEdit]) -> "View":
        """Args: material: of everyone."""
        return cls(without(material, excluded_records(material.matrix, edits)), tree)

    def tell(self, one: Members) -> Tally:
        return Tally(statements=len(one.statements), records=len(one.records), people=len(one.people))


def moved_between(material: Material, was: View, now: View) -> int:
    """Statements that are in another theme, or counted in one view only. Args: material: of everyone."""
    places = [_place_of(material, one) for one in (was, now)]
    return int((places[0] != places[1]).sum())


def shifts_between(was: View, now: View, names: Mapping[str, str]) -> tuple[ThemeShift, ...]:
    """Every theme that changes, themes before areas and parts, largest first.

    Args: names: what the themes of before are called.
    """
    changed = _changed(was, now)
    before = some_members(was.material, was.tree, changed)
    after = some_members(now.material, now.tree, changed)
    called = (
        _labels(now.material, after.values(), names)
        | dict(names)
        | {node.id: node.name for node in now.tree.nodes if node.name}
    )
    found = [_shift(was, now, before.get(theme), after.get(theme), called) for theme in sorted(changed)]
    told = [one for one in found if one.before or one.after]
    return tuple(sorted(told, key=lambda one: (one.level != 2, one.level, -_size(one), one.id)))


def _shift(
    was: View, now: View, old: Members | None, new: Members | None, called: Mapping[str, str]
) -> ThemeShift:
    node = new.node if new else old.node if old else None
    if node is None:
        raise ValueError("a theme that was in neither view")
    there = new if new is not None and len(new.statements) else None
    return ThemeShift(
        id=node.id,
        name=called.get(node.id, node.name),
        level=node.level,
        parent=called.get(node.parent or "", "") if there else "",
        before=was.tell(old) if old is not None and len(old.statements) else None,
        after=now.tell(there) if there else None,
        quotes=_quotes(was, now, old, there) if there else (),
    )


def _quotes(was: View, now: View, old: Members | None, new: Members) -> tuple[Quote, ...]:
    """Of what comes in; where nothing does, of what is in it."""
    keys = now.material.rows.keys
    known = was.material.rows.keys[old.statements] if old is not None else np.empty(0, np.int64)
    comes = ~np.isin(keys[new.central], known)
    central = new.central[comes] if comes.any() else new.central
    shown = replace(new, statements=np.sort(central), central=central)
    found = exemplars_of(now.material, shown, now.material.read(central[:READ].tolist()))
    return tuple(one.quote for one in found[:_QUOTES])


def _changed(was: View, now: View) -> set[str]:
    toggled = _toggled(was, now)
    sides = [
        {node.id: (node, texts) for node, texts in zip(view.tree.nodes, view.tree.texts_of(), strict=True)}
        for view in (was, now)
    ]
    changed = set()
    for theme in sorted({*sides[0], *sides[1]}):
        old, new = (side.get(theme) for side in sides)
        if (
            old is None
            or new is None
            or _differs(old[0], new[0])
            or not np.array_equal(old[1], new[1])
            or (toggled is not None and toggled[new[1]].any())
        ):
            changed.add(theme)
    return changed


def _differs(old: ThemeNode, new: ThemeNode) -> bool:
    return (old.name, old.parent, old.level) != (new.name, new.parent, new.level)


def _toggled(was: View, now: View) -> Bools | None:
    """Texts of which a statement is counted in one of the views only; None where there are none."""
    everything = len(now.material.rows.hashes)
    counts = [np.bincount(one.material.rows.text, minlength=everything) for one in (was, now)]
    toggled: Bools = counts[0] != counts[1]
    return toggled if toggled.any() else None


def _place_of(material: Material, view: View) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    ids = np.array([*(node.id for node in view.tree.nodes), ""])
    counted = np.isin(material.rows.keys, view.material.rows.keys)
    leaf = np.where(view.tree.leaf < 0, NOWHERE, view.tree.leaf)[material.rows.text]
    return np.where(counted, ids[leaf], "")


def _labels(material: Material, themes: Iterable[Members], names: Collection[str]) -> dict[str, str]:
    """Names of themes that there were not before, told from the others that change, and from each other."""
    held = [one for one in themes if len(one.statements) and one.node.level > 1]
    if all(one.node.name or one.node.id in names for one in held):
        return {}
    read = [material.read(one.central[:READ].tolist()) for one in held]
    return {one.node.id: label.name for one, label in zip(held, labels_of(read), strict=True)}


def _size(one: ThemeShift) -> int:
    return max(tally.statements for tally in (one.before, one.after) if tally)
