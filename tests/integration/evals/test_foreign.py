"""Documents that were written elsewhere: every quotation is looked up, every count of people flagged, Gherkin read."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.finding import CheckReport, Finding, Severity, Verdict
from assistant.errors import InputRejected, NotFound
from assistant.workbench import Workbench
from evals.documents.foreign import check_document, check_foreign
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.ingest_bench import open_bench

SAID = (
    "I can't work offline in the basement, please add an offline mode.",
    "Every time the network drops the app loses my offline notes.",
    "I need to read my tasks offline on the train.",
    "The sync is fine for me, it never fails.",
    "Der Export funktioniert nicht, wenn ich unterwegs bin.",
    "ボードのエクスポートがとても遅いです。",
    "I would not recommend the export to anyone.",
    "L'export est trop lent pour nous.",
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("foreign")
    path = folder / "notes.csv"
    rows = [f'{number},person {number},"{text}"' for number, text in enumerate(SAID, 1)]
    path.write_text("\n".join(["id,author,comment", *rows]), encoding="utf-8")
    with open_bench(folder / "home") as opened:
        ingest(opened, [path], IngestOptions())
        yield opened


def _quotes(report: CheckReport, severity: Severity = Severity.block) -> list[Finding]:
    return [one for one in report.findings if one.grader == "quote_verbatim" and one.severity is severity]


@pytest.mark.parametrize(
    "line",
    [
        "A customer said: “I can't work offline in the basement, please add an offline mode.”",
        "A customer wrote “I can’t work offline in the basement”.",
        'One user said "Every time the network drops … loses my offline notes."',
        "Ein Kunde schrieb: „Der Export funktioniert nicht, wenn ich unterwegs bin.“",
        "Ein Kunde schrieb: »Der Export funktioniert nicht, wenn ich unterwegs bin.«",
        "Un client a dit « L’export est trop lent pour nous ».",
        "顧客の声:「ボードのエクスポートがとても遅いです。」",
        "> I need to read my tasks offline on the train.\n> — Cy, technician",
        "> “I need to read my tasks offline on the train.” — Cy",
        "| who | said |\n|---|---|\n| a customer | said “I need to read my tasks offline on the train.” |",
        "A customer said: I need to read my tasks offline on the train.",
    ],
)
def test_what_was_said_is_verified(bench: Workbench, line: str) -> None:
    report = check_foreign(bench, f"# Plan\n\n{line}\n")
    assert report.findings == ()
    assert (report.counts["quotes_verified"].ok, report.counts["quotes_verified"].total) == (1, 1)
    assert report.verdict is Verdict.ready


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("A customer said “I can work offline in the basement, please add an offline mode.”", "“can” stands for “can't”"),
        ("A user wrote “I would recommend the export to anyone.”", "“not” was left out"),
        ("> I need to read my tasks offline on the tram.\n> — Cy", "“tram” stands for “train”"),
        ("A customer said “recommend the export to anyone”.", "beside it is left out"),
        ("Ein Kunde schrieb „Der Export funktioniert, wenn ich unterwegs bin.“", "“nicht” was left out"),
        ("A customer told us “Nobody ever thinks of the people in the cellar”.", "Nobody is on record with"),
        ("## Customer quotes\n\n“The board explodes whenever somebody looks at it for long.”", "Nobody is on record"),
    ],
)  # fmt: skip
def test_what_nobody_said_blocks_with_what_differs(bench: Workbench, line: str, told: str) -> None:
    report = check_foreign(bench, f"# Plan\n\n{line}\n")
    (finding,) = _quotes(report)
    assert told in finding.message
    assert report.verdict is Verdict.needs_fixes
    assert finding.target.startswith("line ")


@pytest.mark.parametrize(
    "line",
    [
        "The dialog shows “You are offline now and all changes will be saved later”.",
        "The button is called “Work offline now please for all boards”.",
        "We call this “offline mode”.",
        "> **Note**: this is only about the mobile application of our customers.",
        "It doesn't matter whether it's the user's phone or the team's tablet.",
        "A 6\" screen and a 10\" screen.",
        "`curl -d \"this is not what anybody ever said in here\"`",
    ],
)  # fmt: skip
def test_words_on_screens_terms_and_notes_are_no_quotations(bench: Workbench, line: str) -> None:
    assert _quotes(check_foreign(bench, f"# Plan\n\n{line}\n")) == []


def test_long_words_in_marks_that_nobody_is_said_to_have_said_are_advised(bench: Workbench) -> None:
    report = check_foreign(
        bench, "# Plan\n\nOur motto is “Work wherever the river takes your little boat today”.\n"
    )
    assert _quotes(report) == []
    assert len(_quotes(report, Severity.advise)) == 1
    assert report.verdict is Verdict.ready


def test_reported_speech_is_advised(bench: Workbench) -> None:
    report = check_foreign(bench, "# Plan\n\nCustomers complained that nothing works underground.\n")
    (finding,) = report.findings
    assert finding.severity is Severity.advise
    assert "without quotation marks" in finding.message


def test_counts_of_people_are_flagged_and_bounds_are_not(bench: Workbench) -> None:
    text = (
        "# Plan\n\n73 % of our customers ask for it. Twelve teams were asked in 2026. Most users are on trains.\n\n"
        "The app shall answer 95 % of users within 2 seconds. We ship on 2026-03-04 with ticket AB-12.\n"
    )
    report = check_foreign(bench, text)
    numbers = [one for one in report.findings if one.grader == "numbers_bound"]
    assert [text[slice(*(one.span or ()))] for one in numbers] == ["73 %", "Twelve", "Most users"]
    assert {one.severity for one in numbers} == {Severity.advise}
    assert f"{len(SAID)} records of {len(SAID)} known people" in numbers[0].evidence


def test_scenarios_are_read(bench: Workbench) -> None:
    good = "Feature: F\n\n  @slow\n  Scenario: A\n    Given a\n    When b\n    Then c\n"
    report = check_foreign(bench, f"# Plan\n\n```gherkin\n{good}\n  Scenario: B\n    Given a\n```\n")
    assert (report.counts["criteria_parsed"].ok, report.counts["criteria_parsed"].total) == (1, 2)
    assert [one.grader for one in report.findings] == ["gherkin"]
    background = "Feature: F\n\n  Background:\n    Given x\n\n  Scenario Outline: A\n    When <b>\n    Then c\n    Examples:\n      | b |\n      | 1 |\n"
    assert check_foreign(bench, f"# Plan\n\n```gherkin\n{background}```\n").findings == ()


def test_stories_links_and_gaps_are_told(bench: Workbench) -> None:
    text = "# Plan\n\nAs a user, I want offline mode.\n\nAs a field technician, I want to read, so that I can work.\n\nSee [it](https://example.com/x). TBD\n"
    report = check_foreign(bench, text)
    assert sorted(one.grader for one in report.findings) == [
        "injected_text",
        "placeholders",
        "story_form",
        "story_form",
    ]
    assert report.verdict is Verdict.ready


def test_places_are_those_of_the_words(bench: Workbench) -> None:
    quote = "“Nobody ever thinks of the people in the cellar”"
    text = f"# Plan\r\n\r\nA customer said {quote}.\r\nAnother customer said {quote}.\r\n"
    spans = [one.span for one in _quotes(check_foreign(bench, text))]
    assert [text[slice(*(span or ()))] for span in spans] == [quote[1:-1]] * 2
    assert len(set(spans)) == 2


def test_without_records_nothing_can_be_proven(tmp_path: Path) -> None:
    with open_bench(tmp_path / "home") as empty:
        report = check_foreign(empty, "# Plan\n\nA customer said “I can't work offline in the basement”.\n")
    assert report.verdict is Verdict.not_enough_evidence


def test_a_file_that_claims_to_be_a_draft_is_checked_as_one(bench: Workbench) -> None:
    with pytest.raises(NotFound):
        check_document(bench, "# Plan\n\n<!-- voxspec draft=x version=1 workspace=default -->\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n  \n",
        "\ufeff",
        "\0\0\0",
        "abc\0def",
        "x" * 10_000_000,
        "[" * 20_000,
        "*" * 20_000,
        "`" * 20_000,
        "> " * 50_000,
    ],
    ids=["empty", "blank", "mark", "nul", "binary", "10 MB", "brackets", "stars", "ticks", "nested"],
)
def test_what_can_not_be_read_is_refused(bench: Workbench, text: str) -> None:
    with pytest.raises(InputRejected):
        check_foreign(bench, text)


@pytest.mark.parametrize(
    "text",
    [
        '"' * 100_000,
        "“" * 100_000,
        "„" * 100_000,
        "'" * 100_000,
        "“a b c d e f g h” " * 5_000,
        '"' + "a " * 200_000,
        "A customer said " * 20_000,
        "As a user I want x " * 10_000,
        "a customer " * 30_000,
        "1 user " * 60_000,
    ],
    ids=range(10),
)
def test_hostile_text_takes_bounded_time(bench: Workbench, text: str) -> None:
    started = time.process_time()
    report = check_foreign(bench, text)
    assert time.process_time() - started < 20
    assert len(report.findings) < 1_000


def test_the_order_of_the_records_leaves_no_trace(bench: Workbench, tmp_path: Path) -> None:
    rows = [f'{number},person {number},"{text}"' for number, text in enumerate(SAID, 1)]
    random.Random(3).shuffle(rows)
    path = tmp_path / "notes.csv"
    path.write_text("\n".join(["id,author,comment", *rows]), encoding="utf-8")
    text = "# Plan\n\nA user wrote “I would recommend the export to anyone.” 9 users left.\n\n> I read my tasks on the tram.\n"
    with open_bench(tmp_path / "home") as other:
        ingest(other, [path], IngestOptions())
        assert check_foreign(other, text) == check_foreign(bench, text)
