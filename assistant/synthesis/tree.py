"""From clusters of texts to themes with ids, and from themes to who is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.domain.base import digest
from assistant.domain.theme import ThemeNode
from assistant.search.matrix import Ints
from assistant.stores.theme_port import StatementRows, ThemeState
from assistant.synthesis.hierarchy import Clusters, Layer

NOWHERE = -1


@dataclass(frozen=True)
class Tree:
    """Themes, and the one that each text is in."""

    nodes: tuple[ThemeNode, ...]
    leaf: Ints
    """Row of `nodes` for each text: the theme of the greatest level that holds it; -1 where it is in none yet."""

    @cached_property
    def row(self) -> dict[str, int]:
        """Theme id → its row."""
        return {node.id: row for row, node in enumerate(self.nodes)}

    @cached_property
    def parent(self) -> Ints:
        """Row of the parent of each theme; -1 for areas."""
        rows = [NOWHERE if node.parent is None else self.row[node.parent] for node in self.nodes]
        return np.array(rows, dtype=np.int64)

    def texts_of(self) -> list[Ints]:
        """The texts of each theme and of all its parts, ascending."""
        found: list[list[Ints]] = [[] for _ in self.nodes]
        known = np.flatnonzero(self.leaf >= 0)
        order = known[np.argsort(self.leaf[known], kind="stable")]
        starts = np.searchsorted(self.leaf[order], np.arange(len(self.nodes) + 1))
        for row in range(len(self.nodes)):
            own = order[starts[row] : starts[row + 1]]
            at = row
            while at != NOWHERE and len(own):
                found[at].append(own)
                at = int(self.parent[at])
        return [np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64) for parts in found]


def planted(clusters: Clusters, hashes: Sequence[str], run: str) -> Tree:
    """Themes that there were not before. Their ids are hashes of what is in them: the same for any order and machine.

    Args: hashes: of the texts that were clustered, in their order. run: id of the run that finds them.
    """
    nodes: list[ThemeNode] = []
    first: list[int] = []
    ids: list[str] = []
    for level, layer in enumerate(clusters.layers, start=1):
        above = ids
        ids = _ids(level, layer, hashes)
        first.append(len(nodes))
        nodes += [
            ThemeNode.model_validate(
                {"id": one, "level": level, "parent": above[up] if level > 1 else None, "born": run}
            )
            for one, up in zip(ids, layer.parents.tolist(), strict=True)
        ]
    parts = clusters.parts.labels
    leaf = np.where(parts >= 0, parts + first[2], clusters.themes.labels + first[1])
    return Tree(tuple(nodes), leaf.astype(np.int64))


def _ids(level: int, layer: Layer, hashes: Sequence[str]) -> list[str]:
    known = np.flatnonzero(layer.labels >= 0)
    order = known[np.argsort(layer.labels[known], kind="stable")]
    starts = np.searchsorted(layer.labels[order], np.arange(len(layer.sizes) + 1))
    return [
        "thm_" + digest("theme", level, [hashes[row] for row in order[start:end].tolist()], size=8)
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    ]


def remembered(nodes: tuple[ThemeNode, ...], rows: StatementRows) -> Tree:
    """The tree that the catalog holds: statements of the same words are in the same theme."""
    return _grafted(nodes, rows, rows.theme)


def found(state: ThemeState, rows: StatementRows) -> Tree:
    """The same as clustering left it, before edits."""
    return _grafted(state.found or state.nodes, rows, rows.found)


def relocated(base: Tree, tree: Tree, rows: StatementRows) -> tuple[Mapping[str, Ints], Mapping[str, Ints]]:
    """What a save has to change: theme id → keys that come into it; and of those, the ones that clustering has elsewhere, by that theme."""
    ids = sorted({*rows.theme_ids, *base.row, *tree.row})
    code = {one: place for place, one in enumerate(ids)}
    was, was_found = (
        _recoded([code[one] for one in rows.theme_ids], held) for held in (rows.theme, rows.found)
    )
    now, now_found = (
        _recoded([code[node.id] for node in one.nodes], one.leaf[rows.text]) for one in (tree, base)
    )
    changed = (now >= 0) & ((now != was) | (now_found != was_found))
    apart = changed & (now_found != now) & (now_found >= 0)
    return _keys_by(ids, now, changed, rows.keys), _keys_by(ids, now_found, apart, rows.keys)


def _recoded(codes: Sequence[int], held: npt.NDArray[np.integer[Any]]) -> Ints:
    # The last one stands for -1, which indexes it.
    recoded: Ints = np.array([*codes, NOWHERE], dtype=np.int64)[held]
    return recoded


def _keys_by(
    ids: Sequence[str], themes: Ints, wanted: npt.NDArray[np.bool_], keys: Ints
) -> Mapping[str, Ints]:
    order = np.flatnonzero(wanted)
    order = order[np.argsort(themes[order], kind="stable")]
    theme, first = np.unique(themes[order], return_index=True)
    parts = np.split(keys[order], first[1:])
    return {ids[one]: part for one, part in zip(theme.tolist(), parts, strict=False)}


def _grafted(nodes: tuple[ThemeNode, ...], rows: StatementRows, held: npt.NDArray[np.int32]) -> Tree:
    row = {node.id: place for place, node in enumerate(nodes)}
    themes = _recoded([row.get(one, NOWHERE) for one in rows.theme_ids], held)
    leaf = np.full(len(rows.hashes), NOWHERE, dtype=np.int64)
    known = themes >= 0
    leaf[rows.text[known]] = themes[known]
    return Tree(nodes, leaf)
