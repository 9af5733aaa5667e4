"""The findings about one document as SARIF 2.1.0 (OASIS, 2020): what code hosts show beside the lines of a file."""

import json
from typing import Any
from urllib.parse import quote as percent

from api.annotations import place_of
from assistant.domain.finding import CheckReport, Finding, Severity, finding_key
from evals.runs.report_sarif import SCHEMA

_LEVELS = {Severity.block: "error", Severity.advise: "note"}


def check_sarif(report: CheckReport, path: str, text: str, version: str) -> str:
    """The report as one log. An overruled finding is a suppressed result, with the reason.

    Args:
        path: of the file that was checked, relative to the repository; empty: results name no file.
        text: of that file; columns count code points from 1.
    """
    rules = sorted({finding.grader for finding in report.findings})
    driver = {
        "name": "Voxspec",
        "semanticVersion": version,
        "rules": [
            {"id": name, "shortDescription": {"text": f"Grader {name.replace('_', ' ')}."}} for name in rules
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(rules, finding, path, text) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _result(rules: list[str], finding: Finding, path: str, text: str) -> dict[str, Any]:
    place: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": finding.target, "kind": "member"}]}
    if path:
        region = {_REGION[name]: int(value) for name, value in place_of(finding, text).items()}
        place["physicalLocation"] = {"artifactLocation": {"uri": percent(path)}, "region": region}
    result: dict[str, Any] = {
        "ruleId": finding.grader,
        "ruleIndex": rules.index(finding.grader),
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(filter(None, (finding.message, finding.fix)))},
        "locations": [place],
        "partialFingerprints": {"finding/v1": finding_key(finding)},
    }
    if finding.overruled:
        result["suppressions"] = [{"kind": "external", "justification": finding.overruled.reason}]
    return result


_REGION = {"line": "startLine", "endLine": "endLine", "col": "startColumn", "endColumn": "endColumn"}
