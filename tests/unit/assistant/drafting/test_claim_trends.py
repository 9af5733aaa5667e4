"""What a claim counts rises, falls or holds steady only where its own records say so, and the numbers beside the word bear it out."""

from datetime import UTC, date, datetime

from assistant.domain.draft import Claim, Draft, Stance
from assistant.domain.fact import Fact, FactFilter, Measure, Selection
from assistant.drafting.claim_trends import ClaimTrend, claim_trends
from assistant.search.matrix import CorpusMatrix
from tests.support.corpus_rows import columns
from tests.support.drafts import valid_draft

START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
DAY_S = 86_400
DAYS = 200


def _trend(told: set[int], *, measure: Measure = Measure.people) -> ClaimTrend | None:
    """Of a claim that counts what was said on these days, where five other things were said each day."""
    said = sorted([*(day for day in range(DAYS) for _ in range(5)), *told])
    rows = columns(
        [
            {"person": f"person {place}", "said_at": START + day * DAY_S + place % 7}
            for place, day in enumerate(said)
        ]
    )
    firsts = {day: said.index(day) for day in told}
    ids = tuple(sorted(rows.record_ids[place] for place in firsts.values()))
    fact = Fact(id="F1", measure=measure, filter=FactFilter(selection="S1"), value=len(ids), unit="person")
    claim = Claim(id="C1", text="{F1} people say so.", stance=Stance.supported, fact_ids=("F1",))
    found = {"S1": Selection(id="S1", rule="those who say so", record_ids=ids)}
    draft: Draft = valid_draft().model_copy(
        update={"claims": {"C1": claim}, "facts": {"F1": fact}, "selections": found, "quotes": {}}
    )
    return claim_trends(draft, CorpusMatrix(rows)).get("C1")


def test_a_need_that_people_begin_to_speak_of_rises_since_the_first_of_them() -> None:
    told = _trend(set(range(120, DAYS)))
    assert told is not None
    assert (told.direction, told.since) == ("rising", date(2026, 5, 5))
    assert (told.before.told, told.after.told) == (0, 80)
    assert told.before.until == told.after.first == told.since
    assert told.after.value > told.before.value


def test_one_that_dies_down_falls() -> None:
    told = _trend(set(range(80)))
    assert told is not None
    assert (told.direction, told.after.told) == ("falling", 0)


def test_one_that_comes_up_all_the_time_is_steady_with_both_halves() -> None:
    told = _trend(set(range(0, DAYS, 4)))
    assert told is not None
    assert (told.direction, told.since) == ("steady", None)
    assert (told.before.told, told.after.told) == (25, 25)


def test_nothing_is_said_of_too_few_or_of_what_counts_nobody() -> None:
    assert _trend({3, 50, 120, 190}) is None
    assert _trend(set(range(120, DAYS)), measure=Measure.first_date) is None
