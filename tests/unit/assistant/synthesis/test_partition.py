import numpy as np

from assistant.synthesis.grid import on_grid
from assistant.synthesis.partition import FEW, partition
from tests.support.vectors import unit_rows

SUBJECTS = ("the watch face is gone", "no sync with strava", "sleep is not counted", "steps while driving")


def vague(rows: int, apart: float) -> tuple[np.ndarray, list[str]]:
    """Rows whose vectors hardly tell their subject, and texts that do."""
    rng = np.random.default_rng(3)
    subject = np.arange(rows) % len(SUBJECTS)
    noise = rng.normal(size=(rows, 64)).astype(np.float32)
    noise[np.arange(rows), subject] += np.float32(apart)
    return noise / np.linalg.norm(noise, axis=1, keepdims=True), [SUBJECTS[one] for one in subject]


def pairs_kept(labels: np.ndarray, texts: list[str]) -> float:
    """Share of the pairs with the same text that are in one group."""
    names = np.array(texts)
    same = names[:, None] == names[None]
    return float((labels[:, None] == labels[None])[same].mean())


def test_where_vectors_are_vague_rows_that_are_spelled_alike_come_together() -> None:
    vectors, texts = vague(80, apart=4.0)
    steps = on_grid(vectors)

    without, spelled = partition(steps).labels, partition(steps, texts).labels

    assert pairs_kept(without, texts) < 0.5
    assert pairs_kept(spelled, texts) > 0.9


def test_texts_without_letters_change_nothing() -> None:
    steps = on_grid(unit_rows(80, 9, spread=0.2)[0])

    assert np.array_equal(partition(steps, ["?"] * 80).labels, partition(steps).labels)


def test_many_rows_are_grouped_by_their_vectors_alone() -> None:
    steps = on_grid(unit_rows(FEW, 9)[0])

    spelled = partition(steps, [str(row % 2) * 9 for row in range(FEW)])

    assert np.array_equal(spelled.labels, partition(steps).labels)


def test_the_order_of_rows_changes_no_group() -> None:
    vectors, texts = vague(80, apart=4.0)
    order = np.random.default_rng(1).permutation(80)

    here = partition(on_grid(vectors), texts).labels
    there = partition(on_grid(vectors[order]), [texts[row] for row in order]).labels

    assert np.array_equal(here[order][:, None] == here[order], there[:, None] == there)
