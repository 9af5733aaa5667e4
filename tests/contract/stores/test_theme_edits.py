"""The log of edits in the catalog: kept with the themes in one transaction, and without what was erased."""

import pytest

from assistant.domain.erased_words import ErasedWords
from assistant.domain.lineage import EventKind, ThemeChanges, ThemeEvent
from assistant.domain.theme import NamedBy
from assistant.domain.theme_edit import EditAction, EditResult, LoggedEdit, Outcome, ThemeEdit
from assistant.stores.port import Catalog
from assistant.stores.theme_port import ThemeState
from tests.contract.stores.test_statements import AREA, RUN, cut, erase, halves, theme
from tests.support.store_samples import EMBEDDER, WORKSPACE, batch, numbered

STATE = ThemeState(RUN, (AREA, theme("thm_a"), theme("thm_b")))


def logged(number: int, **values: object) -> LoggedEdit:
    return LoggedEdit.model_validate(
        {"number": number, "edit": values, "by": "ann", "at": "2026-02-03T04:05:06Z"}
    )


def kept(catalog: Catalog, one: LoggedEdit) -> LoggedEdit:
    catalog.themes.save(WORKSPACE, STATE, {}, edit=one)
    return next(each for each in catalog.themes.edits(WORKSPACE) if each.number == one.number)


def test_edits_come_back_by_number_and_change_their_mark(catalog: Catalog) -> None:
    assert catalog.themes.edits(WORKSPACE) == ()
    second = logged(2, action="track", phrase="dark mode", near=0.4, parent="thm_area")
    first = logged(1, action="split", theme="thm_a", seeds=(("h1",), ("h2", "h3")))
    assert kept(catalog, second) == second
    assert kept(catalog, first) == first
    undone = second.model_copy(update={"undone": True})
    assert kept(catalog, undone) == undone
    assert catalog.themes.edits(WORKSPACE) == (first, undone)
    assert catalog.themes.edits("another") == ()


def test_a_state_comes_back_with_all_that_it_remembers(catalog: Catalog) -> None:
    state = ThemeState(
        RUN,
        STATE.nodes,
        found=(AREA, theme("thm_a")),
        events=(ThemeEvent(kind=EventKind.born, run="run_1", after=("thm_a",), statements=3),),
        changes=ThemeChanges(moved=2),
        became={"thm_x": "thm_a"},
        results=(EditResult(number=1, outcome=Outcome.lost, told="thm_x"),),
        steered="abc",
    )
    catalog.themes.save(WORKSPACE, state, {})
    assert catalog.themes.state(WORKSPACE) == state


def test_where_clustering_had_a_statement_is_kept_beside_where_a_person_put_it(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, records)
    keys = catalog.statements.rows(WORKSPACE, EMBEDDER).keys
    state = ThemeState(RUN, STATE.nodes, found=(AREA, theme("thm_a")))
    catalog.themes.save(WORKSPACE, state, {"thm_a": keys[:2], "thm_b": keys[2:4]}, {"thm_a": keys[2:3]})
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert rows.theme_ids == ("thm_a", "thm_b")
    assert rows.theme.tolist() == [0, 0, 1, 1, -1, -1]
    assert rows.found.tolist() == [0, 0, 0, 1, -1, -1]
    catalog.themes.save(WORKSPACE, STATE, {"thm_a": keys[2:4]})
    rows = catalog.statements.rows(WORKSPACE, EMBEDDER)
    assert rows.theme.tolist() == rows.found.tolist() == [0, 0, 0, 0, -1, -1]


@pytest.mark.parametrize("action", ["move", "pin", "track"])
def test_an_edit_that_named_an_erased_record_does_nothing_any_more(catalog: Catalog, action: str) -> None:
    records = numbered(2)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, records)
    said = halves(records[0])[0].text_hash
    kept(catalog, logged(1, action=action, theme="thm_a", record=records[0].id, text_hash=said))
    other = kept(catalog, logged(2, action=action, theme="thm_a", record=records[1].id))
    erase(catalog, [records[0].id])
    first, second = catalog.themes.edits(WORKSPACE)
    assert (first.erased, first.is_in_force, first.edit) == (
        True,
        False,
        ThemeEdit(action=EditAction(action), theme="thm_a"),
    )
    assert second == other


def test_an_author_who_was_erased_is_not_remembered_as_excluded(catalog: Catalog) -> None:
    records = numbered(2)
    ann = [one.model_copy(update={"person": "per_ann"}) for one in records[:1]]
    ben = [one.model_copy(update={"person": "per_ben"}) for one in records[1:]]
    catalog.records.add(WORKSPACE, batch([*ann, *ben]))
    kept(catalog, logged(1, action="exclude", person="per_ann"))
    kept(catalog, logged(2, action="exclude", person="per_ben"))
    erase(catalog, [ann[0].id])
    assert [one.edit.person for one in catalog.themes.edits(WORKSPACE)] == ["", "per_ben"]


def test_seeds_of_a_split_go_with_the_texts(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    cut(catalog, records)
    mine, others = (halves(one)[1].text_hash for one in records[:2])
    third = halves(records[2])[1].text_hash
    kept(catalog, logged(1, action="split", theme="thm_a", seeds=((mine, others), (third,))))
    kept(catalog, logged(2, action="split", theme="thm_a", seeds=((mine,), (third,))))
    erase(catalog, [records[0].id])
    first, second = catalog.themes.edits(WORKSPACE)
    assert first.edit.seeds == ((others,), (third,))
    assert (second.erased, second.edit.seeds) == (True, ())


def test_what_a_person_typed_goes_where_it_repeats_what_was_erased(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    words = ErasedWords([records[0].raw], ["Anna Querzola"], [])
    assert words.occur_in("Anna Querzola complains")
    state = ThemeState(
        RUN, (AREA, theme("thm_a", name="Anna Querzola complains", named_by=NamedBy.person)), found=(AREA,)
    )
    catalog.themes.save(
        WORKSPACE,
        state,
        {},
        edit=logged(1, action="rename", theme="thm_a", name="Anna Querzola complains"),
    )
    kept(catalog, logged(2, action="rename", theme="thm_b", name="Exports"))
    catalog.themes.save(
        WORKSPACE, state, {}, edit=logged(3, action="track", phrase="x", name="Anna Querzola")
    )
    erase(catalog, [records[0].id], words)
    first, second, third = catalog.themes.edits(WORKSPACE)
    assert (first.erased, second.erased, third.erased) == (True, False, True)
    after = catalog.themes.state(WORKSPACE)
    assert after is not None
    assert [one.name for one in after.nodes] == ["", ""]
    assert all("Querzola" not in one.model_dump_json() for one in (first, second, third))
