"""Hostile files: refused how fast, and in how much memory. Each is read in a process of its own.

`python -m evals.bench.hostile GROUP…` prints what became of each file as one JSON object a line.
"""

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.errors import InputRejected
from assistant.settings import Settings
from assistant.wiring import open_workbench
from evals.bench.attacks.containers import archives, markup, workbooks
from evals.bench.attacks.documents import gigabytes, nested, pdf, pdfs
from evals.bench.attacks.office import FORMATS
from evals.bench.attacks.port import Attack
from evals.bench.attacks.texts import texts
from evals.bench.attacks.zips import parts_of, write_zip
from evals.bench.measure import Result, Setting, at_least, at_most
from ingest.options import IngestOptions
from ingest.pipeline import preview
from ingest.recognise import open_file

GROUPS: dict[str, Callable[[], list[Attack]]] = {
    "archives": archives,
    "markup": markup,
    "workbooks": workbooks,
    "pdf": pdfs,
    "gigabytes": gigabytes,
    "nesting": nested,
    "patterns": texts,
}
_NAMES = {
    "archives": "ZIP bombs and path tricks",
    "markup": "XML bombs and entities",
    "workbooks": "workbooks that claim too much",
    "pdf": "PDF bombs and loops",
    "gigabytes": "a line or field of a gigabyte",
    "nesting": "100,000 levels, columns, parts",
    "patterns": "30,000 characters of one pattern",
}
WITHIN_S = 1.0
ABOVE_INPUT_MB = 64.0
_HANG_S = 60


@dataclass(frozen=True)
class Reading:
    """What became of one file."""

    name: str
    outcome: str
    """`refused`, `rejected` (a row), `read`, or `failed` with the problem in `message`."""
    message: str
    hint: str
    seconds: float
    """CPU time, of the process and the kernel."""
    memory_mb: float
    """Peak above what the process had before."""
    input_mb: float


def read_in_child(home: Path, path: Path) -> Reading:
    """Look at a file as `voxspec ingest --dry-run` does, in a fork of this process, which has everything imported."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        resource.setrlimit(resource.RLIMIT_CPU, (_HANG_S, _HANG_S))
        status = 1
        try:
            os.write(writable, json.dumps(asdict(_read(home, path))).encode())
            status = 0
        finally:
            if status:
                traceback.print_exc()
            # A fork keeps what waits in the parent's buffers: it must not leave through an ordinary exit.
            os._exit(status)
    os.close(writable)
    with os.fdopen(readable, "rb") as answer:
        told = answer.read()
    _, status, used = os.wait4(child, 0)
    if told:
        return Reading(**json.loads(told))
    how = f"its process ended with {os.waitstatus_to_exitcode(status)}"
    size = path.stat().st_size / (1 << 20)
    return Reading(path.name, "failed", how, "", used.ru_utime + used.ru_stime, 0.0, size)


def _read(home: Path, path: Path) -> Reading:
    with open_workbench(Settings(home=home)) as bench:
        bench.corpus()
        _reset_peak()
        peak, seconds = _peak_mb(), _seconds()
        message = hint = ""
        try:
            [report] = preview(bench, [path], IngestOptions()).files
            outcome = "rejected" if report.rejected else "read"
            message = "; ".join(report.reasons)[:300]
        except InputRejected as refused:
            outcome, message, hint = "refused", refused.message, refused.hint
        taken, grown = _seconds() - seconds, _peak_mb() - peak
    size = path.stat().st_size / (1 << 20)
    return Reading(path.name, outcome, message, hint, round(taken, 3), round(grown, 1), round(size, 1))


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def readings(attacks: Iterable[Attack], folder: Path) -> Iterator[tuple[Attack, Reading]]:
    """Make each file, read it, remove it."""
    home = folder / "home"
    _warm(home, folder)
    for attack in attacks:
        path = folder / attack.name
        attack.write(path)
        try:
            yield attack, read_in_child(home, path)
        finally:
            path.unlink()


def _warm(home: Path, folder: Path) -> None:
    """Read a small file of every kind, so that no import is counted."""
    small = {
        "a.csv": b"id,comment\n1,Exports are very slow today: call +49 30 901820.\n",
        "a.json": b'[{"comment": "Exports are very slow today"}]',
        "a.html": b"<p>Exports are very slow today",
        "a.md": b"# Exports\n\nThey are very slow today for all of us",
        "a.eml": b"From: ana@example.com\nSubject: Exports\n\nThey are very slow today",
        "a.pdf": pdf(),
    }
    for name, content in small.items():
        (folder / name).write_bytes(content)
    for kind, make in FORMATS.items():
        write_zip(folder / f"a.{kind}", parts_of(make()))
    with open_workbench(Settings(home=home)) as bench:
        for path in sorted(folder.glob("a.*")):
            preview(bench, [path], IngestOptions())
            path.unlink()


def measure_hostile(setting: Setting) -> list[Result]:
    """Every attack of every group; with `quick`, no gigabytes. And the public cases of JSON parsing."""
    rows: list[Result] = []
    for group, name in _NAMES.items():
        if setting.quick and group == "gigabytes":
            continue
        made = GROUPS[group]()
        with TemporaryDirectory() as folder:
            found = list(readings(made, Path(folder)))
        rows += _rows(name, found, harmful=group != "patterns")
    cases = sorted((setting.data / "json" / "test_parsing").glob("*.json"))
    right = sum(_as_its_name_says(path) for path in cases)
    note = f"of {len(cases)} of JSONTestSuite: y_ read, n_ refused, i_ either"
    rows.append(
        Result(
            bench="hostile",
            what="JSON cases as their name says",
            value=right,
            target=at_least(318),
            note=note,
        )
    )
    return rows


def _rows(name: str, found: Sequence[tuple[Attack, Reading]], *, harmful: bool) -> list[Result]:
    wrong = [one.name for attack, one in found if one.outcome != attack.outcome]
    slowest = max((one for _, one in found), key=lambda one: one.seconds)
    largest = max((one for _, one in found), key=lambda one: one.memory_mb - one.input_mb)
    above = largest.memory_mb - largest.input_mb
    return [
        Result(
            bench="hostile", what=f"{name}: not as expected", value=len(wrong), target=at_most(0),
            note=f"of {len(found)} files{': ' if wrong else ''}{', '.join(wrong)}",
        ),
        Result(
            bench="hostile", what=f"{name}: slowest", value=slowest.seconds, unit="s of CPU time",
            target=at_most(WITHIN_S) if harmful else None, note=f"{slowest.name}, {slowest.outcome}",
        ),
        Result(
            bench="hostile", what=f"{name}: memory above the input", value=max(above, 0.0), unit="MB",
            target=at_most(ABOVE_INPUT_MB), note=largest.name,
        ),
    ]  # fmt: skip


def _as_its_name_says(path: Path) -> bool:
    try:
        connector = open_file(path, Settings(home=path.parent)).connector
        is_read = connector is not None and all(True for _ in connector.rows())
    except InputRejected:
        is_read = False
    return path.name.startswith("i_") or is_read == path.name.startswith("y_")


def main(groups: Sequence[str]) -> None:
    """Print what becomes of every file of some groups, beside what should."""
    with TemporaryDirectory() as folder:
        for group in groups:
            for attack, one in readings(GROUPS[group](), Path(folder)):
                told = asdict(one) | {"group": group, "expected": attack.outcome, "within_s": attack.within_s}
                print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
