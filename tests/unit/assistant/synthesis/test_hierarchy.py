import numpy as np
import pytest

from assistant.synthesis import hierarchy
from assistant.synthesis.hierarchy import Clusters, cluster
from assistant.synthesis.partition import FEW
from tests.support.vectors import unit_rows


def as_bytes(found: Clusters) -> bytes:
    return b"".join(
        part.tobytes() for layer in found.layers for part in (layer.labels, layer.centroids, layer.parents)
    )


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 40, FEW + 500])
def test_every_row_is_in_one_theme_of_the_first_two_levels(rows: int) -> None:
    found = cluster(unit_rows(rows, 9)[0])

    for layer in (found.broad, found.themes):
        assert len(layer.labels) == rows
        assert sorted(set(layer.labels.tolist())) == list(range(len(layer.sizes)))
        assert layer.sizes.sum() == rows


@pytest.mark.parametrize("rows", [60, FEW + 500])
def test_subjects_that_lie_apart_are_found(rows: int) -> None:
    vectors, subject = unit_rows(rows, 9)

    found = cluster(vectors)

    assert found.themes.labels.tolist() == subject.tolist()


@pytest.mark.parametrize("rows", [2, 30, FEW + 500])
def test_equal_rows_are_one_theme_without_parts(rows: int) -> None:
    found = cluster(np.repeat(unit_rows(1, 1)[0], rows, axis=0))

    assert [layer.sizes.tolist() for layer in found.layers] == [[rows], [rows], []]
    assert set(found.parts.labels.tolist()) == {-1}


def test_a_theme_of_two_rows_stays_and_is_flagged_as_single_voices() -> None:
    vectors, _ = unit_rows(30, 3)
    lonely = -vectors[:2]

    found = cluster(np.concatenate([vectors, lonely]))

    assert found.themes.sizes.tolist() == [10, 10, 10, 1, 1]
    assert found.themes.is_single_voice.tolist() == [False, False, False, True, True]


@pytest.mark.parametrize("rows", [60, FEW + 500])
def test_the_same_rows_give_the_same_bytes(rows: int) -> None:
    vectors, _ = unit_rows(rows, 9, spread=0.2)

    assert as_bytes(cluster(vectors)) == as_bytes(cluster(vectors.copy()))


def test_themes_too_many_to_compare_all_are_joined_along_their_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors, _ = unit_rows(900, 60, spread=0.05)
    compared = cluster(vectors)
    monkeypatch.setattr(hierarchy, "_COMPARED", 20)

    found = cluster(vectors)

    assert found.themes.labels.tolist() == compared.themes.labels.tolist()
    assert 1 < len(found.broad.sizes) < len(found.themes.sizes)
    assert (found.broad.labels == found.themes.parents[found.themes.labels]).all()
