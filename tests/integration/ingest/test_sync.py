"""`--sync`: what a complete export no longer holds leaves the workspace, and comes back with its row. In doubt nothing goes."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.domain.evidence import Scope
from assistant.search.query import search
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench
from tests.support.json_exports import as_lines, zendesk
from tests.support.layouts import LAYOUTS

MAPPING = {"text": "text", "external_id": "id"}
ALL = range(10)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def export(
    path: Path, numbers: Sequence[int], *, said: str = "The export fails on board", ids: bool = True
) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text"])
        writer.writerows([f"T{n}" if ids else "", f"{said} number {n}, every time word{n}"] for n in numbers)
    return path


def bring(bench: Workbench, *paths: Path, sync: bool = True, confirmed: bool = False) -> list[FileReport]:
    options = IngestOptions(source="tool", mapping=MAPPING, sync=sync, confirmed=confirmed)
    return list(ingest(bench, paths, options).files)


def held(bench: Workbench) -> set[str]:
    records = bench.catalog.pages.page("default", None, 100)
    assert {record.id for record in records} == set(bench.corpus().record_ids)
    return {record.external_id or record.raw for record in records}


def names(numbers: Sequence[int]) -> set[str]:
    return {f"T{n}" for n in numbers}


def test_vanished_rows_leave_counts_and_search_and_come_back_with_their_row(
    bench: Workbench, tmp_path: Path
) -> None:
    whole, less = export(tmp_path / "a.csv", ALL), export(tmp_path / "b.csv", ALL[:7])
    bring(bench, whole)
    before = {record.external_id: record for record in bench.catalog.pages.page("default", None, 100)}
    snapshot = bench.catalog.records.snapshot("default")
    [looked] = preview(bench, [less], IngestOptions(source="tool", mapping=MAPPING, sync=True)).files
    assert (looked.vanished, held(bench)) == (3, names(ALL))
    [report] = bring(bench, less)
    assert (report.vanished, report.sync_refused, report.duplicate) == (3, "", 7)
    assert held(bench) == names(ALL[:7])
    hits = search(bench, "word8", Scope(), 10)
    assert all("word8" not in hit.quote.text for hit in hits)
    stone = bench.catalog.tombstones.find("default", [before["T8"].id])[before["T8"].id]
    assert stone.revision == before["T8"].revision
    [again] = bring(bench, less)
    assert again.vanished == 0
    [back] = bring(bench, whole)
    assert (back.kept, back.duplicate, back.vanished) == (3, 7, 0)
    after = {record.external_id: record for record in bench.catalog.pages.page("default", None, 100)}
    assert after == before
    assert bench.catalog.records.snapshot("default") == snapshot
    assert any("word8" in hit.quote.text for hit in search(bench, "word8", Scope(), 10))


def test_an_ordinary_import_brings_back_and_takes_nothing_out(bench: Workbench, tmp_path: Path) -> None:
    whole, less = export(tmp_path / "a.csv", ALL), export(tmp_path / "b.csv", ALL[:7])
    bring(bench, whole)
    [report] = bring(bench, less, sync=False)
    assert (report.vanished, held(bench)) == (0, names(ALL))
    bring(bench, less)
    bring(bench, whole, sync=False)
    assert held(bench) == names(ALL)


def test_changed_and_new_rows_come_in_while_others_go(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, export(tmp_path / "a.csv", ALL))
    [report] = bring(bench, export(tmp_path / "b.csv", range(4, 12), said="Exporting breaks"))
    assert (report.kept, report.vanished) == (8, 4)
    assert held(bench) == names(range(4, 12))
    assert all(
        record.raw.startswith("Exporting") for record in bench.catalog.pages.page("default", None, 100)
    )


def test_other_sources_and_kinds_are_not_touched(bench: Workbench, tmp_path: Path) -> None:
    whole = export(tmp_path / "a.csv", ALL)
    ingest(bench, [whole], IngestOptions(source="elsewhere", mapping=MAPPING))
    bring(bench, whole)
    bring(bench, export(tmp_path / "b.csv", ALL[:9]))
    assert len(bench.corpus().record_ids) == 19


def test_more_than_half_of_a_source_goes_only_when_a_person_says_so(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, export(tmp_path / "a.csv", ALL))
    half, less = export(tmp_path / "b.csv", ALL[:5]), export(tmp_path / "c.csv", [*ALL[:4], *range(90, 120)])
    [refused] = bring(bench, less)
    assert refused.sync_refused == (
        "No vanished records were taken out of source 'tool': 6 of its 10 records would go, more than half. "
        "If the file is complete, confirm with --yes (over HTTP: confirm=true)."
    )
    assert (refused.vanished, refused.kept, len(held(bench))) == (0, 30, 40)
    [confirmed] = bring(bench, less, confirmed=True)
    assert (confirmed.vanished, held(bench)) == (6, names([*ALL[:4], *range(90, 120)]))
    with open_bench(tmp_path / "other") as other:
        bring(other, export(tmp_path / "a.csv", ALL))
        [report] = bring(other, half)
        assert report.vanished == 5


def test_without_ids_or_with_unreadable_rows_nothing_goes(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, export(tmp_path / "a.csv", ALL))
    [report] = bring(bench, export(tmp_path / "b.csv", ALL[:8], ids=False))
    assert "8 rows without an id of their own" in report.sync_refused
    broken = export(tmp_path / "c.csv", ALL[:8])
    with broken.open("a") as stream:
        stream.write("T8,one,cell too many\n")
    [report] = bring(bench, broken)
    assert "1 row couldn't be read" in report.sync_refused
    assert names(ALL) <= held(bench)


def test_two_files_of_one_source_are_no_complete_export_of_it(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, export(tmp_path / "a.csv", ALL))
    reports = bring(bench, export(tmp_path / "b.csv", ALL[:6]), export(tmp_path / "c.csv", ALL[6:9]))
    assert all("2 files of this import are exports of it" in report.sync_refused for report in reports)
    assert held(bench) == names(ALL)
    months = sorted(LAYOUTS.glob("reviews_com*"))
    looked = preview(bench, months, IngestOptions(sync=True)).files
    assert all("source 'google-play'" in report.sync_refused for report in looked)


def test_comments_of_agents_that_are_left_out_stop_no_sync(bench: Workbench, tmp_path: Path) -> None:
    path = as_lines(tmp_path / "a.jsonl", zendesk())
    ingest(bench, [path], IngestOptions(sync=True))
    less = as_lines(tmp_path / "b.jsonl", zendesk()[:-2])
    [report] = ingest(bench, [less], IngestOptions(sync=True)).files
    assert (report.rejected > 10, report.sync_refused, report.vanished) == (True, "", 2)
    with less.open("a") as stream:
        stream.write('{"id": 9019, "cut off\n')
    [report] = ingest(bench, [less], IngestOptions(sync=True)).files
    assert "1 row couldn't be read" in report.sync_refused


def test_a_document_is_no_export(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, export(tmp_path / "a.csv", ALL))
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nThe export fails on every second board.\n")
    [report] = ingest(bench, [note], IngestOptions(source="tool", sync=True)).files
    assert (report.vanished, report.sync_refused) == (0, "")
    assert names(ALL) <= held(bench)


def test_a_sync_goes_on_after_a_kill_as_if_nothing_had_happened(tmp_path: Path) -> None:
    numbers = range(5_000)
    whole, less = (
        export(tmp_path / "a.csv", numbers),
        export(tmp_path / "b.csv", [*range(4_990), *range(6_000, 9_000)]),
    )
    with open_bench(tmp_path / "home") as bench:
        bring(bench, whole)

        def stop(done: int, total: int | None, message: str) -> None:
            if done:
                raise KeyboardInterrupt

        options = IngestOptions(source="tool", mapping=MAPPING, sync=True)
        with pytest.raises(KeyboardInterrupt):
            ingest(bench, [less], options, stop)
        assert len(bench.corpus().record_ids) >= 5_000
        [report] = ingest(bench, [less], options).files
        assert (report.rows, report.vanished) == (7_990, 10)
        assert len(bench.corpus().record_ids) == 7_990
