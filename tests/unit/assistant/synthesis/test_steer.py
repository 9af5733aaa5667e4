"""Edits done to a tree of themes: what they change, what they leave, and what they say where nothing is left to change."""

import numpy as np
import pytest

from assistant.domain.theme import NamedBy, ThemeNode
from assistant.domain.theme_edit import EditAction, LoggedEdit, Outcome, ThemeEdit
from assistant.synthesis.grid import on_grid
from assistant.synthesis.steer import Sight, split_id, steered, steering_hash, tracked_id
from assistant.synthesis.tree import NOWHERE, Tree

HASHES = [f"h{row}" for row in range(8)]
VECTORS = np.eye(8, dtype=np.float32)
VECTORS[6:, 4:6] = [[0.6, 0.0], [0.0, 0.6]]
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
RECORDS = {"rec_0": [0], "rec_45": [4, 5]}


def node(theme: str, level: int, parent: str | None = None, **more: object) -> ThemeNode:
    return ThemeNode.model_validate({"id": theme, "level": level, "parent": parent, "born": "run_1"} | more)


TREE = Tree(
    (
        node("P", 1),
        node("Q", 1),
        node("a", 2, "P"),
        node("b", 2, "P"),
        node("c", 2, "Q"),
        node("c1", 3, "c"),
        node("c2", 3, "c"),
    ),
    np.array([2, 2, 3, 3, 5, 6, 5, 6]),
)
SIGHT = Sight(
    text={one: row for row, one in enumerate(HASHES)},
    steps=on_grid(VECTORS),
    texts_of=lambda record: np.array(RECORDS.get(record, []), dtype=np.int64),
    wrote=lambda person: person == "per_ann",
    vector_of=lambda phrase: on_grid(VECTORS[HASHES.index(phrase)]),
)


def logged(*edits: ThemeEdit) -> list[LoggedEdit]:
    return [
        LoggedEdit.model_validate({"number": number, "edit": one, "by": "me", "at": "2026-02-01T00:00:00Z"})
        for number, one in enumerate(edits, start=1)
    ]


def after(*edits: ThemeEdit, tree: Tree = TREE, became: dict[str, str] | None = None) -> dict[str, list[int]]:
    """Texts by theme, all levels."""
    found, results = steered(tree, logged(*edits), SIGHT, became or {})
    assert [one.outcome for one in results] == [Outcome.done] * len(edits)
    texts = found.texts_of()
    return {one.id: texts[row].tolist() for one, row in zip(found.nodes, range(99), strict=False)}


def outcome(*edits: ThemeEdit, became: dict[str, str] | None = None) -> Outcome:
    return steered(TREE, logged(*edits), SIGHT, became or {})[1][-1].outcome


def edit(action: EditAction, **values: object) -> ThemeEdit:
    return ThemeEdit.model_validate({"action": action, **values})


MERGE = edit(EditAction.merge, theme="a", themes=("b",))
RENAME = edit(EditAction.rename, theme="a", name="Exports")
MOVE = edit(EditAction.move, theme="b", parent="Q")
PLACE = edit(EditAction.move, theme="a", record="rec_45")
SPLIT = edit(EditAction.splitting, theme="c", seeds=(("h4",), ("h5",)))
TRACK = edit(EditAction.track, phrase="h4", near=0.4, parent="P")


def test_without_edits_the_themes_are_as_clustering_left_them() -> None:
    found, results = steered(TREE, [], SIGHT, {})
    assert (found.nodes, found.leaf.tolist(), results) == (TREE.nodes, TREE.leaf.tolist(), ())


def test_a_merged_theme_leaves_its_statements_to_the_other() -> None:
    found = after(MERGE)
    assert "b" not in found
    assert found["a"] == found["P"] == [0, 1, 2, 3]


def test_merged_areas_have_the_themes_of_both() -> None:
    found = after(edit(EditAction.merge, theme="P", themes=("Q",)))
    assert "Q" not in found
    assert found["P"] == list(range(8))
    assert found["c1"] == [4, 6]


def test_merging_leaves_parts_with_the_theme_that_stays() -> None:
    found, _ = steered(TREE, logged(edit(EditAction.merge, theme="a", themes=("c",))), SIGHT, {})
    assert {one.id: one.parent for one in found.nodes if one.level == 3} == {"c1": "a", "c2": "a"}
    assert after(edit(EditAction.merge, theme="c1", themes=("c2",)))["c1"] == [4, 5, 6, 7]


