from concurrent.futures import ThreadPoolExecutor

import numpy as np

from assistant.search.column import column_of
from assistant.search.matrix import matrix_for
from tests.support.search_corpus import some_rows

RNG = np.random.default_rng(3)


def test_vectors_are_unit_rows_and_a_zero_vector_stays_zero() -> None:
    raw = RNG.standard_normal((5, 16))
    raw[2] = 0
    vectors = matrix_for(some_rows(raw)).vectors
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0, 1, 1], atol=1e-6)


def test_some_rows_have_the_same_bits_as_in_the_whole() -> None:
    rows = some_rows(RNG.standard_normal((50, 33)))
    picked = np.array([3, 17, 49])
    apart = matrix_for(rows).unit_rows(picked)
    assert apart.tobytes() == matrix_for(rows).vectors[picked].tobytes()


def test_the_matrix_of_the_same_rows_is_one_object_for_all_threads() -> None:
    rows = some_rows(RNG.standard_normal((5, 4)))
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: id(matrix_for(rows)), range(64)))
    assert len(found) == 1


def test_a_column_knows_who_holds_which_value() -> None:
    column = column_of(["x", None, "y", "x"])
    assert column.among(["x"]).tolist() == [True, False, False, True]
    assert column.among(["z", None]).tolist() == [False] * 4


def test_the_first_of_a_voice_is_its_smallest_record_in_the_mask() -> None:
    matrix = matrix_for(some_rows(np.eye(4), voices=["v", "w", "v", "v"]))
    assert matrix.first_of_voice(3) == 0
    assert matrix.first_of_voice(3, np.array([False, True, True, True])) == 2
    assert matrix.first_of_voice(1) == 1


def test_ratings_are_read_on_the_scale_of_their_source() -> None:
    rows = some_rows(np.eye(4), source=["stars", "stars", "nps", "nps"], rating=[1.0, 4.0, 9.0, None])
    matrix = matrix_for(rows)
    assert matrix.rating_share("stars", 1.0) == 0.0
    assert matrix.rating_share("stars", 5.0) == 1.0
    assert matrix.rating_share("nps", 9.0) == 0.9
    assert matrix.rating_share("nps", None) is None
    assert matrix.rating_share("unknown", 3.0) is None


def test_segment_names_are_collected() -> None:
    matrix = matrix_for(some_rows(np.eye(2), segments=[{"plan": "pro"}, {"os": "ios", "plan": "free"}]))
    assert matrix.segment_names == ("os", "plan")
