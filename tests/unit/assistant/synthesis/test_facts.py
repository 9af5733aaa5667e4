"""Facts of groups of records: the rules at their edges, and any corpus against a recount in plain loops."""

import random
from typing import Any

import numpy as np
import pytest

from assistant.domain.theme_facts import ThemeFacts
from assistant.errors import UsageError
from assistant.search.matrix import CorpusMatrix
from assistant.synthesis.facts import facts_of
from assistant.synthesis.weights import number_of
from tests.support import plain_theme_recount as plain
from tests.support.corpus_rows import columns, export

DAY = 86_400
START = 1_770_000_000
Row = dict[str, Any]


def counted(records: list[Row], *groups: list[int], weight: str | None = None) -> list[ThemeFacts]:
    """The facts of each group, then of everything."""
    matrix = CorpusMatrix(columns(records))

    def first(rows: list[int]) -> np.ndarray:
        voices = plain.voices({"id": row, "counted": {"voice": matrix.rows.voice[row]}} for row in rows)
        return np.array(sorted(one["id"] for one in voices), dtype=np.int64)

    found, everything = facts_of(
        matrix, [first(one) for one in groups], first(list(range(len(records)))), weight
    )
    return [*found, everything]


def said(person: str | None, count: int = 1, **more: Any) -> list[Row]:
    return [{"person": person, **more} for _ in range(count)]


def many(names: str, count: int, **more: Any) -> list[Row]:
    """One record each of so many people."""
    return [{"person": f"{names} {number}", **more} for number in range(count)]


def loud(records: list[Row]) -> tuple[str, int, int, int, int] | None:
    found = counted(records, list(range(len(records))))[0].loud
    return found and (found.by, found.few, found.of, found.records, found.of_records)


def burst(records: list[Row], usual: list[Row]) -> tuple[str, str, int, int] | None:
    found = counted([*records, *usual], list(range(len(records))))[0].burst
    return found and (found.first, found.last, found.records, found.people)


def at(day: float) -> int:
    return START + int(day * DAY)


@pytest.mark.parametrize("seed", range(12))
def test_any_corpus_equals_the_recount(seed: int) -> None:
    dice = random.Random(seed)
    crowd, lacking = dice.choice([3, 9, 40]), dice.choice([0.0, 0.1, 0.6])

    def one(place: int) -> Row:
        who = int(dice.paretovariate(0.8)) % crowd
        scale = dice.choice([("stars", 5), ("nps", 10), ("percent", 100)])
        return {
            "person": None if dice.random() < lacking else f"per {who}",
            "account": None if dice.random() < lacking else f"acc {who % 7}",
            "voice": f"{who} {dice.randrange(30)}",
            "source": scale[0],
            "rating": dice.choice([None, dice.randrange(1, scale[1] + 1)]),
            "said_at": None if dice.random() < lacking else at(dice.choice([3, 300]) * dice.random()),
            "segments": {name: f"{name} {dice.randrange(wide)}" for name, wide in (("plan", 3), ("id", 60)) if dice.random() < 0.7},
        }  # fmt: skip

    records = [one(place) for place in range(dice.choice([1, 40, 300]))]
    groups = [sorted(dice.sample(range(len(records)), min(len(records), size))) for size in (1, 15, 60, 200)]
    everything = export(columns(records))
    for facts, rows in zip(counted(records, *groups), [*groups, range(len(records))], strict=True):
        told = plain.facts([everything[row] for row in rows], everything)
        shown = facts.model_dump(mode="json")
        for name in ("counts", "people", "accounts", "sources", "sentiments", "undated", "segments", "loud"):
            assert shown[name] == told[name], name
        for name in ("reach", "of_records"):
            assert shown[name] == pytest.approx(told[name], abs=1e-12)
        assert {name: shown["burst"][name] for name in told["burst"] or ()} == (told["burst"] or {})
        assert bool(shown["burst"]) == bool(told["burst"])
        assert {one.scale: one.count for one in facts.ratings} == {
            scale: count for scale, (count, _) in told["ratings"].items()
        }
        assert all(one.mean == pytest.approx(told["ratings"][one.scale][1]) for one in facts.ratings)
        assert all(segment.total == facts.reach.part for segment in facts.segments.values())


def test_a_person_with_two_values_is_counted_under_none_of_them() -> None:
    records = [
        *said("ann", segments={"plan": "pro"}),
        *said("ann", segments={"plan": "free"}),
        *said("ben", 2, segments={"plan": "pro"}),
        *said("cem"),
    ]
    segment = counted(records, [0, 1, 2, 3, 4])[0].segments["plan"]
    assert (segment.values, segment.several, segment.unknown, segment.total) == ({"pro": 1}, 1, 1, 3)


def test_rare_values_are_counted_together() -> None:
    records = [
        {"person": f"p{number}", "segments": {"city": f"city {number % 40:02}"}} for number in range(70)
    ]
    segment = counted(records, list(range(70)))[0].segments["city"]
    assert (len(segment.values), segment.others, segment.total) == (24, 22, 70)
    assert next(iter(segment.values.items())) == ("city 00", 2)


def test_where_few_authors_are_known_records_count() -> None:
    records = [*said(None, 9, segments={"plan": "pro"}), *said("ann", segments={"plan": "free"})]
    facts = counted(records, [0, 1, 9])[0]
    assert (facts.counts, facts.reach.part, facts.reach.whole, facts.people) == ("records", 3, 10, 1)
    assert facts.segments["plan"].values == {"pro": 2, "free": 1}


