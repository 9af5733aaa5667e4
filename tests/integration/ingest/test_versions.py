"""Files of one import with the same name, and rows that are versions of one record: nothing is lost unsaid, in any order."""

import csv
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from assistant.workbench import Workbench
from ingest.options import IngestOptions, IngestResult
from ingest.pipeline import ingest, preview
from tests.support.ingest_bench import open_bench, without_samples

HEADER = ["id", "text", "date"]
MAPPING = {"external_id": "id", "text": "text", "said_at": "date"}
JAN = [["1", "The export fails on Mondays.", "2026-01-05"], ["2", "I like the board.", "2026-01-06"]]
FEB = [["1", "The search is slow today.", "2026-02-05"], ["2", "Dark mode hurts my eyes.", "2026-02-06"]]
CALLED_ONE = IngestOptions(source="reviews", mapping=MAPPING)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def table(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def held(bench: Workbench) -> set[tuple[str, str]]:
    return {(record.source, record.raw) for record in bench.catalog.pages.page("default", None, 100)}


def counts(result: IngestResult) -> list[tuple[int, int]]:
    return [(report.kept, report.duplicate) for report in result.files]


def test_files_of_one_name_are_sources_of_their_own_in_any_order(tmp_path: Path) -> None:
    paths = [table(tmp_path / "jan" / "reviews.csv", JAN), table(tmp_path / "feb" / "reviews.csv", FEB)]
    seen = []
    for number, order in enumerate(permutations(paths)):
        with open_bench(tmp_path / f"home{number}") as bench:
            looked = preview(bench, order, IngestOptions(mapping=MAPPING))
            first = ingest(bench, order, IngestOptions(mapping=MAPPING))
            assert without_samples(looked) == first
            assert (first.records, counts(first)) == (4, [(2, 0), (2, 0)])
            assert all("--source" in report.reasons[-1] for report in first.files)
            snapshot = bench.corpus().snapshot
            again = ingest(bench, order, IngestOptions(mapping=MAPPING))
            assert (again.records, counts(again)) == (0, [(0, 2), (0, 2)])
            assert bench.corpus().snapshot == snapshot
            seen.append((held(bench), snapshot))
    assert seen[0] == seen[1]
    assert seen[0][0] == {("jan/reviews", row[1]) for row in JAN} | {("feb/reviews", row[1]) for row in FEB}


def test_the_same_file_named_twice_is_read_once(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / "jan" / "reviews.csv", JAN)
    result = ingest(bench, [path, tmp_path / "jan" / ".." / "jan" / "reviews.csv"], IngestOptions())
    assert (len(result.files), result.records) == (1, 2)
    copy = table(tmp_path / "copy" / "reviews.csv", JAN)
    assert ingest(bench, [path, copy], IngestOptions()).records == 0


def test_a_replaced_version_is_remarked_on(bench: Workbench, tmp_path: Path) -> None:
    ingest(bench, [table(tmp_path / "jan" / "reviews.csv", JAN)], IngestOptions(mapping=MAPPING))
    second = ingest(bench, [table(tmp_path / "feb" / "reviews.csv", FEB)], IngestOptions(mapping=MAPPING))
    assert (second.records, counts(second)) == (2, [(2, 0)])
    [remark] = second.files[0].reasons
    assert remark.startswith("2 rows: a newer version of a record that was there;")
    assert "--source NAME" in remark


def test_an_older_version_does_not_replace_a_newer_one(bench: Workbench, tmp_path: Path) -> None:
    jan, feb = table(tmp_path / "a.csv", JAN), table(tmp_path / "b.csv", FEB)
    ingest(bench, [feb], CALLED_ONE)
    late = ingest(bench, [jan], CALLED_ONE)
    assert (late.records, counts(late)) == (0, [(0, 2)])
    assert late.files[0].reasons == [
        "2 rows: an older version of a record that is there; the newer one stays (first: row 1)"
    ]
    assert held(bench) == {("reviews", row[1]) for row in FEB}


def test_without_dates_the_last_import_stays_and_an_earlier_file_takes_nothing_back(
    bench: Workbench, tmp_path: Path
) -> None:
    one = table(tmp_path / "a.csv", [[*row[:2], ""] for row in JAN])
    two = table(tmp_path / "b.csv", [[*row[:2], ""] for row in FEB])
    assert ingest(bench, [one], CALLED_ONE).records == 2
    assert ingest(bench, [two], CALLED_ONE).records == 2
    for paths in ([one], [two], [one, two], [two, one]):
        assert preview(bench, paths, CALLED_ONE).records == 0
        assert ingest(bench, paths, CALLED_ONE).records == 0
    assert held(bench) == {("reviews", row[1]) for row in FEB}
    corrected = table(tmp_path / "c.csv", [[*JAN[0][:2], ""]])
    assert ingest(bench, [corrected], CALLED_ONE).records == 1
    assert held(bench) == {("reviews", JAN[0][1]), ("reviews", FEB[1][1])}


@pytest.mark.parametrize("dates", [("", "", ""), ("2026-01-01", "", "2026-01-01"), ("2026-01-01",) * 3])
def test_versions_in_one_import_leave_the_same_record_in_any_order(
    tmp_path: Path, dates: tuple[str, ...]
) -> None:
    versions = [["7", f"The {name} is broken again.", date] for name, date in zip("xyz", dates, strict=True)]
    seen = set()
    for number, order in enumerate(permutations(versions)):
        for split in (0, 2):
            with open_bench(tmp_path / f"{number}-{split}") as bench:
                paths = [table(tmp_path / f"{number}{split}a.csv", order[split:])]
                if split:
                    paths.append(table(tmp_path / f"{number}{split}b.csv", order[:split]))
                result = ingest(bench, paths, CALLED_ONE)
                assert sum(report.kept for report in result.files) == 1
                assert sum(report.duplicate for report in result.files) == 2
                assert ingest(bench, paths, CALLED_ONE).records == 0
                seen.add((frozenset(held(bench)), bench.corpus().snapshot))
    assert len(seen) == 1
