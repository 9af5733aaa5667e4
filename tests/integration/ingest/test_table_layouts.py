"""Known exports as tables: recognised, mapped and accounted for, also after people and tools rewrote them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.domain.record import Record
from ingest.port import FileReport
from tests.support.layouts import (
    LAYOUTS,
    Table,
    bring_in,
    essence,
    loud,
    save,
    save_workbook,
    shuffled,
    table,
)

MARCH = "reviews_com.example.plantry_202403.csv"
APRIL = "reviews_com.example.plantry_202404.csv"


@dataclass(frozen=True)
class Expected:
    """What must become of a fixture."""

    layout: str
    counts: tuple[int, int, int, int, int]
    """Rows, kept, duplicate, empty, rejected."""
    records: int
    mapping: dict[str, str]
    headers: int = 1
    together: tuple[tuple[int, ...], ...] = ()
    """Columns that a shuffle may not separate."""
    notes: tuple[str, ...] = field(default=())


EXPECTED = {
    "delighted.csv": Expected(
        "delighted",
        (20, 17, 0, 3, 0),
        17,
        {"text": "Comment", "rating": "Score", "external_id": "ID", "said_at": "Created At", "author": "Email", "url": "Permalink", "segment.survey_type": "Survey Type", "segment.plan": "Plan", "segment.country": "Country"},
    ),
    "g2.csv": Expected(
        "g2",
        (20, 20, 0, 0, 0),
        49,
        {"text": "What do you like best about Plantry?", "text.2": "What do you dislike about Plantry?", "text.3": "What problems is Plantry solving and how is that benefiting you?", "text.4": "Recommendations to others considering Plantry:", "external_id": "Survey Response ID", "said_at": "Submitted At", "author": "Reviewer Email", "account": "Company Name", "rating": "Star Rating", "title": "Title", "url": "Review URL", "segment.product": "Product Name", "segment.company_size": "Company Segment", "segment.industry": "Industry", "segment.role": "Role", "segment.region": "Region", "segment.source": "Review Source"},
    ),
    "google_forms.csv": Expected(
        "google-forms",
        (20, 19, 0, 1, 0),
        23,
        {"text": "Was sollen wir als Erstes verbessern?", "text.2": "Haben Sie noch einen Wunsch?", "said_at": "time of the response", "rating": "Wie zufrieden sind Sie mit Plantry?", "segment.welche_bereiche_nutzen_sie": "Welche Bereiche nutzen Sie?", "segment.rolle": "Rolle"},
    ),
    "jira.csv": Expected(
        "jira",
        (20, 20, 0, 0, 0),
        20,
        {"text": "Description", "title": "Summary", "external_id": "Issue key", "said_at": "Created", "author": "Reporter Id", "segment.type": "Issue Type", "segment.status": "Status", "segment.priority": "Priority", "segment.project": "Project key", "segment.labels": "Labels", "segment.component": "Component/s", "segment.version": "Affects Version/s", "segment.sprint": "Sprint"},
        notes=("comments of the team and of reporters stand in the same columns and were left out",),
    ),
    "linear.csv": Expected(
        "linear",
        (20, 19, 0, 1, 0),
        19,
        {"text": "Description", "title": "Title", "external_id": "ID", "said_at": "Created", "author": "Creator", "segment.team": "Team", "segment.status": "Status", "segment.priority": "Priority", "segment.project": "Project", "segment.labels": "Labels", "segment.cycle": "Cycle Name"},
    ),
    "qualtrics.csv": Expected(
        "qualtrics",
        (20, 16, 0, 1, 3),
        23,
        {"text": "What should we improve first, and why?", "text.2": "Is there anything else?", "external_id": "ResponseId", "author": "RecipientEmail", "language": "UserLanguage", "said_at": "RecordedDate", "rating": "How likely are you to recommend Plantry to a friend?", "segment.channel": "DistributionChannel", "segment.how_satisfied_are_you_with_plantry_overall": "How satisfied are you with Plantry overall?", "segment.which_parts_do_you_use_selected_choice": "Which parts do you use? - Selected Choice", "segment.plan": "plan"},
        headers=2,
        notes=("3 rows: a preview of the survey (first: row 4)",),
    ),
    MARCH: Expected(
        "google-play",
        (20, 18, 0, 2, 0),
        18,
        {"text": "Review Text", "title": "Review Title", "rating": "Star Rating", "language": "Reviewer Language", "said_at": "Review Last Update Date and Time", "url": "Review Link", "external_id": "review id", "segment.app": "Package Name", "segment.app_version": "App Version Name", "segment.device": "Device"},
        notes=("developer replies were left out",),
    ),
    "surveymonkey.csv": Expected(
        "surveymonkey",
        (20, 19, 0, 1, 0),
        22,
        {"text": "Which parts do you use? Tick all that apply. - Other (please specify)", "text.2": "What would you change first?", "external_id": "Respondent ID", "said_at": "Date Created", "author": "Email Address", "rating": "How likely is it that you would recommend Plantry to a friend?", "segment.collector": "Collector ID", "segment.how_satisfied_are_you_with_plantry": "How satisfied are you with Plantry?", "segment.which_parts_do_you_use_tick_all_that_apply_calendar": "Which parts do you use? Tick all that apply. - Calendar", "segment.which_parts_do_you_use_tick_all_that_apply_shop": "Which parts do you use? Tick all that apply. - Shop", "segment.which_parts_do_you_use_tick_all_that_apply_notes": "Which parts do you use? Tick all that apply. - Notes", "segment.please_rate_these_parts_calendar": "Please rate these parts - Calendar", "segment.please_rate_these_parts_shop": "Please rate these parts - Shop", "segment.custom_data_1": "Custom Data 1"},
        headers=2,
        together=((10, 11, 12, 13), (16, 17)),
    ),
    "typeform.csv": Expected(
        "typeform",
        (20, 19, 0, 1, 0),
        26,
        {"text": "Why?", "text.2": "Why? (2)", "external_id": "#", "said_at": "answered at", "author": "What is your e-mail address?", "rating": "How likely are you to recommend Plantry to a friend?", "segment.response_type": "Response Type", "segment.which_plan_are_you_on": "Which plan are you on?", "segment.calendar": "Calendar", "segment.shop": "Shop"},
        together=((2, 3, 4),),
    ),
    "zendesk.csv": Expected(
        "zendesk-csv",
        (20, 19, 0, 1, 0),
        19,
        {"text": "Subject", "external_id": "Id", "said_at": "Created at", "author": "Requester email", "account": "Organization", "segment.status": "Status", "segment.priority": "Priority", "segment.channel": "Via", "segment.type": "Ticket type", "segment.tags": "Tags", "segment.satisfaction": "Satisfaction Score"},
        notes=("a CSV export of Zendesk holds no ticket text, so the subjects were imported; the JSON export has the conversations",),
    ),
}  # fmt: skip

Rewrite = Callable[[Table, Expected, Path], Path]
REWRITES: dict[str, Rewrite] = {
    "columns shuffled": lambda rows, e, home: save(shuffled(rows, e.together), home / "a.csv"),
    "headers in capitals": lambda rows, e, home: save(loud(rows, e.headers), home / "a.csv"),
    "semicolons": lambda rows, e, home: save(rows, home / "a.csv", delimiter=";"),
    "tabs, UTF-16": lambda rows, e, home: save(rows, home / "a.tsv", delimiter="\t", encoding="utf-16"),
    "pipes, UTF-8 with mark": lambda rows, e, home: save(rows, home / "a.csv", delimiter="|", encoding="utf-8-sig"),
    "tabs in a text file": lambda rows, e, home: save(rows, home / "a.txt", delimiter="\t"),
    "workbook": lambda rows, e, home: save_workbook(rows, home / "a.xlsx"),
    "everything at once": lambda rows, e, home: save(
        loud(shuffled(rows, e.together), e.headers), home / "a.csv", delimiter=";", encoding="utf-16"
    ),
}  # fmt: skip


def counts(report: FileReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.kept, report.duplicate, report.empty, report.rejected


@pytest.mark.parametrize("name", EXPECTED)
def test_each_layout_is_recognised_and_every_row_accounted_for(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    [report], records = bring_in(tmp_path, LAYOUTS / name)
    assert report.layout == expected.layout
    assert report.confidence >= 0.95
    assert counts(report) == expected.counts
    assert report.mapping == expected.mapping
    assert len(records) == expected.records
    assert {*expected.notes} <= {*report.reasons}


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_rewritten_export_gives_the_same_records(name: str, rewrite: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    _, original = bring_in(tmp_path / "original", LAYOUTS / name)
    changed = REWRITES[rewrite](table(name), expected, tmp_path)
    [report], records = bring_in(tmp_path / "rewritten", changed)
    assert report.layout == expected.layout
    assert report.confidence >= 0.8
    assert counts(report) == expected.counts
    assert essence(records) == essence(original)


@pytest.mark.parametrize("name", ["google_forms.csv", "g2.csv", "zendesk.csv", "jira.csv"])
def test_an_export_saved_in_an_old_code_page_gives_the_same_records(name: str, tmp_path: Path) -> None:
    _, original = bring_in(tmp_path / "original", LAYOUTS / name)
    changed = save(table(name), tmp_path / "a.csv", delimiter=";", encoding="cp1252")
    [report], records = bring_in(tmp_path / "rewritten", changed)
    assert counts(report) == EXPECTED[name].counts
    assert essence(records) == essence(original)


def test_a_workbook_with_numbers_and_dates_gives_the_same_records(tmp_path: Path) -> None:
    def typed(cell: str) -> int | str | datetime:
        if cell.isdecimal():
            return int(cell)
        return datetime.strptime(cell, "%m/%d/%Y %I:%M:%S %p") if cell.endswith(("AM", "PM")) else cell

    rows = [[typed(cell) for cell in row] for row in table("surveymonkey.csv")]
    _, original = bring_in(tmp_path / "original", LAYOUTS / "surveymonkey.csv")
    [report], records = bring_in(tmp_path / "rewritten", save_workbook(rows, tmp_path / "a.xlsx"))
    assert (report.layout, *counts(report)) == ("surveymonkey", *EXPECTED["surveymonkey.csv"].counts)
    assert essence(records) == essence(original)


def test_a_folder_of_exports_is_one_table_without_a_row_missing(tmp_path: Path) -> None:
    reports, _ = bring_in(tmp_path, LAYOUTS)
    tables = [report for report in reports if Path(report.path).name in {*EXPECTED, APRIL}]
    assert sum(report.rows for report in tables) == 20 * len(EXPECTED) + 4
    assert all(report.rows == sum(counts(report)[1:]) and not report.error for report in tables)


def by_id(records: list[Record]) -> dict[str | None, Record]:
    return {record.external_id: record for record in records}


def test_a_review_that_comes_again_is_a_duplicate_and_a_changed_one_a_revision(tmp_path: Path) -> None:
    reports, records = bring_in(tmp_path, LAYOUTS / MARCH, LAYOUTS / APRIL)
    assert [counts(report) for report in reports] == [(20, 18, 0, 2, 0), (4, 1, 2, 1, 0)]
    assert len(records) == 19
    changed = by_id(records)["gp:AOqpT0002"]
    assert changed.raw == "Sorting arrived, so I gave the watering calendar a second chance"
    assert (changed.rating, changed.said_at) == (5.0, datetime(2024, 4, 10, 15, 15, 20, tzinfo=UTC))


def test_an_older_month_never_undoes_a_newer_one(tmp_path: Path) -> None:
    [_, march], records = bring_in(tmp_path, LAYOUTS / APRIL, LAYOUTS / MARCH)
    assert by_id(records)["gp:AOqpT0002"].rating == 5.0
    assert counts(march) == (20, 16, 2, 2, 0)
    assert (
        "1 row: another version of a record of this import; one of them is kept (first: row 3)"
        in march.reasons
    )
    again, after = bring_in(tmp_path, LAYOUTS / MARCH, LAYOUTS / APRIL)
    assert [report.kept for report in again] == [0, 0]
    assert after == records


def test_play_reviews_keep_their_words_stars_and_language(tmp_path: Path) -> None:
    _, records = bring_in(tmp_path, LAYOUTS / MARCH)
    review = by_id(records)["gp:AOqpT0004"]
    assert review.raw == 'She said: "finally"!\nThe watering calendar saves us an hour a week 🌱, really'
    assert (review.rating, review.language, review.said_at) == (
        3.0,
        "de",
        datetime(2024, 3, 5, 12, 27, 20, tzinfo=UTC),
    )
    assert review.segments == {"app": "com.example.plantry", "app_version": "4.1.1", "device": "star2lte"}
    assert by_id(records)["gp:AOqpT0015"].raw == "Fixed within an hour, thank you"
    assert not any("Thank you, we are looking into it" in record.raw for record in records)


def test_qualtrics_times_are_in_the_zone_that_the_header_names(tmp_path: Path) -> None:
    _, records = bring_in(tmp_path, LAYOUTS / "qualtrics.csv")
    first = next(r for r in records if r.external_id == "R_0000xYz")
    assert first.said_at == datetime(2024, 3, 1, 15, 15, 20, tzinfo=UTC)
    summer = next(r for r in records if r.external_id == "R_0016xYz")
    assert summer.said_at == datetime(2024, 3, 17, 17, 3, 20, tzinfo=UTC)
    assert {r.external_id for r in records}.isdisjoint({"R_0003xYz", "R_0011xYz", "R_0017xYz"})


def test_the_question_goes_with_its_answer_and_closed_answers_with_the_respondent(tmp_path: Path) -> None:
    _, records = bring_in(tmp_path, LAYOUTS / "surveymonkey.csv")
    answers = [r for r in records if r.external_id == str(118200000000 + 2 * 7)]
    assert {r.segments["question"]: r.raw for r in answers} == {
        "Which parts do you use? Tick all that apply. - Other (please specify)": "The frost map on the wall display of our club",
        "What would you change first?": "Please let me sort the frost warning by date, I scroll for minutes every day",
    }
    assert all(
        r.rating == 3.0 and r.segments["how_satisfied_are_you_with_plantry"] == "Not satisfied"
        for r in answers
    )
    assert all(r.said_at == datetime(2024, 3, 3, 10, 21, 20, tzinfo=UTC) for r in answers)


def test_two_questions_with_the_same_words_stay_apart(tmp_path: Path) -> None:
    _, records = bring_in(tmp_path, LAYOUTS / "typeform.csv")
    answers = {r.segments["question"]: r.raw for r in records if r.external_id == "03kq9w7e5r3t1y"}
    assert answers == {
        "Why?": "Whenever I change the plant scanner, the old value comes back after a minute",
        "Why? (2)": "Whenever I change the price of the plan, the old value comes back after a minute",
    }
    unfinished = next(
        r for r in records if r.external_id == "06kq9w7e5r3t1y" and r.segments["question"] == "Why?"
    )
    assert unfinished.said_at == datetime(2024, 3, 7, 14, 33, 20, tzinfo=UTC)
    assert unfinished.segments["response_type"] == "partial"


def test_the_side_of_an_opinion_follows_from_its_question(tmp_path: Path) -> None:
    _, records = bring_in(tmp_path, LAYOUTS / "g2.csv")
    sides = {r.segments.get("question", "")[:16]: r.segments.get("polarity") for r in records}
    assert sides == {
        "What do you like": "positive",
        "What do you disl": "negative",
        "What problems is": None,
        "Recommendations ": None,
        "": None,
    }
    assert {r.rating for r in records} == {5.0, 4.5, 3.0, 2.5, 1.0}


def test_dates_of_every_tool_are_moments(tmp_path: Path) -> None:
    wanted = {
        "delighted.csv": ("5400", datetime(2024, 3, 1, 8, 15, 20, tzinfo=UTC)),
        "jira.csv": ("PLA-103", datetime(2024, 3, 3, 10, 21, tzinfo=UTC)),
        "linear.csv": ("GRO-11", datetime(2024, 3, 1, 8, 15, 20, tzinfo=UTC)),
        "zendesk.csv": ("8800", datetime(2024, 3, 1, 8, 15, tzinfo=UTC)),
        "g2.csv": ("77001", datetime(2024, 3, 2, 9, 18, 20, tzinfo=UTC)),
    }
    _, records = bring_in(tmp_path, *(LAYOUTS / name for name in wanted))
    found = {(r.external_id, r.said_at) for r in records}
    assert found >= set(wanted.values())
    assert all(r.said_at is not None for r in records)


def test_repeated_columns_of_an_issue_become_one_segment(tmp_path: Path) -> None:
    _, records = bring_in(tmp_path, LAYOUTS / "jira.csv")
    issue = by_id(records)["PLA-103"]
    assert issue.segments["labels"] == "customer, slow, water"
    assert by_id(records)["PLA-104"].segments["sprint"] == "Spring 1, Spring 2"
    assert not any("on my own device" in r.raw for r in records)
    assert by_id(records)["PLA-107"].raw == "Irrigation plan, case 7"
