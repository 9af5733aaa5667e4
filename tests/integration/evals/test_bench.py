"""The benchmark command: a measurement that breaks takes nothing else with it."""

import subprocess
import sys
from pathlib import Path

from evals.bench.measure import Result
from evals.bench.table import read_results, to_lines


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evals.bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_measurement_that_breaks_is_a_row_and_the_rows_of_others_stay(tmp_path: Path) -> None:
    kept = Result(bench="search", what="p50", value=1.5, unit="x")
    lines = tmp_path / "benchmarks.json"
    lines.write_text(to_lines([kept]), encoding="utf-8")
    (tmp_path / "data").mkdir()
    done = _run(
        "--data", str(tmp_path / "data"), "--cache", str(tmp_path / "cache"),
        "--write", str(tmp_path / "benchmarks.md"), "--only", "retrieval", "--quick",
    )  # fmt: skip
    assert done.returncode == 1
    assert "FileNotFoundError" in done.stderr
    other, broken = read_results(lines)
    assert other == kept
    assert (broken.bench, broken.value, broken.reached) == ("retrieval", None, False)
    assert "broke off" in (tmp_path / "benchmarks.md").read_text(encoding="utf-8")


def test_a_missing_data_folder_is_said_before_anything_runs(tmp_path: Path) -> None:
    done = _run("--data", str(tmp_path / "none"), "--write", str(tmp_path / "benchmarks.md"))
    assert done.returncode == 2
    assert "--data" in done.stderr
    assert not (tmp_path / "benchmarks.md").exists()
