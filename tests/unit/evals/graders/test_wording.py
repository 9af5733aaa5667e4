"""Advice on the wording of wishes and requirements: what it sees, what it leaves alone, and the edits that it offers."""

from collections.abc import Callable

import pytest

from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Edit, Finding, Severity
from evals.check import grade
from evals.graders.dangling_references import dangling_references
from evals.graders.escape_clauses import escape_clauses
from evals.graders.measurable_then import measurable_then
from evals.graders.near_duplicate_requirements import near_duplicate_requirements
from evals.graders.negative_requirements import negative_requirements
from evals.graders.passive_requirements import passive_requirements
from evals.graders.requirement_form import requirement_form
from evals.graders.vague_words import vague_words
from evals.graders.wish_atomic import wish_atomic
from evals.graders.wish_minimal import wish_minimal
from evals.language.ways_out import without_escape
from evals.language.wording import wants, without_note
from evals.mend import mended
from evals.reading.prose import stories
from evals.registry import OWN
from evals.sample import with_block
from evals.view import EvidenceView
from tests.support.drafts import valid_draft, valid_view

Rule = Callable[[Draft, EvidenceView], list[Finding]]


@pytest.mark.parametrize(
    ("want", "parts"),
    [
        ("to view, edit and delete boards", ("to view boards", "to edit boards", "to delete boards")),
        ("to open the timetable and to print it", ("to open the timetable", "to print it")),
        ("to version my package and keep old versions", ("to version my package", "to keep old versions")),
        ("to open the timetable as well as share it", ("to open the timetable", "to share it")),
        (
            "to open the timetable besides getting rid of paper",
            ("to open the timetable", "getting rid of paper"),
        ),
        ("to open the timetable while also calling a coach", ("to open the timetable", "calling a coach")),
        ("to see lanes with the option to swap them", ("to see lanes", "the option to swap them")),
        ("to see lanes, on top of a letter each May", ("to see lanes", "a letter each May")),
    ],
)
def test_a_wish_of_several_verbs_is_split(want: str, parts: tuple[str, ...]) -> None:
    split = wants(want, "en")
    assert split is not None
    assert split.parts == parts


@pytest.mark.parametrize(
    "want",
    [
        "to have a search and replace",
        "to see the patterns and syntax of a rule",
        "to have the patterns and syntax checked",
        "to print in black and white",
        "to be told in time, and only of what concerns me",
        "to find terms and conditions",
        "to know what fails and why",
        "to see open as well as closed lanes",
        "to export it to paper as well as to Word",
        "to move lanes while still seeing them",
        "to read the list together with its notes",
        "to use the timetable in addition to Java 8 and Java 11",
    ],
)
def test_one_wish_with_an_and_is_one(want: str) -> None:
    assert wants(want, "en") is None


def test_german_wishes_with_two_infinitives_are_split() -> None:
    assert wants("den Plan zu öffnen und ihn zu drucken", "de") is not None
    assert wants("Pläne und Listen zu drucken", "de") is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("to open it (see the notes of the meeting)", "to open it"),
        ("to open it. Note: ask Legal first", "to open it"),
        ("to open it as a document (PDF)", "to open it as a document (PDF)"),
        ("to open boards e.g. old ones", "to open boards e.g. old ones"),
        ("to see 3.5 and 4.0 side by side", "to see 3.5 and 4.0 side by side"),
    ],
)
def test_remarks_go_and_names_stay(text: str, kept: str) -> None:
    assert without_note(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("If possible, the system shall print.", "The system shall print."),
        ("The system shall print boards, lists, etc.", "The system shall print boards, lists"),
        ("Das System soll nach Möglichkeit drucken.", "Das System soll drucken."),
    ],
)
def test_a_sentence_reads_on_without_its_escape(text: str, kept: str) -> None:
    assert without_escape(text) == kept


