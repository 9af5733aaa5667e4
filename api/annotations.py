"""Findings as the workflow commands of GitHub Actions, which show them beside the lines of a pull request.

Escaping is that of the actions toolkit (`@actions/core`, command.ts): `%`, CR and LF in messages, `:` and `,` in properties as well.
"""

import re
from collections.abc import Iterator, Mapping

from assistant.domain.finding import CheckReport, Finding, Severity

_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))
_LINE_END = re.compile(r"\r\n|\r|\n")


def annotations(report: CheckReport, path: str = "", text: str = "") -> Iterator[str]:
    """A line per finding: `::error …` where it blocks, `::warning …` where it advises, `::notice …` where it was overruled.

    Args:
        path: of the file that was checked, relative to the repository; empty: findings name no file.
        text: of that file; lines and columns are counted in it, from 1, columns in code points.
    """
    for finding in report.findings:
        level = (
            "notice" if finding.overruled else "error" if finding.severity is Severity.block else "warning"
        )
        properties = {"title": finding.grader}
        if path:
            properties = {"file": path} | place_of(finding, text) | properties
        yield annotation(level, properties, finding.message, finding.evidence, finding.fix)


def annotation(level: str, properties: Mapping[str, str], message: str, evidence: str, fix: str) -> str:
    """One workflow command. Args: level: `error`, `warning`, `notice`; properties: `title`, `file`, `line` …; empty texts are left out."""
    told = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in properties.items())
    parts = (message, evidence and f"Evidence: {evidence}", fix and f"Fix: {fix}")
    return f"::{level} {told}::{_escaped(chr(10).join(filter(None, parts)), _DATA)}"


def place_of(finding: Finding, text: str) -> dict[str, str]:
    """`line`, `endLine`, `col` and `endColumn` (after the last character) of a finding, from 1, where they are known."""
    if finding.span is None or finding.span[0] > len(text):
        return {"line": "1"}
    before = _LINE_END.split(text[: finding.span[0]])
    within = _LINE_END.split(text[finding.span[0] : finding.span[1]].rstrip())
    place = {
        "line": str(len(before)),
        "endLine": str(len(before) + len(within) - 1),
        "col": str(len(before[-1]) + 1),
    }
    if len(within) == 1:
        place["endColumn"] = str(len(before[-1]) + len(within[0]) + 1)
    return place


def _escaped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for sign, code in table:
        text = text.replace(sign, code)
    return text