def test_a_split_theme_falls_apart_around_its_seeds_and_keeps_its_id_for_the_first_part() -> None:
    found = after(SPLIT)
    assert found["c"] == [4, 6]
    assert found[split_id("c", ("h5",))] == [5, 7]
    assert "c1" not in found


def test_a_split_whose_parts_were_found_by_clustering_holds_already() -> None:
    own = split_id("c", ("h5",))
    nodes = tuple(one.model_copy(update={"id": own}) if one.id == "b" else one for one in TREE.nodes)
    _, results = steered(Tree(nodes, TREE.leaf), logged(SPLIT), SIGHT, {})
    assert results[0].outcome is Outcome.holds


def test_a_theme_moves_with_what_is_in_it() -> None:
    found = after(MOVE)
    assert (found["P"], found["Q"]) == ([0, 1], [2, 3, 4, 5, 6, 7])


def test_a_record_moves_with_all_that_it_says_and_one_statement_alone() -> None:
    assert after(PLACE)["a"] == [0, 1, 4, 5]
    one = edit(EditAction.move, theme="a", record="rec_45", text_hash="h5")
    assert after(one)["a"] == [0, 1, 5]


def test_what_is_in_no_theme_yet_stays_there() -> None:
    leaf = TREE.leaf.copy()
    leaf[4] = NOWHERE
    found, _ = steered(Tree(TREE.nodes, leaf), logged(PLACE, TRACK), SIGHT, {})
    assert found.leaf[4] == NOWHERE


def test_a_tracked_phrase_gathers_what_is_near_but_not_what_a_person_placed() -> None:
    own = tracked_id(TRACK)
    assert after(TRACK)[own] == [4, 6]
    pin = edit(EditAction.pin, theme="c1", record="rec_45", text_hash="h4")
    assert after(pin, TRACK)[own] == [6]


def test_a_persons_name_stays_with_its_theme() -> None:
    found, _ = steered(TREE, logged(RENAME, MERGE), SIGHT, {})
    named = found.nodes[found.row["a"]]
    assert (named.name, named.named_by) == ("Exports", NamedBy.person)


def test_excluding_changes_no_theme() -> None:
    assert after(edit(EditAction.exclude, person="per_ann"))["a"] == [0, 1]


@pytest.mark.parametrize(
    "gone",
    [
        edit(EditAction.rename, theme="zz", name="x"),
        edit(EditAction.merge, theme="a", themes=("zz",)),
        edit(EditAction.splitting, theme="zz", seeds=(("h4",), ("h5",))),
        edit(EditAction.splitting, theme="c", seeds=(("h4",), ("gone",))),
        edit(EditAction.move, theme="a", parent="zz"),
        edit(EditAction.move, theme="a", record="rec_gone"),
        edit(EditAction.pin, theme="zz", record="rec_0"),
        edit(EditAction.exclude, person="per_gone"),
        edit(EditAction.track, text_hash="gone", record="rec_gone", near=0.5, parent="P"),
    ],
)
def test_an_edit_whose_theme_or_record_is_gone_is_told_and_changes_nothing(gone: ThemeEdit) -> None:
    found, results = steered(TREE, logged(gone), SIGHT, {})
    assert results[0].outcome is Outcome.lost
    assert found.leaf.tolist() == TREE.leaf.tolist()


def test_an_edit_goes_on_with_the_theme_that_took_the_place_of_a_gone_one() -> None:
    rename = edit(EditAction.rename, theme="old", name="x")
    assert outcome(rename, became={"old": "older", "older": "a"}) is Outcome.done
    assert outcome(rename, became={"old": "older", "older": "old"}) is Outcome.lost
    assert outcome(edit(EditAction.merge, theme="a", themes=("old",)), became={"old": "a"}) is Outcome.holds


def test_edits_of_different_themes_give_the_same_in_any_order() -> None:
    one, _ = steered(TREE, logged(RENAME, SPLIT, MOVE), SIGHT, {})
    other, _ = steered(TREE, logged(MOVE, RENAME, SPLIT), SIGHT, {})
    assert one.nodes == other.nodes
    assert one.leaf.tolist() == other.leaf.tolist()


def test_the_hash_of_the_steering_tells_edits_in_force_and_nothing_else() -> None:
    log = logged(RENAME, MERGE)
    undone = [log[0], log[1].model_copy(update={"undone": True})]
    assert steering_hash([]) == steering_hash([undone[1]]) == ""
    assert steering_hash(undone) == steering_hash(log[:1]) != steering_hash(log)
    assert steering_hash([log[0].model_copy(update={"by": "you"})]) == steering_hash(log[:1])
