"""What people decided, done to the themes that clustering found: the same edits over the same themes give the same themes.

Replays a log. What an edit may say is checked when it is made (`steering`); here it may find that what it names is gone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from assistant.domain.base import digest
from assistant.domain.theme import NamedBy, ThemeNode
from assistant.domain.theme_edit import EditAction, EditResult, LoggedEdit, Outcome, ThemeEdit
from assistant.stores.index_port import Vectors
from assistant.synthesis.grid import Ints, centroids, likeness
from assistant.synthesis.tree import NOWHERE, Tree


@dataclass(frozen=True)
class Sight:
    """What edits look at, besides the tree."""

    text: Mapping[str, int]
    """Text hash → its row."""
    steps: Vectors
    """Of all texts, on the grid."""
    texts_of: Callable[[str], Ints]
    """Rows of what a record says; empty where it isn't there."""
    wrote: Callable[[str], bool]
    """Whether a pseudonym is the author of any record."""
    vector_of: Callable[[str], Vectors]
    """A phrase on the grid, shape (dimension,)."""


class Gone(Exception):
    """What an edit names is no longer there. Its text says which."""


def split_id(theme: str, seeds: tuple[str, ...]) -> str:
    """Id of a part that was split off, known by its seeds."""
    return "thm_" + digest("split", theme, sorted(seeds), size=8)


def tracked_id(edit: ThemeEdit) -> str:
    """Id of a theme that tracks a phrase or an example."""
    return "thm_" + digest("track", edit.phrase, edit.text_hash, size=8)


def steering_hash(edits: Iterable[LoggedEdit]) -> str:
    """Hash of the edits in force: what they say, not who said it when. Empty without any."""
    said = [one.edit.model_dump(mode="json", exclude_defaults=True) for one in edits if one.is_in_force]
    return digest(said, size=8) if said else ""


def steered(
    base: Tree, edits: Iterable[LoggedEdit], sight: Sight, became: Mapping[str, str]
) -> tuple[Tree, tuple[EditResult, ...]]:
    """The themes after all edits in force, in the order they were made, and what became of each.

    Texts that are in no theme yet stay in none: an edit reaches them once a run has brought them in.

    Args: became: themes that are no longer there → the one to take for them.
    """
    work = _Work(base, sight, became)
    results = []
    for one in sorted(edits, key=lambda each: each.number):
        if not one.is_in_force:
            continue
        try:
            changed = _done(work, one.edit)
        except Gone as gone:
            results.append(EditResult(number=one.number, outcome=Outcome.lost, told=str(gone)))
        else:
            outcome = Outcome.done if changed else Outcome.holds
            results.append(EditResult(number=one.number, outcome=outcome))
    return work.tree(), tuple(results)


class _Work:
    """A tree on which edits are done, one after the other."""

    def __init__(self, base: Tree, sight: Sight, became: Mapping[str, str]) -> None:
        self.sight, self._became = sight, became
        self.nodes: dict[str, ThemeNode] = {node.id: node for node in base.nodes}
        self._ids = [node.id for node in base.nodes]
        self._code = {one: code for code, one in enumerate(self._ids)}
        self.leaf = base.leaf.copy()
        self.is_placed_by_hand = np.zeros(len(base.leaf), dtype=bool)

    def theme(self, wanted: str) -> ThemeNode:
        """The theme of that id, or the one that took its place. Raises: Gone."""
        seen = set()
        at = wanted
        while at not in self.nodes:
            seen.add(at)
            at = self._became.get(at, "")
            if not at or at in seen:
                raise Gone(wanted)
        return self.nodes[at]

    def code(self, theme: str) -> int:
        if theme not in self._code:
            self._code[theme] = len(self._ids)
            self._ids.append(theme)
        return self._code[theme]

    def children(self, theme: str) -> list[ThemeNode]:
        return sorted((one for one in self.nodes.values() if one.parent == theme), key=lambda one: one.id)

    def texts(self, theme: str) -> Ints:
        """Texts of a theme and its parts, ascending."""
        inside = [theme]
        for one in inside:
            inside += [child.id for child in self.children(one)]
        return np.flatnonzero(np.isin(self.leaf, [self.code(one) for one in inside]))

    def put(self, texts: Ints, theme: str) -> bool:
        """Returns: whether any of them was elsewhere."""
        placed = texts[self.leaf[texts] != NOWHERE]
        changed = bool((self.leaf[placed] != self.code(theme)).any())
        self.leaf[placed] = self.code(theme)
        return changed

    def change(self, theme: ThemeNode, **values: object) -> None:
        self.nodes[theme.id] = theme.model_copy(update=values)

    def area_of(self, code: int) -> str:
        """The theme of level 1 above a theme."""
        node = self.nodes[self._ids[code]]
        while node.parent is not None:
            node = self.nodes[node.parent]
        return node.id

    def drop(self, theme: str) -> None:
        """Remove a theme with its parts; nothing may be in them."""
        for child in self.children(theme):
            self.drop(child.id)
        del self.nodes[theme]

    def tree(self) -> Tree:
        nodes = sorted(self.nodes.values(), key=lambda node: (node.level, node.id))
        place = {node.id: row for row, node in enumerate(nodes)}
        rows = np.array([*(place.get(one, NOWHERE) for one in self._ids), NOWHERE], dtype=np.int64)
        return Tree(tuple(nodes), rows[self.leaf])


