"""The planner gives the same passages whether it asks an index or compares one by one."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import StoreError
from assistant.search import plan
from assistant.search.exact import nearest, similarities
from assistant.search.matrix import CorpusMatrix, matrix_for
from assistant.stores.index_port import IndexChange, Vectors
from assistant.workbench import Workbench
from tests.support.search_corpus import a_bench, some_rows

COUNT, DIMENSION = 1_500, 16


class ExactIndex:
    """An index with perfect recall and other arithmetic than ours; counts its questions."""

    def __init__(self, matrix: CorpusMatrix) -> None:
        self.names = np.array(matrix.rows.passage_ids)
        self.vectors = matrix.vectors.astype(np.float64)
        self.asked: list[int] = []
        self.broken = False

    def apply(self, changes: Sequence[IndexChange]) -> None:
        raise AssertionError("nothing is pending")

    def applied(self) -> int:
        return 0

    def count(self) -> int:
        return len(self.names)

    def query(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        if self.broken:
            raise StoreError("The index is damaged.")
        self.asked.append(limit)
        cosine = self.vectors @ vector
        order = np.argsort(-cosine, kind="stable")[:limit]
        return [("rec_gone.0", 1.0), *((str(self.names[i]), float(cosine[i])) for i in order)]

    def replace(self, rows: Iterable[tuple[list[str], Vectors]], seq: int) -> None:
        raise AssertionError("nobody rebuilds here")

    def close(self) -> None: ...


RNG = np.random.default_rng(11)
MATRIX = matrix_for(some_rows(RNG.standard_normal((COUNT, DIMENSION))))
INDEX = ExactIndex(MATRIX)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return a_bench(Path(tmp_path_factory.mktemp("plan")), open_index=lambda _: INDEX)


def a_vector(seed: int) -> npt.NDArray[np.float32]:
    vector = np.random.default_rng(seed).standard_normal(DIMENSION)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@given(
    seed=st.integers(0, 1_000),
    share=st.sampled_from([None, 0.002, 0.05, 0.2, 0.9]),
    near=st.booleans(),
    limit=st.integers(1, 120),
    exact_up_to=st.sampled_from([0, 100, COUNT]),
)
def test_a_filtered_answer_of_the_index_equals_the_exact_one(
    bench: Workbench, seed: int, share: float | None, near: bool, limit: int, exact_up_to: int
) -> None:
    vector, mask = a_vector(seed), None
    if share is not None:
        draws = np.random.default_rng(seed + 1).random(COUNT)
        # Worst case for oversampling: the filter leaves just what is far from the question.
        draws = np.argsort(np.argsort(MATRIX.vectors @ vector)) / COUNT if near else draws
        mask = draws < share
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "EXACT_PASSAGES", 0)
        patch.setattr(plan, "EXACT_CANDIDATES", exact_up_to)
        found = plan.dense(bench, MATRIX, vector, mask, limit)
    assert found == nearest(*similarities(MATRIX, vector, mask), limit)


def test_a_broad_filter_asks_the_index_a_little_more(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "EXACT_PASSAGES", 0)
    monkeypatch.setattr(plan, "EXACT_CANDIDATES", 100)
    INDEX.asked.clear()
    plan.dense(bench, MATRIX, a_vector(1), np.random.default_rng(2).random(COUNT) < 0.2, 10)
    assert len(INDEX.asked) == 1
    assert 50 <= INDEX.asked[0] <= 100


def test_few_candidates_and_small_corpora_never_ask_the_index(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    INDEX.asked.clear()
    plan.dense(bench, MATRIX, a_vector(1), None, 10)
    monkeypatch.setattr(plan, "EXACT_PASSAGES", 0)
    plan.dense(bench, MATRIX, a_vector(1), np.arange(COUNT) < 30, 10)
    assert INDEX.asked == []


def test_a_damaged_index_is_answered_for_by_the_catalog(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "EXACT_PASSAGES", 0)
    monkeypatch.setattr(plan, "EXACT_CANDIDATES", 0)
    monkeypatch.setattr(INDEX, "broken", True)
    found = plan.dense(bench, MATRIX, a_vector(4), None, 5)
    assert found == nearest(*similarities(MATRIX, a_vector(4), None), 5)


def test_an_index_that_lacks_passages_falls_short_and_is_not_trusted(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "EXACT_PASSAGES", 0)
    monkeypatch.setattr(plan, "EXACT_CANDIDATES", 0)
    monkeypatch.setattr(INDEX, "names", np.array(["rec_other.0"] * COUNT))
    found = plan.dense(bench, MATRIX, a_vector(4), None, 5)
    assert found == nearest(*similarities(MATRIX, a_vector(4), None), 5)
