"""Public texts whose type or feeling somebody else has said, and how their words map to ours."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.domain.facets import RecordType
from evals.bench.measure import Setting

GOLD: Mapping[RecordType, int] = {
    RecordType.problem: 0,
    RecordType.request: 1,
    RecordType.praise: 2,
    RecordType.question: 2,
    RecordType.other: 2,
}
"""Our types → the classes of minibar: 0 `problem_report`, 1 `feature_request`, 2 `irrelevant` (which is neither of them: praise,
questions, anything else). A review with both labels, 67 of 4,000, counts as a problem report, since our types put problems first."""
_T = TypeVar("_T")
_SOME = 20
"""Every so many texts in a quick run."""
_MOST = 300


@dataclass(frozen=True)
class Labelled:
    """Texts with a class each."""

    texts: list[str]
    classes: list[int]
    note: str = ""


def reviews_by_class(setting: Setting, language: str) -> Labelled:
    """App reviews of minibar with the classes of `GOLD`."""
    rows = _some(_reviews(setting.data, language), setting)
    classes = [
        0 if row["problem_report"] == "1" else 1 if row["feature_request"] == "1" else 2 for row in rows
    ]
    return Labelled([row["data"] for row in rows], classes)


def starred(setting: Setting, language: str) -> Labelled:
    """The same reviews by their stars: 1 for four and five, 0 for one and two; those with three are left out."""
    rows = _some([row for row in _reviews(setting.data, language) if row["score"] != "3"], setting)
    return Labelled(
        [row["data"] for row in rows],
        [int(row["score"] in {"4", "5"}) for row in rows],
        "4 and 5 stars against 1 and 2",
    )


def recommended(setting: Setting) -> Labelled:
    """Long reviews of lounges and seats by whether their authors recommend the airline's."""
    files = (setting.data / "skytrax" / name for name in ("lounge.csv", "seat.csv"))
    rows = _some([row for file in files for row in _csv(file) if row["content"].strip()], setting)
    return Labelled(
        [row["content"] for row in rows], [int(row["recommended"]) for row in rows], "recommended or not"
    )


def bugs(setting: Setting) -> list[str]:
    """Summaries with descriptions of bug reports."""
    files = (setting.data / "gitbugs" / name for name in ("SeaMonkey_bugs.csv", "hadoop_bugs.csv"))
    rows = [row for file in files for row in _csv(file)]
    return _some(
        [f"{row['Summary']}\n{row['Description']}"[:4000] for row in rows][:: max(1, len(rows) // _MOST)],
        setting,
    )


def stories(setting: Setting) -> list[str]:
    """User stories that people wrote."""
    files = sorted((setting.data / "stories").glob("*.txt"))
    lines = (
        line for file in files for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    )
    return [text for line in lines if (text := re.sub(r"^#\w+#\s*", "", line.strip()))]


def utterances(setting: Setting) -> list[str]:
    """What people say to an assistant, in scope."""
    held = json.loads((setting.data / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    return _some([text for text, _ in held["test"]][::2], setting)


def _some(rows: list[_T], setting: Setting) -> list[_T]:
    return rows[::_SOME] if setting.quick else rows


def _reviews(data: Path, language: str) -> list[dict[str, str]]:
    rows = _csv(data / "minibar" / f"classes_garmin_connect.{language}.csv")
    return [row for row in rows if row["data"].strip()]


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
