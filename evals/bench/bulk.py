"""Large imports: rows a CPU-second with embedding apart, where the time goes, and memory whatever the file's size."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.domain.personal.find import find_personal
from assistant.domain.record import RecordKind
from evals.bench.bulk_rows import write_bulk
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.workspaces import say
from ingest.build import Built, Origin, build_rows
from ingest.clean.language_batch import detect_languages
from ingest.clean.sketches import sketches_of
from ingest.connectors.delimited import DelimitedRows
from ingest.mapping import detect
from ingest.passages import slices_of
from ingest.survey import survey

ROWS_PER_CPU_S = 10_000
PEAK_MB = 300
_SIZES = (20_000, 200_000)
_SIZES_QUICK = (500, 1_000)
_STAGE_ROWS = 20_000
_MAX_FIELD = 1_000_000


def measure_bulk(setting: Setting) -> list[Result]:
    """A CSV of 200,000 rows for time; of 20,000 beside it for memory, and for the vector index."""
    small, large = _SIZES_QUICK if setting.quick else _SIZES
    results: list[Result] = []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        told = {rows: _imported(setting, folder, rows, "catalog") for rows in (small, large)}
        indexed = _imported(setting, folder, small, "index")
        results += _times(large, told[large], small, indexed)
        results += [_stage(name, cost) for name, cost in _stages(folder / f"{small}.csv").items()]
        results += [_memory(rows, "", one) for rows, one in told.items()]
        results.append(_memory(small, ", with the vector index in this process", indexed))
    return results


def _imported(setting: Setting, folder: Path, rows: int, index: str) -> dict[str, float]:
    table = folder / f"{rows}.csv"
    if not table.is_file():
        write_bulk(table, setting.data, rows)
    say(f"bulk: {rows:,} rows, {index}")
    with TemporaryDirectory() as home:
        command = [sys.executable, "-m", "evals.bench.bulk_import", str(table), home, index]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _times(
    rows: int, catalog: dict[str, float], indexed_rows: int, indexed: dict[str, float]
) -> list[Result]:
    return [
        Result(
            bench="bulk",
            what=f"CSV of {rows:,} rows: parsed and stored, embedding and vector index apart",
            value=catalog["rows"] / catalog["cpu_s"],
            unit="rows/CPU-s",
            target=at_least(ROWS_PER_CPU_S),
            note=f"{catalog['cpu_s']:.1f} CPU-s in all, twins and people linked",
        ),
        Result(
            bench="bulk",
            what=f"CSV of {indexed_rows:,} rows: the same with the vector index built (Chroma)",
            value=indexed["rows"] / indexed["cpu_s"],
            unit="rows/CPU-s",
            note=f"{indexed['cpu_s']:.1f} CPU-s",
        ),
    ]


def _memory(rows: int, how: str, told: dict[str, float]) -> Result:
    return Result(
        bench="bulk",
        what=f"CSV of {rows:,} rows: peak memory over the idle process{how}",
        value=told["peak_mb"] - told["idle_mb"],
        unit="MB",
        target=at_most(PEAK_MB),
        note=f"{told['peak_mb']:.0f} MB at the peak, {told['idle_mb']:.0f} MB idle after a first small import",
    )


def _stage(name: str, microseconds: float) -> Result:
    return Result(bench="bulk", what=f"a row: {name}", value=microseconds, unit="µs of CPU")


def _stages(table: Path) -> dict[str, float]:
    """What each stage takes for a row, warm, by itself. Saving is what is left of the whole."""
    connector = DelimitedRows(table, "utf-8", _MAX_FIELD)
    rows = list(connector.rows())[:_STAGE_ROWS]
    mapping = detect(survey(connector.columns(), iter(rows)), {}, table.name)
    built = list(build_rows(rows, mapping, Origin("default", "bulk", RecordKind.customer)))
    kept = [candidate for one in built for candidate in one.candidates]
    texts = [candidate.cleaned.text for candidate in kept]

    def build() -> list[Built]:
        return list(build_rows(rows, mapping, Origin("default", "bulk", RecordKind.customer)))

    stages: dict[str, Callable[[], object]] = {
        "read twice": lambda: [list(connector.rows()) for _ in range(2)],
        "survey of the columns": lambda: survey(connector.columns(), iter(rows)),
        "language": lambda: detect_languages(texts),
        "values, cleaning, ids, language": build,
        "revision": lambda: [candidate.record.revision for candidate in kept],
        "personal data": lambda: _uncached(texts),
        "sketch for twins": lambda: sketches_of(texts),
        "passages, marks, words": lambda: [slices_of(one.record, one.cleaned) for one in kept],
    }
    return {name: _microseconds(stage, len(rows)) for name, stage in stages.items()}


def _uncached(texts: Sequence[str]) -> None:
    # More texts than are remembered, so that each is searched anew.
    for text in texts:
        find_personal(text)


def _microseconds(stage: Callable[[], object], rows: int) -> float:
    stage()
    started = time.process_time()
    stage()
    return (time.process_time() - started) / rows * 1e6
