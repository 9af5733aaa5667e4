"""Scores, ranks, intervals, and what would flip the order."""

from itertools import product

import pytest

from assistant.domain.priority import Input, Item, ScoreTable
from assistant.errors import InputRejected
from assistant.synthesis.priority.ranking import rank
from assistant.synthesis.priority.registry import SCORES
from tests.support.priorities import item, random_items

RICE, WSJF, ICE = SCORES["rice"], SCORES["wsjf"], SCORES["ice"]


def ranked(table: ScoreTable) -> list[tuple[str, int | None]]:
    return [(row.item.name, row.rank) for row in table.rows]


def values(of: Item) -> dict[str, float]:
    return {name: one.value for name, one in of.inputs.items() if one.value is not None}


def rice(name: str, reach: float = 100, effort: float | None = 1) -> Item:
    return item(name, reach=reach, impact=1, confidence=1, effort=effort)


@pytest.mark.parametrize(
    ("method", "numbers", "score"),
    [
        (RICE, {"reach": 500, "impact": 3, "confidence": 0.8, "effort": 2}, 600),
        (WSJF, {"business_value": 8, "time_criticality": 5, "risk_reduction": 2, "job_size": 3}, 5),
        (ICE, {"impact": 7, "confidence": 6, "ease": 5}, 210),
    ],
)
def test_a_score_is_the_published_formula(method: object, numbers: dict[str, float], score: float) -> None:
    table = rank(SCORES[method.name], [item("a", **numbers)])  # type: ignore[attr-defined]
    assert table.rows[0].score == pytest.approx(score, rel=1e-15)


def test_the_interval_has_the_worst_and_the_best_of_every_input() -> None:
    one = item("a", reach=(10, 5, 20), impact=(2, 1, 3), confidence=(0.5, 0.4, 1), effort=(2, 1, 4))
    row = rank(RICE, [one]).rows[0]
    corners = [r * i * c / e for r, i, c, e in product((5, 10, 20), (1, 2, 3), (0.4, 0.5, 1), (1, 2, 4))]
    assert (row.low, row.high) == (min(corners), max(corners))


@pytest.mark.parametrize("method", SCORES.values(), ids=list(SCORES))
def test_the_order_of_the_items_leaves_no_trace(method: object) -> None:
    items = random_items(SCORES[method.name], 40)  # type: ignore[attr-defined]
    there, back = (rank(SCORES[method.name], one) for one in (items, items[::-1]))  # type: ignore[attr-defined]
    assert there.model_dump_json() == back.model_dump_json()


def test_equal_scores_share_a_rank_even_where_floats_differ() -> None:
    a = item("a", reach=0.1, impact=3, confidence=1, effort=1)
    b = item("b", reach=0.3, impact=1, confidence=1, effort=1)
    assert 0.1 * 3 != 0.3
    assert ranked(rank(RICE, [b, rice("c", 0.2), a])) == [("a", 1), ("b", 1), ("c", 3)]


