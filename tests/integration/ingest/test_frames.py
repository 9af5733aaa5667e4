"""Data frames through the whole import: the report of a file, resumed after a stop, and as the documentation shows it."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import ingest.batches
from assistant.errors import Cancelled, InputRejected, UsageError
from ingest.options import IngestOptions
from ingest.pipeline import ingest as run
from ingest.pipeline import preview
from tests.support.house import ROOT
from tests.support.ingest_bench import open_bench

OPTIONS = IngestOptions(source="reviews")
_CODE = re.compile(r"```python\n(.*?)^```", re.S | re.M)


def reviews(rows: int) -> pl.DataFrame:
    texts = [f"The export number {i} fails" if i % 7 else None for i in range(rows)]
    return pl.DataFrame({"id": list(range(rows)), "comment": texts, "plan": ["pro", "free"] * (rows // 2)})


def test_the_report_accounts_for_every_row(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench:
        [seen] = preview(bench, reviews(30), OPTIONS).files
        assert not bench.corpus().record_ids
        [report] = run(bench, reviews(30), OPTIONS).files
        assert len(seen.samples) == 3
        assert replace(seen, samples=[]) == report
        assert (report.path, report.layout) == ("reviews", "polars frame")
        assert report.mapping == {"text": "comment", "external_id": "id", "segment.plan": "plan"}
        assert (report.rows, report.kept, report.empty) == (30, 25, 5)
        assert report.reasons == ["5 rows: no text (first: row 1)"]


def test_an_import_that_was_stopped_goes_on_with_the_same_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.batches, "ROWS_PER_BATCH", 10)

    def stop(done: int, total: int | None, message: str) -> None:
        if done >= 20:
            raise Cancelled("Stopped.")

    with open_bench(tmp_path / "whole") as bench:
        [wanted] = run(bench, reviews(60), OPTIONS).files
        state = bench.corpus()
    with open_bench(tmp_path / "stopped") as bench:
        with pytest.raises(Cancelled):
            run(bench, reviews(60), OPTIONS, stop)
        assert 0 < len(bench.corpus().record_ids) < len(state.record_ids)
    with open_bench(tmp_path / "stopped") as bench:
        [report] = run(bench, reviews(60).to_pandas(), OPTIONS).files
        assert report == wanted.__class__(**{**vars(wanted), "layout": "pandas frame"})
        assert bench.corpus().record_ids == state.record_ids


def test_a_frame_without_a_name_for_its_source_is_refused(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, pytest.raises(UsageError, match="no file name") as refused:
        run(bench, reviews(2), IngestOptions())
    assert "IngestOptions(source=" in refused.value.hint


def test_a_frame_without_rows_or_without_text_is_refused(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench:
        with pytest.raises(InputRejected, match="reviews has no rows"):
            run(bench, reviews(0), OPTIONS)
        with pytest.raises(InputRejected, match="no column with feedback text"):
            run(bench, pd.DataFrame({"n": [1, 2, 3]}), OPTIONS)


def test_the_code_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOXSPEC_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    printed: list[list[str]] = []
    for block in _CODE.findall((ROOT / "docs/from-python.md").read_text(encoding="utf-8")):
        exec(compile(block, "from-python.md", "exec"), {})
        printed.append(capsys.readouterr().out.splitlines())
    mapping, counts = printed[0][-2:]
    assert "'text': 'comment'" in mapping
    assert counts == "2 []"
    assert "Quote it as it was said." in printed[-1][-1]
