"""A statement is grouped with what its record says around it; a text of many records, or of one statement, stays where it is."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from assistant.search.matrix import CorpusMatrix, Ints
from assistant.stores.index_port import Vectors
from assistant.stores.theme_port import StatementRows
from assistant.synthesis import context
from assistant.synthesis.context import WEIGHT, in_context
from assistant.synthesis.material import Material
from assistant.workbench import Workbench

EXPORT, SEARCH, FILLER = np.eye(3, 8, dtype=np.float32)


def material(vectors: Sequence[Vectors], records: Sequence[Sequence[int]]) -> Material:
    """Texts, and for each record the texts of its statements."""
    owners = [place for place, texts in enumerate(records) for _ in texts]
    nowhere = np.full(len(owners), -1, dtype=np.int32)
    rows = StatementRows(
        record_ids=tuple(f"rec_{place}" for place in range(len(records))),
        keys=np.arange(len(owners)),
        record=np.array(owners, dtype=np.int32),
        start=np.zeros(len(owners), np.int64),
        end=np.zeros(len(owners), np.int64),
        text=np.array([text for texts in records for text in texts], dtype=np.int32),
        hashes=tuple(str(place) for place in range(len(vectors))),
        vectors=np.array(vectors, dtype=np.float16).reshape(len(vectors), -1 if vectors else 0),
        theme=nowhere,
        theme_ids=(),
        found=nowhere,
    )
    return Material(cast(Workbench, None), rows, cast(CorpusMatrix, None))


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MANY", 1)


def test_a_statement_moves_toward_the_subject_of_its_record() -> None:
    seen = in_context(material([EXPORT, FILLER], [[0, 1]]))

    assert seen[1] @ EXPORT == pytest.approx(WEIGHT / np.hypot(1, WEIGHT), abs=1e-6)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_a_record_of_one_statement_stays_as_it_is() -> None:
    seen = in_context(material([EXPORT, SEARCH], [[0], [1], [1]]))

    assert np.array_equal(seen, [EXPORT, SEARCH])


def test_a_text_that_stands_beside_everything_is_drawn_nowhere_for_certain() -> None:
    seen = in_context(material([EXPORT, SEARCH, FILLER], [[0, 2], [1, 2], [2], [2]]))

    assert seen[2] @ EXPORT == pytest.approx(seen[2] @ SEARCH)
    assert seen[2] @ FILLER > 0.9


def test_many_records_at_once_give_the_same_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(5)
    records: list[Ints] = [dice.integers(0, 30, size=size) for size in (1, 2, 5, 3, 1, 7, 2, 2, 4)]
    said = material(list(dice.normal(size=(30, 8))), [one.tolist() for one in records])
    vectors = said.vectors
    at_once = in_context(said)
    monkeypatch.setattr(context, "_RECORDS_AT_ONCE", 2)
    monkeypatch.setattr(context, "_TEXTS_AT_ONCE", 7)
    step_by_step = in_context(said)

    assert at_once == pytest.approx(step_by_step, abs=1e-6)
    by_hand = vectors.astype(float).copy()
    for text in range(30):
        around = [
            np.mean([vectors[other] for place, other in enumerate(one) if place != own], axis=0)
            if len(one) > 1
            else np.zeros(8)
            for one in records
            for own, held in enumerate(one)
            if held == text
        ]
        by_hand[text] += WEIGHT * np.mean(around, axis=0) if around else 0.0
    by_hand /= np.linalg.norm(by_hand, axis=1, keepdims=True)
    assert at_once == pytest.approx(by_hand, abs=1e-5)


def test_few_texts_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "MANY", 3)
    assert np.array_equal(in_context(material([EXPORT, FILLER], [[0, 1]])), [EXPORT, FILLER])


def test_no_text_gives_no_vector() -> None:
    assert in_context(material([], [])).size == 0
