"""Rows of a data frame in memory: pandas, polars, or an Arrow table or batch, read through narwhals. Nothing of it is copied as a whole."""

import json
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from assistant.errors import InputRejected
from ingest.connectors.cells import cell_text, table_row, unique_names
from ingest.port import Row

if TYPE_CHECKING:
    from narwhals.stable.v2 import DataFrame

NESTED = "a cell of column '{column}' is nested; it was kept as JSON text"
INDEX = "the frame's index ({names}) was left out, as it is no column; reset_index() makes it one"
_BYTES = "holds bytes that are not text"
_MAX_COLUMNS = 5_000
_NESTED = (dict, list, tuple, np.ndarray)
_NAMELESS_TYPES = frozenset({"NAType", "NaTType"})
"""Missing values of pandas, whose comparisons give no truth value; told by name, so that pandas needn't be there."""


class FrameRows:
    """A connector over a data frame.

    Args:
        native: a pandas or polars DataFrame, or a pyarrow Table; also an object that hands over Arrow data (`__arrow_c_stream__`), such
            as a record batch, which is read once.
        max_field_chars: a longer cell is rejected with its row.

    Raises: InputRejected if it is none of these, lazy, or has no columns or too many.
    """

    def __init__(self, native: Any, max_field_chars: int) -> None:
        self._max_field = max_field_chars
        self._frame = _opened(native)
        self._columns = unique_names([_name(column) for column in self._frame.columns])
        self._texts = _texts(self._frame, self._columns)
        self.layout = f"{self._frame.implementation.value} frame"
        self.notes = _index_notes(self._frame.to_native())

    def columns(self) -> Sequence[str]:
        """Names of the columns; blank and repeated ones are made unique, levels of a name are joined by ` / `."""
        return self._columns

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`."""
        for number, values in enumerate(self._frame[start:].iter_rows(), start=start + 1):
            remarks: list[str] = []
            try:
                cells = [text(value, remarks) for text, value in zip(self._texts, values, strict=True)]
            except UnicodeDecodeError:
                yield Row(number, {}, _BYTES)
                continue
            row = table_row(number, cells, "", self._columns, self._max_field)
            yield Row(number, row.cells, row.problem, tuple(remarks)) if remarks else row

    def content_hash(self) -> str:
        """Hash of names and cells, row by row: the same for every library that holds the same values."""
        seen = sha256(json.dumps(self._columns).encode())
        for row in self.rows():
            cells = [row.problem, *row.cells.values()]
            seen.update(json.dumps(cells).encode())
        return seen.hexdigest()


def numbered(native: Any, column: str) -> Any:
    """The same frame with the positions of its rows, from 0, as one more column in front. Raises: InputRejected as `FrameRows`."""
    return _opened(native).with_row_index(column).to_native()


def framed(columns: Mapping[str, Sequence[Any]], like: Any) -> Any:
    """A frame of the caller's kind (pandas, polars, Arrow) from columns. Args: like: a frame of that kind."""
    import narwhals.stable.v2 as nw

    return nw.from_dict(dict(columns), backend=_opened(like).implementation).to_native()


def _opened(native: Any) -> "DataFrame[Any]":
    # Imported here: a command line that reads files needs none of it.
    import narwhals.stable.v2 as nw
    from narwhals.stable.v2 import dependencies

    native = nw.to_native(native, pass_through=True)
    if dependencies.is_pandas_like_dataframe(native) or dependencies.is_pyarrow_table(native):
        native = _without_namesakes(native)
    elif dependencies.is_into_series(native):
        raise InputRejected(
            "A series is one column without a name for its place.",
            hint="Give a frame: series.to_frame('text').",
        )
    elif not dependencies.is_into_dataframe(native) and hasattr(native, "__arrow_c_stream__"):
        native = nw.from_arrow(native, backend=_arrow_backend()).to_native()
    try:
        frame: Any = nw.from_native(native)
    except TypeError as problem:
        raise InputRejected(
            f"A {type(native).__name__} is nothing that can be imported.",
            hint="Give a list of paths, a pandas or polars DataFrame, or an Arrow table.",
        ) from problem
    if isinstance(frame, nw.LazyFrame):
        raise InputRejected(
            "A lazy frame has no rows yet, and each reading of it could give others.",
            hint="Give its rows: frame.collect().",
        )
    if not 0 < len(frame.columns) <= _MAX_COLUMNS:
        raise InputRejected(
            f"The frame has {len(frame.columns):,} columns; 1 to {_MAX_COLUMNS:,} are allowed.",
            hint="Choose the columns that hold feedback.",
        )
    opened: DataFrame[Any] = frame
    return opened


def _arrow_backend() -> Literal["pyarrow", "polars"]:
    return "pyarrow" if find_spec("pyarrow") else "polars"


def _without_namesakes(native: Any) -> Any:
    """The frame under names that differ: narwhals refuses others, exports of joins have them."""
    names = [
        _name(column) for column in (native.columns if hasattr(native, "set_axis") else native.column_names)
    ]
    if len(set(names)) == len(names):
        return native
    names = unique_names(names)
    return native.set_axis(names, axis=1) if hasattr(native, "set_axis") else native.rename_columns(names)


def _name(column: Hashable) -> str:
    """A column's name as text; the levels of a tuple are joined."""
    if isinstance(column, tuple):
        return " / ".join(part for level in column if (part := str(level).strip()))
    return str(column)


def _index_notes(native: Any) -> tuple[str, ...]:
    names = [str(name) for name in getattr(getattr(native, "index", None), "names", ()) if name is not None]
    return (INDEX.format(names=", ".join(names)),) if names else ()


_Texts = Callable[[Any, list[str]], str]
"""A cell and the remarks on its row to the cell's text. Raises: UnicodeDecodeError."""


def _texts(frame: "DataFrame[Any]", columns: Sequence[str]) -> list[_Texts]:
    narrow = {name: str(dtype) == "Float32" for name, dtype in frame.schema.items()}
    return [_text_of(name, narrow[held]) for name, held in zip(columns, frame.columns, strict=True)]


def _text_of(column: str, narrow: bool) -> _Texts:
    nested = NESTED.format(column=column)

    def text(value: Any, remarks: list[str]) -> str:
        if isinstance(value, str):
            return value
        if narrow and isinstance(value, float):
            # As 64 bits, 4.3 of 32 bits would read 4.300000190734863.
            value = float(str(np.float32(value)))
        if isinstance(value, _NESTED):
            return _nested_text(value, remarks, nested)
        return value_text(value)

    return text


def value_text(value: Any) -> str:
    """One value as text: nothing for a missing one, 12345.0 as 12345, moments as ISO 8601 with their zone.

    Raises: UnicodeDecodeError for bytes that are no UTF-8.
    """
    if isinstance(value, np.generic):
        # A moment of nanoseconds would become a bare number.
        value = str(value) if isinstance(value, np.datetime64 | np.timedelta64) else value.item()
    if value is None or type(value).__name__ in _NAMELESS_TYPES:
        return ""
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, datetime) and value.tzinfo is not None:
        # Midnight of a zone is a moment of the day before elsewhere, so its time is kept.
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize() if value == value.to_integral_value() else value, "f")
    if isinstance(value, bytes):
        return value.decode()
    return cell_text(value)


def _nested_text(value: Any, remarks: list[str], remark: str) -> str:
    if not isinstance(value, dict) and not any(isinstance(item, _NESTED) for item in value):
        return ", ".join(map(value_text, value))
    remarks.append(remark)
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A nested value as JSON holds it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, _NESTED):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int) else value_text(value)
