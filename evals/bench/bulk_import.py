"""One large import in a process of its own, with vectors that cost nothing: its CPU time and its memory, as one line of JSON.

`python -m evals.bench.bulk_import CSV HOME index|catalog`
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.bench.timing import peak_mb
from ingest.options import IngestOptions
from ingest.pipeline import ingest

_POOL = 4096


class ReadyVectors:
    """An embedder of 384 numbers that looks its vectors up; it counts the CPU time of its own thread."""

    identity = "ready:384"
    dimension = 384

    def __init__(self) -> None:
        pool = np.random.default_rng(3).normal(size=(_POOL, self.dimension)).astype(np.float32)
        self._pool = pool / np.linalg.norm(pool, axis=1, keepdims=True)
        self.cpu_s = 0.0

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Shape (len(texts), 384), unit rows; no two texts are near each other."""
        started = time.thread_time()
        keys = [crc32(text.encode("utf-8", "surrogatepass")) for text in texts]
        rows = np.stack([np.roll(self._pool[key % _POOL], key >> 12) for key in keys])
        self.cpu_s += time.thread_time() - started
        return rows


def main(csv: str, home: str, index: str) -> None:
    """Import the file and print what it took."""
    with open_workbench(Settings(home=Path(home))) as bench:
        if index == "catalog":
            bench.__dict__["index"] = None
        embedder = bench.embedder = ReadyVectors()
        _open_seams = (bench.catalog, bench.index)
        _warm(bench, Path(home))
        idle, started = peak_mb(), time.process_time()
        result = ingest(bench, [Path(csv)], IngestOptions())
        cpu = time.process_time() - started - embedder.cpu_s
    told = {
        "rows": result.files[0].rows,
        "records": result.records,
        "cpu_s": cpu,
        "idle_mb": idle,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(told))


def _warm(bench: Workbench, folder: Path) -> None:
    """A first small import, so that the process is idle with all that it loads once: 100 MB for telling languages alone."""
    small = folder / "small.csv"
    rows = [f"{n},Exports of large boards are slow since the last week number {n}\n" for n in range(20)]
    small.write_text("id,comment\n" + "".join(rows), encoding="utf-8")
    ingest(bench, [small], IngestOptions())


if __name__ == "__main__":
    main(*sys.argv[1:4])
