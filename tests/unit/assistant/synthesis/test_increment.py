import numpy as np

from assistant.synthesis.hierarchy import cluster
from assistant.synthesis.increment import anchors, assign
from tests.support.vectors import unit_rows


def test_new_rows_join_the_theme_of_their_subject() -> None:
    vectors, subject = unit_rows(400, 8, spread=0.05)
    old = np.arange(len(vectors)) < 300
    labels = cluster(vectors[old]).themes.labels

    joined = assign(vectors[~old], anchors(vectors[old], labels))

    assert joined.labels.tolist() == [labels[subject[old] == one][0] for one in subject[~old]]
    assert joined.is_far.mean() < 0.2


def test_rows_of_a_new_subject_are_far() -> None:
    vectors, subject = unit_rows(400, 8, spread=0.05)
    is_new = subject == 7
    known = anchors(vectors[~is_new], cluster(vectors[~is_new]).themes.labels)

    joined = assign(vectors[is_new], known)

    assert joined.is_far.all()
    assert set(cluster(vectors[is_new]).themes.labels.tolist()) == {0}


def test_where_a_row_goes_depends_on_that_row_alone() -> None:
    vectors, _ = unit_rows(3_000, 8, spread=0.2)
    known = anchors(vectors[:300], cluster(vectors[:300]).themes.labels)

    together = assign(vectors[300:], known)
    one_by_one = [assign(row[None], known) for row in vectors[300:400]]

    assert together.labels[:100].tolist() == [int(one.labels[0]) for one in one_by_one]
    assert together.is_far[:100].tolist() == [bool(one.is_far[0]) for one in one_by_one]


def test_without_themes_every_row_is_far() -> None:
    vectors, _ = unit_rows(4, 2)

    joined = assign(vectors, anchors(vectors[:0], np.empty(0, np.int64)))

    assert joined.labels.tolist() == [-1] * 4
    assert joined.is_far.all()


def test_themes_of_single_rows_take_in_what_is_alike() -> None:
    vectors, _ = unit_rows(3, 3)

    joined = assign(vectors, anchors(vectors, np.arange(3)))

    assert joined.labels.tolist() == [0, 1, 2]
    assert not joined.is_far.any()
