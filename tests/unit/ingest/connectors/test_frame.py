"""Cells of data frames as text: nothing is lost, and nothing is made up."""

import decimal
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from assistant.errors import InputRejected
from ingest.connectors.frame import FrameRows, value_text

BERLIN = timezone(timedelta(hours=1))


def first_cells(frame: object) -> dict[str, str]:
    row = next(FrameRows(frame, 1_000).rows())
    assert not row.problem
    return dict(row.cells)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        (pd.NA, ""),
        ("nan", "nan"),
        ("  kept as it is ", "  kept as it is "),
        (12345.0, "12345"),
        (np.float64(12345.0), "12345"),
        (4.5, "4.5"),
        (-0.25, "-0.25"),
        (np.int64(9007199254740993), "9007199254740993"),
        (True, "true"),
        (np.bool_(False), "false"),
        (decimal.Decimal("1.50"), "1.50"),
        (decimal.Decimal("1E+3"), "1000"),
        (datetime(2026, 3, 4, 10, 5), "2026-03-04T10:05:00"),
        (datetime(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, tzinfo=BERLIN), "2026-03-04T00:00:00+01:00"),
        (datetime(2026, 3, 4, 10, 5, tzinfo=UTC), "2026-03-04T10:05:00+00:00"),
        (pd.Timestamp("2026-03-04 10:05"), "2026-03-04T10:05:00"),
        (date(2026, 3, 4), "2026-03-04"),
        (time(10, 5), "10:05:00"),
        (np.datetime64("2026-03-04T10:05:00", "ns"), "2026-03-04T10:05:00.000000000"),
        (b"kurz", "kurz"),
    ],
)  # fmt: skip
def test_a_value_becomes_the_text_that_a_person_would_write(value: Any, text: str) -> None:
    assert value_text(value) == text


def frames(columns: dict[str, list[Any]]) -> list[object]:
    arrow = pa.table(columns)
    return [pd.DataFrame(columns), pl.DataFrame(columns), arrow, arrow.to_batches()[0], arrow.to_reader()]


def test_every_library_gives_the_same_rows_and_the_same_hash() -> None:
    columns = {
        "id": [12345.0, None, 7.0],
        "comment": ["The export fails", None, "Grüße 😀"],
        "day": [date(2026, 3, 4), None, date(2026, 1, 2)],
        "at": [datetime(2026, 3, 4, 10, tzinfo=UTC), None, datetime(2026, 3, 4, 0, tzinfo=UTC)],
    }
    found = [FrameRows(frame, 1_000) for frame in frames(columns)]
    first = list(found[0].rows())
    assert [row.cells["id"] for row in first] == ["12345", "", "7"]
    assert first[1].cells == {"id": "", "comment": "", "day": "", "at": ""}
    for rows in found[1:]:
        assert list(rows.rows()) == first
    assert len({rows.content_hash() for rows in found}) == 1


def test_another_cell_gives_another_hash() -> None:
    one, other = pl.DataFrame({"a": ["x", "y"]}), pl.DataFrame({"a": ["xy", ""]})
    assert FrameRows(one, 9).content_hash() != FrameRows(other, 9).content_hash()


@pytest.mark.parametrize("start", [0, 1, 2, 5])
def test_reading_may_start_anywhere(start: int) -> None:
    for frame in frames({"comment": ["a", "b", "c"]})[:4]:
        rows = FrameRows(frame, 9)
        assert list(rows.rows(start)) == list(rows.rows())[start:]


def test_columns_of_one_name_are_told_apart_as_in_a_file() -> None:
    twice = pd.DataFrame([["1", "2"]], columns=["text", "text"])
    arrow = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], names=["text", "text"])
    for frame in (twice, arrow):
        assert first_cells(frame) == {"text": "1", "text (2)": "2"}


def test_levels_of_a_name_are_joined_and_numbers_are_names_too() -> None:
    levels = pd.MultiIndex.from_tuples([("survey", "Q1"), ("id", "")])
    assert first_cells(pd.DataFrame([["a", 1]], columns=levels)) == {"survey / Q1": "a", "id": "1"}
    assert first_cells(pd.DataFrame([["a", 1]])) == {"0": "a", "1": "1"}


def test_an_index_with_a_name_is_spoken_of() -> None:
    frame = pd.DataFrame({"text": ["a"]}, index=pd.Index([7], name="ticket"))
    [note] = FrameRows(frame, 9).notes
    assert "ticket" in note
    assert "reset_index()" in note
    assert FrameRows(frame.reset_index(), 9).notes == ()


def test_lists_are_joined_and_nested_values_are_json_with_a_remark() -> None:
    frame = pl.DataFrame({"tags": [["a", "b"]], "user": [{"name": "Ana", "age": 3}]})
    [row] = FrameRows(frame, 99).rows()
    assert row.cells == {"tags": "a, b", "user": '{"name": "Ana", "age": 3}'}
    assert row.remarks == ("a cell of column 'user' is nested; it was kept as JSON text",)


def test_a_category_is_its_name_and_a_narrow_float_its_shortest_text() -> None:
    frame = pd.DataFrame({"plan": pd.Categorical(["pro"]), "rating": np.array([4.3], dtype="float32")})
    assert first_cells(frame) == {"plan": "pro", "rating": "4.3"}
    assert first_cells(pl.DataFrame({"r": pl.Series([4.3], dtype=pl.Float32)})) == {"r": "4.3"}


def test_rows_that_can_not_be_kept_are_rows_with_a_reason() -> None:
    frame = pl.DataFrame({"text": [b"\xff\xfe", b"x" * 11, b"a\x00b", b"good"]})
    problems = [row.problem for row in FrameRows(frame, 10).rows()]
    assert problems == [
        "holds bytes that are not text",
        "longer than 10 characters",
        "holds NUL characters, which no text has",
        "",
    ]


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (pl.LazyFrame({"text": ["a"]}), "collect()"),
        (pl.Series(["a"]), "to_frame"),
        (pd.Series(["a"]), "to_frame"),
        ({"text": ["a"]}, "DataFrame"),
        ("reviews.csv", "paths"),
        (pd.DataFrame(), "Choose"),
    ],
    ids=["lazy", "polars series", "pandas series", "dict", "text", "empty"],
)
def test_what_is_no_frame_is_refused_with_a_way_on(given: object, hint: str) -> None:
    with pytest.raises(InputRejected) as refused:
        FrameRows(given, 9)
    assert hint in refused.value.hint
