"""How the themes of now follow from those of before: ids that are kept, what became of each theme, and what is remembered of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assistant.domain.base import digest
from assistant.domain.lineage import EventKind, Fate, ThemeChanges, ThemeEvent
from assistant.domain.theme import NamedBy, ThemeNode, ThemeRun
from assistant.domain.theme_edit import EditResult, Outcome
from assistant.synthesis.grid import Ints
from assistant.synthesis.matching import Held, overlaps, same_themes
from assistant.synthesis.members import LEAST_STATEMENTS
from assistant.synthesis.tree import NOWHERE, Tree

MOST_EVENTS = 1_000
_PIECE = 0.2
"""Share of a theme from which a part that went elsewhere tells something of it."""
_MOST = 0.5


@dataclass(frozen=True)
class Rematched:
    """Themes that were found afresh, under the ids of those that were there before."""

    tree: Tree
    heirs: Mapping[str, str]
    """Themes of before that are no longer there → the one that holds most of what they held."""


def rematched(fresh: Tree, before: Iterable[Tree], weights: Ints, leave: Collection[str] = ()) -> Rematched:
    """Give themes that are the same as before their ids back, with what a model called them.

    Args:
        before: over the same texts; the tree as clustering left it, and as edits left it.
        weights: statements of each text.
        leave: ids that no theme may be given: an edit makes these.
    """
    trees = list(before)
    old_nodes = {node.id: node for tree in trees for node in tree.nodes}
    ids: dict[str, str] = {}
    heirs: dict[str, str] = {}
    for level in (1, 2, 3):
        after = _held(fresh, level)
        olds = [one for tree in trees for one in _held(tree, level) if one.id not in leave]
        ids |= same_themes(olds, after, weights)
        heirs |= _heirs(olds, after, weights)
    taken = set(ids.values())
    nodes = []
    renamed = {
        node.id: ids.get(node.id)
        or (node.id if node.id not in taken | set(leave) else "thm_" + digest(node.id, node.born, size=8))
        for node in fresh.nodes
    }
    for node in fresh.nodes:
        parent = None if node.parent is None else renamed[node.parent]
        old = old_nodes.get(renamed[node.id])
        told = {} if old is None else {"born": old.born, **modelled(old)}
        nodes.append(node.model_copy(update={"id": renamed[node.id], "parent": parent, **told}))
    found = set(renamed.values())
    return Rematched(
        Tree(tuple(nodes), fresh.leaf),
        {one: renamed[heir] for one, heir in sorted(heirs.items()) if one not in found},
    )


def modelled(node: ThemeNode) -> dict[str, object]:
    """What a model said of a theme, held or not. What a person called it comes from the log of edits alone."""
    own = ("name", "named_by") if node.named_by is NamedBy.model else ()
    return {name: getattr(node, name) for name in (*own, "cites", "summary", "removed", "asked")}


def changes_between(
    before: Tree, after: Tree, weights: Ints, results: Iterable[EditResult] = ()
) -> ThemeChanges:
    """What became of each theme (level 2, of three statements or more).

    Args: before, after: over the same texts, as people see them. weights: statements of each text.
    """
    olds = [one for one in _held(before, 2) if weights[one.texts].sum() >= LEAST_STATEMENTS]
    news = [one for one in _held(after, 2) if weights[one.texts].sum() > 0]
    sizes = [int(weights[one.texts].sum()) for one in news]
    there = {one.id for one in news}
    fates: dict[str, list[Fate]] = {"kept": [], "split": [], "merged": [], "gone": []}
    for old, shared in zip(olds, overlaps(olds, news, weights), strict=True):
        size = int(weights[old.texts].sum())
        order = sorted(shared, key=lambda one: (news[one].id != old.id, -shared[one], news[one].id))
        pieces = [one for one in order if shared[one] >= max(LEAST_STATEMENTS, _PIECE * size)]
        what = _fate(old.id in there, pieces, shared, size)
        fates[what].append(
            Fate(
                id=old.id,
                level=2,
                statements=size,
                into=tuple(news[one].id for one in pieces),
                stayed=shared[pieces[0]] if pieces else 0,
            )
        )
    known = {node.id for node in before.nodes}
    born = [
        Fate(id=one.id, level=2, statements=size)
        for one, size in zip(news, sizes, strict=True)
        if one.id not in known and size >= LEAST_STATEMENTS
    ]
    was, now = _theme_of(before), _theme_of(after)
    both = (was != "") & (now != "")
    return ThemeChanges.model_validate(
        {name: _largest(found) for name, found in fates.items()}
        | {
            "born": _largest(born),
            "statements": int(weights[both].sum()),
            "moved": int(weights[both & (was != now)].sum()),
            "new": int(weights[(was == "") & (now != "")].sum()),
            "lost_edits": tuple(one.number for one in results if one.outcome is Outcome.lost),
        }
    )


def events_of(changes: ThemeChanges, run: ThemeRun) -> tuple[ThemeEvent, ...]:
    """What a run did, to be remembered."""
    told: list[tuple[EventKind, tuple[str, ...], tuple[str, ...], int]] = []
    pieces: set[str] = set()
    for one in changes.split:
        told.append((EventKind.splitting, (one.id,), one.into, one.statements))
        pieces.update(one.into)
    into: dict[str, list[Fate]] = {}
    for one in changes.merged:
        into.setdefault(one.into[0], []).append(one)
    for target, merged in sorted(into.items()):
        told.append(
            (EventKind.merged, tuple(one.id for one in merged), (target,), sum(one.stayed for one in merged))
        )
    told += [
        (EventKind.born, (), (one.id,), one.statements)
        for one in changes.born
        if one.id not in pieces and one.id not in into
    ]
    told += [(EventKind.faded, (one.id,), one.into, one.statements) for one in changes.gone]
    if changes.moved:
        told.append((EventKind.moved, (), (), changes.moved))
    return tuple(
        ThemeEvent(kind=kind, run=run.id, as_of=run.as_of, before=old, after=new, statements=count)
        for kind, old, new, count in told
    )


def emptied(tree: Tree, events: Iterable[ThemeEvent], run: ThemeRun) -> tuple[ThemeEvent, ...]:
    """Themes of which nothing is left, because records left their source or an edit took it, told once."""
    told = {theme for one in events if one.kind is EventKind.faded for theme in one.before}
    return tuple(
        ThemeEvent(kind=EventKind.faded, run=run.id, as_of=run.as_of, before=(node.id,))
        for node, texts in zip(tree.nodes, tree.texts_of(), strict=True)
        if node.level == 2 and not len(texts) and node.id not in told
    )


def compacted(events: tuple[ThemeEvent, ...], tree: Tree) -> tuple[ThemeEvent, ...]:
    """At most `MOST_EVENTS`: the oldest go first, and before them those of themes that are all gone."""
    surplus = len(events) - MOST_EVENTS
    if surplus <= 0:
        return events
    there = {node.id for node in tree.nodes}
    order = sorted(range(len(events)), key=lambda one: (bool(there.intersection(events[one].after)), one))
    dropped = set(order[:surplus])
    return tuple(one for place, one in enumerate(events) if place not in dropped)


def _held(tree: Tree, level: int) -> list[Held]:
    texts = tree.texts_of()
    return [
        Held(node.id, texts[row])
        for row, node in sorted(enumerate(tree.nodes), key=lambda one: one[1].id)
        if node.level == level and len(texts[row])
    ]


def _heirs(olds: list[Held], after: list[Held], weights: Ints) -> dict[str, str]:
    found = {}
    for old, shared in zip(olds, overlaps(olds, after, weights), strict=True):
        for place, both in shared.items():
            if both > _MOST * int(weights[old.texts].sum()):
                found[old.id] = after[place].id
    return found


def _fate(is_there: bool, pieces: list[int], shared: Mapping[int, int], size: int) -> str:
    if len(pieces) > 1:
        return "split"
    if is_there:
        return "kept"
    if pieces and shared[pieces[0]] > _MOST * size:
        return "merged"
    return "gone"


def _largest(found: list[Fate]) -> tuple[Fate, ...]:
    return tuple(sorted(found, key=lambda one: (-one.statements, one.id)))


def _theme_of(tree: Tree) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    """Id of the theme of level 2 of each text; empty where it is in none."""

    def theme(node: ThemeNode) -> str:
        return node.id if node.level == 2 or node.parent is None else node.parent

    return np.array([*(theme(node) for node in tree.nodes), ""])[np.where(tree.leaf < 0, NOWHERE, tree.leaf)]
