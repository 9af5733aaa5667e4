"""Two `voxspec worker`s against one, on Postgres: how long the embedding stage of a run of themes takes.

Needs an empty Postgres database, named by VOXSPEC_BENCH_DATABASE; without one nothing is measured. Wall time, so the machine must be quiet.
"""

import csv
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from assistant.domain.job import Job, JobState
from assistant.errors import UsageError
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.settings import Settings
from assistant.wiring import open_workbench
from evals.bench.measure import Result, Setting, at_least
from evals.bench.texts import short_texts
from evals.bench.workspaces import say
from ingest.options import IngestOptions
from ingest.pipeline import ingest

FASTER = 1.7
_RECORDS, _RECORDS_QUICK = 3_000, 200
_ROUNDS = 3
_SHARDS = 12
_WORKER = """
import sys
import assistant.synthesis.prepare as prepare
prepare.RECORDS_PER_SHARD = int(sys.argv.pop(1))
from api.cli.main import run
sys.exit(run())
"""
_LOOK_S = 0.1


def measure_workers(setting: Setting) -> list[Result]:
    """Records of two statements each: their passages were embedded when they came in, their statements were not."""
    database = os.environ.get("VOXSPEC_BENCH_DATABASE")
    if not database:
        raise UsageError(
            "There is no database to measure on.",
            hint="Set VOXSPEC_BENCH_DATABASE to the URL of an empty Postgres database.",
        )
    records = _RECORDS_QUICK if setting.quick else _RECORDS
    took: dict[int, list[float]] = {1: [], 2: []}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _write(folder / "said.csv", short_texts(setting.data, 2 * records))
        for number in range(1 if setting.quick else _ROUNDS):
            for workers in (1, 2) if number % 2 == 0 else (2, 1):
                took[workers].append(_stage(folder, database, f"round{number}-{workers}", workers, records))
    return [
        Result(
            bench="workers",
            what=f"{2 * records:,} statements: embedding stage of one worker over that of two, on Postgres (wall)",
            value=median(took[1]) / median(took[2]),
            unit="x",
            target=at_least(FASTER),
            note=f"{', '.join(f'{one:.1f}' for one in took[1])} against {', '.join(f'{one:.1f}' for one in took[2])} s; one thread each",
        )
    ]


def _write(path: Path, texts: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text"])
        for number, (one, other) in enumerate(list(pairwise(texts))[::2]):
            rows.writerow([number, f"{one.rstrip('.?! ')}. {other}"])


def _stage(folder: Path, database: str, workspace: str, workers: int, records: int) -> float:
    home = folder / workspace
    named = {"VOXSPEC_CATALOG_URL": database, "VOXSPEC_JOBS_URL": database, "VOXSPEC_HOME": str(home)}
    settings = Settings.load(home=home, workspace=workspace, catalog_url=database, jobs_url=database)
    with open_workbench(settings) as bench:
        bench.__dict__["index"] = None
        ingest(bench, [folder / "said.csv"], IngestOptions())
    say(f"workers: {workers}")
    command = [sys.executable, "-c", _WORKER, str(max(1, records // _SHARDS)), "worker"]
    environment = os.environ | named | {"VOXSPEC_EMBED_THREADS": "1"}
    running = [
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(workers)
    ]
    try:
        for one in running:
            assert one.stderr is not None
            while "works on jobs" not in one.stderr.readline():
                pass
        return _timed(settings, workspace)
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.communicate(timeout=60)


def _timed(settings: Settings, workspace: str) -> float:
    """Seconds from when the first shard runs to when the last one is done."""
    jobs = DbosJobs(jobs_place(settings))
    try:
        jobs.submit(workspace, "themes", {})
        while not any(one.state is not JobState.queued for one in _shards(jobs, workspace)):
            time.sleep(_LOOK_S)
        began = time.perf_counter()
        while any(one.state in {JobState.queued, JobState.running} for one in _shards(jobs, workspace)):
            time.sleep(_LOOK_S)
        return time.perf_counter() - began
    finally:
        jobs.close()


def _shards(jobs: DbosJobs, workspace: str) -> list[Job]:
    return [one for one in jobs.newest(workspace, 200) if one.kind == "themes-shard"]
