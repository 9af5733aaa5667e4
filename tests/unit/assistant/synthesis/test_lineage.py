"""What a new clustering did to the themes that there were."""

import numpy as np

from assistant.domain.lineage import EventKind, ThemeEvent
from assistant.domain.theme import NamedBy, ThemeNode, ThemeRun
from assistant.synthesis.lineage import MOST_EVENTS, changes_between, compacted, events_of, rematched
from assistant.synthesis.tree import NOWHERE, Tree

RUN = ThemeRun(id="run_2", snapshot="s", embedder="e:1", settings="x", how="afresh", statements=0, records=0)


def tree(areas: str, themes: list[tuple[str, str]], leaf: list[str], **named: object) -> Tree:
    """Args: areas: one letter each. themes: id and area. leaf: theme of each text, `-` for none."""
    nodes = [ThemeNode(id=one, level=1, born="run_1") for one in areas]
    nodes += [
        ThemeNode.model_validate(
            {"id": one, "level": 2, "parent": area, "born": "run_1"} | named.get(one, {})
        )
        for one, area in themes
    ]
    place = {node.id: row for row, node in enumerate(nodes)} | {"-": NOWHERE}
    return Tree(tuple(nodes), np.array([place[one] for one in leaf]))


ONES = np.ones(20, dtype=np.int64)
BEFORE = tree(
    "P",
    [("a", "P"), ("b", "P"), ("c", "P"), ("d", "P"), ("e", "P")],
    [*"aaaaa", *"bbb", *"cccccc", *"ddd", *"ee", "-"],
    a={"name": "Exports", "named_by": NamedBy.model, "cites": ("rec_1",)},
    b={"name": "Mine", "named_by": NamedBy.person},
)
FRESH = tree(
    "X",
    [("v", "X"), ("w", "X"), ("x", "X"), ("y", "X")],
    [*"vvvvv", *"vvv", *"wwwxxx", *"wxv", *"yy", "y"],
)


def test_found_again_themes_keep_id_birth_and_model_name_but_not_a_persons() -> None:
    match = rematched(FRESH, [BEFORE], ONES)
    nodes = {node.id: node for node in match.tree.nodes}
    assert [match.tree.nodes[row].id for row in match.tree.leaf[:5]] == ["a"] * 5
    assert (nodes["a"].name, nodes["a"].cites, nodes["a"].born) == ("Exports", ("rec_1",), "run_1")
    assert nodes["P"].level == 1
    assert nodes["a"].parent == "P"
    assert nodes["e"].id == "e"
    assert match.heirs == {"b": "a"}
    alone = rematched(tree("X", [("v", "X")], [*"--------", *"--------", *"----"]), [BEFORE], ONES)
    assert {node.name for node in alone.tree.nodes} == {""}


def test_an_id_that_an_edit_makes_is_given_to_no_theme() -> None:
    assert "a" not in {node.id for node in rematched(FRESH, [BEFORE], ONES, {"a"}).tree.nodes}


def test_every_theme_of_before_is_kept_split_merged_or_gone() -> None:
    changes = changes_between(BEFORE, rematched(FRESH, [BEFORE], ONES).tree, ONES)
    assert [one.id for one in changes.kept] == ["a"]
    assert [one.id for one in changes.split] == ["c"]
    assert changes.split[0].into[0] == "c"
    assert [(one.id, one.into) for one in changes.merged] == [("b", ("a",))]
    assert [one.id for one in changes.gone] == ["d"]
    assert (changes.statements, changes.new) == (19, 1)
    assert changes.moved == 3 + 3 + 3


def test_statements_count_not_texts() -> None:
    weights = ONES.copy()
    weights[5] = 7
    changes = changes_between(BEFORE, rematched(FRESH, [BEFORE], weights).tree, weights)
    assert changes.statements == 25


def test_events_tell_the_same_with_ids_and_counts_only() -> None:
    changes = changes_between(BEFORE, rematched(FRESH, [BEFORE], ONES).tree, ONES)
    told = [(one.kind, one.before, one.after, one.statements) for one in events_of(changes, RUN)]
    assert (EventKind.merged, ("b",), ("a",), 3) in told
    assert (EventKind.moved, (), (), 9) in told
    assert {kind for kind, *_ in told} == {"split", "merged", "faded", "moved"}
    assert events_of(changes_between(BEFORE, BEFORE, ONES), RUN) == ()


def test_what_is_remembered_is_bounded_and_gone_themes_are_forgotten_first() -> None:
    def event(number: int, theme: str) -> ThemeEvent:
        return ThemeEvent(kind=EventKind.born, run=f"run_{number}", after=(theme,))

    events = tuple(event(number, "a" if number % 2 else "gone") for number in range(MOST_EVENTS + 10))
    left = compacted(events, BEFORE)
    assert len(left) == MOST_EVENTS
    assert [one.run for one in events if one not in left] == [f"run_{2 * number}" for number in range(10)]
    assert compacted(left, BEFORE) == left
