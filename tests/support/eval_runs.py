"""Small runs of evaluation sets, made by hand."""

from typing import Any

from assistant.domain.finding import Finding, Severity, Verdict
from evals.cases.case import FrozenRecord
from evals.runs.outcome import (
    CaseResult,
    Cited,
    EvalRun,
    GraderStamp,
    Outcome,
    Problem,
    Recall,
    SetRun,
    worst,
)

SAID = "The reader hangs <b>at noon</b> & we lose \x00 the sale."
QUOTED = "at noon</b> & we lose"


def result(case_id: str, outcome: Outcome = Outcome.passed, **more: Any) -> CaseResult:
    """A case that passed, or failed in the way that is named."""
    misses = {
        Outcome.failed: ("It should cite T1.",),
        Outcome.abstained: ("It says not enough evidence.",),
    }
    answered = outcome in (Outcome.passed, Outcome.failed)
    shared: dict[str, Any] = {
        "case_id": case_id,
        "asked": f"hash of {case_id}",
        "ask": "reader loses payments",
        "outcome": outcome,
        "verdict": Verdict.ready if answered else None,
        "misses": misses.get(outcome, ()),
        "nuggets": Recall(found=1, of=2) if answered else None,
        "draft": f"draft of {case_id}",
        "problem": Problem(code="model-timeout", message="No answer in time.", hint="Try later.")
        if outcome is Outcome.error
        else None,
    }
    return CaseResult(**(shared | more))


def blocked(case_id: str) -> CaseResult:
    """A case whose draft holds an invented number."""
    found = Finding(
        grader="numbers_bound",
        severity=Severity.block,
        target="C2",
        message="'40' rests on no fact.",
        fix="Cut it.",
    )
    advice = Finding(grader="story_form", severity=Severity.advise, target="US-1", message="It is long.")
    return result(
        case_id,
        Outcome.failed,
        misses=("numbers_bound: '40' rests on no fact.", "It should cite T1."),
        findings=(found, advice),
        quotes=(Cited(external_id="T1", start=SAID.index(QUOTED), end=SAID.index(QUOTED) + len(QUOTED), text=QUOTED),),
    )  # fmt: skip


def set_run(*results: CaseResult, **more: Any) -> SetRun:
    """A set of these cases."""
    shared: dict[str, Any] = {
        "name": "tills",
        "kind": "prd",
        "records": "r1",
        "cases": "c1",
        "gates": "g1",
        "embedder": "minilm",
        "threshold": 1.0,
        "evidence": {"T1": FrozenRecord(external_id="T1", source="tickets", text=SAID)},
        "results": results,
    }
    return SetRun(**(shared | more))


def eval_run(*sets: SetRun, **more: Any) -> EvalRun:
    """A run of these sets."""
    shared: dict[str, Any] = {
        "voxspec": "0.1.0",
        "writer": "extractive",
        "settings": "s1",
        "prompts": {"drafting/prd.v2": "p1"},
        "graders": {
            "numbers_bound": GraderStamp(layer=1, severity=Severity.block, sha256="n1"),
            "story_form": GraderStamp(layer=0, severity=Severity.advise, sha256="f1"),
        },
        "sets": sets,
        "gate": worst(one.gate for one in sets),
    }
    return EvalRun(**(shared | more))
