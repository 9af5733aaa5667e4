"""A draft against a case: what counts as missed, what as said, and what the set gates."""

from typing import Any

import pytest

from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Finding, Severity, Verdict
from evals.cases.case import Case, EvalSet, Expect, Nugget, RecordsFile, SetSpec
from evals.cases.expectations import result_of
from evals.runs.outcome import CaseResult, Outcome, Recall
from evals.sample import sample_draft

EXTERNAL = {"rec_a": "A1", "rec_b": "B1", "rec_c": "C1", "rec_d": "D1"}
ADVICE = Finding(grader="story_form", severity=Severity.advise, target="US-1", message="It is long.")
BLOCK = Finding(
    grader="numbers_bound", severity=Severity.block, target="C1", message="'40' rests on no fact."
)


def judged(
    *findings: Finding, verdict: Verdict = Verdict.ready, graders: dict[str, Severity] | None = None, **expect: Any
) -> CaseResult:  # fmt: skip
    spec = SetSpec(
        schema_version=1, name="s", kind="prd", records=RecordsFile(sha256="0"), graders=graders or {}
    )
    case = Case(id="c", ask="open the timetable", expect=Expect(**expect))
    draft: Draft = sample_draft().model_copy(
        update={"report": CheckReport(verdict=verdict, findings=findings)}
    )
    return result_of(draft, case, EvalSet(spec, (), (case,)), EXTERNAL)


def test_a_draft_that_says_and_cites_what_is_expected_passes() -> None:
    held = judged(themes=("timetable",), must_cite=("A1|B1",), must_not_cite=("Z9",))
    assert (held.outcome, held.misses) == (Outcome.passed, ())
    assert held.cited == Recall(found=1, of=1)


def test_each_expectation_that_is_not_met_is_a_sentence() -> None:
    held = judged(
        themes=("helicopter",),
        must_cite=("Y8|Z9",),
        must_not_cite=("A1",),
        nuggets=(Nugget(says="timetable"), Nugget(says="rotor"), Nugget(says="noise", importance="okay")),
    )
    assert held.outcome is Outcome.failed
    assert held.misses == (
        "It should cite Y8 or Z9.",
        "It must not cite A1.",
        "It should speak of helicopter.",
        "It should say rotor.",
    )
    assert (held.vital, held.nuggets) == (Recall(found=1, of=2), Recall(found=1, of=3))


def test_an_okay_nugget_counts_without_failing() -> None:
    assert judged(nuggets=(Nugget(says="rotor", importance="okay"),)).outcome is Outcome.passed


def test_a_blocking_finding_fails_a_case_that_meets_all_expectations() -> None:
    held = judged(BLOCK, ADVICE, verdict=Verdict.needs_fixes)
    assert (held.outcome, held.blocking, held.unmet) == (Outcome.failed, (BLOCK,), ())
    assert held.misses == ("numbers_bound: '40' rests on no fact.",)


@pytest.mark.parametrize(
    ("gate", "outcome"), [("block", Outcome.failed), ("advise", Outcome.passed), (None, Outcome.passed)]
)
def test_the_gate_of_the_set_decides_what_advice_does(gate: str | None, outcome: Outcome) -> None:
    held = judged(ADVICE, graders={"story_form": Severity(gate)} if gate else None)
    assert held.outcome is outcome
    assert [one.severity for one in held.findings] == [Severity(gate or "advise")]


def test_to_abstain_without_reason_is_an_outcome_of_its_own() -> None:
    held = judged(verdict=Verdict.not_enough_evidence, must_cite=("Y8",), nuggets=(Nugget(says="timetable"),))
    assert held.outcome is Outcome.abstained
    assert held.misses == ("It says not enough evidence.",)
    assert (held.cited, held.nuggets, held.vital) == (None, None, None)


def test_to_abstain_where_it_is_expected_passes_and_to_answer_fails() -> None:
    assert judged(verdict=Verdict.not_enough_evidence, abstain=True).outcome is Outcome.passed
    held = judged(abstain=True)
    assert held.outcome is Outcome.failed
    assert held.misses == ("It should say that there is not enough evidence.",)


def test_a_draft_that_abstains_does_not_hide_an_invented_number() -> None:
    assert judged(BLOCK, verdict=Verdict.not_enough_evidence, abstain=True).outcome is Outcome.failed