def _done(work: _Work, edit: ThemeEdit) -> bool:
    """Do one edit. Returns: whether anything changed. Raises: Gone."""
    match edit.action:
        case EditAction.rename:
            return _rename(work, edit)
        case EditAction.merge:
            merged = [_merge(work, other, edit.theme) for other in edit.themes]
            return any(merged)
        case EditAction.splitting:
            return _split(work, edit)
        case EditAction.move:
            return _move(work, edit) if edit.parent else _place(work, edit)
        case EditAction.pin:
            return _place(work, edit)
        case EditAction.exclude:
            if not work.sight.wrote(edit.person):
                raise Gone(edit.person)
            return True
        case EditAction.track:
            return _track(work, edit)
        case _:
            assert_never(edit.action)


def _rename(work: _Work, edit: ThemeEdit) -> bool:
    theme = work.theme(edit.theme)
    changed = (theme.name, theme.named_by) != (edit.name, NamedBy.person)
    work.change(theme, name=edit.name, named_by=NamedBy.person, cites=(), summary="")
    return changed


def _merge(work: _Work, wanted: str, into: str) -> bool:
    other, target = work.theme(wanted), work.theme(into)
    if other.id == target.id:
        return False
    if other.level != target.level:
        raise Gone(wanted)
    if target.level == 3:
        work.put(work.texts(other.id), target.id)
    else:
        work.put(np.flatnonzero(work.leaf == work.code(other.id)), target.id)
        for child in work.children(other.id):
            work.change(child, parent=target.id)
    work.drop(other.id)
    return True


def _split(work: _Work, edit: ThemeEdit) -> bool:
    theme = work.theme(edit.theme)
    own = [(theme.id, edit.seeds[0]), *((split_id(edit.theme, part), part) for part in edit.seeds[1:])]
    if any(one in work.nodes for one, _ in own[1:]):
        return False
    parts = [(one, rows) for one, part in own if (rows := _rows(work.sight, part))]
    texts = work.texts(theme.id)
    if len(parts) < 2 or not len(texts):
        raise Gone(edit.theme)
    near = likeness(work.sight.steps[texts], _centres(work.sight, [rows for _, rows in parts]))
    nearest = near.argmax(axis=1)
    for child in work.children(theme.id):
        work.drop(child.id)
    for number, (one, _) in enumerate(parts):
        if one != theme.id:
            work.nodes[one] = ThemeNode(id=one, level=theme.level, parent=theme.parent, born=theme.born)
        work.put(texts[nearest == number], one)
    return True


def _rows(sight: Sight, hashes: Iterable[str]) -> list[int]:
    return sorted(sight.text[one] for one in hashes if one in sight.text)


def _centres(sight: Sight, groups: list[list[int]]) -> Vectors:
    rows = np.array([row for group in groups for row in group], dtype=np.int64)
    label = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return centroids(sight.steps[rows], label, len(groups))


def _move(work: _Work, edit: ThemeEdit) -> bool:
    theme, parent = work.theme(edit.theme), work.theme(edit.parent)
    fits = parent.level == 1 or (parent.level == 2 and not work.children(theme.id))
    if theme.level == 1 or not fits or parent.id == theme.id:
        raise Gone(edit.parent)
    level = parent.level + 1
    changed = (theme.parent, theme.level) != (parent.id, level)
    work.change(theme, parent=parent.id, level=level)
    return changed


def _place(work: _Work, edit: ThemeEdit) -> bool:
    theme = work.theme(edit.theme)
    texts = work.sight.texts_of(edit.record)
    if edit.text_hash:
        texts = texts[texts == work.sight.text.get(edit.text_hash, NOWHERE)]
    if not len(texts) or theme.level == 1:
        raise Gone(edit.theme if len(texts) else "record")
    work.is_placed_by_hand[texts] = True
    changed = work.put(texts, theme.id)
    return changed or edit.action is EditAction.pin


def _track(work: _Work, edit: ThemeEdit) -> bool:
    sight, own = work.sight, tracked_id(edit)
    if edit.phrase:
        centre = sight.vector_of(edit.phrase)
    elif edit.text_hash in sight.text:
        centre = sight.steps[sight.text[edit.text_hash]]
    else:
        raise Gone("record")
    near = likeness(sight.steps, centre[None, :])[:, 0] >= edit.near
    texts = np.flatnonzero(near & (work.leaf != NOWHERE) & ~work.is_placed_by_hand)
    parent = _area(work, edit, texts)
    name = {"name": edit.name or edit.phrase, "named_by": NamedBy.person} if edit.name or edit.phrase else {}
    node = {"id": own, "level": 2, "parent": parent.id, "born": parent.born, **name}
    work.nodes[own] = ThemeNode.model_validate(node)
    work.put(texts, own)
    return True


def _area(work: _Work, edit: ThemeEdit, texts: Ints) -> ThemeNode:
    """The area that an edit names; where it is gone, the one of most of the texts."""
    try:
        named = work.theme(edit.parent)
    except Gone:
        if not len(texts):
            raise
        above: Counter[str] = Counter()
        for code, count in zip(*np.unique(work.leaf[texts], return_counts=True), strict=True):
            above[work.area_of(int(code))] += int(count)
        named = work.nodes[min(above, key=lambda one: (-above[one], one))]
    if named.level != 1:
        raise Gone(edit.parent)
    return named