def test_what_is_missing_is_never_filled_in() -> None:
    gap = Item(name="z", inputs={"reach": Input.said(3), "effort": Input.missing("nobody estimated it")})
    table = rank(RICE, [gap, rice("a")])
    assert ranked(table) == [("a", 1), ("z", None)]
    assert table.rows[1].reason == "impact, confidence and effort (nobody estimated it) are missing"
    assert table.notes == ("1 of 2 items have no rank, since a number is missing.",)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"effort": 0}, "'a', effort: 0 can't be divided by"),
        ({"effort": (1, 0, 2)}, "'a', effort: 0 can't be divided by"),
        ({"reach": -2}, "'a', reach: -2 is negative"),
        ({"confidence": (0.5, 0.1, 1.2)}, "'a', confidence: 1.2 is above 1"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_its_item(numbers: dict[str, float], said: str) -> None:
    with pytest.raises(InputRejected, match="can't be used") as refused:
        rank(RICE, [item("a", **({"reach": 1, "impact": 1, "confidence": 1, "effort": 1} | numbers))])
    assert said in refused.value.message


def test_nothing_is_refused_and_one_or_equal_items_are_said_to_have_no_order() -> None:
    with pytest.raises(InputRejected, match="nothing to rank"):
        rank(RICE, [])
    assert rank(RICE, [rice("a")]).notes == ("One item alone has no order.",)
    assert "same score" in rank(RICE, [rice("a"), rice("b")]).notes[0]
    assert not rank(RICE, [rice("a"), rice("b")]).rows[0].flips


def test_items_of_one_name_stay_apart_and_are_told_of() -> None:
    table = rank(RICE, [rice("a", 1), rice("a", 2)])
    assert ranked(table) == [("a", 1), ("a", 2)]
    assert table.notes == ("More than one item is called 'a'.",)


def test_the_range_of_ranks_is_what_all_combinations_of_ends_give() -> None:
    ends = {"a": (90, 80, 130), "b": (100, 70, 110), "c": (60, 50, 75), "d": (10, 5, 20), "e": (75, 75, 75)}
    table = rank(RICE, [item(n, reach=e, impact=1, confidence=1, effort=1) for n, e in ends.items()])
    seen: dict[str, set[int]] = {name: set() for name in ends}
    for scores in product(*ends.values()):
        for name, score in zip(ends, scores, strict=True):
            seen[name].add(1 + sum(other > score for other in scores))
    assert {row.item.name: (row.best_rank, row.worst_rank) for row in table.rows} == {
        name: (min(ranks), max(ranks)) for name, ranks in seen.items()
    }


@pytest.mark.parametrize("name", SCORES)
def test_at_the_value_of_a_flip_two_neighbours_tie_and_beyond_it_they_swap(name: str) -> None:
    method = SCORES[name]
    table = rank(method, random_items(method, 40))
    scored = [row for row in table.rows if row.rank is not None]
    flips = 0
    for row in scored:
        below = next((one for one in scored if one.rank > row.rank), None)  # type: ignore[operator]
        for flip in row.flips:
            assert below is not None
            changed, other = (row, below) if flip.own else (below, row)
            assert (flip.item, flip.other) == (changed.item.name, other.item.name)
            tied = method.score({**values(changed.item), flip.input: flip.ties_at})
            assert tied == pytest.approx(other.score, rel=1e-9)
            beyond = flip.ties_at + (flip.ties_at - flip.value) * 1e-6
            swapped = method.score({**values(changed.item), flip.input: beyond})
            assert (swapped < other.score) if flip.own else (swapped > other.score)
            flips += 1
    assert flips > 50


@pytest.mark.parametrize("name", SCORES)
def test_no_smaller_change_of_one_input_swaps_the_neighbours(name: str) -> None:
    method = SCORES[name]
    scored = [row for row in rank(method, random_items(method, 30)).rows if row.rank is not None]
    for row in (one for one in scored if one.flips and one.flips[0].relative):
        below = next(one for one in scored if one.rank > row.rank)  # type: ignore[operator]
        smaller = row.flips[0].relative * 0.999  # type: ignore[operator]
        for changed, other in ((row, below), (below, row)):
            for key, value in values(changed.item).items():
                for sign in (1, -1):
                    score = method.score({**values(changed.item), key: value * (1 + sign * smaller)})
                    assert (score > other.score) is (changed is row)


def test_a_flip_stays_on_the_scale_that_the_table_keeps_to() -> None:
    low, high = (item(n, impact=9, confidence=c, ease=9) for n, c in (("low", 2), ("high", 10)))
    flips = rank(ICE, [low, high]).rows[0].flips
    assert flips
    assert all(flip.ties_at <= 10 for flip in flips)
    hundred = item("hundred", impact=90, confidence=10, ease=9)
    assert any(10 < flip.ties_at <= 100 for row in rank(ICE, [low, high, hundred]).rows for flip in row.flips)


def test_of_equal_changes_the_uncertain_one_comes_first_and_a_fact_last() -> None:
    counted = Input.counted(200, 190, 210, measure="people", over="900 people")
    upper = Item(
        name="u", inputs=dict(item("u", reach=1, impact=1, confidence=1, effort=1).inputs, reach=counted)
    )
    lower = item("l", reach=100, impact=1, confidence=1, effort=(1, 0.4, 2))
    first, *others = rank(RICE, [upper, lower]).rows[0].flips
    assert (first.item, first.input, first.ties_at, first.within) == ("l", "effort", 0.5, True)
    assert others[-1].input == "reach"
