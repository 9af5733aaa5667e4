"""Whatever the vectors are: every row has its themes, they are nested, and neither order nor threads change a byte."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from assistant.synthesis.grid import Vectors
from assistant.synthesis.hierarchy import Clusters, cluster
from assistant.synthesis.partition import FEW
from tests.support.vectors import unit_rows


@st.composite
def some_rows(draw: st.DrawFn) -> Vectors:
    rows = draw(st.integers(0, 160) | st.just(FEW + 40))
    vectors, _ = unit_rows(rows, draw(st.integers(1, 12)), draw(st.sampled_from([0.0, 0.05, 0.3, 2.0])), 16)
    return vectors[np.lexsort(vectors.T)] if rows else vectors


def as_bytes(found: Clusters) -> bytes:
    return b"".join(
        array.tobytes()
        for layer in found.layers
        for array in (layer.labels, layer.centroids, layer.parents, layer.sizes)
    )


@given(some_rows())
@settings(max_examples=25)
def test_every_row_has_its_themes_and_they_are_nested(vectors: Vectors) -> None:
    found = cluster(vectors)

    for layer in found.layers:
        inside = layer.labels[layer.labels >= 0]
        assert np.bincount(inside, minlength=len(layer.sizes)).tolist() == layer.sizes.tolist()
        assert (layer.sizes > 0).all()
        _, first = np.unique(inside, return_index=True)
        assert (np.diff(first) > 0).all()
        assert np.allclose(np.linalg.norm(layer.centroids, axis=1), 1, atol=1e-5)
    assert (found.broad.labels >= 0).all()
    assert (found.themes.labels >= 0).all()
    for lower, upper in ((found.themes, found.broad), (found.parts, found.themes)):
        held = lower.labels >= 0
        assert (upper.labels[held] == lower.parents[lower.labels[held]]).all()
    # A theme either has no parts or consists of two or more.
    assert (np.bincount(found.parts.parents, minlength=1) != 1).all()


@given(some_rows(), st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_neither_the_order_of_arrival_nor_threads_change_a_byte(vectors: Vectors, dice: Random) -> None:
    order = list(range(len(vectors)))
    dice.shuffle(order)
    arrived = vectors[order]
    again = arrived[np.lexsort(arrived.T)] if len(arrived) else arrived

    with threadpool_limits(1):
        one = as_bytes(cluster(vectors))
    with threadpool_limits(2):
        two = as_bytes(cluster(again))

    assert one == two
