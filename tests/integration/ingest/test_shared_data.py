"""Real exports, where they are at hand: recognised, and accounted for to the last row."""

import csv
import json
from pathlib import Path

import pytest

from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.mapping import detect
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from ingest.recognise import open_file
from ingest.survey import survey
from tests.support.ingest_bench import open_bench

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not on this machine")

EXPECTED = {
    "skytrax/lounge.csv": {"text": "content", "said_at": "date", "rating": "overall_rating", "author": "author", "title": "title", "segment.airline_name": "airline_name", "segment.type_traveller": "type_traveller"},
    "skytrax/seat.csv": {"text": "content", "said_at": "date", "rating": "overall_rating", "author": "author", "segment.aircraft": "aircraft", "segment.cabin_flown": "cabin_flown"},
    "banking77/train.csv": {"text": "text", "segment.category": "category"},
    "banking77/test.csv": {"text": "text", "segment.category": "category"},
    "gitbugs/hadoop_bugs.csv": {"text": "Description", "title": "Summary", "external_id": "Issue id", "said_at": "Created", "segment.priority": "Priority"},
    "gitbugs/SeaMonkey_bugs.csv": {"text": "Description", "title": "Summary", "external_id": "Issue id", "said_at": "Created"},
    "minibar/classes_garmin_connect.en.csv": {"text": "data", "rating": "score", "language": "ori_lang", "segment.app": "app"},
    "minibar/classes_garmin_connect.fr.csv": {"text": "data", "rating": "score", "language": "ori_lang"},
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_real_exports_are_recognised(name: str, tmp_path: Path) -> None:
    opened = open_file(DATA / name, Settings(home=tmp_path))
    assert opened.connector is not None
    seen = survey(opened.connector.columns(), opened.connector.rows())
    mapping = detect(seen, {}, name)
    assert mapping.as_report().items() >= EXPECTED[name].items()
    assert mapping.confidence > 0.8
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        assert seen.rows == seen.readable == sum(1 for _ in csv.DictReader(file))


def test_a_list_of_duplicate_pairs_has_no_text_column(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, pytest.raises(InputRejected, match="no column with feedback text"):
        preview(bench, [DATA / "gitbugs/hadoop_bugs-combined.csv"], IngestOptions())


def test_naughty_strings_go_in_and_come_out_unchanged(tmp_path: Path) -> None:
    naughty = json.loads((DATA / "text/blns.json").read_text(encoding="utf-8"))
    with open_bench(tmp_path) as bench:
        [report] = ingest(bench, [DATA / "text/blns.json"], IngestOptions()).files
        assert report.rows == len(naughty) == report.kept + report.duplicate + report.empty + report.rejected
        assert report.rejected == 0
        stored = {record.raw for record in bench.catalog.pages.page("default", None, 1_000)}
    assert stored <= set(naughty)
    assert len(stored) > 450


def test_scripts_hidden_in_text_are_kept_as_text(tmp_path: Path) -> None:
    lines = [
        line
        for line in (DATA / "text/xss-payload-list.txt").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    path = tmp_path / "xss.jsonl"
    path.write_text("".join(json.dumps({"comment": line}) + "\n" for line in lines), encoding="utf-8")
    with open_bench(tmp_path / "home") as bench:
        [report] = ingest(bench, [path], IngestOptions()).files
        assert report.kept + report.duplicate + report.empty + report.rejected == len(lines)
        stored: set[str] = set()
        after = None
        while page := bench.catalog.pages.page("default", after, 2_000):
            stored |= {record.raw for record in page}
            after = page[-1].id
    assert stored <= set(lines)
