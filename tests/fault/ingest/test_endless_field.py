"""A field of a gigabyte costs its row a second or so, and little memory."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHILD = """
import resource, sys
from pathlib import Path
from ingest.options import IngestOptions
from ingest.pipeline import preview
from tests.support.ingest_bench import open_bench
with open_bench(Path(sys.argv[1]) / "home") as bench:
    small = Path(sys.argv[1], "small.csv")
    small.write_text("id,comment\\n1,The export fails again and again\\n")
    preview(bench, [small], IngestOptions())
    before = resource.getrusage(resource.RUSAGE_SELF)
    [report] = preview(bench, [Path(sys.argv[2])], IngestOptions()).files
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(report.rows, report.kept, report.rejected, (after.ru_maxrss - before.ru_maxrss) // 1024, after.ru_utime - before.ru_utime)
"""


@pytest.mark.parametrize("quote", [b'"', b""])
def test_a_gigabyte_in_one_cell_is_refused_fast_and_in_little_memory(tmp_path: Path, quote: bytes) -> None:
    path = tmp_path / "huge.csv"
    block = b"a" * (1 << 20)
    with path.open("wb") as file:
        file.write(b"id,comment\n1,The export fails again and again\n2," + quote)
        for _ in range(1 << 10):
            file.write(block)
        file.write(quote + b"\n3,And the login is slow as well\n")
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path), str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    path.unlink()
    rows, kept, rejected, megabytes, seconds = done.stdout.split()
    assert (rows, kept, rejected) == ("3", "2", "1")
    assert int(megabytes) <= 64
    assert float(seconds) < 6  # user time; the machine may be busy
    assert time.monotonic() - started < 60
