"""A field of a gigabyte: a file with such a line is refused at once; a quoted one of many lines costs its row, and little memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHILD = """
import resource, sys
from pathlib import Path
from assistant.errors import InputRejected
from ingest.options import IngestOptions
from ingest.pipeline import preview
from tests.support.ingest_bench import open_bench
with open_bench(Path(sys.argv[1]) / "home") as bench:
    small = Path(sys.argv[1], "small.csv")
    small.write_text("id,comment\\n1,The export fails again and again\\n")
    preview(bench, [small], IngestOptions())
    before = resource.getrusage(resource.RUSAGE_SELF)
    try:
        [report] = preview(bench, [Path(sys.argv[2])], IngestOptions()).files
        told = f"{report.rows} rows, {report.kept} kept, {report.rejected} rejected"
    except InputRejected as refused:
        told = refused.message
    after = resource.getrusage(resource.RUSAGE_SELF)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(told, (after.ru_maxrss - before.ru_maxrss) // 1024, taken, sep="|")
"""
ONE_LINE = "huge.csv holds a line of more than 64 MB."


@pytest.mark.parametrize(
    ("quote", "block", "expected", "within_s"),
    [
        (b'"', b"a" * (1 << 20), ONE_LINE, 3),
        (b"", b"a" * (1 << 20), ONE_LINE, 3),
        (b"", b"a," * (1 << 19), ONE_LINE, 3),
        # Hashing and twice reading it; the machine may be busy.
        (b'"', b"a line of it\n" * (1 << 16), "3 rows, 2 kept, 1 rejected", 9),
    ],
    ids=["quoted", "plain", "commas", "lines"],
)
def test_a_gigabyte_in_one_cell_costs_little_time_and_memory(
    tmp_path: Path, quote: bytes, block: bytes, expected: str, within_s: float
) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"id,comment\n1,The export fails again and again\n2," + quote)
        for _ in range((1 << 30) // len(block)):
            file.write(block)
        file.write(quote + b"\n3,And the login is slow as well\n")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    path.unlink()
    told, megabytes, seconds = done.stdout.strip().split("|")
    assert told == expected
    assert int(megabytes) <= 64
    assert float(seconds) < within_s
