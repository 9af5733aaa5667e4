"""Findings as workflow commands of GitHub Actions."""

from datetime import UTC, datetime

from api.annotations import annotations
from assistant.domain.finding import CheckReport, Finding, Overruling, Severity, Verdict

TEXT = "one\r\ntwo, 2\nthree"


def _lines(path: str = "", **changes: object) -> list[str]:
    finding = Finding(grader="gherkin", severity=Severity.block, target="draft", message="Bad.")
    report = CheckReport(verdict=Verdict.needs_fixes, findings=(finding.model_copy(update=changes),))
    return list(annotations(report, path, TEXT))


def test_a_finding_names_its_lines_and_columns() -> None:
    assert _lines("a.md", span=(5, 8)) == [
        "::error file=a.md,line=2,endLine=2,col=1,endColumn=4,title=gherkin::Bad."
    ]
    assert _lines("a.md", span=(10, 17)) == ["::error file=a.md,line=2,endLine=3,col=6,title=gherkin::Bad."]
    assert _lines("a.md") == ["::error file=a.md,line=1,title=gherkin::Bad."]
    assert _lines() == ["::error title=gherkin::Bad."]


def test_what_would_end_a_command_is_escaped() -> None:
    (line,) = _lines("a,b:c%.md", message="50 %\r\n::set-output name=x::y", fix="a\nb")
    assert line.startswith("::error file=a%2Cb%3Ac%25.md,")
    assert line.endswith("::50 %25%0D%0A::set-output name=x::y%0AFix: a%0Ab")
    assert "\n" not in line


def test_advice_warns_and_what_was_overruled_is_a_notice() -> None:
    told = Overruling(by="Ida", reason="x", at=datetime(2026, 1, 1, tzinfo=UTC))
    assert _lines(severity=Severity.advise)[0].startswith("::warning ")
    assert _lines(overruled=told)[0].startswith("::notice ")
