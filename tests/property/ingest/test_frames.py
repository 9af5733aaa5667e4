"""A data frame and the CSV of the same content are the same import."""

import csv
import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.ingest_bench import open_bench

WORDS = st.text(st.sampled_from(string.ascii_letters + "äß日本 ,;\"'"), min_size=1, max_size=30)
ROWS = st.lists(
    st.tuples(
        st.one_of(st.just(""), WORDS.map(lambda words: f"The export {words}")),
        st.integers(1, 5),
        st.dates(min_value=pd.Timestamp("2000-01-01").date(), max_value=pd.Timestamp("2030-01-01").date()),
        st.sampled_from(["pro", "free"]),
    ),
    min_size=1,
    max_size=12,
)
NAMES = ("comment", "rating", "date", "plan")
OPTIONS = IngestOptions(source="reviews", mapping={"text": "comment", "rating": "rating", "said_at": "date"})


def stored(bench: Workbench) -> list[tuple[str, str, str]]:
    page = bench.catalog.pages.page(bench.workspace, None, 100)
    return [(record.id, record.raw, record.revision) for record in page]


@given(ROWS)
@settings(max_examples=25, deadline=None)
def test_the_records_have_the_same_ids_texts_and_revisions(rows: list[tuple[object, ...]]) -> None:
    columns = {name: [row[i] for row in rows] for i, name in enumerate(NAMES)}
    with TemporaryDirectory() as folder:
        table = Path(folder, "reviews.csv")
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([NAMES, *rows])
        with open_bench(Path(folder, "file")) as bench:
            [report] = ingest(bench, [table], OPTIONS).files
            wanted = stored(bench)
        arrow = pa.table(columns)
        for place, frame in enumerate((pd.DataFrame(columns), pl.DataFrame(columns), arrow)):
            with open_bench(Path(folder, str(place))) as bench:
                [found] = ingest(bench, frame, OPTIONS).files
                assert stored(bench) == wanted
                assert (found.kept, found.duplicate, found.empty, found.rejected) == (
                    report.kept, report.duplicate, report.empty, report.rejected,
                )  # fmt: skip
                again = ingest(bench, frame, OPTIONS)
                assert again.records == 0
                assert again.files[0].kept == 0
