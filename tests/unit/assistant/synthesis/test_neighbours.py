import numpy as np
import pytest
from graspologic_native import leiden

from assistant.synthesis import neighbours
from assistant.synthesis.grid import SCALE, Vectors, centroids, on_grid, to_the_rest
from assistant.synthesis.levels import best_level, communities, network_of, simplified_silhouette
from assistant.synthesis.linkage import average_linkage
from assistant.synthesis.neighbours import Graph, inside, nearest_neighbours
from tests.support.vectors import unit_rows


def edges_of(graph: Graph) -> set[tuple[int, int]]:
    return set(zip(graph.first.tolist(), graph.second.tolist(), strict=True))


def by_sorting(steps: Vectors, count: int) -> set[tuple[int, int]]:
    products = steps.astype(np.int64) @ steps.T.astype(np.int64)
    np.fill_diagonal(products, -(2**62))
    near = np.argsort(-products, axis=1, kind="stable")[:, :count]
    return {
        (min(row, other), max(row, other))
        for row, others in enumerate(near.tolist())
        for other in others
        if products[row, other] > 0
    }


@pytest.mark.parametrize("rows", [2, 17, 300, 3_000])
def test_the_exact_graph_is_what_sorting_all_pairs_gives(rows: int) -> None:
    steps = on_grid(unit_rows(rows, 5, spread=0.2)[0])

    graph = nearest_neighbours(steps, 15)

    assert edges_of(graph) == by_sorting(steps, min(15, rows - 1))


def test_equal_cosines_are_broken_by_place() -> None:
    steps = on_grid(np.repeat(unit_rows(2, 2, dimension=8)[0], 1_200, axis=0))

    assert edges_of(nearest_neighbours(steps, 3)) == by_sorting(steps, 3)


def test_searched_neighbours_are_nearly_all_of_the_true_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = on_grid(unit_rows(3_000, 40, spread=0.15, dimension=64)[0])
    exact = edges_of(nearest_neighbours(steps))
    monkeypatch.setattr(neighbours, "EXACT", 0)

    searched = edges_of(nearest_neighbours(steps))

    assert len(exact & searched) / len(exact) > 0.9
    assert searched == edges_of(nearest_neighbours(steps))


@pytest.mark.parametrize("spread", [0.0, 0.15])
def test_searched_neighbours_weigh_their_exact_cosines(
    spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "EXACT", 0)
    vectors = unit_rows(600, 20, spread=spread, dimension=32)[0]
    # One number near 1 makes the bytes coarsest.
    vectors[0] = np.eye(1, 32)[0]
    steps = on_grid(vectors)

    graph = nearest_neighbours(steps)

    products = (steps @ steps.T).astype(np.float64)[graph.first, graph.second] / SCALE**2
    assert graph.weight == pytest.approx(products, abs=1e-12)
    assert set(graph.first.tolist()) | set(graph.second.tolist()) >= set(range(1, 600))


def test_products_on_the_grid_are_exact_in_any_order() -> None:
    steps = on_grid(unit_rows(200, 200, dimension=2_000)[0])
    turned = steps[:, ::-1].copy()

    assert (steps @ steps.T == turned @ turned.T).all()
    assert (steps @ steps.T == steps.astype(np.int64) @ steps.T.astype(np.int64)).all()
    assert float((steps @ steps.T).max()) < 2**24


def test_a_graph_is_cut_into_the_parts_inside_each_label() -> None:
    graph = Graph(5, np.array([0, 0, 1, 2]), np.array([1, 4, 3, 4]), np.array([0.1, 0.2, 0.3, 0.4]))

    first, second = inside(graph, np.array([0, 1, 0, 1, 0]), 2)

    assert (first.rows, edges_of(first), first.weight.tolist()) == (3, {(0, 2), (1, 2)}, [0.2, 0.4])
    assert (second.rows, edges_of(second), second.weight.tolist()) == (2, {(0, 1)}, [0.3])


def test_the_cosine_to_the_rest_leaves_the_row_out() -> None:
    steps = on_grid(unit_rows(12, 3)[0])
    labels = np.array([0] * 11 + [1])
    total = np.stack([steps[:11].sum(axis=0), steps[11]]).astype(np.float64)

    cosine, is_alone = to_the_rest(steps, total[labels])

    rest = centroids(steps[1:11], np.zeros(10, np.int64), 1)[0]
    assert cosine[0] == pytest.approx(float(steps[0] @ rest) / SCALE**2, abs=1e-3)
    assert is_alone.tolist() == [False] * 11 + [True]


def test_rows_by_themselves_earn_no_silhouette() -> None:
    steps = on_grid(unit_rows(60, 3)[0])

    assert simplified_silhouette(steps, np.arange(60)) == 0.0
    assert simplified_silhouette(steps, np.zeros(60, np.int64)) == 0.0
    assert simplified_silhouette(steps, np.arange(60) % 3) > 0.5


def test_the_level_is_that_of_the_subjects() -> None:
    vectors, subject = unit_rows(2_000, 25, spread=0.08, dimension=48)
    steps = on_grid(vectors)

    level = best_level(nearest_neighbours(steps), steps)

    assert level.labels.tolist() == subject.tolist()


def test_communities_are_those_of_the_librarys_list_of_edges() -> None:
    graph = nearest_neighbours(on_grid(unit_rows(1_500, 700, spread=0.3)[0]))
    named = zip(graph.first.tolist(), graph.second.tolist(), graph.weight.tolist(), strict=True)
    _, found = leiden(
        [(str(one), str(other), weight) for one, other, weight in named], resolution=4.0, seed=7, iterations=2
    )

    labels = communities(network_of(graph), 4.0)

    theirs = [found[str(row)] for row in range(1_500)]
    assert len(set(zip(labels.tolist(), theirs, strict=True))) == len(set(theirs)) == int(labels.max()) + 1


def test_a_row_without_edges_is_a_community_by_itself() -> None:
    graph = Graph(5, np.array([1]), np.array([3]), np.array([0.5]))

    assert communities(network_of(graph), 1.0).tolist() == [0, 1, 2, 1, 3]
    assert communities(network_of(nearest_neighbours(np.eye(5, dtype=np.float32))), 1.0).tolist() == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_average_linkage_joins_as_the_slow_way_does() -> None:
    steps = on_grid(unit_rows(60, 6, spread=0.2)[0])
    cosines = (steps @ steps.T).astype(np.float64) / SCALE**2
    groups = [[row] for row in range(60)]
    while True:
        pairs = [
            (cosines[np.ix_(one, other)].mean(), a, b)
            for a, one in enumerate(groups)
            for b, other in enumerate(groups[:a])
        ]
        best, a, b = max(pairs)
        if best < 0.5:
            break
        groups[b] = sorted(groups[b] + groups.pop(a))

    labels = average_linkage(cosines.copy(), 0.5)

    found = sorted(np.flatnonzero(labels == label).tolist() for label in range(int(labels.max()) + 1))
    assert found == sorted(groups)
    assert len(groups) < 60
