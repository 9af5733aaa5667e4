"""Items with their numbers, from the rows of a table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from assistant.domain.priority import LARGEST, Input, Item
from assistant.errors import InputRejected, UsageError
from assistant.synthesis.priority.ranking import listed
from assistant.synthesis.priority.sheet import bare_text
from ingest.names import normal_name
from ingest.port import Row
from ingest.priorities.numbers import Mark, Number, decimal_mark, parse_number
from ingest.values import is_blank

_ITEM = (
    "item", "item name", "name", "title", "feature", "theme", "epic", "story", "idea", "initiative", "project", "task", "job", "summary",
    "titel", "thema", "idee", "aufgabe", "funktion", "nom", "titre", "fonctionnalite", "projet", "nombre", "titulo", "tema",
    "funcionalidad", "proyecto", "項目", "名前", "タイトル", "名称", "项目",
)  # fmt: skip
_BUCKET = ("moscow", "bucket")
_LOW, _HIGH = ("low", "min", "minimum", "lower"), ("high", "max", "maximum", "upper")
_NESTED = re.compile(r"(?:(?:item\.)?inputs\.)?(?P<name>[^.]+)\.(?P<end>value|low|high|by)")
_MAX_ITEMS = 100_000
_SHOWN_COLUMNS = 12
_NAME_CHARS = 500


@dataclass(frozen=True)
class Wanted:
    """A number that items need."""

    name: str
    also: tuple[str, ...] = ()
    share: bool = False
    """Whether it lies between 0 and 1, so that it may be written as per cent."""
    required: bool = True
    """Whether a table without such a column is refused."""


@dataclass(frozen=True)
class _Columns:
    value: str
    low: str = ""
    high: str = ""
    by: str = ""


@dataclass
class _Problems:
    found: list[str] = field(default_factory=list)

    def add(self, row: Row, name: str, column: str, problem: str) -> None:
        called = f" ('{name[:40]}')" if name else ""
        self.found.append(f"row {row.number}{called}, column '{column[:40]}': {problem}")


def read_items(
    columns: Sequence[str],
    rows: Iterable[Row],
    wanted: Sequence[Wanted],
    *,
    named: Mapping[str, str] | None = None,
    by: str = "",
    bucket: bool = False,
    semicolons: bool = False,
) -> tuple[list[Item], list[str]]:
    """The items of a table, and notes on how it was read. What is blank is missing; nothing is filled in.

    Args:
        columns: the table's; an interval stands in `<name>_low` and `<name>_high`, who set a number in `<name>_by`.
        named: a person's word for it: `item`, `bucket`, or a wanted name, with `_low`, `_high` or `_by` → column.
        by: who set the numbers, where no column says so.
        bucket: whether a column may name the item's bucket.
        semicolons: see `decimal_mark`.

    Raises: InputRejected with row and column of what can't be read; UsageError for a column that isn't there.
    """
    named = named or {}
    _check_named(named, columns, wanted)
    given = list(rows)
    table = [_flat(row) for row in given if not row.left_out]
    _check_size(table)
    columns = list(dict.fromkeys(map(_flat_name, columns)))
    known = {normal_name(column): column for column in reversed(columns)}
    item_column = named.get("item") or _first(known, _ITEM)
    if not item_column:
        raise _no_column("the item's name", "item", columns)
    bucket_column = (named.get("bucket") or _first(known, _BUCKET)) if bucket else ""
    found = _number_columns(known, wanted, named, columns)
    read = _Reader(found, {one.name for one in wanted if one.share}, by, table, semicolons)
    items = [read.item(row, item_column, bucket_column) for row in table]
    if read.problems.found:
        raise InputRejected(
            f"The table can't be used: {listed(read.problems.found)}.",
            hint="Correct these cells; leave a cell empty where nobody knows the number.",
        )
    return [item for item in items if item is not None], [*read.notes(), *_left_out(given)]


def _left_out(rows: Sequence[Row]) -> list[str]:
    """A note where the layout of an export says that rows are none of its items."""
    left = [row for row in rows if row.left_out]
    count = "1 row is" if len(left) == 1 else f"{len(left):,} rows are"
    return [f"{count} left out (row {left[0].number}: {left[0].problem})."] if left else []


def _flat(row: Row) -> Row:
    """A row whose numbers are objects, as in JSON: `reach.value`, `item.inputs.reach.low`; others stay as they are."""
    if not any("." in column for column in row.cells):
        return row
    cells: dict[str, str] = {}
    for column, text in row.cells.items():
        name = _flat_name(column)
        cells[name] = cells.get(name) or text
    return replace(row, cells=cells)


def _flat_name(column: str) -> str:
    if match := _NESTED.fullmatch(column):
        return match["name"] if match["end"] == "value" else f"{match['name']}_{match['end']}"
    return "item" if column == "item.name" else column


def _check_size(table: Sequence[Row]) -> None:
    if not table:
        raise InputRejected("The table has no rows.", hint="Put one item into each row below the header.")
    if all(row.problem for row in table):
        bad = [f"row {row.number}: {row.problem}" for row in table]
        raise InputRejected(
            f"No row of the table can be read: {listed(bad)}.", hint="Put one item into each row."
        )
    if len(table) > _MAX_ITEMS:
        raise InputRejected(
            f"The table has {len(table):,} rows; {_MAX_ITEMS:,} are allowed.",
            hint="Leave out what doesn't compete.",
        )


def _check_named(named: Mapping[str, str], columns: Sequence[str], wanted: Sequence[Wanted]) -> None:
    fields = [
        "item",
        "bucket",
        *(f"{one.name}{end}" for one in wanted for end in ("", "_low", "_high", "_by")),
    ]
    for name, column in named.items():
        if name not in fields:
            numbers = ", ".join(one.name for one in wanted)
            raise UsageError(
                f"There is no field '{name[:40]}' to map.",
                hint=f"The fields are item, {numbers}, each number also with _low, _high and _by.",
            )
        if column not in columns:
            raise UsageError(f"There is no column '{column[:80]}'.", hint=f"The columns are {_quoted(columns)}.")  # fmt: skip


def _quoted(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - _SHOWN_COLUMNS:,} more" if len(columns) > _SHOWN_COLUMNS else ""
    return ", ".join(f"'{one[:40]}'" for one in columns[:_SHOWN_COLUMNS]) + more


def _no_column(what: str, name: str, columns: Sequence[str]) -> InputRejected:
    return InputRejected(
        f"The table has no column for {what}; its columns are {_quoted(columns)}.",
        hint=f"Call a column '{name}', or say which one it is (map {name}=COLUMN).",
    )


def _first(known: Mapping[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if name in known), "")


def _number_columns(
    known: Mapping[str, str], wanted: Sequence[Wanted], named: Mapping[str, str], columns: Sequence[str]
) -> dict[str, _Columns]:
    found = {}
    for one in wanted:
        names = [normal_name(one.name), *one.also]
        value = named.get(one.name) or _first(known, names)
        if not value:
            if one.required:
                raise _no_column(f"'{one.name}'", one.name, columns)
            continue
        low, high, by = (
            named.get(f"{one.name}_{ends[0]}")
            or _first(known, [f"{name} {end}" for name in (normal_name(value), *names) for end in ends])
            for ends in (_LOW, _HIGH, ("by",))
        )  # fmt: skip
        found[one.name] = _Columns(value, low, high, by or _first(known, ["by", "set by"]))
    return found


class _Reader:
    """Reads numbers in the one way that the whole table asks for, and collects what can't be read."""

    def __init__(
        self,
        columns: Mapping[str, _Columns],
        shares: set[str],
        by: str,
        table: Sequence[Row],
        semicolons: bool,
    ) -> None:
        self._columns = columns
        self._shares = shares
        self._by = by
        self.problems = _Problems()
        cells = [
            row.cells.get(column, "")
            for row in table
            for one in columns.values()
            for column in (one.value, one.low, one.high)
            if column
        ]
        self._mark: Mark = decimal_mark(cells, semicolons=semicolons)
        self._per_cent = {name for name in shares if name in columns and self._is_per_cent(name, table)}

    def notes(self) -> list[str]:
        """How the table was read, where it could have been otherwise."""
        return [f"The numbers of '{self._columns[name].value}' are read as per cent." for name in sorted(self._per_cent)]  # fmt: skip

    def item(self, row: Row, item_column: str, bucket_column: str) -> Item | None:
        """The item of a row; None where the row has a problem."""
        if row.problem:
            self.problems.add(row, "", item_column, row.problem)
            return None
        name = bare_text(" ".join(row.cells.get(item_column, "").split()))
        if not name:
            self.problems.add(row, "", item_column, "the item has no name")
            return None
        if len(name) > _NAME_CHARS:
            self.problems.add(row, name, item_column, f"the name has more than {_NAME_CHARS} characters")
            return None
        inputs = {
            wanted: given
            for wanted, columns in self._columns.items()
            if (given := self._input(row, name, wanted, columns)) is not None
        }
        bucket = row.cells.get(bucket_column, "").strip() if bucket_column else ""
        return Item(
            name=name, inputs=inputs, bucket="" if is_blank(bucket) else bucket, where=f"row {row.number}"
        )

    def _input(self, row: Row, name: str, wanted: str, columns: _Columns) -> Input | None:
        numbers: dict[str, float] = {}
        for end, column in (("value", columns.value), ("low", columns.low), ("high", columns.high)):
            text = row.cells.get(column, "") if column else ""
            if is_blank(text):
                continue
            number = parse_number(text, self._mark)
            problem = number if isinstance(number, str) else self._doubt(wanted, number, text)
            if isinstance(number, str) or problem:
                self.problems.add(row, name, column, problem)
                return None
            numbers[end] = self._scaled(wanted, number)
        if not numbers:
            return Input.missing()
        if "value" not in numbers:
            self.problems.add(row, name, columns.value, "an interval is given, but not the number")
            return None
        said = row.cells.get(columns.by, "") if columns.by else ""
        try:
            return Input.said(**numbers, by=self._by if is_blank(said) else said.strip())
        except ValidationError as problem:
            self.problems.add(
                row, name, columns.value, problem.errors()[0]["msg"].removeprefix("Value error, ")
            )
            return None

    def _is_per_cent(self, name: str, table: Sequence[Row]) -> bool:
        """Whether plain numbers of a share stand for per cent: where one of the column is above 1."""
        columns = self._columns[name]
        for row in table:
            for column in (columns.value, columns.low, columns.high):
                number = parse_number(row.cells.get(column, ""), self._mark) if column else ""
                if isinstance(number, Number) and not number.percent and number.value > 1:
                    return True
        return False

    def _doubt(self, wanted: str, number: Number, text: str) -> str:
        if abs(number.value) > LARGEST:
            return f"'{text.strip()[:40]}' is too large; at most {LARGEST:,.0f} is allowed"
        if wanted in self._per_cent and not number.percent and 0 < number.value <= 1:
            return f"'{text.strip()[:40]}' stands in a column of per cents and may be one or a share; write it with %"
        return ""

    def _scaled(self, wanted: str, number: Number) -> float:
        share = wanted in self._shares and (number.percent or wanted in self._per_cent)
        return number.value / 100 if number.percent or share else number.value
