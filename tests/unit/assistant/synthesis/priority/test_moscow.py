"""Rules, buckets, what would move an item, and whether the Musts fit."""

import pytest

from assistant.domain.priority import Bucket, Item, MoscowTable, Placed
from assistant.errors import InputRejected, UsageError
from assistant.synthesis.priority.moscow import parse_rule, place
from tests.support.priorities import item

RULES = [parse_rule(one) for one in ("must: people >= 50 and rating <= 3", "Should: people >= 20", "could: rating < 2")]  # fmt: skip


def only(table: MoscowTable) -> Placed:
    assert len(table.rows) == 1
    return table.rows[0]


def test_a_rule_is_read_from_words() -> None:
    assert (
        str(parse_rule("MUST HAVE :  share ≥ 12.5 % and mean rating < 2"))
        == "must: share >= 0.125 and mean rating < 2"
    )
    assert parse_rule("won't: people < 3").bucket is Bucket.wont


@pytest.mark.parametrize("text", ["people > 3", "must people > 3", "must:", "must: people", "must: people > many", "perhaps: people > 3"])  # fmt: skip
def test_a_rule_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_rule(text)
    assert "must: people >= 50" in refused.value.hint


@pytest.mark.parametrize(
    ("people", "rating", "bucket"),
    [(50, 3, Bucket.must), (50, 3.1, Bucket.should), (49, 1, Bucket.should), (19, 1.9, Bucket.could), (19, 2, Bucket.wont)],
)  # fmt: skip
def test_the_first_rule_that_holds_from_must_down_decides(
    people: float, rating: float, bucket: Bucket
) -> None:
    placed = place([item("a", people=people, rating=rating)], RULES[::-1])
    assert only(placed).bucket is bucket


def test_a_persons_bucket_wins_and_what_a_rule_lacks_leaves_the_item_out() -> None:
    table = place([item("a", "Won’t have", people=99, rating=1), item("b", people=None, rating=1)], RULES)
    assert [(row.item.name, row.bucket, row.reason) for row in table.rows] == [
        ("a", Bucket.wont, ""),
        ("b", None, "people is missing"),
    ]


def test_intervals_say_which_buckets_are_possible() -> None:
    placed = only(place([item("a", people=(52, 10, 60), rating=(2, 1, 3))], RULES))
    assert (placed.highest, placed.lowest) == (Bucket.must, Bucket.wont)
    surely = only(place([item("a", people=(55, 50, 60), rating=(2, 1, 3))], RULES))
    assert (surely.highest, surely.lowest) == (Bucket.must, Bucket.must)
    # No value lies both above 5 and below 4.
    never = only(place([item("a", people=(4.5, 1, 9))], [parse_rule("must: people > 5 and people < 4")]))
    assert (never.highest, never.lowest) == (Bucket.wont, Bucket.wont)


@pytest.mark.parametrize(
    ("people", "rating", "move"),
    [
        (55, 1, ("people", 50, "below", Bucket.should)),
        (45, 1, ("people", 50, "at", Bucket.must)),
        (80, 3.1, ("rating", 3, "at", Bucket.must)),
        (50, 3, ("people", 50, "below", Bucket.should)),
    ],
)
def test_the_nearest_threshold_behind_which_another_bucket_lies_is_named(
    people: float, rating: float, move: tuple[str, float, str, Bucket]
) -> None:
    found = only(place([item("a", people=people, rating=rating)], RULES)).move
    assert found is not None
    assert (found.input, found.threshold, found.side, found.bucket) == move


def effort(name: str, *number: float) -> Item:
    return item(name, "Must", effort=number if len(number) > 1 else number[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("items", "verdict", "words"),
    [
        ([effort("a", 40), effort("b", 20), item("c", "Should", effort=90)], "fits", "with 0 to spare"),
        ([effort("a", 40), effort("b", 20.5)], "too much", "too much by 0.5: a capacity of 100.833"),
        ([effort("a", 40, 30, 70)], "may not fit", "too much by 10"),
        ([effort("a", 40), item("b", "Must")], "unknown", "1 effort is missing ('b')"),
        ([effort("a", 70), item("b", "Must")], "too much", "too much by 10"),
        ([effort(f"t{n}", 0.1) for n in range(600)], "fits", "with 0 to spare"),
    ],
)
def test_at_most_sixty_per_cent_of_the_capacity_may_be_musts(
    items: list[Item], verdict: str, words: str
) -> None:
    capacity = place(items, [], 100).capacity
    assert capacity is not None
    assert capacity.verdict == verdict
    assert words in capacity.sentence


def test_rounding_does_not_make_musts_too_much() -> None:
    assert 0.6 * 3 < 1.8
    capacity = place([effort("a", 1.8)], [], 3).capacity
    assert capacity is not None
    assert capacity.verdict == "fits"


def test_bad_wishes_are_refused_in_sentences() -> None:
    one = item("a", people=3)
    with pytest.raises(InputRejected, match="nothing to place"):
        place([], RULES)
    with pytest.raises(UsageError, match="no rules, and no item names its bucket"):
        place([one], [])
    with pytest.raises(UsageError, match="asks for 'rating', which no item has"):
        place([one], RULES)
    with pytest.raises(UsageError, match="capacity isn't above 0"):
        place([item("a", "must")], [], 0)
    with pytest.raises(InputRejected, match="Not a bucket of MoSCoW: 'a': 'High'"):
        place([item("a", "High")], [])
    with pytest.raises(UsageError, match="can't be called 'people_low'"):
        place([item("a", people=1, people_low=2)], [parse_rule("must: people > 3")])
    with pytest.raises(InputRejected, match="effort can't be negative: 'a': -1"):
        place([item("a", "must", effort=-1)], [])


def test_a_rule_finds_its_input_however_it_is_spelt_and_order_leaves_no_trace() -> None:
    items = [item(f"i{n}", **{"Mean rating": n / 3}) for n in range(9)]
    rules = [parse_rule("must: mean_rating < 1"), parse_rule("should: MEAN RATING < 2")]
    there, back = place(items, rules), place(items[::-1], rules[::-1])
    assert there.model_dump_json() == back.model_dump_json()
    assert [row.bucket for row in there.rows].count(Bucket.must) == 3