def test_a_fifth_that_writes_half_is_a_loud_minority() -> None:
    assert loud([*said("ann", 6), *many("p", 6)]) == ("people", 1, 7, 6, 12)
    assert loud([*said("ann", 6), *many("p", 7)]) is None
    assert loud([*said("ann", 6), *many("p", 5)]) is None
    assert loud([*said("ann", 8), *said("ben", 7), *many("p", 8)]) == ("people", 2, 10, 15, 23)


def test_twins_make_nobody_loud() -> None:
    assert loud([*said("ann", 20, voice="again"), *many("p", 12)]) is None


def test_where_no_author_is_known_accounts_can_be_loud() -> None:
    records = [
        *said(None, 12, account="acme"),
        *({"person": None, "account": f"firm {number}"} for number in range(9)),
    ]
    assert loud(records) == ("accounts", 2, 10, 13, 21)
    assert loud(said(None, 30)) is None


def test_three_accounts_with_few_people_are_a_loud_minority() -> None:
    few = [row for name in ("acme", "bolt", "cord") for row in said(f"of {name}", 4, account=name)]
    rest = [{"person": f"p{number}", "account": f"firm {number}"} for number in range(14)]
    assert loud([*few, *rest]) == ("accounts", 3, 17, 12, 26)
    many_inside = [
        {"person": f"q{number}", "account": name}
        for name in ("acme", "bolt", "cord")
        for number in range(4 * ord(name[0]), 4 * ord(name[0]) + 4)
    ]
    assert loud([*many_inside, *rest]) is None


def test_many_records_in_a_week_from_few_people_are_a_burst() -> None:
    campaign = [{"person": ("tom", "pat")[n % 2], "said_at": at(100 + n / 3)} for n in range(12)]
    usual = [{"person": f"p{n}", "said_at": at(n)} for n in range(200)]
    assert burst(campaign, usual) == ("2026-05-13", "2026-05-16", 12, 2)
    assert burst(campaign[:9], usual) is None, "nine are no burst"
    assert burst([one | {"person": f"q{n}"} for n, one in enumerate(campaign)], usual) is None, "many people"
    assert burst([*campaign, *({"person": f"r{n}", "said_at": at(7 * n)} for n in range(36))], usual) is None
    busy = [{"person": f"p{n}", "said_at": at(100 + n / 40)} for n in range(200)]
    assert burst(campaign, busy) is None, "everybody wrote that week"


def test_ratings_stay_on_the_scale_of_their_source() -> None:
    records = [
        *({"person": f"p{n}", "source": "stars", "rating": value} for n, value in enumerate((1, 5, 4, 2))),
        *({"person": f"q{n}", "source": "nps", "rating": value} for n, value in enumerate((10, 9, 7, 6, 0, 8))),
    ]  # fmt: skip
    facts = counted(records, list(range(10)))[0]
    nps, stars = facts.ratings
    assert (stars.scale, stars.count, stars.mean, stars.nps) == ((1.0, 5.0), 4, 3.0, None)
    assert (nps.scale, nps.count, nps.sources, nps.nps) == ((0.0, 10.0), 6, ("nps",), 0.0)
    assert nps.nps_low is not None
    assert nps.nps_low < -40
    assert facts.rating_share is not None
    assert facts.rating_share.mean == pytest.approx(
        (0 + 1 + 0.75 + 0.25 + 1 + 0.9 + 0.7 + 0.6 + 0 + 0.8) / 10
    )
    assert counted(records, [0, 1])[0].rating_share is None


def test_a_weight_counts_each_account_once_by_its_newest_number() -> None:
    records = [
        {"person": "ann", "account": "acme", "said_at": at(1), "segments": {"arr": "1,000"}},
        {"person": "ann", "account": "acme", "said_at": at(2), "segments": {"arr": "€ 2 500.50"}},
        {"person": "ben", "account": "acme", "segments": {"arr": "9000"}},
        {"person": "cem", "segments": {"arr": "40"}},
        {"person": "dan", "account": "bolt"},
    ]
    theme, everything = counted(records, [0, 2, 3, 4])
    assert theme.weight is not None
    weight = theme.weight
    assert (weight.segment, weight.total, weight.holders, weight.unknown) == ("arr", 2540.5, 2, 1)
    assert everything.weight == weight
    assert weight.whole == 2540.5


def test_a_weight_that_is_asked_for_must_hold_numbers() -> None:
    records = [{"person": "ann", "segments": {"plan": "pro", "boards": "12", "arr": "much"}}]
    theme = counted(records, [0], weight="segment.boards")[0]
    assert theme.weight is not None
    assert theme.weight.total == 12
    assert counted(records, [0])[0].weight is None
    with pytest.raises(UsageError, match="'plan' can't be a weight: it doesn't hold numbers") as refused:
        counted(records, [0], weight="plan")
    assert refused.value.hint == "Segments with numbers: boards."
    with pytest.raises(UsageError, match="doesn't exist"):
        counted(records, [0], weight="segment.mrr")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12.0), ("1,200.5", 1200.5), ("$ 3", 3.0), ("1 200 EUR", 1200.0), ("-4", -4.0), ("1e3", 1000.0)]
    + [(one, None) for one in ("", "1.2k", "12 %", "1,2", "nan", "1e999", "٣", "ten")],
)
def test_what_is_a_number(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_no_records_have_facts_too() -> None:
    theme, everything = counted([], [])
    assert theme == everything
    assert (theme.reach.part, theme.reach.value, theme.counts, theme.loud) == (0, 0.0, "records", None)
