"""A folder of exports as JSON and a Slack archive: imported whole, every row accounted for."""

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputRejected
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench, without_samples
from tests.support.json_exports import (
    EXPORTS,
    SAID,
    as_document,
    as_lines,
    camel,
    elements_of,
    github,
    renamed,
    snake,
    zendesk,
)
from tests.support.layouts import LAYOUTS, bring_in, essence
from tests.support.slack_export import channels, said, slack_zip, users

COUNTS = {
    # layout: rows, kept, duplicate, empty, rejected
    "app-store-connect": (22, 17, 1, 1, 3),
    "github-issues": (20, 16, 0, 0, 4),
    "gong": (41, 17, 0, 1, 23),
    "intercom": (46, 20, 0, 2, 24),
    "slack": (28, 19, 0, 1, 8),
    "zendesk-json": (43, 21, 0, 0, 22),
}


def counts(report: FileReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.kept, report.duplicate, report.empty, report.rejected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name, make in EXPORTS.items():
        as_document(exports / f"{name}.json", make())
    slack_zip(exports / "slack.zip")
    return exports


def test_a_folder_of_all_layouts_is_accounted_for_to_the_last_row(folder: Path, tmp_path: Path) -> None:
    with open_bench(tmp_path / "home") as bench:
        looked = preview(bench, [folder], IngestOptions())
        result = ingest(bench, [folder], IngestOptions())
        assert {report.layout: counts(report) for report in result.files} == COUNTS
        assert without_samples(looked).files == result.files
        assert min(report.confidence for report in result.files) >= 0.9
        assert result.records == len(bench.catalog.pages.page("default", None, 1_000)) == 110
        again = ingest(bench, [folder], IngestOptions())
        assert (again.records, sum(report.kept for report in again.files)) == (0, 0)
        sources = {record.source for record in bench.catalog.pages.page("default", None, 1_000)}
    assert sources == {"app-store", "github", "gong", "intercom", "slack", "zendesk"}
    for report in result.files:
        assert report.kept + report.duplicate + report.empty + report.rejected == report.rows
        told = sum(int(reason.split()[0]) for reason in report.reasons)
        assert told == report.duplicate + report.empty + report.rejected


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same with the keys of all objects in another order."""
    if isinstance(value, dict):
        keys = sorted(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(inner, chance) for inner in value] if isinstance(value, list) else value


def utf_16(path: Path, export: Any, indent: int | None = None) -> object:
    """Write one JSON document as Windows' editors do on wish."""
    return path.write_text(json.dumps(export, ensure_ascii=False, indent=indent), encoding="utf-16")


REWRITES: dict[str, Callable[[Path, Any], object]] = {
    "mark": lambda path, export: as_document(path, export, mark=True),
    "utf-16": utf_16,
    "indented": lambda path, export: as_document(path, export, indent=4),
    "escaped": lambda path, export: as_document(path, export, ascii_only=True),
    "lines": lambda path, export: as_lines(path, elements_of(export)),
    "snake_case": lambda path, export: as_document(path, renamed(export, snake)),
    "camelCase": lambda path, export: as_document(path, renamed(export, camel)),
    "CAPITALS": lambda path, export: as_document(path, renamed(export, str.upper)),
    "everything at once": lambda path, export: utf_16(path, renamed(export, str.upper), indent=2),
}
"""Beside it, the keys of every object are shuffled in each of them."""


@pytest.mark.parametrize("way", REWRITES)
@pytest.mark.parametrize("layout", EXPORTS)
def test_order_and_case_of_keys_and_encoding_change_nothing(layout: str, way: str, tmp_path: Path) -> None:
    _, original = bring_in(tmp_path / "original", as_document(tmp_path / "original.json", EXPORTS[layout]()))
    path = tmp_path / "export.json"
    REWRITES[way](path, shuffled(EXPORTS[layout](), random.Random(7)))
    beside = 2 if layout == "app-store-connect" and way == "lines" else 0  # answers stand beside the reviews
    rows, kept, duplicate, empty, rejected = COUNTS[layout]
    [report], records = bring_in(tmp_path / "rewritten", path)
    assert report.layout == layout
    assert counts(report) == (rows - beside, kept, duplicate, empty, rejected - beside)
    assert essence(records) == essence(original)


@pytest.mark.parametrize("folder", ["", "acme export/"])
@pytest.mark.parametrize("way", ["mark", "indented", "escaped"])
def test_a_slack_archive_may_be_written_in_any_way(way: str, folder: str, tmp_path: Path) -> None:
    _, original = bring_in(tmp_path / "original", slack_zip(tmp_path / "original.zip"))
    parts = {}
    for name, part in {"users.json": users(), **channels()}.items():
        REWRITES[way](tmp_path / "part.json", shuffled(part, random.Random(7)))
        parts[folder + name] = (tmp_path / "part.json").read_bytes()
    with zipfile.ZipFile(tmp_path / "slack.zip", "w") as archive:
        for name, content in sorted(parts.items(), reverse=True):
            archive.writestr(name, content)
    [report], records = bring_in(tmp_path / "rewritten", tmp_path / "slack.zip")
    assert (report.layout, *counts(report)) == ("slack", *COUNTS["slack"])
    assert essence(records) == essence(original)


def test_a_changed_ticket_is_a_new_revision_whatever_the_file_is_called(tmp_path: Path) -> None:
    tickets = zendesk()
    first = as_lines(tmp_path / "january.jsonl", tickets)
    tickets[7]["status"] = "solved"
    second = as_lines(tmp_path / "february.jsonl", tickets)
    with open_bench(tmp_path / "home") as bench:
        ingest(bench, [first], IngestOptions())
        [report] = ingest(bench, [second], IngestOptions()).files
        assert (report.kept, report.duplicate) == (1, 20)
        assert len(bench.catalog.pages.page("default", None, 1_000)) == 21
        ticket = next(r for r in bench.catalog.pages.page("default", None, 100) if r.external_id == "9007")
    assert ticket.segments["status"] == "solved"


def test_a_thread_that_goes_on_stays_one_record(tmp_path: Path) -> None:
    more = [said(1, 1772445600 + 3 * 86_400, "And today?", thread_ts="1772445600.000000")]
    later = {"feedback/2026-03-05.json": json.dumps(more).encode()}
    with open_bench(tmp_path / "home") as bench:
        ingest(bench, [slack_zip(tmp_path / "a.zip")], IngestOptions())
        [report] = ingest(bench, [slack_zip(tmp_path / "b.zip", extra=later)], IngestOptions()).files
        assert (report.kept, report.duplicate) == (1, 18)
        records = bench.catalog.pages.page("default", None, 100)
    threads = [record.raw for record in records if record.raw.startswith(SAID[0])]
    assert len(records) == 19
    assert len(threads) == 1
    assert threads[0].endswith("\n\nElin: And today?")


def test_the_persons_own_mapping_has_the_last_word(tmp_path: Path) -> None:
    path = as_document(tmp_path / "issues.json", github())
    chosen = {
        "external_id": "id",
        "rating": "comments",
        "segment.node": "node_id",
        "segment.state": "",
        "text": "title",
    }
    with open_bench(tmp_path / "home") as bench:
        [report] = ingest(bench, [path], IngestOptions(mapping=chosen, source="tracker")).files
        record = next(r for r in bench.catalog.pages.page("default", None, 100) if r.external_id == "770001")
        with pytest.raises(InputRejected, match="has no column 'nowhere'"):
            preview(bench, [path], IngestOptions(mapping={"account": "nowhere"}))
    assert report.layout == "github-issues"
    assert report.mapping["external_id"] == "id"
    assert "segment.state" not in report.mapping
    assert (record.raw, record.rating, record.source) == ("Point 1", 1.0, "tracker")
    assert record.segments == {
        "node": "I_1",
        "labels": "bug, board",
        "votes": "1",
        "repository": "kanbo/kanbo",
    }


PLAIN = {
    "reviews": [{"id": n, "title": f"T{n}", "body": SAID[n], "rating": 3, "user": {"name": "Ana"}} for n in range(9)],
    "tickets": [{"id": n, "subject": f"T{n}", "description": SAID[n], "status": "open"} for n in range(9)],
    "chats": [{"id": n, "conversation": {"source": "web"}, "message": SAID[n]} for n in range(9)],
    "tracker": [{"number": n, "title": f"T{n}", "body": SAID[n], "state": "open"} for n in range(9)],
    "resources": {"data": [{"type": "posts", "id": str(n), "attributes": {"title": "T", "body": SAID[n], "rating": 2}} for n in range(9)]},
    "calls": [{"callId": n, "transcript": SAID[n]} for n in range(9)],
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_json_that_only_resembles_a_layout_is_read_as_before(name: str, tmp_path: Path) -> None:
    with open_bench(tmp_path / "home") as bench:
        [report] = preview(bench, [as_document(tmp_path / "a.json", PLAIN[name])], IngestOptions()).files
    assert report.layout == "json"
    assert (report.rows, report.kept) == (9, 9)


def test_what_is_neither_is_a_row_with_a_reason(tmp_path: Path) -> None:
    path = as_lines(tmp_path / "tickets.jsonl", [*zendesk(), {"hello": 1}, [], None, "text", 5])
    with path.open("a") as file:
        file.write('{"id": 1, "subject": NaN}\n{"cut off\n')
    with open_bench(tmp_path / "home") as bench:
        [report] = ingest(bench, [path], IngestOptions()).files
    assert counts(report) == (49, 21, 0, 0, 28)
    assert "3 rows: not an object (first: row 45)" in report.reasons
    assert "2 rows: not valid JSON (first: row 48)" in report.reasons
    assert "1 row: not a Zendesk ticket (first: row 44)" in report.reasons


@pytest.mark.parametrize("files_done", [1, 7, 13, 20])
def test_a_folder_whose_import_was_stopped_ends_as_if_it_had_not_been(
    files_done: int, tmp_path: Path
) -> None:
    class Stopped(BaseException):
        pass

    def stop(done: int, total: int | None, message: str) -> None:
        names.append(message)
        if done and len(set(names)) > files_done:
            raise Stopped

    names: list[str] = []
    with open_bench(tmp_path / "whole") as bench, open_bench(tmp_path / "stopped") as other:
        whole = ingest(bench, [LAYOUTS], IngestOptions())
        with pytest.raises(Stopped):
            ingest(other, [LAYOUTS], IngestOptions(), stop)
        rest = ingest(other, [LAYOUTS], IngestOptions())
        assert other.catalog.records.snapshot("default") == bench.catalog.records.snapshot("default")
        before = sum(report.kept for report in whole.files[:files_done])
        assert sum(report.kept for report in rest.files) <= sum(r.kept for r in whole.files) - before
        assert [report.rows for report in rest.files] == [report.rows for report in whole.files]
        assert ingest(other, [LAYOUTS], IngestOptions()).records == 0
