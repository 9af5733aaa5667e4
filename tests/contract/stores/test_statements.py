"""Statements and themes in the catalog: what is cut once is kept, and goes with its record."""

from datetime import UTC, datetime

import numpy as np
import pytest

from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import Asked, ErasureState, Receipt
from assistant.domain.ids import text_hash
from assistant.domain.record import Record, RecordKind
from assistant.domain.theme import NamedBy, Statement, ThemeNode, ThemeRun, ThemeSet
from assistant.errors import Conflict
from assistant.stores.erasure_port import Doomed
from assistant.stores.port import Catalog
from assistant.stores.theme_port import ThemeState
from tests.support.store_samples import EMBEDDER, WORKSPACE, batch, ids, numbered, record, vector_of

RUN = ThemeRun(
    id="run_1", snapshot="s", embedder=EMBEDDER, settings="x", how="afresh", statements=0, records=0
)
AREA = ThemeNode(id="thm_area", level=1, born="run_1")


def theme(theme_id: str, /, **more: object) -> ThemeNode:
    return ThemeNode.model_validate(
        {"id": theme_id, "level": 2, "parent": "thm_area", "born": "run_1"} | more
    )


def halves(one: Record) -> list[Statement]:
    middle = len(one.raw) // 2
    return [
        Statement.of(0, 0, middle, one.raw[:middle]),
        Statement.of(1, middle, len(one.raw), one.raw[middle:]),
    ]


def cut(catalog: Catalog, records: list[Record]) -> None:
    said = {one.id: halves(one) for one in records}
    texts = {each.text_hash: one.raw[each.start : each.end] for one in records for each in said[one.id]}
    catalog.statements.add(WORKSPACE, EMBEDDER, said, {name: vector_of(text) for name, text in texts.items()})


def erase(catalog: Catalog, gone: list[str], words: ErasedWords | None = None) -> None:
    words = words or ErasedWords(
        catalog.eraser.texts(WORKSPACE, gone), (), catalog.eraser.other_texts(WORKSPACE, gone)
    )
    receipt = Receipt(
        id="era_1",
        workspace=WORKSPACE,
        asked=Asked.records,
        subject="rcs_1",
        state=ErasureState.pending,
        asked_at=datetime(2026, 2, 3, tzinfo=UTC),
    )
    catalog.eraser.remove(WORKSPACE, Doomed(tuple(gone)), words, "", receipt)


def test_records_are_uncut_until_their_statements_and_vectors_are_there(catalog: Catalog) -> None:
    records = sorted(numbered(5), key=lambda one: one.id)
    rival = record("rival", "Boardly exports in no time", kind=RecordKind.competitor)
    catalog.records.add(WORKSPACE, batch([*records, rival]))
    first = catalog.statements.uncut(WORKSPACE, EMBEDDER, None, 3)
    assert [one.record_id for one in first] == ids(records)[:3]
    assert first[0].raw == records[0].raw
    assert first[0].passages == ((0, len(records[0].raw)),)
    rest = catalog.statements.uncut(WORKSPACE, EMBEDDER, first[-1].record_id, 3)
    assert [one.record_id for one in rest] == ids(records)[3:]
    between = catalog.statements.uncut(WORKSPACE, EMBEDDER, records[0].id, 9, until=records[3].id)
    assert [one.record_id for one in between] == ids(records)[1:3]
    catalog.statements.add(WORKSPACE, EMBEDDER, {records[0].id: halves(records[0])}, {})
    assert catalog.statements.uncut(WORKSPACE, EMBEDDER, None, 9)[0].record_id == records[0].id
    cut(catalog, records)
    assert catalog.statements.uncut(WORKSPACE, EMBEDDER, None, 9) == []
    assert len(catalog.statements.uncut(WORKSPACE, "another:1", None, 9)) == 5


def test_statements_come_back_as_columns_in_an_order_of_their_content(catalog: Catalog) -> None:
    records = numbered(4)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, records[::-1])
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert list(rows.record_ids) == sorted(ids(records))
    assert rows.record.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert list(rows.hashes) == sorted(set(rows.hashes))
    raws = {one.id: one.raw for one in records}
    for place in range(8):
        raw = raws[rows.record_ids[rows.record[place]]]
        said = raw[rows.start[place] : rows.end[place]]
        assert rows.hashes[rows.text[place]] == text_hash(said)
        assert np.allclose(rows.vectors[rows.text[place]], vector_of(said), atol=1e-3)
    assert rows.theme.tolist() == [-1] * 8


def test_statements_without_a_vector_leave_no_gap_in_the_columns(catalog: Catalog) -> None:
    records = sorted(numbered(4), key=lambda one: one.id)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, [records[0], records[3]])
    second = halves(records[1])
    half = {second[0].text_hash: vector_of(records[1].raw[: second[0].end])}
    catalog.statements.add(WORKSPACE, EMBEDDER, {records[1].id: second, records[2].id: []}, half)
    everything = {one.text_hash: one for each in (records[0], records[1], records[3]) for one in halves(each)}
    keys = catalog.statements.rows(WORKSPACE, EMBEDDER).keys
    state = ThemeState(RUN, (AREA, theme("thm_a"), theme("thm_b")))
    catalog.themes.save(WORKSPACE, state, {"thm_b": keys[3:]}, {"thm_b": keys[3:4], "thm_a": keys[4:]})
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert list(rows.record_ids) == [records[0].id, records[1].id, records[3].id]
    assert rows.record.tolist() == [0, 0, 1, 2, 2]
    assert [everything[rows.hashes[text]].start for text in rows.text] == rows.start.tolist()
    assert second[1].text_hash not in rows.hashes
    assert len(rows.hashes) == len(rows.vectors) == len(set(rows.text.tolist()))
    assert rows.theme_ids == ("thm_a", "thm_b")
    assert rows.theme.tolist() == [-1, -1, -1, 1, 1]
    assert rows.found.tolist() == [-1, -1, -1, 1, 0]


