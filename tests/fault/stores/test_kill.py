"""kill -9 at random points: nothing acknowledged is lost, everything is findable, and work goes on where it stopped."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.domain.ids import passage_id
from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.sync import open_checked_index
from tests.fault.stores.writer import SIZE
from tests.support.store_samples import WORKSPACE, numbered, vector_of

ROOT = Path(__file__).parents[3]


def _killed_run(home: Path, first: int, rng: random.Random) -> int:
    """Let a child work and kill it. Returns the last batch that it said was saved."""
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "tests/fault/stores/writer.py"), str(home), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    for _ in range(rng.randint(1, 6)):
        assert child.stdout.readline()
    try:
        child.wait(timeout=rng.random() * 0.03)
    except subprocess.TimeoutExpired:
        child.kill()
    rest = child.stdout.read().splitlines()
    child.wait()
    return max([first, *(int(line) for line in rest if line.isdigit())])


def _check(home: Path, acknowledged: int) -> int:
    """Every record is whole and found in all three ways. Returns how many batches are stored."""
    catalog = open_catalog(home / "catalog.sqlite3")
    index = open_checked_index(catalog, WORKSPACE, open_chroma_index, home / "index")
    checkpoint = catalog.imports.get(WORKSPACE, "file")
    assert checkpoint is not None
    assert checkpoint.rows_done >= (acknowledged + 1) * SIZE
    records = numbered(checkpoint.rows_done)
    assert catalog.records.known(WORKSPACE, [r.id for r in records]).keys() == {r.id for r in records}
    rows = catalog.records.corpus(WORKSPACE)
    assert len(rows.record_ids) == len(rows.passage_ids) == index.count() == len(records)
    assert index.applied() == catalog.outbox.head(WORKSPACE)
    for i, one in enumerate(records):
        name = passage_id(one.id, 0)
        assert index.query(vector_of(one.raw), 1)[0][0] == name
        assert catalog.lexical.search(WORKSPACE, [f"only{i}"], 1)[0][0] == name
    index.close()
    catalog.close()
    return checkpoint.rows_done // SIZE


@pytest.mark.slow(reason="each kill needs a child process that loads Chroma")
def test_nothing_acknowledged_is_lost_at_eight_kills(tmp_path: Path) -> None:
    rng = random.Random(11)
    stored = 0
    for _ in range(8):
        acknowledged = _killed_run(tmp_path, stored, rng)
        stored = _check(tmp_path, acknowledged)


def test_a_child_killed_while_it_opens_leaves_a_usable_index(tmp_path: Path) -> None:
    acknowledged = _killed_run(tmp_path, 0, random.Random(1))
    (tmp_path / "index" / "opening").touch()
    assert _check(tmp_path, acknowledged) > 0
    assert not (tmp_path / "index" / "opening").exists()
