import random

import numpy as np
import pytest

from assistant.search.by_words import best_rows
from assistant.search.column import Column, are_first, column_of
from assistant.search.matrix import matrix_for
from assistant.stores.moved import Moves
from tests.support.search_corpus import some_rows


def _changed(
    held: list[str | None], chance: random.Random
) -> tuple[Moves, list[str | None], list[str | None]]:
    """Moves, what came, and the whole column of now."""
    moves: list[tuple[int, int, int]] = []
    come: list[str | None] = []
    now: list[str | None] = []
    start = 0
    for at in sorted(chance.sample(range(len(held) + 1), chance.randint(1, 4))):
        is_new, is_gone = chance.random() < 0.7, chance.random() < 0.4 and at < len(held)
        come += [chance.choice([None, "a", "b", "c", f"new {chance.random()}"])] if is_new else []
        moves.append((start, at, len(come) - 1 if is_new else -1))
        now += held[start:at] + come[-1:] * is_new
        start = at + is_gone
    moves.append((start, len(held), -1))
    return moves, come, now + held[start:]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("was_asked", [True, False])
def test_a_spliced_column_is_the_one_that_would_be_made(seed: int, was_asked: bool) -> None:
    chance = random.Random(seed)
    held: list[str | None] = [chance.choice([None, "a", "b", "c", "d", f"own {row}"]) for row in range(40)]
    column = column_of(held)
    for _ in range(6):
        moves, come, held = _changed(held, chance)
        if was_asked:
            assert "a" in column.known or "a" not in column.values
        column = column.spliced(moves, come)
        fresh = column_of(held)
        assert np.array_equal(column.codes, fresh.codes)
        assert column.values == fresh.values
        assert column.known == fresh.known


def test_a_column_of_nothing_but_absent_values_stays_one() -> None:
    column: Column = column_of([None, None]).spliced([(0, 1, 0), (1, 2, -1)], [None])
    assert column.codes.tolist() == [-1, -1, -1]
    assert column.values == ()


@pytest.mark.parametrize("count", [0, 5, 5_000])
def test_the_first_of_each_code_is_marked(count: int) -> None:
    codes = np.random.default_rng(count).integers(0, 40, count)
    found = are_first(codes)
    assert codes[found].tolist() == list(dict.fromkeys(codes.tolist()))


def test_the_best_by_words_are_cut_by_score_and_then_by_id() -> None:
    rows = some_rows(np.eye(6))
    matrix = matrix_for(type(rows)(**{**vars(rows), "passage_keys": np.array([50, 10, 40, 30, 20, 60])}))
    keys, scores = np.array([10, 20, 30, 40, 99]), np.array([1.0, 2.0, 1.0, 1.0, 9.0])
    found, told = best_rows(matrix, keys, scores, 4)
    assert found.tolist() == [4, 1, 2, 3]
    assert told.tolist() == [2.0, 1.0, 1.0, 1.0]
    assert best_rows(matrix, keys[:4], scores[:4], 3)[0].tolist() == [4, 1, 2]
    assert best_rows(matrix, keys[:0], scores[:0], 3)[0].tolist() == []
