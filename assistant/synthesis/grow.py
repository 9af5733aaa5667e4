"""New statements in a tree of themes that there is: near ones join a theme, far ones make new themes. Nothing old moves."""

from collections.abc import Sequence

import numpy as np

from assistant.domain.theme import ThemeNode
from assistant.stores.index_port import Vectors
from assistant.synthesis.grid import Ints, centred, centroids, likeness, mean_of, on_grid
from assistant.synthesis.hierarchy import broad_from, cluster
from assistant.synthesis.increment import anchors, assign
from assistant.synthesis.tree import NOWHERE, Tree, planted


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
    leaf[waiting] = _nearest(tree, vectors, waiting)
    pool = np.flatnonzero(leaf == NOWHERE)
    if not len(pool):
        return Tree(tree.nodes, leaf)
    fresh = planted(cluster(vectors[pool]), [hashes[row] for row in pool.tolist()], run)
    nodes = [*tree.nodes, *_hung(tree, fresh, on_grid(vectors), pool)]
    place: dict[str, int] = {}
    for row, node in enumerate(nodes):
        place.setdefault(node.id, row)
    rows = np.array([place.get(node.id, NOWHERE) for node in fresh.nodes], dtype=np.int64)
    leaf[pool] = rows[fresh.leaf]
    kept = sorted(place.values())
    renumbered = np.full(len(nodes), NOWHERE, dtype=np.int64)
    renumbered[kept] = np.arange(len(kept))
    return Tree(tuple(nodes[row] for row in kept), renumbered[leaf])


def _nearest(tree: Tree, vectors: Vectors, waiting: Ints) -> Ints:
    """Row of the theme that each waiting text joins; -1 for those that are far from all."""
    known = tree.leaf >= 0
    used, label = np.unique(tree.leaf[known], return_inverse=True)
    joined = assign(vectors[waiting], anchors(vectors[known], label))
    return np.where(joined.is_far, NOWHERE, np.append(used, NOWHERE)[joined.labels])


def _hung(tree: Tree, fresh: Tree, steps: Vectors, pool: Ints) -> list[ThemeNode]:
    """The new themes, each under the area whose themes it is nearest to, or under a new one where all are too far."""
    old, areas = _themes(tree)
    labels = old[tree.leaf]
    mean = mean_of(steps)
    olds = centred(centroids(steps, labels, len(areas)), mean)
    new, _ = _themes(fresh)
    news = centred(centroids(steps[pool], new[fresh.leaf], int(new.max()) + 1), mean)
    likes = likeness(news, olds)
    # The mean cosine to the themes of an area, as areas are made of themes by average linkage.
    named = sorted({area for area in areas if area})
    means = np.array([likes[:, [area == one for area in areas]].mean(axis=1).round(6) for one in named])
    least = broad_from(likeness(olds, olds), mean)
    hung: list[ThemeNode] = []
    for row, node in enumerate(fresh.nodes):
        if node.level == 2 and named and means[:, new[row]].max() >= least:
            node = node.model_copy(update={"parent": named[int(means[:, new[row]].argmax())]})
        hung.append(node)
    used = {node.parent for node in hung}
    return [node for node in hung if node.level > 1 or node.id in used]


def _themes(tree: Tree) -> tuple[Ints, list[str]]:
    """Number of the theme (level 2) that each node is or is a part of, -1 for areas and for the node -1; and the area of each."""
    themes = [row for row, node in enumerate(tree.nodes) if node.level == 2]
    place = {row: number for number, row in enumerate(themes)}
    numbers = [
        place.get(row if node.level == 2 else int(tree.parent[row]), NOWHERE)
        for row, node in enumerate(tree.nodes)
    ]
    return np.array([*numbers, NOWHERE], dtype=np.int64), [tree.nodes[row].parent or "" for row in themes]
