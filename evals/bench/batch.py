"""Batch synthesis, end to end: what it costs over embedding alone, how time and memory grow, and what a million would take."""

import csv
import json
import math
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.llm.minilm import open_minilm
from evals.bench.bulk_rows import write_bulk
from evals.bench.measure import Result, Setting, at_least, at_most
from evals.bench.workspaces import say

OVER_EMBEDDING = 1.15
MEMORY_MB = 3_000
EMBEDDING_SHARE = 80.0
_SIZES = (25_000, 50_000, 100_000, 200_000)
_SIZES_QUICK = (500, 1_000)
_SAMPLE = 2_000
_MILLION = 1_000_000
_MORE = 0.1
GROWN = 0.15
"""What is asked of a run after 10 % more records, over the first one."""


def measure_batch(setting: Setting) -> list[Result]:
    """The same kind of short texts in growing numbers, each in a process of its own."""
    sizes = _SIZES_QUICK if setting.quick else _SIZES
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        told = {rows: _run(setting, folder, rows) for rows in sizes if rows != sizes[1]}
        first, second = _twice(setting, folder, sizes[1])
        told = {rows: told.get(rows, first) for rows in sizes}
        per_text = _embedding_s(folder / f"{sizes[-1]}.csv", 200 if setting.quick else _SAMPLE)
    return [
        _over_embedding(sizes[1], told[sizes[1]], per_text),
        *_grown(sizes[1], first, second, per_text),
        *_largest(sizes[-1], told[sizes[-1]], per_text),
        *(_size(rows, one, per_text) for rows, one in told.items()),
        *_million(told, per_text),
    ]


def _run(setting: Setting, folder: Path, rows: int) -> dict[str, object]:
    table = folder / f"{rows}.csv"
    write_bulk(table, setting.data, rows)
    say(f"batch: {rows:,} rows")
    with TemporaryDirectory() as home:
        return _told(setting, table, home)


def _twice(setting: Setting, folder: Path, rows: int) -> tuple[dict[str, object], dict[str, object]]:
    """What a workspace took, and what it takes again when a tenth more comes in, each in a process of its own."""
    table, more = folder / f"{rows}.csv", folder / f"{rows}-more.csv"
    write_bulk(table, setting.data, rows)
    write_bulk(more, setting.data, round(rows * (1 + _MORE)), first=rows)
    say(f"batch: {rows:,} rows, then {_MORE:.0%} more")
    with TemporaryDirectory() as home:
        return _told(setting, table, home), _told(setting, more, home)


