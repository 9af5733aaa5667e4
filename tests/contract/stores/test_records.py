"""The contract of `RecordStore`, `RecordPages`, `VectorStore`, `ImportStore` and `OutboxStore`."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.ids import passage_id, text_hash
from assistant.domain.record import Anchor, Passage, Record, RecordKind
from assistant.errors import EmbedderMismatch, InputRejected, StoreError
from assistant.stores.catalog import open_catalog
from assistant.stores.port import Catalog, Checkpoint, RecordBatch
from tests.support.store_samples import (
    DIMENSION,
    EMBEDDER,
    WORKSPACE,
    batch,
    ids,
    numbered,
    record,
    vector_of,
)


def _full_record(raw: str, zone: timezone = UTC) -> Record:
    return record(
        "full",
        raw,
        kind=RecordKind.competitor,
        external_id="T-1",
        person="per_1",
        account="Globex",
        segments={"plan": "pro", "größe": "200–500"},
        rating=3.5,
        said_at=datetime(2025, 3, 30, 1, 59, 7, tzinfo=zone),
        language="de",
        url="https://example.com/1",
        title="Ein Titel",
        anchors=(Anchor(start=0, end=2, label="page 1"),),
    )


@pytest.mark.parametrize(
    "raw",
    ["日本語のフィードバックです。", "👩‍👩‍👧 works ✨", "שלום עולם", "a\r\nb\x00c\u2028", "e\u0301\ufeff"],
)
def test_a_record_is_read_again_as_it_was_saved(catalog: Catalog, raw: str) -> None:
    saved = _full_record(raw, timezone(timedelta(hours=5, minutes=30)))
    catalog.records.add(WORKSPACE, batch([saved]))
    read = catalog.records.get(WORKSPACE, [saved.id])[saved.id]
    assert read == saved
    assert read.revision == saved.revision
    assert catalog.records.known(WORKSPACE, [saved.id]) == {saved.id: saved.revision}


def test_a_date_before_1970_survives(catalog: Catalog) -> None:
    saved = record("old", "an old letter", said_at=datetime(1931, 5, 1, tzinfo=UTC))
    catalog.records.add(WORKSPACE, batch([saved]))
    assert catalog.records.get(WORKSPACE, [saved.id])[saved.id].said_at == saved.said_at


def test_adding_a_batch_again_changes_nothing(catalog: Catalog) -> None:
    records = numbered(5)
    assert catalog.records.add(WORKSPACE, batch(records)) == 5
    head, snapshot = catalog.outbox.head(WORKSPACE), catalog.records.snapshot(WORKSPACE)
    assert catalog.records.add(WORKSPACE, batch(records)) == 0
    assert catalog.outbox.head(WORKSPACE) == head == 5
    assert catalog.records.snapshot(WORKSPACE) == snapshot


def test_a_new_revision_supersedes_the_old_one(catalog: Catalog) -> None:
    old, new = record("1", "alpha wording"), record("1", "beta wording")
    catalog.records.add(WORKSPACE, batch([old]))
    assert catalog.records.add(WORKSPACE, batch([new])) == 1
    assert catalog.records.get(WORKSPACE, [old.id]) == {old.id: new}
    assert catalog.records.get(WORKSPACE, [old.id], old.revision) == {old.id: old}
    assert catalog.lexical.search(WORKSPACE, ["alpha"], 5) == []
    assert [name for name, _ in catalog.lexical.search(WORKSPACE, ["beta"], 5)] == [passage_id(new.id, 0)]
    assert catalog.outbox.count(WORKSPACE) == 1


def test_an_old_revision_can_come_back(catalog: Catalog) -> None:
    old, new = record("1", "alpha wording"), record("1", "beta wording")
    catalog.records.add(WORKSPACE, batch([old]))
    before = catalog.records.snapshot(WORKSPACE)
    catalog.records.add(WORKSPACE, batch([new]))
    catalog.records.add(WORKSPACE, batch([old]))
    assert catalog.records.get(WORKSPACE, [old.id]) == {old.id: old}
    assert catalog.records.snapshot(WORKSPACE) == before


def test_of_a_record_that_a_batch_holds_twice_the_last_stays(catalog: Catalog) -> None:
    first, last = record("1", "alpha beta"), record("1", "gamma")
    assert catalog.records.add(WORKSPACE, batch([first, last])) == 1
    assert catalog.records.get(WORKSPACE, [first.id]) == {first.id: last}
    passages = catalog.records.passages(WORKSPACE, [passage_id(first.id, 0)])
    assert passages[passage_id(first.id, 0)].end == len("gamma")


def test_snapshot_and_corpus_do_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    records = numbered(60)
    seen = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(records, len(records))
        opened = open_catalog(tmp_path / f"{seed}.sqlite3")
        for start in range(0, 60, 7 + seed):
            opened.records.add(WORKSPACE, batch(shuffled[start : start + 7 + seed]))
        seen.append(opened.records.corpus(WORKSPACE))
        hits = opened.lexical.search(WORKSPACE, ["export", "only7"], 20)
        assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
        opened.close()
    for rows in seen[1:]:
        assert rows.snapshot == seen[0].snapshot
        assert rows.record_ids == seen[0].record_ids == tuple(sorted(ids(records)))
        assert rows.passage_ids == seen[0].passage_ids
        assert np.array_equal(rows.passage_record, seen[0].passage_record)
        assert rows.vectors.tobytes() == seen[0].vectors.tobytes()


def test_corpus_rows_belong_together(catalog: Catalog) -> None:
    records = [_full_record("Erster Satz"), record("2", "second"), record("3", "third", rating=1.0)]
    catalog.records.add(WORKSPACE, batch(records))
    rows = catalog.records.corpus(WORKSPACE)
    by_id = {r.id: r for r in records}
    for i, record_id in enumerate(rows.record_ids):
        one = by_id[record_id]
        assert (rows.kind[i], rows.source[i], rows.person[i]) == (one.kind.value, one.source, one.person)
        assert (rows.account[i], rows.voice[i], rows.language[i]) == (one.account, one.voice, one.language)
        assert (rows.rating[i], dict(rows.segments[i])) == (one.rating, one.segments)
        assert rows.said_at[i] == (int(one.said_at.timestamp()) if one.said_at else None)
    for i, name in enumerate(rows.passage_ids):
        owner = by_id[rows.record_ids[rows.passage_record[i]]]
        assert name == passage_id(owner.id, 0)
        assert np.allclose(rows.vectors[i].astype(np.float32), vector_of(owner.raw), atol=1e-3)


def test_a_corpus_without_passages_is_the_same_but_for_them(catalog: Catalog) -> None:
    records = [_full_record("Erster Satz"), record("2", "second"), record("3", "third", rating=1.0)]
    catalog.records.add(WORKSPACE, batch(records))
    rows = catalog.records.corpus(WORKSPACE)
    columns = catalog.records.corpus(WORKSPACE, with_passages=False)
    theirs = {"passage_ids", "passage_record", "passage_keys", "stack", "places", "marks", "has_passages"}
    assert {name: one for name, one in vars(columns).items() if name not in theirs} == {
        name: one for name, one in vars(rows).items() if name not in theirs
    }
    assert rows.has_passages
    assert not columns.has_passages
    assert columns.passage_ids == columns.marks == ()
    assert columns.vectors.size == columns.passage_record.size == 0


def test_a_workspace_that_holds_nothing_reads_as_empty(catalog: Catalog) -> None:
    rows = catalog.records.corpus("nobody")
    assert rows.record_ids == rows.passage_ids == ()
    assert rows.snapshot == catalog.records.snapshot("nobody")
    assert rows.vectors.shape[0] == len(rows.passage_record) == 0
    assert catalog.records.known("nobody", ["x"]) == catalog.records.get("nobody", ["x"]) == {}
    assert catalog.outbox.head("nobody") == catalog.outbox.count("nobody") == 0
    assert catalog.outbox.pending("nobody", 0, 5) == catalog.pages.page("nobody", None, 5) == []
    assert catalog.pages.erase("nobody", ["x"]) == 0
    assert catalog.pages.workspaces() == []


def test_workspaces_do_not_see_each_other(catalog: Catalog) -> None:
    ours, theirs = numbered(3), numbered(4, workspace="other")
    catalog.records.add(WORKSPACE, batch(ours))
    catalog.records.add("other", batch(theirs, embedder="another:1:32"))
    assert set(catalog.records.corpus(WORKSPACE).record_ids) == set(ids(ours))
    assert catalog.records.get(WORKSPACE, ids(theirs)) == {}
    assert catalog.records.passages(WORKSPACE, [passage_id(theirs[0].id, 0)]) == {}
    assert catalog.vectors.get(WORKSPACE, "another:1:32", [text_hash(theirs[0].raw)]) == {}
    assert len(catalog.lexical.search("other", ["export"], 50)) == 4
    assert catalog.pages.workspaces() == [WORKSPACE, "other"]
    assert catalog.pages.embedder("other") == "another:1:32"


def test_another_embedder_is_refused_and_nothing_is_saved(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(2)))
    with pytest.raises(EmbedderMismatch):
        catalog.records.add(WORKSPACE, batch(numbered(2, start=5), embedder="another:1:32"))
    assert catalog.outbox.count(WORKSPACE) == 2
    assert catalog.pages.embedder(WORKSPACE) == EMBEDDER


def test_a_passage_without_a_vector_is_refused_and_nothing_is_saved(catalog: Catalog) -> None:
    good = batch(numbered(2))
    lacking = RecordBatch(good.records, good.passages, {}, good.terms, EMBEDDER, Checkpoint("k", 2))
    with pytest.raises(StoreError):
        catalog.records.add(WORKSPACE, lacking)
    assert catalog.records.known(WORKSPACE, ids(list(good.records))) == {}
    assert catalog.imports.get(WORKSPACE, "k") is None


@pytest.mark.parametrize("vector", [np.zeros(7, np.float32), np.full(DIMENSION, np.nan, np.float32)])
def test_a_vector_that_does_not_fit_is_refused(catalog: Catalog, vector: np.ndarray) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(1)))
    good = batch(numbered(1, start=9))
    odd = RecordBatch(good.records, good.passages, dict.fromkeys(good.vectors, vector), good.terms, EMBEDDER)
    with pytest.raises((EmbedderMismatch, StoreError)):
        catalog.records.add(WORKSPACE, odd)
    assert catalog.records.corpus(WORKSPACE).vectors.shape == (1, DIMENSION)


def test_vectors_that_are_stored_may_be_left_out(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch([record("1", "the same words")]))
    again = batch([record("2", "the same words")])
    catalog.records.add(WORKSPACE, RecordBatch(again.records, again.passages, {}, again.terms, EMBEDDER))
    assert catalog.outbox.count(WORKSPACE) == 2
    found = catalog.vectors.get(WORKSPACE, EMBEDDER, [text_hash("the same words"), "absent"])
    assert found.keys() == {text_hash("the same words")}
    assert np.allclose(found[text_hash("the same words")], vector_of("the same words"), atol=1e-3)


def test_a_vector_moves_with_its_text_when_the_record_changes_around_it(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch([record("1", "unchanged words", rating=1.0)]))
    changed = batch([record("1", "unchanged words", rating=5.0)])
    catalog.records.add(
        WORKSPACE, RecordBatch(changed.records, changed.passages, {}, changed.terms, EMBEDDER)
    )
    assert catalog.vectors.get(WORKSPACE, EMBEDDER, [text_hash("unchanged words")])


def test_half_a_surrogate_pair_is_refused_with_a_sentence(catalog: Catalog) -> None:
    odd = Record.model_construct(**{**dict(record("1", "fine")), "raw": "broken \ud83d half"})
    given = batch([record("1", "fine")])
    with pytest.raises(InputRejected, match="surrogate"):
        catalog.records.add(
            WORKSPACE, RecordBatch([odd], given.passages, given.vectors, given.terms, EMBEDDER)
        )
    assert catalog.records.known(WORKSPACE, [odd.id]) == {}


def test_a_checkpoint_is_saved_with_its_rows(catalog: Catalog) -> None:
    first = Checkpoint("file", 3, {"kept": 3})
    catalog.records.add(WORKSPACE, batch(numbered(3), checkpoint=first))
    assert catalog.imports.get(WORKSPACE, "file") == first
    last = Checkpoint("file", 9, {"kept": 3, "duplicate": 6}, finished=True)
    assert catalog.records.add(WORKSPACE, batch([], checkpoint=last)) == 0
    assert catalog.imports.get(WORKSPACE, "file") == last
    assert catalog.imports.get("other", "file") is None


def test_pages_run_through_every_record_once(catalog: Catalog) -> None:
    records = numbered(11)
    catalog.records.add(WORKSPACE, batch(records))
    seen: list[str] = []
    while page := catalog.pages.page(WORKSPACE, seen[-1] if seen else None, 4):
        seen += ids(page)
    assert seen == sorted(ids(records))


def test_voices_are_those_of_the_current_records(catalog: Catalog) -> None:
    records = numbered(30)
    catalog.records.add(WORKSPACE, batch(records))
    catalog.records.add(
        WORKSPACE, batch([records[3].model_copy(update={"raw": "Another text.", "voice": "other"})])
    )
    catalog.records.add("elsewhere", batch(numbered(2)))
    wanted = {one.id: one.voice for one in records} | {records[3].id: "other"}
    assert sorted(catalog.pages.voices(WORKSPACE)) == sorted(wanted.items())
    assert list(catalog.pages.voices("nowhere")) == []


def test_erased_records_leave_no_byte_behind(catalog: Catalog, tmp_path: Path) -> None:
    secret = record("secret", "zanzibar quokka meeting")
    changed = record("secret", "zanzibar quokka meeting, moved")
    others = numbered(3)
    catalog.records.add(WORKSPACE, batch(others))
    before = catalog.records.snapshot(WORKSPACE)
    catalog.records.add(WORKSPACE, batch([secret]))
    catalog.records.add(WORKSPACE, batch([changed]))
    assert catalog.pages.erase(WORKSPACE, [secret.id, "unknown"]) == 1
    assert catalog.records.snapshot(WORKSPACE) == before
    assert catalog.records.get(WORKSPACE, [secret.id], secret.revision) == {}
    assert catalog.outbox.pending(WORKSPACE, 0, 99)[-1].vector is None
    vectors = [vector_of(r.raw).astype("<f2").tobytes() for r in (secret, changed)]
    for file in tmp_path.glob("catalog.sqlite3*"):
        content = file.read_bytes()
        assert b"zanzibar" not in content
        assert b"quokka" not in content
        assert not any(vector in content for vector in vectors)


def test_outbox_gives_changes_in_order(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(4)))
    catalog.records.add(WORKSPACE, batch([record("1", "another text")]))
    changes = catalog.outbox.pending(WORKSPACE, 0, 99)
    assert [change.seq for change in changes] == [1, 2, 3, 4, 5]
    assert changes[-1].passage_id == changes[1].passage_id
    assert np.array_equal(changes[1].vector, changes[-1].vector)
    assert [change.seq for change in catalog.outbox.pending(WORKSPACE, 2, 2)] == [3, 4]


def test_outbox_rows_are_all_passages_in_order(catalog: Catalog) -> None:
    records = numbered(10)
    catalog.records.add(WORKSPACE, batch(records))
    blocks = list(catalog.outbox.rows(WORKSPACE, 4))
    assert [len(names) for names, _ in blocks] == [4, 4, 2]
    assert [name for names, _ in blocks for name in names] == sorted(passage_id(i, 0) for i in ids(records))
    assert blocks[0][1].dtype == np.float32


def test_a_passage_is_read_with_its_offsets(catalog: Catalog) -> None:
    one = record("1", "First sentence. Second sentence.")
    passages = [
        Passage(id=passage_id(one.id, 0), record_id=one.id, start=0, end=15, text_hash="a" * 32),
        Passage(id=passage_id(one.id, 1), record_id=one.id, start=16, end=32, text_hash="b" * 32),
    ]
    vectors = {"a" * 32: vector_of("a"), "b" * 32: vector_of("b")}
    catalog.records.add(WORKSPACE, RecordBatch([one], passages, vectors, {}, EMBEDDER))
    found = catalog.records.passages(WORKSPACE, [p.id for p in passages])
    assert list(found.values()) == passages


def test_threads_write_and_read_at_the_same_time(catalog: Catalog) -> None:
    def add(start: int) -> int:
        return catalog.records.add(WORKSPACE, batch(numbered(10, start=start)))

    def read(_: int) -> int:
        rows = catalog.records.corpus(WORKSPACE)
        assert len(rows.record_ids) == len(rows.passage_ids) == len(rows.vectors)
        return len(rows.record_ids) % 10

    with ThreadPoolExecutor(6) as pool:
        added = pool.map(add, range(0, 200, 10))
        partly = pool.map(read, range(20))
        assert sum(added) == 200
        assert set(partly) == {0}
    assert catalog.outbox.head(WORKSPACE) == 200
    assert [c.seq for c in catalog.outbox.pending(WORKSPACE, 0, 999)] == list(range(1, 201))
