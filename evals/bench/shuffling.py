"""The rows of the Kanbo sample's files in another order, every cell as it was."""

import csv
import random
import re
from datetime import UTC, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from evals.kanbo.sheet import Cell, xlsx

_MESSAGE = re.compile(r"^(?=\[\d{4}-\d{2}-\d{2} )", re.MULTILINE)


def shuffle_rows(path: Path, seed: int = 5) -> None:
    """Rewrite a CSV, JSONL, XLSX or chat file with its rows shuffled. Raises: ValueError for another suffix."""
    dice = random.Random(f"{seed}/{path.name}")
    if path.suffix == ".csv":
        _csv(path, dice)
    elif path.suffix == ".jsonl":
        lines = path.read_bytes().splitlines(keepends=True)
        dice.shuffle(lines)
        path.write_bytes(b"".join(lines))
    elif path.suffix == ".xlsx":
        _xlsx(path, dice)
    elif path.suffix == ".txt":
        messages = [part for part in _MESSAGE.split(path.read_bytes().decode("utf-8")) if part]
        dice.shuffle(messages)
        path.write_bytes("".join(messages).encode("utf-8"))
    else:
        raise ValueError(f"rows of {path.suffix} files can't be shuffled")


def _csv(path: Path, dice: random.Random) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        delimiter = ";" if ";" in file.readline() else ","
        file.seek(0)
        # A byte order mark stays part of the first column's name.
        header, *rows = csv.reader(file, delimiter=delimiter)
    dice.shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])


def _xlsx(path: Path, dice: random.Random) -> None:
    book = CalamineWorkbook.from_path(str(path))
    name = book.sheet_names[0]
    table = book.get_sheet_by_name(name).to_python()
    header, *rows = [[_cell(value) for value in row] for row in table]
    dice.shuffle(rows)
    path.write_bytes(xlsx(name, [header, *rows]))


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if isinstance(value, int | float | str):
        return value
    raise ValueError(f"the sample has no cells such as {value!r}")
