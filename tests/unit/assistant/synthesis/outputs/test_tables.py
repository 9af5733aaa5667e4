"""The tables: every statement in them, numbers that can be counted again, the same bytes for any order of arrival."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from assistant.errors import StoreError, UsageError
from assistant.synthesis.outputs.export import Export, export_of, writable
from assistant.synthesis.outputs.tables import (
    Holds,
    Row,
    Table,
    TableColumn,
    assignments_table,
    records_table,
    tables_of,
)
from assistant.synthesis.outputs.to_csv import cell, write_csv
from assistant.synthesis.outputs.to_parquet import write_parquet
from tests.support.ingest_bench import open_bench
from tests.support.theme_sample import bring_in, exported, rows_of


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Export]:
    found = exported(tmp_path_factory.mktemp("home"), rows_of(120))
    yield found
    found.bench.close()


def in_csv(table: Table) -> bytes:
    out = io.BytesIO()
    write_csv(table, out)
    return out.getvalue()


def in_parquet(table: Table) -> bytes:
    out = io.BytesIO()
    write_parquet(table, out, {"run": "run_1"})
    return out.getvalue()


def frames(export: Export) -> dict[str, pl.DataFrame]:
    return {table.name: pl.read_parquet(in_parquet(table)) for table in tables_of(export)}


def test_every_number_of_a_theme_can_be_counted_again_from_the_tables(export: Export) -> None:
    tables = frames(export)
    people = {row["record_id"]: (row["voice"], row["person"]) for row in tables["records"].to_dicts()}
    said: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in tables["assignments"].to_dicts():
        said[row["theme_id"]].append(row)
    assert {row["theme_id"] for row in tables["themes"].to_dicts()} == set(said)
    for theme in tables["themes"].to_dicts():
        held = said[theme["theme_id"]]
        voices = {people[str(one["record_id"])][0] for one in held}
        persons = {people[str(one["record_id"])][1] for one in held} - {None}
        assert (len(held), len(voices), len(persons)) == (
            theme["statements"],
            theme["records"],
            theme["people"],
        )
        assert theme["share"] == len(persons) / theme["of_people"]
        assert {one["path"] for one in held} == {theme["path"]}


def test_each_statement_is_once_in_an_area_and_once_in_a_theme(export: Export) -> None:
    rows = frames(export)["assignments"]
    for level in (1, 2):
        assert rows.filter(pl.col("level") == level).height == export.themes.statements
    keys = rows.select("record_id", "start", "end", "level")
    assert keys.unique().height == keys.height


def test_evidence_is_verbatim_but_for_masks(export: Export) -> None:
    tables = frames(export)
    raw = dict(tables["records"].select("record_id", "text").iter_rows())
    for row in tables["evidence"].to_dicts():
        if "[" not in raw[row["record_id"]]:
            assert raw[row["record_id"]][row["start"] : row["end"]] == row["text"]


def test_personal_data_is_masked_unless_asked_for(tmp_path: Path) -> None:
    rows = rows_of(40)
    rows[0]["text"] = "Write to lena.park@example.com about the export."
    with exported(tmp_path, rows).bench as bench:
        masked = b"".join(in_csv(table) for table in tables_of(export_of(bench)))
        bench.settings = bench.settings.model_copy(update={"show_personal_data": True})
        bare = b"".join(in_csv(table) for table in tables_of(export_of(bench)))
    assert b"lena.park@example.com" not in masked
    assert b"lena.park@example.com" in bare


def test_the_order_of_arrival_leaves_no_trace_in_any_file(tmp_path: Path) -> None:
    written = []
    for name, rows in (("one", rows_of(60)), ("other", rows_of(60)[::-1])):
        (tmp_path / name).mkdir()
        with exported(tmp_path / name, rows).bench as bench:
            export = export_of(bench)
            written.append(
                [in_csv(table) for table in tables_of(export)] + [in_parquet(t) for t in tables_of(export)]
            )
    assert written[0] == written[1]


def test_parquet_tells_its_schema_version_and_run(export: Export) -> None:
    for table in tables_of(export):
        told = pq.ParquetFile(io.BytesIO(in_parquet(table))).metadata.metadata
        assert json.loads(told[b"voxspec"]) == {"schema": 1, "table": table.name, "run": "run_1"}


def test_parquet_and_csv_hold_the_same_rows(export: Export) -> None:
    for table in tables_of(export):
        cells = list(csv.reader(io.StringIO(in_csv(table).decode())))
        rows = [row for page in table.pages() for row in page]
        assert cells[0] == [column.name for column in table.columns]
        assert cells[1:] == [[cell(value) for value in row] for row in rows]
        assert pl.read_parquet(in_parquet(table)).rows() == rows


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_text_cell_starts_what_a_spreadsheet_would_run(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(f"1{start}1") == f"1{start}1"


def test_numbers_are_cells_as_they_are() -> None:
    assert [cell(value) for value in (-3, 0.1, None, True)] == ["-3", "0.1", "", "true"]


def test_external_ids_that_look_like_formulas_are_disarmed(export: Export) -> None:
    lines = in_csv(assignments_table(export)).decode().splitlines()
    assert any(",'=T-" in line for line in lines)
    assert not any(",=T-" in line for line in lines)


def test_excel_gets_a_byte_order_mark_when_asked(export: Export) -> None:
    out = io.BytesIO()
    write_csv(assignments_table(export), out, bom=True)
    assert out.getvalue().removeprefix("\ufeff".encode()) == in_csv(assignments_table(export))
    assert out.getvalue().startswith(b"\xef\xbb\xbf")


def test_hundreds_of_segment_names_get_one_column_that_holds_them_all(tmp_path: Path) -> None:
    wide = [row | {f"extra {number}": f"v{number}" for number in range(120)} for row in rows_of(6)]
    with exported(tmp_path, wide).bench as bench:
        table = records_table(export_of(bench))
        assert sum(column.name.startswith("segment.") for column in table.columns) == 100
        assert table.columns[-1].name == "segments"
        row = next(iter(table.pages()))[0]
        assert json.loads(str(row[-1]))["extra 119"] == "v119"


def table_of(pages: Iterator[list[Row]]) -> Table:
    return Table("some", (TableColumn("n", Holds.integer),), lambda: pages)


def test_what_breaks_while_rows_are_read_is_told_as_it_is() -> None:
    def broken() -> Iterator[list[Row]]:
        yield [(1,)]
        raise StoreError("The store is gone.")

    with pytest.raises(StoreError, match="gone"):
        write_parquet(table_of(broken()), io.BytesIO(), {})


def test_a_full_disk_is_told_as_such() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        write_parquet(table_of(iter([[(number,) for number in range(1000)]])), full, {})


def test_pages_are_read_only_as_they_are_written(tmp_path: Path) -> None:
    handed: list[int] = []

    def pages() -> Iterator[list[Row]]:
        for number in range(300):
            handed.append(number)
            yield [(number * 1000 + one,) for one in range(1000)]

    class Watched(io.BytesIO):
        first_written_after = 0

        def write(self, data: bytes) -> int:  # type: ignore[override]
            if len(data) > 100 and not self.first_written_after:
                self.first_written_after = len(handed)
            return super().write(data)

    out = Watched()
    write_parquet(table_of(pages()), out, {})
    assert 0 < out.first_written_after < 150


def test_halves_of_surrogate_pairs_become_the_replacement_character() -> None:
    assert writable("a\ud800b") == "a\ufffdb"
    assert writable("ü🙂") == "ü🙂"


def test_without_a_run_there_is_nothing_to_export(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench:
        bring_in(bench, tmp_path, rows_of(6))
        with pytest.raises(UsageError, match="no themes yet"):
            export_of(bench)
