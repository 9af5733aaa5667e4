"""The contract of `VectorIndex`, and of keeping one true to the catalog."""

import numpy as np

from assistant.domain.ids import passage_id
from assistant.stores.index_port import IndexChange
from assistant.stores.port import Catalog
from assistant.stores.sync import CheckedIndex, disagreement, drain, rebuild
from tests.support.store_samples import WORKSPACE, batch, ids, numbered, record, vector_of


def _change(seq: int, name: str, text: str | None) -> IndexChange:
    return IndexChange(seq, name, None if text is None else vector_of(text))


def test_an_empty_index_answers(index: CheckedIndex) -> None:
    assert index.count() == index.applied() == 0
    assert index.query(vector_of("anything"), 5) == []
    index.apply([])
    assert index.applied() == 0


def test_the_nearest_come_first_with_their_cosine(index: CheckedIndex) -> None:
    index.apply([_change(i + 1, f"p{i}", f"text {i}") for i in range(50)])
    hits = index.query(vector_of("text 7"), 10)
    assert hits[0][0] == "p7"
    assert len(hits) == 10
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    expected = float(vector_of("text 7") @ vector_of(f"text {hits[1][0][1:]}"))
    assert abs(hits[1][1] - expected) < 1e-3
    assert abs(hits[0][1] - 1.0) < 1e-3


def test_asking_for_more_than_there_is_gives_all(index: CheckedIndex) -> None:
    index.apply([_change(1, "a", "one"), _change(2, "b", "two")])
    assert len(index.query(vector_of("one"), 100)) == 2
    assert index.query(vector_of("one"), 0) == []


def test_applying_twice_changes_nothing(index: CheckedIndex) -> None:
    changes = [_change(1, "a", "one"), _change(2, "b", "two"), _change(3, "a", None)]
    index.apply(changes)
    index.apply(changes)
    assert index.count() == 1
    assert index.applied() == 3
    assert [name for name, _ in index.query(vector_of("one"), 5)] == ["b"]


def test_a_late_batch_does_not_bring_back_what_was_removed(index: CheckedIndex) -> None:
    index.apply([_change(1, "a", "one"), _change(2, "a", None)])
    index.apply([_change(1, "a", "one")])
    assert (index.count(), index.applied()) == (0, 2)


def test_an_upsert_replaces_the_vector(index: CheckedIndex) -> None:
    index.apply([_change(1, "a", "one")])
    index.apply([_change(2, "a", "two")])
    assert index.count() == 1
    assert index.query(vector_of("two"), 1)[0][1] > 0.999


def test_removing_what_is_not_there_is_fine(index: CheckedIndex) -> None:
    index.apply([_change(1, "ghost", None)])
    assert (index.count(), index.applied()) == (0, 1)


def test_replacing_leaves_only_the_new_rows(index: CheckedIndex) -> None:
    index.apply([_change(1, "old", "one")])
    rows = [(["a", "b"], np.stack([vector_of("two"), vector_of("three")])), (["c"], vector_of("four")[None])]
    index.replace(iter(rows), 9)
    assert (index.count(), index.applied()) == (3, 9)
    assert "old" not in [name for name, _ in index.query(vector_of("one"), 10)]
    index.apply([_change(10, "d", "five")])
    assert index.query(vector_of("five"), 1)[0][0] == "d"


def test_draining_makes_everything_findable_and_again_does_nothing(
    catalog: Catalog, index: CheckedIndex
) -> None:
    records = numbered(30)
    catalog.records.add(WORKSPACE, batch(records))
    assert drain(catalog, index, WORKSPACE) == 30
    assert drain(catalog, index, WORKSPACE) == 0
    assert index.applied() == catalog.outbox.head(WORKSPACE)
    for r in records:
        assert index.query(vector_of(r.raw), 1)[0][0] == passage_id(r.id, 0)
    assert disagreement(catalog, index, WORKSPACE) == ""


def test_changed_and_erased_records_leave_the_index(catalog: Catalog, index: CheckedIndex) -> None:
    records = numbered(10)
    catalog.records.add(WORKSPACE, batch(records))
    drain(catalog, index, WORKSPACE)
    catalog.records.add(WORKSPACE, batch([record("3", "wholly new words")]))
    catalog.pages.erase(WORKSPACE, [records[5].id])
    drain(catalog, index, WORKSPACE)
    found = dict(index.query(vector_of(records[5].raw), 20))
    assert set(found) == {passage_id(i, 0) for i in ids(records)} - {passage_id(records[5].id, 0)}
    assert index.query(vector_of("wholly new words"), 1)[0][0] == passage_id(records[3].id, 0)
    assert disagreement(catalog, index, WORKSPACE) == ""


def test_a_rebuild_needs_nothing_but_the_catalog(catalog: Catalog, index: CheckedIndex) -> None:
    records = numbered(25)
    catalog.records.add(WORKSPACE, batch(records))
    assert rebuild(catalog, index, WORKSPACE) == 25
    assert index.applied() == 25
    assert index.query(vector_of(records[4].raw), 1)[0][0] == passage_id(records[4].id, 0)


def test_disagreement_is_noticed(catalog: Catalog, index: CheckedIndex) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(20)))
    drain(catalog, index, WORKSPACE)
    strangers = [(name, vector_of(f"stranger {name}")) for name in "abcdefghijklmnopqrst"]
    index.replace([([name for name, _ in strangers], np.stack([v for _, v in strangers]))], 20)
    assert "are found" in disagreement(catalog, index, WORKSPACE)
    index.replace([(["a"], vector_of("stranger a")[None])], 20)
    assert "it holds 1 passages" in disagreement(catalog, index, WORKSPACE)
