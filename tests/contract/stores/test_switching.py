"""Changing a workspace's embedder: the vectors beside those in use, and the one transaction that adopts them."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.domain.ids import passage_id, text_hash
from assistant.errors import EmbedderMismatch, StoreError
from assistant.stores.port import Catalog
from tests.support.store_samples import EMBEDDER, WORKSPACE, batch, ids, numbered, record

OTHER = "wider:1:48"


def wide(text: str) -> np.ndarray:
    vector = np.random.default_rng(len(text)).standard_normal(48).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector))


def stage_all(catalog: Catalog, count: int = 10_000) -> int:
    lacking = catalog.vectors.lacking(WORKSPACE, OTHER, count)
    records = catalog.records.get(WORKSPACE, [one.record_id for one in lacking])
    texts = {one.text_hash: records[one.record_id].raw[one.start : one.end] for one in lacking}
    catalog.vectors.stage(WORKSPACE, OTHER, {key: wide(text) for key, text in texts.items()})
    return len(lacking)


def test_each_text_lacks_its_vector_once_until_it_is_staged(catalog: Catalog) -> None:
    catalog.records.add(
        WORKSPACE, batch([*numbered(5), record("a", "same words"), record("b", "same words")])
    )
    assert len(catalog.vectors.lacking(WORKSPACE, OTHER, 100)) == 6
    assert len(catalog.vectors.lacking(WORKSPACE, OTHER, 4)) == 4
    assert catalog.vectors.lacking(WORKSPACE, EMBEDDER, 100) == []
    assert stage_all(catalog) == 6
    assert catalog.vectors.lacking(WORKSPACE, OTHER, 100) == []


def test_staged_vectors_change_nothing_until_they_are_adopted(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(5)))
    before = catalog.records.corpus(WORKSPACE)
    stage_all(catalog)
    after = catalog.records.corpus(WORKSPACE)
    assert after.vectors.tobytes() == before.vectors.tobytes()
    assert catalog.pages.embedder(WORKSPACE) == EMBEDDER
    assert catalog.vectors.adopt(WORKSPACE, OTHER)
    assert catalog.pages.embedder(WORKSPACE) == OTHER
    adopted = catalog.records.corpus(WORKSPACE)
    assert adopted.vectors.shape == (5, 48)
    assert (adopted.passage_ids, adopted.snapshot) == (before.passage_ids, before.snapshot)
    [(_, rows)] = list(catalog.outbox.rows(WORKSPACE, 100))
    assert rows.shape == (5, 48)


def test_adopting_is_refused_while_a_passage_lacks_its_vector(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(5)))
    stage_all(catalog, 3)
    assert not catalog.vectors.adopt(WORKSPACE, OTHER)
    stage_all(catalog)
    catalog.records.add(WORKSPACE, batch(numbered(1, start=9)))
    assert not catalog.vectors.adopt(WORKSPACE, OTHER)
    assert catalog.records.corpus(WORKSPACE).vectors.shape == (6, 32)


def test_after_adopting_the_old_vectors_are_gone_and_the_old_embedder_is_refused(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(3)))
    stage_all(catalog)
    catalog.vectors.adopt(WORKSPACE, OTHER)
    hashes = [text_hash(one.raw) for one in numbered(3)]
    assert catalog.vectors.get(WORKSPACE, EMBEDDER, hashes) == {}
    assert len(catalog.vectors.get(WORKSPACE, OTHER, hashes)) == 3
    with pytest.raises(EmbedderMismatch):
        catalog.records.add(WORKSPACE, batch(numbered(1, start=9)))


def test_erasing_takes_staged_vectors_with_it(catalog: Catalog) -> None:
    catalog.records.add(
        WORKSPACE, batch([*numbered(2), record("a", "same words"), record("b", "same words")])
    )
    stage_all(catalog)
    catalog.pages.erase(WORKSPACE, [*ids(numbered(1)), record("a", "same words").id])
    gone = text_hash(numbered(1)[0].raw)
    held = [text_hash(numbered(2)[1].raw), text_hash("same words")]
    for embedder in (EMBEDDER, OTHER):
        assert sorted(catalog.vectors.get(WORKSPACE, embedder, [gone, *held])) == sorted(held)


def test_another_workspace_is_left_alone(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(2)))
    other = batch(numbered(2, workspace="other"))
    catalog.records.add("other", other)
    stage_all(catalog)
    catalog.vectors.adopt(WORKSPACE, OTHER)
    assert catalog.pages.embedder("other") == EMBEDDER
    assert catalog.records.corpus("other").vectors.shape == (2, 32)


def test_an_empty_workspace_takes_any_embedder(catalog: Catalog) -> None:
    assert catalog.vectors.lacking(WORKSPACE, OTHER, 10) == []
    assert catalog.vectors.adopt(WORKSPACE, OTHER)
    assert catalog.pages.embedder(WORKSPACE) == OTHER


def test_vectors_that_are_no_numbers_are_refused(catalog: Catalog) -> None:
    given = batch(numbered(1))
    catalog.records.add(WORKSPACE, replace(given))
    [lacking] = catalog.vectors.lacking(WORKSPACE, OTHER, 10)
    assert lacking.id == passage_id(numbered(1)[0].id, 0)
    with pytest.raises(StoreError, match="isn't a number"):
        catalog.vectors.stage(WORKSPACE, OTHER, {lacking.text_hash: np.full(48, np.nan, np.float32)})
