"""Opening an Excel workbook without trusting it: what its sheets claim is counted before a cell is read."""

import re
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive

_ALWAYS_CELLS = 1_000_000
_MIN_FILLED = 0.05
_MAX_COLUMNS = 16_384
"""As many as Excel has."""
_MAX_SHEETS = 1_000
_CELLS_PER_BYTE = 2
"""A cell takes two bytes and more when it is packed, unless all are made alike."""
_MAX_TEXT = 400 << 20
"""Bytes of a sheet's texts. A shared text counts wherever a cell refers to it: the reader copies it."""
_PIECE = 1 << 20
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SHARED_CELL = re.compile(rb"""\bt\s*=\s*["']s["'][^<>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
_SHARED_TEXT = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")


@contextmanager
def open_workbook(path: Path) -> Iterator[CalamineWorkbook]:
    """A workbook whose sheets are of a size that can be read.

    Raises: InputRejected for damaged, encrypted and oversized workbooks, also out of the block.
    """
    sheets = check_archive(path, needs="[Content_Types].xml", holding=b"sheetData")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(path, archive, len(sheets))
            _check_sheets(path, archive, sheets)
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except PasswordError as problem:
        raise InputRejected(
            f"{path.name} is encrypted.", hint="Remove the password and try again."
        ) from problem
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as problem:
        raise InputRejected(
            f"{path.name} can't be read as a workbook.",
            hint="Open and save it again in Excel, or export it as CSV.",
        ) from problem


def _check_kind(path: Path, archive: zipfile.ZipFile, sheets: int) -> None:
    """The reader also knows binary workbooks and OpenDocument, whose sheets say their size in other ways than those looked for here."""
    if {"xl/workbook.bin", "content.xml"} & {name.casefold() for name in archive.namelist()}:
        raise InputRejected(
            f"{path.name} is a binary or an OpenDocument workbook.",
            hint="Save it as XLSX, or export it as CSV.",
        )
    if sheets > _MAX_SHEETS:
        raise InputRejected(
            f"{path.name} has {sheets:,} sheets; {_MAX_SHEETS:,} are allowed.",
            hint="Leave only those that hold feedback.",
        )


def _check_sheets(path: Path, archive: zipfile.ZipFile, sheets: Sequence[str]) -> None:
    lengths = array("L")
    for name in archive.namelist():
        if name.casefold().endswith("sharedstrings.xml"):
            lengths = _text_lengths(archive, name)
    # By what they hold: the workbook may name any part as a sheet of it.
    for name in sheets:
        _check_extent(path, archive, name)
        _check_shared(path, archive, name, lengths)


def _check_extent(path: Path, archive: zipfile.ZipFile, name: str) -> None:
    """The reader lays out every cell up to the last one, filled or not: two cells far apart can take all memory."""
    rows = columns = cells = filled = begun = in_row = 0
    for piece in _pieces(archive, name):
        places = _PLACE.findall(piece)
        filled += len(places)
        rows = max(rows, max((int(digits[:10]) for _, digits in places), default=0))
        columns = max(
            columns, max((_column_number(letters) for letters in {place[0] for place in places}), default=0)
        )
        found = len(_CELL.findall(piece))
        cells += found
        if found > sum(1 for letters, _ in places if letters):
            # Cells without a place follow one another.
            first, *more = _ROW.split(piece)
            widths = [in_row + len(_CELL.findall(first)), *(len(_CELL.findall(row)) for row in more)]
            columns, in_row = max(columns, *widths), widths[-1]
            begun += len(more)
        else:
            in_row = 0
    rows, filled = max(rows, begun), max(filled, cells)
    if columns > _MAX_COLUMNS:
        raise InputRejected(
            f"{path.name} has a sheet of {columns:,} columns; {_MAX_COLUMNS:,} are allowed.",
            hint="Export only the columns that hold feedback.",
        )
    if cells > max(_ALWAYS_CELLS, _CELLS_PER_BYTE * archive.getinfo(name).compress_size):
        raise InputRejected(
            f"{path.name} has a sheet of {cells:,} cells that are all alike: it looks like a zip bomb.",
            hint="Export the sheet as CSV.",
        )
    if rows * columns > max(_ALWAYS_CELLS, filled / _MIN_FILLED):
        raise InputRejected(
            f"{path.name} has a sheet of {rows:,} rows by {columns:,} columns that is almost empty.",
            hint="Delete what lies far from the data, or export the sheet as CSV.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


def _text_lengths(archive: zipfile.ZipFile, name: str) -> "array[int]":
    """Bytes of each shared text, with its markup."""
    lengths = array("L")
    since = 0
    for piece in _pieces(archive, name):
        end = 0
        for match in _SHARED_TEXT.finditer(piece):
            lengths.append(since + match.end() - end)
            since, end = 0, match.end()
        since += len(piece) - end
    return lengths


def _check_shared(path: Path, archive: zipfile.ZipFile, name: str, lengths: "array[int]") -> None:
    longest = max(lengths, default=0)
    # The cheap bound first: only a workbook with long texts in many cells is counted cell by cell.
    if longest * archive.getinfo(name).file_size // 20 <= _MAX_TEXT:
        return
    total = 0
    for piece in _pieces(archive, name):
        for digits in _SHARED_CELL.findall(piece):
            place = int(digits[:10])
            total += lengths[place] if place < len(lengths) else 0
        if total > _MAX_TEXT:
            raise InputRejected(
                f"{path.name} has a sheet with more than {_MAX_TEXT >> 20} MB of text.",
                hint="Split it, or export it as CSV.",
            )


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in pieces that end between tags, however its characters are encoded."""
    held = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            held += piece.translate(None, b"\0")
            cut = held.rfind(b"<c ") if len(held) < 2 * _PIECE else len(held)
            if cut > 0:
                yield held[:cut]
                held = held[cut:]
    yield held
