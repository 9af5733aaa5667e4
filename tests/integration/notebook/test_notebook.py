"""Themes of a frame, as a notebook asks for them."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from selectolax.lexbor import LexborHTMLParser

from api.notebook import Synthesis, synthesize
from assistant.errors import InputRejected, UsageError
from tests.support.theme_sample import rows_of

KINDS = {
    "pandas": lambda rows: pd.DataFrame(rows, index=[f"row {place}" for place in range(len(rows))]),
    "polars": pl.DataFrame,
    "arrow": pa.Table.from_pylist,
}


@pytest.fixture(autouse=True)
def scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary workspaces lie; nothing may be left there, and no home of the person may be touched."""
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.delenv("VOXSPEC_HOME", raising=False)
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    yield folder
    assert os.listdir(folder) == []


def as_rows(frame: Any) -> list[dict[str, Any]]:
    return pl.DataFrame(frame).to_dicts()


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_of_any_kind_gives_frames_of_that_kind(kind: str, tmp_path: Path) -> None:
    rows = rows_of(45)
    frame = KINDS[kind](rows)
    with synthesize(frame, "text", ["plan"], author="author") as found:
        assert type(found.themes) is type(frame)
        assert type(found.assignments) is type(frame)
        themes, assigned = as_rows(found.themes), as_rows(found.assignments)
        written = found.report(tmp_path / "report.html")
    assert {one["theme_id"] for one in assigned} == {one["theme_id"] for one in themes}
    for one in assigned:
        said = rows[one["row"]]["text"][one["start"] : one["end"]]
        assert said.strip()
    assert {one["row"] for one in assigned} == set(range(45))
    assert written.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_every_library_gives_the_same_themes() -> None:
    told = []
    for make in KINDS.values():
        with synthesize(make(rows_of(30)), "text") as found:
            told.append(as_rows(found.assignments))
    assert told[0] == told[1] == told[2]


def test_a_notebook_shows_it_small_and_escaped() -> None:
    rows = [{"text": "<script>alert(1)</script> the export of boards fails", "plan": "a"}] * 1
    rows += [{"text": f"<b>{place}</b> the export of boards fails always", "plan": "b"} for place in range(8)]
    with synthesize(pd.DataFrame(rows), text="text", segment="plan") as found:
        html = found._repr_html_()
    assert "<script" not in html
    assert "<b>0</b>" not in html
    assert len(html) < 20_000
    assert LexborHTMLParser(html).css_first("table tbody tr td").text().strip()
    assert found._repr_html_() == html
    assert "themes of 9 records" in repr(found) or "records" in repr(found)


def test_closing_deletes_everything_and_says_so_afterwards(scratch: Path, tmp_path: Path) -> None:
    found = synthesize(pl.DataFrame(rows_of(12)), "text")
    assert os.listdir(scratch) != []
    themes = found.themes
    found.close()
    found.close()
    assert os.listdir(scratch) == []
    assert found.themes is themes
    with pytest.raises(UsageError, match="closed"):
        found.report(tmp_path / "r.html")


def test_what_is_dropped_is_deleted_too(scratch: Path) -> None:
    found: Synthesis | None = synthesize(pl.DataFrame(rows_of(12)), "text")
    assert found is not None
    del found
    import gc

    gc.collect()
    assert os.listdir(scratch) == []


@pytest.mark.parametrize(
    ("frame", "column", "problem"),
    [
        (pd.DataFrame({"a": ["x"]}), "nope", "no column 'nope'"),
        (pd.DataFrame({"a": ["", " "]}), "a", "holds no text"),
        (pd.DataFrame({"a": []}), "a", "no rows"),
        (["x"], "a", "nothing that can be imported"),
        (pl.LazyFrame({"a": ["x"]}), "a", "lazy frame"),
    ],
)
def test_what_cannot_be_read_is_told_and_leaves_nothing(frame: Any, column: str, problem: str) -> None:
    with pytest.raises(InputRejected, match=problem):
        synthesize(frame, column)


def test_a_report_needs_a_name_that_opens_in_a_browser(tmp_path: Path) -> None:
    with synthesize(pl.DataFrame(rows_of(6)), "text") as found, pytest.raises(UsageError, match="no name"):
        found.report(tmp_path / "report.pdf")


def test_personal_data_is_masked_unless_asked_for() -> None:
    rows = [{"text": f"Reminders arrive late for mail{n}@example.com all day"} for n in range(5)]
    with synthesize(pl.DataFrame(rows), "text") as found:
        assert "@example.com" not in found._repr_html_()
    with synthesize(pl.DataFrame(rows), "text", show_personal_data=True) as found:
        assert "@example.com" in found._repr_html_()
