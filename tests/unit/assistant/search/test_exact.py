import numpy as np

from assistant.search.exact import nearest, similarities
from assistant.search.matrix import matrix_for
from tests.support.search_corpus import some_rows

RNG = np.random.default_rng(5)


def unit(dimension: int) -> np.ndarray:
    vector = RNG.standard_normal(dimension)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def test_a_passage_has_the_same_bits_whatever_the_mask() -> None:
    matrix = matrix_for(some_rows(RNG.standard_normal((400, 384))))
    vector = unit(384)
    _, everything = similarities(matrix, vector, None)
    for share in (0.02, 0.3, 0.9):
        mask = RNG.random(400) < share
        rows, found = similarities(matrix, vector, mask)
        assert rows.tolist() == np.flatnonzero(mask).tolist()
        assert found.tobytes() == everything[mask].tobytes()


def test_a_passage_has_the_same_bits_whatever_came_before_it() -> None:
    vectors, vector = RNG.standard_normal((40, 384)), unit(384)
    whole = similarities(matrix_for(some_rows(vectors)), vector, None)[1]
    for start in range(8):
        part = similarities(matrix_for(some_rows(vectors[start:])), vector, None)[1]
        assert part.tobytes() == whole[start:].tobytes()


def test_a_mask_over_records_leaves_all_their_passages() -> None:
    matrix = matrix_for(some_rows(np.eye(4), passage_record=[0, 0, 1, 1]))
    rows, found = similarities(matrix, np.array([0, 0, 0, 1], dtype=np.float32), np.array([False, True]))
    assert rows.tolist() == [2, 3]
    assert found.tolist() == [0, 1]


def test_the_nearest_come_first_and_ties_keep_the_order_of_ids() -> None:
    similarity = np.array([0.5, 0.9, 0.5, 0.9, 0.1], dtype=np.float32)
    passages = np.array([10, 11, 12, 13, 14])
    assert [row for row, _ in nearest(passages, similarity, 3)] == [11, 13, 10]
    assert [row for row, _ in nearest(passages, similarity, 99)] == [11, 13, 10, 12, 14]
    assert nearest(passages, similarity, 0) == []
    assert nearest(passages[:0], similarity[:0], 5) == []
