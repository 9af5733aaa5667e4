"""A table as a spreadsheet has it: texts, numbers, and formulas with the value that they give."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LETTERS = 26


@dataclass(frozen=True)
class Formula:
    """A formula of ours. No text of anybody else is ever part of one."""

    text: str
    """Without the leading `=`, in English and with commas, as files hold it."""
    value: float | str
    """What it gives: the number that our own code worked out."""


Cell = str | float | int | None | Formula


@dataclass(frozen=True)
class Sheet:
    """Header in row 1, data from row 2."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    shares: frozenset[str] = frozenset()
    """Columns that are shown as per cent."""
    formulas: tuple[str, ...] = ()
    """Columns of which a CSV file has the formula too, beside the value."""
    wide: frozenset[str] = field(default_factory=frozenset)
    """Columns of sentences."""


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what starts like one gets an apostrophe."""
    return f"'{text}" if _looks_live(text) else text


def bare_text(text: str) -> str:
    """The text that `safe_text` was given."""
    return text[1:] if text.startswith("'") and _looks_live(text) else text


def _looks_live(text: str) -> bool:
    # Apostrophes before it count as well, so that what was escaped is told from what has one of its own.
    bare = text.lstrip("'")
    return bare.startswith(_STARTS) or bare.lstrip(" \u00a0\ufeff").startswith(_STARTS)


def letters(column: int) -> str:
    """Name of a column; 0 is A."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, _LETTERS)
        name = chr(ord("A") + digit) + name
    return name


def place(column: int, row: int) -> str:
    """Name of a cell; data row 0 is the one below the header."""
    return f"{letters(column)}{row + 2}"


def whole(column: int, rows: int) -> str:
    """All data cells of a column, fixed against copying."""
    return f"{letters(column)}$2:{letters(column)}${rows + 1}"