def test_a_whole_passage_needs_no_vector_of_its_own(catalog: Catalog) -> None:
    one = numbered(1)[0]
    catalog.records.add(WORKSPACE, batch([one]))
    whole = Statement.of(0, 0, len(one.raw), one.raw)
    assert catalog.statements.without_vector(WORKSPACE, EMBEDDER, [whole.text_hash, "0" * 32]) == ["0" * 32]
    assert catalog.statements.add(WORKSPACE, EMBEDDER, {one.id: [whole]}, {}) == 1
    assert catalog.statements.add(WORKSPACE, EMBEDDER, {one.id: [whole]}, {}) == 0
    assert catalog.statements.rows(WORKSPACE, EMBEDDER).hashes == (whole.text_hash,)


def test_vectors_of_another_embedder_are_refused(catalog: Catalog) -> None:
    records = numbered(1)
    catalog.records.add(WORKSPACE, batch(records))
    with pytest.raises(Conflict):
        catalog.statements.add(WORKSPACE, "another:1", {records[0].id: halves(records[0])}, {})
    assert len(catalog.statements.rows(WORKSPACE, EMBEDDER).keys) == 0


def test_statements_and_their_vectors_go_with_their_record(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, records)
    shared = halves(records[0])[0].text_hash
    erase(catalog, [records[0].id])
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert sorted(rows.record_ids) == sorted(ids(records[1:]))
    gone = halves(records[0])[1].text_hash
    assert catalog.statements.without_vector(WORKSPACE, EMBEDDER, [gone]) == [gone]
    # The other two begin with the same words.
    assert catalog.statements.without_vector(WORKSPACE, EMBEDDER, [shared]) == []


def test_a_new_revision_is_cut_again_and_the_old_one_counts_no_more(catalog: Catalog) -> None:
    old = record("1", "The export fails every single time")
    new = record("1", "The export works now, thank you very much")
    catalog.records.add(WORKSPACE, batch([old]))
    cut(catalog, [old])
    catalog.records.add(WORKSPACE, batch([new]))
    assert [one.raw for one in catalog.statements.uncut(WORKSPACE, EMBEDDER, None, 9)] == [new.raw]
    assert len(catalog.statements.rows(WORKSPACE, EMBEDDER).keys) == 0
    cut(catalog, [new])
    assert len(catalog.statements.rows(WORKSPACE, EMBEDDER).keys) == 2


def test_themes_are_remembered_and_statements_stay_in_them(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, records)
    assert catalog.themes.state(WORKSPACE) is None
    keys = catalog.statements.rows(WORKSPACE, EMBEDDER).keys
    state = ThemeState(RUN, (AREA, theme("thm_a"), theme("thm_b")))
    catalog.themes.save(WORKSPACE, state, {"thm_b": keys[:2], "thm_a": keys[2:5]})
    assert catalog.themes.state(WORKSPACE) == state
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert rows.theme_ids == ("thm_a", "thm_b")
    assert rows.theme.tolist() == [1, 1, 0, 0, 0, -1]
    fewer = ThemeState(RUN, (AREA, theme("thm_a")))
    catalog.themes.save(WORKSPACE, fewer, {"thm_a": keys[5:]})
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert rows.theme.tolist() == [-1, -1, 0, 0, 0, 0]


def test_what_was_shown_is_kept_until_themes_change_or_something_is_erased(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    state = ThemeState(RUN, (AREA, theme("thm_a")))
    shown = ThemeSet(run=RUN, stamp="1", statements=0, waiting=0, records=0, people=0)
    catalog.themes.save(WORKSPACE, state, {})
    catalog.themes.show(WORKSPACE, shown)
    assert catalog.themes.shown(WORKSPACE) == shown
    catalog.themes.save(WORKSPACE, state, {})
    assert catalog.themes.shown(WORKSPACE) is None
    catalog.themes.show(WORKSPACE, shown)
    erase(catalog, [records[0].id])
    assert catalog.themes.shown(WORKSPACE) is None


def test_what_a_model_wrote_from_an_erased_record_is_taken_back(catalog: Catalog) -> None:
    records = numbered(2)
    catalog.records.add(WORKSPACE, batch(records))
    told = {"name": "Exports that fail", "named_by": NamedBy.model, "summary": "They fail."}
    one = theme("thm_a", cites=(records[0].id,), **told)
    other = theme("thm_b", cites=(records[1].id,), **told)
    catalog.themes.save(WORKSPACE, ThemeState(RUN, (AREA, one, other)), {})
    erase(catalog, [records[0].id])
    state = catalog.themes.state(WORKSPACE)
    assert state is not None
    assert state.nodes == (AREA, theme("thm_a"), other)
