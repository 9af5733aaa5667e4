"""The contract of `TombstoneStore`: what left its source is counted and found nowhere, and comes back as it was."""

from datetime import UTC, datetime

from assistant.domain.ids import passage_id, text_hash
from assistant.stores.port import Catalog
from assistant.stores.sync import CheckedIndex, disagreement, drain
from tests.support.store_samples import EMBEDDER, WORKSPACE, batch, ids, numbered, record, vector_of

SINCE = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def test_a_buried_record_leaves_everything_that_is_counted_or_found(
    catalog: Catalog, index: CheckedIndex
) -> None:
    stay, leave = numbered(4), numbered(3, start=4)
    catalog.records.add(WORKSPACE, batch(stay))
    alone = catalog.records.snapshot(WORKSPACE)
    catalog.records.add(WORKSPACE, batch(leave))
    drain(catalog, index, WORKSPACE)
    assert catalog.tombstones.bury(WORKSPACE, [*ids(leave), "rec_unknown"], SINCE) == 3
    assert catalog.records.snapshot(WORKSPACE) == alone
    assert set(catalog.records.corpus(WORKSPACE).record_ids) == set(ids(stay))
    assert catalog.pages.page(WORKSPACE, None, 10) == sorted(stay, key=lambda one: one.id)
    assert catalog.records.known(WORKSPACE, ids(leave)) == {}
    assert catalog.records.get(WORKSPACE, ids(leave)) == {}
    assert catalog.lexical.search(WORKSPACE, ["only5"], 5) == []
    drain(catalog, index, WORKSPACE)
    assert disagreement(catalog, index, WORKSPACE) == ""
    assert index.count() == 4
    assert catalog.vectors.get(WORKSPACE, EMBEDDER, [text_hash(leave[0].raw)]) == {}


def test_its_text_is_kept_with_the_time_it_left(catalog: Catalog) -> None:
    [one] = numbered(1)
    catalog.records.add(WORKSPACE, batch([one]))
    catalog.tombstones.bury(WORKSPACE, [one.id], SINCE)
    stone = catalog.tombstones.find(WORKSPACE, [one.id, "rec_unknown"])[one.id]
    assert (stone.revision, stone.source, stone.since) == (one.revision, "sample", SINCE)
    assert catalog.records.get(WORKSPACE, [one.id], one.revision) == {one.id: one}


def test_a_record_that_comes_back_has_its_id_and_is_found_again(
    catalog: Catalog, index: CheckedIndex
) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    whole = catalog.records.snapshot(WORKSPACE)
    catalog.tombstones.bury(WORKSPACE, ids(records[1:]), SINCE)
    assert catalog.records.add(WORKSPACE, batch(records)) == 2
    assert catalog.records.snapshot(WORKSPACE) == whole
    assert catalog.tombstones.find(WORKSPACE, ids(records)) == {}
    assert len(catalog.lexical.search(WORKSPACE, ["only1"], 5)) == 1
    drain(catalog, index, WORKSPACE)
    assert disagreement(catalog, index, WORKSPACE) == ""
    assert index.query(vector_of(records[2].raw), 1)[0][0] == passage_id(records[2].id, 0)


def test_a_record_may_come_back_changed_and_leave_again(catalog: Catalog) -> None:
    old, new = record("1", "alpha wording"), record("1", "beta wording")
    catalog.records.add(WORKSPACE, batch([old]))
    catalog.tombstones.bury(WORKSPACE, [old.id], SINCE)
    assert catalog.records.add(WORKSPACE, batch([new])) == 1
    assert catalog.records.get(WORKSPACE, [old.id]) == {old.id: new}
    assert catalog.tombstones.bury(WORKSPACE, [old.id], SINCE) == 1
    assert catalog.tombstones.find(WORKSPACE, [old.id])[old.id].revision == new.revision
    assert catalog.records.add(WORKSPACE, batch([old])) == 1
    assert catalog.records.get(WORKSPACE, [old.id]) == {old.id: old}


def test_only_current_records_of_the_source_kind_and_workspace_are_listed(catalog: Catalog) -> None:
    records = numbered(2)
    other = record("x", "by a competitor", kind="competitor")
    catalog.records.add(WORKSPACE, batch([*records, other]))
    catalog.records.add("elsewhere", batch([record("9", "far away", "elsewhere")]))
    catalog.tombstones.bury(WORKSPACE, [records[0].id], SINCE)
    assert catalog.tombstones.of_source(WORKSPACE, "sample", "customer") == [records[1].id]
    assert catalog.tombstones.of_source(WORKSPACE, "sample", "competitor") == [other.id]
    assert catalog.tombstones.of_source("nowhere", "sample", "customer") == []
    assert catalog.tombstones.find("elsewhere", [records[0].id]) == {}
    assert catalog.tombstones.bury("nowhere", ids(records), SINCE) == 0


def test_erasing_reaches_what_left_its_source(catalog: Catalog) -> None:
    mine, others = record("1", "my words", person="per_1"), record("2", "their words", person="per_2")
    catalog.records.add(WORKSPACE, batch([mine, others]))
    catalog.tombstones.bury(WORKSPACE, ids([mine, others]), SINCE)
    doomed = catalog.tombstones.of_people(WORKSPACE, ["per_1"])
    assert doomed == [mine.id]
    assert catalog.pages.erase(WORKSPACE, doomed) == 1
    assert catalog.tombstones.find(WORKSPACE, ids([mine, others])).keys() == {others.id}
    assert catalog.records.get(WORKSPACE, [mine.id], mine.revision) == {}
