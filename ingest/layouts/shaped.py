"""A connector that reads a table in the shape of its layout."""

from collections.abc import Iterator, Sequence
from itertools import islice

from ingest.connectors.cells import table_row
from ingest.layouts.port import LOOK_ROWS, RawTable, Shape, TableLook
from ingest.layouts.registry import recognise_table
from ingest.port import Row


class ShapedRows:
    """A connector over a table of a known layout."""

    def __init__(self, table: RawTable, shape: Shape, max_field_chars: int) -> None:
        self.shape = shape
        self._table = table
        self._max_field = max_field_chars

    @property
    def layout(self) -> str:
        """The layout's name."""
        return self.shape.layout

    def columns(self) -> Sequence[str]:
        """Columns by position, then the derived ones."""
        return list(dict.fromkeys([*self.shape.columns, *self.shape.derived]))

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`, counted from below the header; dropped ones have a problem."""
        raw = islice(self._table.raw_rows(), self.shape.header_rows + start, None)
        for number, (cells, problem) in enumerate(raw, start=start + 1):
            row = table_row(number, cells, problem, self.shape.columns, self._max_field)
            yield row if row.problem else self._shaped(row)

    def _shaped(self, row: Row) -> Row:
        if reason := self.shape.drop(row.cells):
            return Row(row.number, {}, reason, left_out=True)
        if not self.shape.derived:
            return row
        made = {name: make(row.cells) for name, make in self.shape.derived.items()}
        return Row(row.number, {**row.cells, **made})


def shaped(table: RawTable, max_field_chars: int) -> ShapedRows | None:
    """The table in the shape of its layout. None where no layout knows it."""
    first = [tuple(cells) for cells, problem in islice(table.raw_rows(), LOOK_ROWS) if not problem]
    shape = recognise_table(TableLook(tuple(first))) if first else None
    return ShapedRows(table, shape, max_field_chars) if shape else None
