"""A run in the formats that others read: its own JSON, JUnit XML, SARIF, and one HTML file for people."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, assert_never, get_args

from evals.cases.case import Case
from evals.runs.outcome import EvalRun
from evals.runs.report_html import html
from evals.runs.report_junit import junit
from evals.runs.report_sarif import Lines, sarif

Format = Literal["json", "junit", "sarif", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[str, Format] = {".json": "json", ".xml": "junit", ".sarif": "sarif", ".html": "html"}
MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "junit": "application/xml",
    "sarif": "application/sarif+json",
    "html": "text/html; charset=utf-8",
}


def report(run: EvalRun, form: Format, lines: Lines | None = None) -> bytes:
    """The run as a file.

    Args:
        lines: where each case stands, for formats that point at files.
    """
    match form:
        case "json":
            return (run.model_dump_json(indent=1) + "\n").encode("utf-8", "surrogatepass")
        case "junit":
            return junit(run)
        case "sarif":
            return sarif(run, lines or {})
        case "html":
            return html(run)
        case _:
            assert_never(form)


def lines_of(folders: Mapping[str, Path]) -> Lines:
    """Where the cases of sets stand: files relative to the working directory, with `/`, and lines from 1.

    Args:
        folders: set name → its folder. One that lies elsewhere is named by its last part.
    """
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for name, folder in folders.items():
        place = _relative(folder) / "cases.jsonl"
        for number, line in enumerate((folder / "cases.jsonl").read_text("utf-8").split("\n"), start=1):
            if line.strip():
                found[name, _id(line)] = (place.as_posix(), number)
    return found


def _id(line: str) -> str:
    return Case.model_validate_json(line).id


def _relative(folder: Path) -> Path:
    path = Path(os.path.relpath(folder))
    return Path(folder.name) if path.is_absolute() or ".." in path.parts else path
