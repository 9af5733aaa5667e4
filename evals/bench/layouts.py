"""Exports of known layouts: how many are recognised, and whether every row is accounted for, as they are and rewritten."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from defusedxml import ElementTree

from assistant.settings import Settings
from assistant.wiring import open_workbench
from evals.bench.measure import Result, Setting, at_least
from ingest.options import IngestOptions
from ingest.pipeline import preview

_FIXTURES = Path("tests/fixtures/layouts")
_REWRITTEN = (
    "tests/integration/ingest/test_table_layouts.py",
    "tests/integration/ingest/test_json_layouts.py",
)
LAYOUTS = frozenset(
    [
        "app-store-connect",
        "delighted",
        "g2",
        "github-issues",
        "gong",
        "google-forms",
        "google-play",
        "intercom",
        "jira",
        "linear",
        "qualtrics",
        "slack",
        "surveymonkey",
        "typeform",
        "zendesk-csv",
        "zendesk-json",
    ]
)


def measure_layouts(setting: Setting) -> list[Result]:
    """The repository's own exports, in the working directory; unless it is to be quick, also as its tests rewrite them."""
    with TemporaryDirectory() as home, open_workbench(Settings(home=Path(home))) as bench:
        reports = preview(bench, [_FIXTURES], IngestOptions()).files
    known = [report for report in reports if report.layout in LAYOUTS]
    rows = sum(report.rows for report in reports)
    told = sum(report.kept + report.duplicate + report.empty + report.rejected for report in reports)
    found = [
        Result(
            bench="layouts", what="layouts recognised", value=len({one.layout for one in known}),
            target=at_least(len(LAYOUTS)), note=f"{len(known)} exports, least confidence {min(one.confidence for one in known):.2f}",
        ),
        Result(
            bench="layouts", what="rows accounted for", value=100 * told / rows, unit="%", target=at_least(100),
            note=f"{told} of {rows}, {len(reports)} files with the documents",
        ),
    ]  # fmt: skip
    return found if setting.quick else [*found, _rewritten()]


def _rewritten() -> Result:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *_REWRITTEN]
        subprocess.run(command, stdout=sys.stderr, check=False)
        [suite] = ElementTree.parse(report).iter("testsuite")
    tests = int(suite.attrib["tests"])
    wrong = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return Result(
        bench="layouts",
        what="checks of rewritten exports that hold: columns and keys in another order or case, other delimiters and encodings",
        value=100 * (tests - wrong) / tests,
        unit="%",
        target=at_least(100),
        note=f"{tests - wrong} of {tests}: same records, same counts",
    )
