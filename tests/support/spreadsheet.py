"""What a spreadsheet makes of a workbook's formulas: a small evaluator that knows nothing of the product.

It reads the workbook with openpyxl, ignores the values that are stored beside formulas, and works every formula out from the cells that
it names. The product's formulas were compared with LibreOffice's results once; this keeps them so.
"""

import io
import math
import re
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:E[-+]?\d+)?)|(?P<text>"(?:[^"]|"")*")
    |(?P<place>(?:\w+!)?[A-Z]{1,3}\$?\d+(?::[A-Z]{1,3}\$?\d+)?)|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|<>|[-+*/^(),<>=]))""",
    re.VERBOSE,
)


class Workbook:
    """Sheets by title, cells by name; formulas are worked out on demand."""

    def __init__(self, data: bytes) -> None:
        book = load_workbook(io.BytesIO(data))
        self.cells: dict[tuple[str, int, int], Any] = {
            (page.title, cell.row, cell.column): cell.value
            for page in book.worksheets
            for row in page.iter_rows()
            for cell in row
            if cell.value is not None
        }
        self.kinds = {
            (page.title, c.row, c.column): c.data_type for page in book for r in page.iter_rows() for c in r
        }
        self._known: dict[tuple[str, int, int], Any] = {}

    def value(self, sheet: str, row: int, column: int) -> Any:
        """A cell's value; a formula's result."""
        key = (sheet, row, column)
        if key not in self._known:
            cell = self.cells.get(key)
            formula = self.kinds.get(key) == "f"
            self._known[key] = _Formula(self, sheet, cell[1:]).result() if formula else cell
        return self._known[key]

    def header(self, sheet: str) -> dict[str, int]:
        """Column name → number."""
        return {
            value: column for (title, row, column), value in self.cells.items() if title == sheet and row == 1
        }

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """Data rows by column name."""
        header = self.header(sheet)
        last = max(row for title, row, _ in self.cells if title == sheet)
        return [
            {name: self.value(sheet, row, column) for name, column in header.items()}
            for row in range(2, last + 1)
        ]


class _Formula:
    """Recursive descent; a range is a list."""

    def __init__(self, book: Workbook, sheet: str, text: str) -> None:
        self._book, self._sheet = book, sheet
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            assert match, f"unknown at {at}: {text}"
            kind = match.lastgroup or ""
            self._tokens.append((kind, match[kind]))
            at = match.end()
        self._at = 0

    def result(self) -> Any:
        value = self._comparison()
        assert self._at == len(self._tokens), self._tokens[self._at :]
        return value

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, *signs: str) -> str:
        kind, text = self._next()
        if kind == "sign" and text in signs:
            self._at += 1
            return text
        return ""

    def _comparison(self) -> Any:
        left = self._sum()
        if sign := self._take("<=", ">=", "<>", "<", ">", "="):
            return _each(lambda a, b: _compare(sign, a, b), left, self._sum())
        return left

    def _sum(self) -> Any:
        left = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            left = _each(
                (lambda a, b: a + b) if sign == "+" else (lambda a, b: a - b), _number(left), _number(right)
            )
        return left

    def _product(self) -> Any:
        left = self._power()
        while sign := self._take("*", "/"):
            right = self._power()
            left = _each(
                (lambda a, b: a * b) if sign == "*" else (lambda a, b: a / b), _number(left), _number(right)
            )
        return left

    def _power(self) -> Any:
        left = self._atom()
        return left ** self._power() if self._take("^") else left

    def _atom(self) -> Any:
        kind, text = self._next()
        self._at += 1
        match kind:
            case "number":
                return float(text)
            case "text":
                return text[1:-1].replace('""', '"')
            case "place":
                return self._place(text)
            case "name":
                return self._call(text)
        assert text in {"(", "-"}, text
        if text == "-":
            return -self._atom()
        inner = self._comparison()
        assert self._take(")")
        return inner

    def _place(self, text: str) -> Any:
        sheet, _, cells = text.rpartition("!")
        ends = [re.fullmatch(r"([A-Z]+)\$?(\d+)", one) for one in cells.split(":")]
        (left, top), (right, bottom) = (
            (column_index_from_string(m[1]), int(m[2])) for m in (ends[0], ends[-1]) if m
        )
        found = [
            self._book.value(sheet or self._sheet, row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        return found if ":" in cells else found[0]

    def _call(self, name: str) -> Any:
        assert self._take("(")
        if name == "IF":
            return self._if()
        given = [self._comparison()]
        while self._take(","):
            given.append(self._comparison())
        assert self._take(")")
        flat = [one for value in given for one in (value if isinstance(value, list) else [value])]
        numbers = [one for one in flat if isinstance(one, int | float)]
        match name:
            case "COUNT":
                return len(numbers)
            case "ISNUMBER":
                return _each(lambda a, _: isinstance(a, int | float), given[0], 0)
            case "SUM" | "SUMPRODUCT":
                return math.fsum(numbers)
            case "MAX":
                return max(numbers)
            case "MIN":
                return min(numbers)
            case "AND":
                return all(flat)
            case "SQRT":
                return math.sqrt(given[0])
            case "LARGE":
                return sorted(given[0], reverse=True)[int(given[1]) - 1]
            case "INDEX":
                return given[0][int(given[1]) - 1]
            case "MATCH":
                return given[1].index(given[0]) + 1
            case "SUMIF":
                return math.fsum(
                    n for k, n in zip(given[0], given[2], strict=True) if k == given[1] and n is not None
                )
        raise AssertionError(f"unknown function {name}")

    def _if(self) -> Any:
        """The branch that isn't taken is skipped: it may divide by zero."""
        condition = self._comparison()
        assert self._take(",")
        if condition:
            value = self._comparison()
            assert self._take(",")
            self._skip()
        else:
            self._skip()
            assert self._take(",")
            value = self._comparison()
        assert self._take(")")
        return value

    def _skip(self) -> None:
        depth = 0
        while not (depth == 0 and self._next()[1] in {",", ")"} and self._next()[0] == "sign"):
            kind, text = self._next()
            depth += (kind, text) == ("sign", "(")
            depth -= (kind, text) == ("sign", ")")
            self._at += 1


def _each(call: Any, left: Any, right: Any) -> Any:
    if not isinstance(left, list) and not isinstance(right, list):
        return call(left, right)
    size = len(left) if isinstance(left, list) else len(right)
    lefts = left if isinstance(left, list) else [left] * size
    rights = right if isinstance(right, list) else [right] * size
    return [call(a, b) for a, b in zip(lefts, rights, strict=True)]


def _number(value: Any) -> Any:
    """What arithmetic makes of a cell: blank is 0, TRUE is 1."""
    return _each(lambda a, _: 0 if a is None else a, value, 0)


def _compare(sign: str, left: Any, right: Any) -> bool:
    left, right = 0 if left is None else left, 0 if right is None else right
    if isinstance(left, str) != isinstance(right, str):
        # Any text is more than any number.
        left, right = int(isinstance(left, str)), int(isinstance(right, str))
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right, "=": left == right, "<>": left != right}[sign]  # fmt: skip
