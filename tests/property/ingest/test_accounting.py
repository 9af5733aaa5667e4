"""Every row of every table is accounted for, in any order."""

import csv
import io
import random
import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import InputRejected
from ingest.connectors.delimited import DelimitedRows
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench
from tests.support.mutations import fresh

CELLS = st.one_of(
    st.sampled_from(["", " ", "n/a", "same text", "Same  TEXT", "\u200b", "a\x00b", 'with "quotes", and\r\nlines', "x" * 600, "東京 は 雨", "👨\u200d👩\u200d👧 ok"]),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=40),
)  # fmt: skip
# A file of which no row can be read is refused as a whole.
ROWS = st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), CELLS, st.sampled_from(["ana", "bob", ""]), st.sampled_from(["5", "x", ""])), min_size=1, max_size=25).filter(lambda rows: any("\0" not in "".join(row) for row in rows))  # fmt: skip
MAPPING = {"text": "comment", "author": "user", "rating": "stars"}


def table(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([("note", "comment", "user", "stars"), *rows])
    return out.getvalue().encode()


HOME = tempfile.TemporaryDirectory()
NUMBERS = count()


def imported(content: bytes, *, twice: bool = False) -> tuple[list[FileReport], dict[str, str]]:
    """Import into a workspace of its own; ids are told without the workspace, which they depend on."""
    folder = Path(HOME.name)
    path = folder / "a.csv"
    fresh(path).write_bytes(content)
    options = IngestOptions(mapping=MAPPING)
    with open_bench(folder, workspace=f"w{next(NUMBERS)}", max_field_chars=500) as bench:
        looked = preview(bench, [path], options).files[0]
        reports = [looked] + [ingest(bench, [path], options).files[0] for _ in range(2 if twice else 1)]
        records = bench.catalog.pages.page(bench.workspace, None, 1_000)
        return reports, {record.raw: record.language for record in records}


@given(ROWS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_is_accounted_for_and_a_second_import_adds_nothing(rows: list[tuple[str, ...]]) -> None:
    (looked, first, second), stored = imported(table(rows), twice=True)
    for report in (looked, first, second):
        assert report.kept + report.duplicate + report.empty + report.rejected == report.rows == len(rows)
    assert replace(looked, samples=[]) == first
    assert (second.kept, second.empty, second.rejected) == (0, first.empty, first.rejected)
    written = {cell for row in rows for cell in row}
    assert stored.keys() <= written


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_rows_changes_neither_records_nor_counts(
    rows: list[tuple[str, ...]], chance: random.Random
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    (_, first), stored = imported(table(rows))
    (_, second), again = imported(table(shuffled))
    assert stored == again
    assert (first.kept, first.duplicate, first.empty, first.rejected) == (
        second.kept,
        second.duplicate,
        second.empty,
        second.rejected,
    )


@given(st.text(st.sampled_from('a,"\n\r;x\t ')), st.integers(0, 5))
@settings(max_examples=500, deadline=None)
def test_reading_any_text_gives_rows_in_order_and_can_go_on_anywhere(text: str, start: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(text.encode())
        try:
            connector = DelimitedRows(path, "utf-8", 20)
        except InputRejected:
            return
        rows = list(connector.rows())
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert list(connector.rows(start)) == rows[start:]
