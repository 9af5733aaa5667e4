"""Two thousand damaged files of every kind of table, four hundred of every export: every row is accounted for, or the file is refused with a hint."""

import csv
import io
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.bench.attacks.office import sheets
from tests.support.layouts import LAYOUTS, table
from tests.support.mutations import (
    EXAMPLES,
    EXAMPLES_OF_A_LAYOUT,
    Write,
    damaged,
    damaged_zip,
    fresh,
    read_or_refused,
)

FOLDER = tempfile.TemporaryDirectory()
ROWS = 'id,comment,date,rating\n1,The export fails again,2026-03-01,2\n2,"Slow, and ä\nlost",01/04/2026,5\n3,It is fine for us,March 5 2026,4/5\n'
CHAT = "[2026-03-01 10:22] Ana: The export fails\nagain\n[2026-03-01 10:23] Ben: Slow\n[2026-03-01 10:24] Ana: Yes\n"
SHEET = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="inlineStr"><is><t>{"comment" if n == 1 else f"The export fails {n}"}</t></is></c></row>' for n in range(1, 5))  # fmt: skip


def layout(name: str) -> bytes:
    """The header and the first rows of an export."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table(name)[:5])
    return out.getvalue().encode()


DAMAGED: dict[str, Write] = {
    "a.csv": damaged(ROWS.encode()),
    "a.tsv": damaged(ROWS.replace(",", "\t").encode()),
    "semicolons.csv": damaged(ROWS.replace(",", ";").encode("cp1252")),
    "utf16.csv": damaged(ROWS.encode("utf-16")),
    "gb18030.csv": damaged(ROWS.replace("The export fails again", "导出功能又坏了，太慢").encode("gb18030")),
    "chat.txt": damaged(CHAT.encode()),
    "a.xlsx": damaged_zip(sheets(SHEET)),
}
EXPORTS = {f"{path.stem}.csv": damaged(layout(path.name)) for path in sorted(LAYOUTS.glob("*.csv"))}


@pytest.mark.parametrize("name", DAMAGED)
@given(seed=st.integers(0, 1 << 40))
@settings(max_examples=EXAMPLES)
def test_the_rows_of_a_damaged_table_add_up(name: str, seed: int) -> None:
    path = Path(FOLDER.name, name)
    DAMAGED[name](path, random.Random(seed))
    read_or_refused(path)


@pytest.mark.parametrize("name", EXPORTS)
@given(seed=st.integers(0, 1 << 40))
@settings(max_examples=EXAMPLES_OF_A_LAYOUT)
def test_the_rows_of_a_damaged_export_add_up(name: str, seed: int) -> None:
    path = Path(FOLDER.name, name)
    EXPORTS[name](path, random.Random(seed))
    read_or_refused(path)


@given(text=st.text(st.sampled_from('a1,;\t|"\n\r\x00\x1f é東\ud800[]:-/'), max_size=60))
@settings(max_examples=EXAMPLES)
def test_any_characters_are_a_table_or_refused(text: str) -> None:
    # To think of the text takes longer than to read it.
    for name in ("a.csv", "a.tsv", "chat.txt"):
        path = Path(FOLDER.name, name)
        fresh(path).write_bytes(text.encode("utf-8", "surrogatepass"))
        read_or_refused(path)
