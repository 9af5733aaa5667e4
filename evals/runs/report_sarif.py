"""A run as SARIF 2.1.0 (OASIS, 2020), as code hosts show it: a rule per grader, a result per finding or missed expectation."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.domain.base import digest
from assistant.domain.finding import Finding, Severity
from evals.runs.outcome import CaseResult, EvalRun, Outcome, SetRun

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
EXPECTATION, NO_ANSWER = "expectation", "no_answer"

Lines = Mapping[tuple[str, str], tuple[str, int]]
"""(set, case id) → file of the case, relative to the root of the checkout, and line in it, from 1."""
_Json = dict[str, Any]


def sarif(run: EvalRun, lines: Lines) -> bytes:
    """The run as a file. Cases that `lines` leaves out are named without a place."""
    rules = [*run.graders, EXPECTATION, NO_ANSWER]
    results = [
        _result(rules, held, result, lines, *said)
        for held in run.sets
        for result in held.results
        for said in _said(result)
    ]
    driver = {
        "name": "Voxspec",
        "semanticVersion": run.voxspec,
        "rules": [_rule(run, name) for name in rules],
    }
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "automationDetails": {"id": f"voxspec/{'+'.join(held.name for held in run.sets)}/"},
                "invocations": [_invocation(run)],
                "results": results,
            }
        ],
    }
    return (json.dumps(log, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def _rule(run: EvalRun, name: str) -> _Json:
    told = {
        EXPECTATION: "A draft says and cites what the case expects of it.",
        NO_ANSWER: "The model answers, so that the case can be judged.",
    }
    stamp = run.graders.get(name)
    level = _LEVELS[stamp.severity] if stamp else "error"
    text = told.get(name, f"Grader of layer {stamp.layer if stamp else 0}: {name.replace('_', ' ')}.")
    return {
        "id": name,
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": level},
    }


_LEVELS = {Severity.block: "error", Severity.advise: "note"}


def _invocation(run: EvalRun) -> _Json:
    """Whether the tool itself could do its work; what it found isn't meant."""
    broken = [
        {"level": "error", "message": {"text": f"{held.name}/{one.case_id}: {one.problem.message}"}}
        for held in run.sets
        for one in held.results
        if one.problem is not None
    ]
    return {"executionSuccessful": not broken} | ({"toolExecutionNotifications": broken} if broken else {})


def _said(result: CaseResult) -> Iterator[tuple[str, str, str, str]]:
    """Rule, level, sentence, and where in the draft."""
    for finding in result.findings:
        yield finding.grader, _LEVELS[finding.severity], _with_fix(finding), finding.target
    for miss in result.unmet:
        yield EXPECTATION, "error", miss, ""
    if result.outcome is Outcome.error and result.problem is not None:
        yield NO_ANSWER, "warning", f"{result.problem.message} {result.problem.hint}".strip(), ""


def _with_fix(finding: Finding) -> str:
    return f"{finding.message} {finding.fix}".strip()


def _result(
    rules: list[str],
    held: SetRun,
    result: CaseResult,
    lines: Lines,
    rule: str,
    level: str,
    text: str,
    target: str,
) -> _Json:
    name = f"{held.name}/{result.case_id}" + (f"#{target}" if target else "")
    place: _Json = {"logicalLocations": [{"fullyQualifiedName": name, "kind": "member"}]}
    if (held.name, result.case_id) in lines:
        path, line = lines[held.name, result.case_id]
        place["physicalLocation"] = {"artifactLocation": {"uri": path}, "region": {"startLine": line}}
    known = {"ruleIndex": rules.index(rule)} if rule in rules else {}
    return {
        "ruleId": rule,
        **known,
        "level": level,
        "message": {"text": f"{result.case_id}: {text}"},
        "locations": [place],
        "partialFingerprints": {"caseRuleTarget/v1": digest(held.name, result.case_id, rule, target, text)},
    }
