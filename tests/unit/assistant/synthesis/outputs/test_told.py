"""Facts in words: each number as it was counted, warnings first."""

from datetime import date

from assistant.domain.theme_facts import Burst, LoudMinority, RatingFacts, Share, ThemeFacts
from assistant.domain.theme_trend import Change, ChangeKind, Span
from assistant.synthesis.outputs.told import change_of, lines_of


def facts(mean: float = 2.0) -> ThemeFacts:
    return ThemeFacts(
        counts="people",
        reach=Share(part=8, whole=100, value=0.08, low=0.041, high=0.15),
        of_records=Share(part=9, whole=90, value=0.1, low=0.05, high=0.2),
        people=8,
        accounts=0,
        sources={"app_reviews": 5, "nps": 4},
        languages={"en": 8, "und": 1},
        sentiments={"negative": 7, "unknown": 2},
        types={"problem": 9},
        segments={},
        ratings=(RatingFacts(scale=(1, 5), sources=("app_reviews",), count=1, mean=mean, low=1.2, high=3.1),),
        loud=LoudMinority(by="people", few=2, of=8, records=15, of_records=20),
        burst=Burst(first="2026-03-01", last="2026-03-05", records=12, people=3, share=0.6, usual=0.05),
    )


def test_each_fact_is_a_line_and_warnings_come_first() -> None:
    lines = lines_of(facts(), facts(3.4))
    assert [line.about for line in lines] == [
        "few voices",
        "burst",
        "share",
        "rating",
        "mood",
        "sources",
        "languages",
    ]
    told = {line.about: line.text for line in lines}
    assert told["few voices"] == "2 of 8 people wrote 15 of 20 records"
    assert told["burst"].startswith(
        "12 records of 3 people from 2026-03-01 to 2026-03-05: 60.0 % of the theme"
    )
    assert told["share"] == "8.0 %, between 4.1 % and 15.0 % with 95 %"
    assert told["rating"] == "2.00 from 1 to 5, between 1.20 and 3.10 with 95 %, 1 rating; everything: 3.40"
    assert told["mood"] == "7 negative"
    assert told["languages"] == "8 en, 1 not known"
    assert [line.warns for line in lines[:3]] == [True, True, False]


def test_a_theme_without_facts_has_no_lines() -> None:
    assert lines_of(None, None) == []


def test_a_change_tells_before_after_and_chance() -> None:
    span = Span(first=date(2026, 1, 1), until=date(2026, 2, 1), told=1, heard=100, share=0.01)
    change = Change(
        kind=ChangeKind.rise,
        theme="thm_1",
        name="export",
        level=1,
        since=date(2026, 2, 1),
        before=span,
        after=span.model_copy(update={"told": 20, "share": 0.2}),
        probability=0.0001,
        release="4.2",
    )
    assert change_of(change) == (
        "on the rise since 2026-02-01: 1.0 % (1 of 100) before, 20.0 % (20 of 100) after. "
        "Chance alone: under 0.1 %. Nearest release: 4.2."
    )