@pytest.mark.parametrize(
    ("rule", "text", "seen"),
    [
        (escape_clauses, "The system shall keep it as required by the school.", False),
        (escape_clauses, "The system shall keep it where applicable.", True),
        (dangling_references, "This timetable shall stay.", False),
        (dangling_references, "This shall stay on the phone.", True),
        (dangling_references, "The system shall do the same as above.", True),
        (negative_requirements, "The system shall not lose the timetable.", True),
        (negative_requirements, "Where it can't be kept, the system shall say why.", False),
        (negative_requirements, "The system shall not wait more than 2 s.", False),
        (passive_requirements, "The timetable shall be kept.", True),
        (passive_requirements, "The timetable shall be kept by the phone.", False),
        (vague_words, "The system shall keep it in a user-friendly way.", True),
        (vague_words, "The system shall open it fast, within 2 s.", False),
        (wish_atomic, "The system shall keep it and the phone shall show it.", True),
        (wish_atomic, "The system shall keep and show it.", False),
        (wish_minimal, "The system shall keep it (ask Legal).", True),
        (vague_words, "The system shall open it within 2 s in an elegant way.", True),
        (negative_requirements, "The system shall never fail to open within 2 s.", True),
        (negative_requirements, "The system shall neither lose nor hide it but keep it.", False),
        (
            negative_requirements,
            "Where no line is free, the system shall not stay silent but say why.",
            False,
        ),
        (dangling_references, "The system shall do what FR-77 says.", True),
        (dangling_references, "The system shall do what US-1 asks for.", False),
        (near_duplicate_requirements, "Throughout the day, the kept timetable shall open within 2 s.", True),
        (near_duplicate_requirements, "When offline, the kept timetable shall show its age.", False),
        (requirement_form, "The kept timetable shall open within 2 of being asked.", False),
    ],
)
def test_rules_about_requirements(rule: Rule, text: str, seen: bool) -> None:
    found = rule(with_block(valid_draft(), "FR-1", text=text), valid_view())
    assert bool(found) is seen
    assert {finding.severity for finding in found} <= {Severity.advise}


@pytest.mark.parametrize(
    ("then", "seen"),
    [
        ("it works as expected", True),
        ("it is user-friendly", True),
        ("the user is happy with it", True),
        ("the teacher opens it", True),
        ("the page shows the name of the school", False),
        ("the result is complete and none of it is missing", False),
        ("a good night is wished in red letters", False),
        ("see the story above", True),
        ("it is the same as usual", True),
        ("the lane is free or it isn't", True),
        ("I am told whether it was kept or not", False),
        ("the price stands there as on the old page", False),
    ],
)
def test_an_outcome_can_be_seen(then: str, seen: bool) -> None:
    first, failure = stories(valid_draft())[0].criteria
    criteria = (first.model_copy(update={"then": (then,)}), failure)
    assert bool(measurable_then(with_block(valid_draft(), "US-1", criteria=criteria), valid_view())) is seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The kept timetable shall open within 2 of being asked.", True),
        ("The kept timetable shall open in at most 2 each time.", True),
        ("The kept timetable shall open within 2 seconds.", False),
        ("The kept timetable shall open within 2000 ms, 2 at a time.", False),
        ("保存した時間割は2秒以内に開く shall.", False),
    ],
)
def test_a_bound_is_said_with_its_unit(text: str, seen: bool) -> None:
    found = requirement_form(with_block(valid_draft(), "NFR-1", text=text), valid_view())
    assert [finding.severity for finding in found] == [Severity.advise] * seen


def test_a_failure_that_ends_as_the_success_does_is_seen() -> None:
    first, failure = stories(valid_draft())[0].criteria
    criteria = (first, failure.model_copy(update={"then": first.then}))
    [finding] = measurable_then(with_block(valid_draft(), "US-1", criteria=criteria), valid_view())
    assert "ends as the success does" in finding.message


def test_edits_mend_what_they_are_about_and_nothing_else() -> None:
    first, failure = stories(valid_draft())[0].criteria
    step = "it is shown on the first page, if possible"
    broken = with_block(valid_draft(), "US-1", want="to open the timetable (ask Ann)")
    broken = with_block(broken, "US-1", criteria=(first.model_copy(update={"then": (step,)}), failure))
    broken = with_block(
        broken, "FR-1", text="If possible, the system shall keep the last timetable on the phone."
    )
    report = grade(broken, valid_view(), OWN)
    done = mended(broken, report.findings)
    whole = {block.id: block for block in done.blocks() if block.type in ("story", "requirement")}
    assert stories(done)[0].want == "to open the timetable"
    assert stories(done)[0].criteria[0].then == ("it is shown on the first page",)
    expected = with_block(
        valid_draft(), "US-1", want="to open the timetable", criteria=stories(done)[0].criteria
    )
    assert done == with_block(expected, "FR-1", text="The system shall keep the last timetable on the phone.")
    assert len(whole) == 4


def test_an_edit_of_a_text_that_reads_differently_by_now_changes_nothing() -> None:
    edit = Edit(field="want", before="to read it", after="to see it")
    finding = Finding(grader="any", severity=Severity.advise, target="US-1", message="So.", edit=edit)
    assert mended(valid_draft(), [finding]) is valid_draft()


def test_a_finding_without_an_edit_keeps_its_bytes() -> None:
    finding = Finding(grader="any", severity=Severity.advise, target="US-1", message="So.")
    assert "edit" not in finding.model_dump_json()
    report = CheckReport.model_validate_json(
        CheckReport(verdict="ready", findings=(finding,)).model_dump_json()
    )
    assert report.findings == (finding,)
