"""A table as Parquet, batch by batch: the adapter of arro3, which is Arrow's Rust library."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING

from assistant.domain.base import canonical_json
from assistant.errors import VoxspecError
from assistant.synthesis.outputs.tables import SCHEMA, Holds, Row, Table, TableColumn

if TYPE_CHECKING:
    from arro3.core import Array, DataType, RecordBatch, Schema

_GROUP_ROWS = 100_000
"""Rows that are kept in memory, encoded, until their group is written."""


def write_parquet(table: Table, out: IO[bytes], about: Mapping[str, str]) -> int:
    """Write a table, compressed with zstd.

    Args:
        about: goes into the file's metadata, with `schema` and `table`: one JSON object under the key `voxspec`.

    Returns: rows. Raises: what reading the rows raises; OSError.
    """
    from arro3.core import Field, RecordBatchReader, Schema
    from arro3.io import write_parquet as write

    sink = _Sink(out)
    schema = Schema([Field(column.name, _type(column.holds)) for column in table.columns])
    rows = 0
    problem: BaseException | None = None

    def batches() -> "Iterator[RecordBatch]":
        nonlocal rows, problem
        try:
            for page in table.pages():
                rows += len(page)
                if sink.problem is not None:
                    return
                if page:
                    yield _batch(table.columns, page, schema)
        except (VoxspecError, OSError, KeyboardInterrupt) as told:
            # Rust would hand it on as a bare Exception with the name of this one in its text.
            problem = told

    write(
        RecordBatchReader.from_batches(schema, batches()),
        sink,  # type: ignore[arg-type] # arro3 hints at all of a file, and calls write, flush and seek
        compression="zstd(3)",
        # One key: Rust's map gives several in an order that changes from run to run.
        key_value_metadata={"voxspec": canonical_json({"schema": SCHEMA, "table": table.name, **about})},
        max_row_group_size=_GROUP_ROWS,
    )
    if (told := problem or sink.problem) is not None:
        raise told
    return rows


class _Sink:
    """A file for Rust, which panics where a write raises: the error is kept, and told at the end."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.problem: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, or do as if."""
        try:
            if self.problem is None:
                self._out.write(data)
        except OSError as problem:
            self.problem = problem
        return len(data)

    def flush(self) -> None:
        """Nothing: the file is flushed when it is closed."""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Asked for, never used: Parquet is written from the first byte to the last."""
        return self._out.seek(offset, whence)


def _batch(columns: tuple[TableColumn, ...], page: list[Row], schema: "Schema") -> "RecordBatch":
    from arro3.core import RecordBatch

    arrays = [_array(column.holds, [row[place] for row in page]) for place, column in enumerate(columns)]
    return RecordBatch.from_arrays(arrays, schema=schema)


def _array(holds: Holds, values: list[object]) -> "Array":
    from arro3.core import Array, DataType

    if holds is Holds.moment:
        micro = [None if value is None else _microseconds(value) for value in values]
        return Array(micro, DataType.int64()).cast(_type(holds))
    return Array(values, _type(holds))


def _microseconds(value: object) -> int:
    if not isinstance(value, datetime):
        raise TypeError(f"a column of moments holds a {type(value).__name__}")
    return round(value.timestamp() * 1e6)


def _type(holds: Holds) -> "DataType":
    from arro3.core import DataType

    match holds:
        case Holds.text:
            return DataType.utf8()
        case Holds.integer:
            return DataType.int64()
        case Holds.number:
            return DataType.float64()
        case Holds.truth:
            return DataType.bool()
        case Holds.moment:
            return DataType.timestamp("us", tz="UTC")
