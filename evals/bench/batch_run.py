"""One batch synthesis in a process of its own, import and all, with vectors from disk: CPU time by stage and memory, as one line of JSON.

`python -m evals.bench.batch_run CSV HOME CACHE`
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.domain.theme import ThemeSet
from assistant.settings import Settings
from assistant.synthesis.pipeline import synthesize
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.bench.embeddings import KeptEmbedder
from evals.bench.timing import peak_mb
from ingest.options import IngestOptions
from ingest.pipeline import ingest


class CountedEmbedder:
    """An embedder that counts its distinct texts, and the CPU time of its own thread."""

    def __init__(self, inner: KeptEmbedder) -> None:
        self._inner = inner
        self.identity = inner.identity
        self.dimension = inner.dimension
        self.cpu_s = 0.0
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As the inner embedder does."""
        started = time.thread_time()
        vectors = self._inner.embed(texts)
        self.cpu_s += time.thread_time() - started
        self.texts += len(set(texts))
        return vectors


@dataclass
class Cost:
    """What the two stages took, so far."""

    stages: dict[str, float] = field(default_factory=dict)
    """CPU-seconds without embedding."""
    texts: int = 0
    missed: int = 0
    """Texts whose vectors were not on disk."""


def main(csv: str, home: str, cache: str) -> None:
    """Import the file, find the themes of all that is there, and print what both took.

    Each opens the workspace for itself, as two commands do.
    """
    cost = Cost()
    _import(cost, csv, home, cache)
    ingested_mb, missed = peak_mb(), cost.missed
    themes = _themes(cost, home, cache)
    told = vars(cost) | {
        "missed_by_themes": cost.missed - missed,
        "statements": themes.statements,
        "themes": len(themes.of_level(2)),
        "areas": len(themes.of_level(1)),
        "ingested_mb": ingested_mb,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(told))


def _import(cost: Cost, csv: str, home: str, cache: str) -> None:
    with _opened(cost, home, cache) as (bench, counted):
        started = time.process_time()
        ingest(bench, [Path(csv)], IngestOptions())
        cost.stages["import"] = time.process_time() - started - counted.cpu_s


def _themes(cost: Cost, home: str, cache: str) -> ThemeSet:
    with _opened(cost, home, cache) as (bench, counted):
        reached, apart, stage = time.process_time(), counted.cpu_s, "opening"

        def progress(done: int, total: int | None, message: str) -> None:
            nonlocal reached, apart, stage
            now = time.process_time()
            own = now - reached - (counted.cpu_s - apart)
            cost.stages[stage] = cost.stages.get(stage, 0.0) + own
            reached, apart, stage = now, counted.cpu_s, message

        themes = synthesize(bench, progress=progress)
        progress(1, 1, "")
    return themes


@contextmanager
def _opened(cost: Cost, home: str, cache: str) -> Iterator[tuple[Workbench, CountedEmbedder]]:
    with (
        open_workbench(Settings(home=Path(home))) as bench,
        closing(KeptEmbedder(bench.embedder, Path(cache))) as kept,
    ):
        counted = CountedEmbedder(kept)
        bench.embedder = counted
        yield bench, counted
        cost.texts += counted.texts
        cost.missed += kept.missed


if __name__ == "__main__":
    main(*sys.argv[1:4])
