"""New statements in themes that there are."""

import numpy as np

from assistant.domain.ids import text_hash
from assistant.synthesis.grow import grown
from assistant.synthesis.hierarchy import cluster
from assistant.synthesis.tree import NOWHERE, Tree, planted

DIMENSION = 16


def around(*centres: int, each: int, seed: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    random = np.random.default_rng(seed)
    rows = np.repeat(np.eye(DIMENSION, dtype=np.float32)[list(centres)], each, axis=0)
    rows += random.normal(0, 0.12, rows.shape).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def grown_from(old: np.ndarray, new: np.ndarray) -> tuple[Tree, Tree, int]:
    hashes = [text_hash(str(row)) for row in range(len(old) + len(new))]
    first = planted(cluster(old), hashes[: len(old)], "run_1")
    leaf = np.concatenate([first.leaf, np.full(len(new), NOWHERE)])
    tree = grown(Tree(first.nodes, leaf), np.concatenate([old, new]), hashes, "run_2")
    return first, tree, len(old)


def test_near_ones_join_a_theme_and_nothing_old_moves() -> None:
    first, tree, old = grown_from(around(0, 1, 2, each=20, seed=1), around(0, 2, each=6, seed=2))
    assert tree.nodes == first.nodes
    assert tree.leaf[:old].tolist() == first.leaf.tolist()
    assert set(tree.leaf[old : old + 6].tolist()) == {first.leaf[0]}
    assert set(tree.leaf[old + 6 :].tolist()) == {first.leaf[40]}


def test_far_ones_make_themes_of_their_own_and_every_statement_is_in_one() -> None:
    first, tree, old = grown_from(around(0, 1, each=20, seed=1), around(0, 7, each=8, seed=2))
    ids = {node.id for node in first.nodes}
    assert ids < {node.id for node in tree.nodes}
    assert [tree.nodes[row].id for row in tree.leaf[:old]] == [first.nodes[row].id for row in first.leaf]
    assert (tree.leaf >= 0).all()
    born = [node for node in tree.nodes if node.id not in ids]
    assert {node.born for node in born} == {"run_2"}
    assert len({tree.leaf[row] for row in range(old + 8, old + 16)}) == 1
    held = {node.id: node for node in tree.nodes}
    assert all(held[node.parent].level == node.level - 1 for node in tree.nodes if node.parent)


def test_a_new_theme_hangs_under_the_area_that_it_is_near_to() -> None:
    old, new = around(0, 1, each=20, seed=1), around(0, each=10, seed=2)
    new[:, 7] += 1.2
    new /= np.linalg.norm(new, axis=1, keepdims=True)
    first, tree, _ = grown_from(old, new)
    born = [node for node in tree.nodes if node.born == "run_2"]
    areas = {node.id for node in first.nodes if node.level == 1}
    assert born
    assert {node.parent for node in born} <= areas


def test_without_anything_new_the_tree_is_the_same() -> None:
    first, tree, _ = grown_from(around(0, 1, each=20, seed=1), np.empty((0, DIMENSION), np.float32))
    assert tree.leaf.tolist() == first.leaf.tolist()
    assert tree.nodes == first.nodes