def _told(setting: Setting, table: Path, home: str) -> dict[str, object]:
    command = [sys.executable, "-m", "evals.bench.batch_run", str(table), home, str(setting.cache)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    say(f"batch: {json.dumps(told)}")
    return told


def _embedding_s(table: Path, sample: int) -> float:
    """CPU-seconds for one text, by embedding some of them in one call, as an import does."""
    with closing(table.open(encoding="utf-8", newline="")) as file:
        texts = [row["comment"] for row in csv.DictReader(file)]
    some = texts[:: max(1, len(texts) // sample)][:sample]
    embedder = open_minilm()
    embedder.embed(some[:50])
    started = time.process_time()
    embedder.embed(some)
    return (time.process_time() - started) / len(some)


def _own_s(told: dict[str, object], per_text: float) -> float:
    """All but embedding. Vectors that were not on disk yet were computed in between, at the rate that is measured."""
    stages = told["stages"]
    assert isinstance(stages, dict)
    return float(sum(stages.values())) - _number(told, "missed") * per_text


def _themes_s(told: dict[str, object], per_text: float) -> float:
    """The run of themes alone, without embedding and without the import."""
    stages = told["stages"]
    assert isinstance(stages, dict)
    own = float(sum(cost for name, cost in stages.items() if name != "import"))
    return own - _number(told, "missed_by_themes") * per_text


def _embedding_of(told: dict[str, object], per_text: float) -> float:
    return _number(told, "texts") * per_text


def _number(told: dict[str, object], name: str) -> float:
    value = told[name]
    assert isinstance(value, int | float)
    return float(value)


def _over_embedding(rows: int, told: dict[str, object], per_text: float) -> Result:
    embedding = _embedding_of(told, per_text)
    return Result(
        bench="batch",
        what=f"{rows:,} texts: import and themes together, over embedding their texts alone (CPU)",
        value=(embedding + _own_s(told, per_text)) / embedding,
        unit="x",
        target=at_most(OVER_EMBEDDING),
        note=f"{_own_s(told, per_text):.0f} CPU-s beside {embedding:.0f} for {_number(told, 'texts'):,.0f} distinct texts and statements",
    )


def _grown(rows: int, first: dict[str, object], second: dict[str, object], per_text: float) -> list[Result]:
    """A run after more records over the first one: by itself, and with all that a person waits for."""
    themes = [_themes_s(one, per_text) for one in (first, second)]
    whole = [_own_s(one, per_text) + _embedding_of(one, per_text) for one in (first, second)]
    what = f"{rows:,} records, themes run after {_MORE:.0%} more records"
    stages = second["stages"]
    assert isinstance(stages, dict)
    return [
        Result(
            bench="batch",
            what=f"{what}, over the first, CPU without embedding",
            value=themes[1] / themes[0],
            unit="x",
            target=at_most(GROWN),
            note=f"{themes[1]:.1f} of {themes[0]:.1f} CPU-s: "
            + ", ".join(f"{name} {cost:.1f}" for name, cost in stages.items() if name != "import"),
        ),
        Result(
            bench="batch",
            what=f"{what}, over the first, with import and embedding (CPU)",
            value=whole[1] / whole[0],
            unit="x",
            target=at_most(GROWN),
            note=f"{whole[1]:.0f} of {whole[0]:.0f} CPU-s",
        ),
    ]


def _largest(rows: int, told: dict[str, object], per_text: float) -> list[Result]:
    embedding = _embedding_of(told, per_text)
    return [
        Result(
            bench="batch",
            what=f"{rows:,} records: share of the CPU time that is embedding",
            value=100 * embedding / (embedding + _own_s(told, per_text)),
            unit="%",
            target=at_least(EMBEDDING_SHARE),
            note=f"{embedding:.0f} of {embedding + _own_s(told, per_text):.0f} CPU-s",
        ),
        Result(
            bench="batch",
            what=f"{rows:,} records: peak memory of the process, import and themes",
            value=_number(told, "peak_mb"),
            unit="MB",
            target=at_most(MEMORY_MB),
            note=f"{_number(told, 'ingested_mb'):.0f} MB after the import",
        ),
    ]


def _size(rows: int, told: dict[str, object], per_text: float) -> Result:
    stages = told["stages"]
    assert isinstance(stages, dict)
    by_stage = ", ".join(f"{name} {cost:.0f}" for name, cost in stages.items())
    return Result(
        bench="batch",
        what=f"{rows:,} records: all but embedding",
        value=_own_s(told, per_text),
        unit="CPU-s",
        note=(
            f"{by_stage}; {_number(told, 'statements'):,.0f} statements, {_number(told, 'areas'):,.0f} areas, "
            f"{_number(told, 'themes'):,.0f} themes; {_number(told, 'peak_mb'):,.0f} MB; embedding {_embedding_of(told, per_text):,.0f} CPU-s"
        ),
    )


def _million(told: dict[int, dict[str, object]], per_text: float) -> list[Result]:
    """By the growth between the two largest sizes."""
    (rows, smaller), (most, larger) = list(told.items())[-2:]
    doublings = math.log2(most / rows)

    def grown(small: float, large: float) -> tuple[float, float]:
        power = math.log2(large / small) / doublings
        return large * (_MILLION / most) ** power, power

    own, own_power = grown(_own_s(smaller, per_text), _own_s(larger, per_text))
    memory, memory_power = grown(_number(smaller, "peak_mb"), _number(larger, "peak_mb"))
    embedding, _ = grown(_embedding_of(smaller, per_text), _embedding_of(larger, per_text))
    return [
        Result(
            bench="batch",
            what="1,000,000 records: all but embedding, derived",
            value=own,
            unit="CPU-s",
            note=f"grows with the power {own_power:.2f} from {rows:,} to {most:,}; embedding {embedding:,.0f} CPU-s",
        ),
        Result(
            bench="batch",
            what="1,000,000 records: peak memory, derived",
            value=memory,
            unit="MB",
            note=f"grows with the power {memory_power:.2f}",
        ),
    ]
