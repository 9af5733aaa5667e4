"""kill -9 anywhere: no acknowledged record is lost, none is half stored, and the import goes on where it stopped."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench

ROOT = Path(__file__).parents[3]
CHILD = """
import sys
from pathlib import Path
import ingest.batches
ingest.batches.ROWS_PER_BATCH = int(sys.argv[3])
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.ingest_bench import open_bench
with open_bench(Path(sys.argv[1])) as bench:
    ingest(bench, [Path(sys.argv[2])], IngestOptions(), lambda done, total, message: print(done, flush=True))
"""
ROWS = 1_500
BATCH = 100
TRIALS = 10


def is_empty(row: int) -> bool:
    return row % 50 == 7


def with_text(rows: int) -> int:
    """How many of the first rows give a record."""
    return sum(not is_empty(row) for row in range(rows))


def write_table(path: Path) -> None:
    chance = random.Random(11)
    lines = ["id,comment,user,plan"]
    for number in range(ROWS):
        text = (
            ""
            if is_empty(number)
            else f"The {chance.choice(['export', 'login', 'board'])} fails in case {chance.randrange(900)}"
        )
        lines.append(
            f"{number},{text},{chance.choice(['ana', 'bob', 'cyd'])},{chance.choice(['pro', 'free'])}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def state(bench: Workbench) -> tuple[object, ...]:
    rows = bench.corpus()
    return rows.snapshot, rows.record_ids, rows.passage_ids, rows.vectors.tobytes()


def finish(home: Path, table: Path) -> tuple[tuple[object, ...], FileReport]:
    with open_bench(home) as bench:
        [report] = ingest(bench, [table], IngestOptions()).files
        return state(bench), report


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[object, ...], FileReport]:
    """The table, and the state and the report that an undisturbed import of it ends with."""
    folder = tmp_path_factory.mktemp("calm")
    write_table(folder / "a.csv")
    return folder / "a.csv", *finish(folder / "home", folder / "a.csv")


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_killed_import_resumes_to_the_state_of_an_undisturbed_one(
    trial: int, tmp_path: Path, calm: tuple[Path, tuple[object, ...], FileReport]
) -> None:
    table, undisturbed, whole = calm
    home = tmp_path / "killed"
    acknowledged = kill_at(home, table, random.Random(trial))
    with open_bench(home) as bench:
        corpus = bench.corpus()
        batches = [with_text(rows) for rows in range(0, ROWS + 1, BATCH)]
        assert len(corpus.record_ids) in batches  # no batch is half stored
        assert len(corpus.record_ids) >= with_text(acknowledged)
        assert set(corpus.passage_record.tolist()) == set(range(len(corpus.record_ids)))
    resumed, report = finish(home, table)
    assert resumed == undisturbed
    assert report == whole
    assert report.rows == ROWS == report.kept + report.duplicate + report.empty + report.rejected


def kill_at(home: Path, table: Path, chance: random.Random) -> int:
    """Start an import and kill it after a random batch, at a random moment of the next. Returns rows acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home), str(table), str(BATCH)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    stop_after = chance.randrange(0, ROWS - 2 * BATCH, BATCH)
    acknowledged = 0
    for line in child.stdout:
        acknowledged = int(line)
        if acknowledged >= stop_after:
            break
    spin(chance.randrange(200_000))
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL, "the import was over before it was killed"
    child.stdout.close()
    return acknowledged


def spin(steps: int) -> None:
    """Let a random, small amount of time pass without a clock."""
    for _ in range(steps):
        pass
