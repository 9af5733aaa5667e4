"""New statements in a tree of themes that there is: near ones join a theme, far ones make new themes. Nothing old moves."""

from collections.abc import Sequence

import numpy as np

from assistant.domain.theme import ThemeNode
from assistant.stores.port import Vectors
from assistant.synthesis.grid import Floats, Ints, centroids, likeness, on_grid, sums
from assistant.synthesis.hierarchy import BROAD, LEAST_MEMBERS, cluster
from assistant.synthesis.linkage import SAME
from assistant.synthesis.tree import NOWHERE, Tree, planted

_ROWS_AT_ONCE = 4096


def grown(tree: Tree, vectors: Vectors, hashes: Sequence[str], run: str) -> Tree:
    """Put every text that is in no theme yet into one.

    Args:
        vectors: of all texts, unit rows in the order of `hashes`.
        run: id of the run, of which new themes are born.
    """
    waiting = np.flatnonzero(tree.leaf == NOWHERE)
    if not len(waiting):
        return tree
    leaf = tree.leaf.copy()
    steps = on_grid(vectors)
    leaf[waiting] = _nearest(tree, steps, waiting)
    pool = np.flatnonzero(leaf == NOWHERE)
    if not len(pool):
        return Tree(tree.nodes, leaf)
    fresh = planted(cluster(vectors[pool]), [hashes[row] for row in pool.tolist()], run)
    nodes = [*tree.nodes, *_hung(tree, fresh, steps, pool)]
    place: dict[str, int] = {}
    for row, node in enumerate(nodes):
        place.setdefault(node.id, row)
    rows = np.array([place.get(node.id, NOWHERE) for node in fresh.nodes], dtype=np.int64)
    leaf[pool] = rows[fresh.leaf]
    kept = sorted(place.values())
    renumbered = np.full(len(nodes), NOWHERE, dtype=np.int64)
    renumbered[kept] = np.arange(len(kept))
    return Tree(tuple(nodes[row] for row in kept), renumbered[leaf])


def _nearest(tree: Tree, steps: Vectors, waiting: Ints) -> Ints:
    """Row of the theme that each waiting text joins; -1 for those that are far from all."""
    known = tree.leaf >= 0
    used, label = np.unique(tree.leaf[known], return_inverse=True)
    if not len(used):
        return np.full(len(waiting), NOWHERE, dtype=np.int64)
    centres = centroids(steps[known], label, len(used))
    reach = _reach(steps[known], label, centres)
    found = np.empty(len(waiting), dtype=np.int64)
    for start in range(0, len(waiting), _ROWS_AT_ONCE):
        rows = waiting[start : start + _ROWS_AT_ONCE]
        near = likeness(steps[rows], centres)
        best = near.argmax(axis=1)
        is_near = near[np.arange(len(rows)), best] >= reach[best]
        found[start : start + len(rows)] = np.where(is_near, used[best], NOWHERE)
    return found


def _reach(steps: Vectors, label: Ints, centres: Vectors) -> Floats:
    """Least cosine to the centre of each theme from which a text belongs to it: as its outermost tenth of members has it."""
    own = np.empty(len(steps))
    for start in range(0, len(steps), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        own[rows] = np.einsum("ij,ij->i", steps[rows], centres[label[rows]], dtype=np.float64) / 16e6
    order = np.lexsort((own, label))
    sizes = np.bincount(label)
    tenth = np.concatenate(([0], np.cumsum(sizes)[:-1])) + sizes // 10
    reach: Floats = np.where(sizes < LEAST_MEMBERS, SAME, np.minimum(own[order][tenth], SAME))
    return reach


def _hung(tree: Tree, fresh: Tree, steps: Vectors, pool: Ints) -> list[ThemeNode]:
    """The new themes, each under the nearest area that there was, or under a new one where all are too far."""
    areas = [row for row, node in enumerate(tree.nodes) if node.level == 1]
    texts = tree.texts_of()
    area_means = _means(steps, [texts[row] for row in areas])
    themes = [row for row, node in enumerate(fresh.nodes) if node.level == 2]
    inside = fresh.texts_of()
    likes = likeness(_means(steps, [pool[inside[row]] for row in themes]), area_means)
    above: dict[str, str] = {}
    for row, like in zip(themes, likes, strict=True):
        if len(areas) and like.max() >= BROAD:
            above[fresh.nodes[row].id] = tree.nodes[areas[int(like.argmax())]].id
    hung = [node.model_copy(update={"parent": above.get(node.id, node.parent)}) for node in fresh.nodes]
    used = {node.parent for node in hung}
    return [node for node in hung if node.level > 1 or node.id in used]


def _means(steps: Vectors, groups: Sequence[Ints]) -> Vectors:
    """Mean of the texts of each group: what the mean cosine between members of two groups is the product of."""
    label = np.full(len(steps), NOWHERE, dtype=np.int64)
    for number, rows in enumerate(groups):
        label[rows] = number
    sizes = np.maximum([len(rows) for rows in groups], 1).reshape(-1, 1)
    means: Vectors = (sums(steps, label, len(groups)) / sizes).round().astype(np.float32)
    return means
