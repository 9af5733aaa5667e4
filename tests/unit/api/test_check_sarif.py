"""Findings about one document as SARIF, held against the schema of the standard."""

import json
from datetime import UTC, datetime

import pytest
from jsonschema import ValidationError

from api.check_sarif import check_sarif
from assistant.domain.finding import CheckReport, Finding, Overruling, Severity, Verdict
from tests.support.sarif import demand_sarif

TEXT = "one\r\ntwo, 2\nthree"
FINDINGS = (
    Finding(grader="gherkin", severity=Severity.block, target="draft", message="Bad.", span=(5, 8)),
    Finding(
        grader="judge_follows", severity=Severity.advise, target="C1", message="Perhaps.", fix="Say less."
    ),
    Finding(
        grader="numbers_bound",
        severity=Severity.block,
        target="C2",
        message="40.",
        overruled=Overruling(by="Ida", reason="Counted.", at=datetime(2026, 1, 1, tzinfo=UTC)),
    ),
)


@pytest.mark.parametrize("path", ["", "a folder/ä#1.md"])
@pytest.mark.parametrize("findings", [(), FINDINGS])
def test_a_report_is_what_the_schema_of_the_standard_asks_for(
    path: str, findings: tuple[Finding, ...]
) -> None:
    report = CheckReport(verdict=Verdict.needs_fixes, findings=findings)
    demand_sarif(json.loads(check_sarif(report, path, TEXT if path else "", "0.1.0")))


def test_what_the_standard_does_not_know_is_refused() -> None:
    log = json.loads(check_sarif(CheckReport(verdict=Verdict.ready), "", "", "0.1.0"))
    log["runs"][0]["columnKind"] = "bytes"
    with pytest.raises(ValidationError):
        demand_sarif(log)
