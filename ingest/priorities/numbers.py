"""Numbers as people write them in tables, read only where there is one way to read them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.errors import InputRejected

Mark = Literal[".", ",", "?"]
"""The decimal mark of a file; `?`: no cell tells, and nothing else does."""

_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))")
_COMMA = re.compile(r"[-+]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+)\Z")
_POINT = re.compile(r"[-+]?(?:0\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3})+\.\d+)(?:e[-+]?\d+)?\Z")
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}\Z")
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?\Z", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z", re.ASCII)
_SWAP = str.maketrans(".,", ",.")


@dataclass(frozen=True)
class Number:
    """A number, and whether a per cent sign stood behind it; the value is as written, before the sign."""

    value: float
    percent: bool


def decimal_mark(texts: Iterable[str], *, semicolons: bool = False) -> Mark:
    """Which decimal mark the cells use.

    Args:
        texts: all cells with numbers.
        semicolons: the file separates cells by semicolons, as spreadsheets do where the comma is the decimal mark.

    Raises: InputRejected where some cells say one and some the other.
    """
    bare = [_bare(text) for text in texts]
    comma = next((text for text in bare if _COMMA.match(text)), "")
    point = next((text for text in bare if _POINT.match(text)), "")
    if comma and point:
        raise InputRejected(
            f"The numbers have both a decimal comma ('{comma[:30]}') and a decimal point ('{point[:30]}').",
            hint="Write all of them in one way.",
        )
    if comma:
        return ","
    return "?" if semicolons and not point else "."


def parse_number(text: str, mark: Mark = ".") -> Number | str:
    """The number of a cell, or why it is none, as a sentence's end: `'abc' is no number`."""
    bare = _bare(text)
    shown = text.strip()[:40]
    percent = text.strip().endswith("%")
    if mark == "?" and _EITHER.match(bare):
        return f"'{shown}' can be read in two ways; write it without a separator of thousands"
    if mark == ",":
        bare = bare.translate(_SWAP)
    if _THOUSANDS.match(bare):
        bare = bare.replace(",", "")
    if not _PLAIN.match(bare):
        return f"'{shown}' is no number"
    # Minus zero is zero.
    return Number(float(bare) + 0.0, percent)


def _bare(text: str) -> str:
    stripped = text.strip().removesuffix("%").strip().replace("\u2212", "-").casefold()
    return _GROUPED.sub("", stripped)
