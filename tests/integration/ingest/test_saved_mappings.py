"""A mapping that a person gave once is used for the next file with the same header, and the report says so."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench
from ingest.doubts import doubts
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from ingest.port import FileReport
from ingest.saved import with_saved
from tests.support.ingest_bench import open_bench
from tests.support.json_exports import as_document, as_lines, github
from tests.support.layouts import LAYOUTS

HEADER = ["No.", "What", "Who", "Points"]
SAID = ["The export fails on every second board", "I can't find the invoice of last month", "Please add a dark mode for the night"]  # fmt: skip
CHOSEN = {"text": "What", "author": "Who", "segment.points": "Points", "external_id": "No."}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def table(path: Path, header: Sequence[str], first: int = 0, order: Sequence[int] = (0, 1, 2, 3)) -> Path:
    rows = [[str(first + n), text, f"p{n}", str(n)] for n, text in enumerate(SAID)]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerows([[row[place] for place in order] for row in [list(header), *rows]])
    return path


def bring(bench: Workbench, path: Path, **options: object) -> FileReport:
    [report] = ingest(bench, [path], IngestOptions(**options)).files  # type: ignore[arg-type]
    return report


def saved(bench: Workbench) -> Mapping[str, Mapping[str, str]]:
    return {one.name: one.fields for one in bench.catalog.mappings.saved("default")}


def test_the_next_file_with_the_header_is_read_by_it_and_says_so(bench: Workbench, tmp_path: Path) -> None:
    first = bring(bench, table(tmp_path / "a.csv", HEADER), mapping=CHOSEN, save_as="tool")
    assert first.saved_mapping == ""
    assert dict(saved(bench)["tool"]) == first.mapping
    moved = table(tmp_path / "b.csv", ["no", "What?", "who", " POINTS"], 100, (0, 3, 2, 1))
    loud = table(tmp_path / "c.csv", [name.upper() for name in HEADER], 200, (3, 1, 0, 2))
    for path in (moved, loud):
        report = bring(bench, path)
        assert (report.saved_mapping, report.confidence, report.rejected) == ("tool", 1.0, 0)
        assert "columns as in the saved mapping 'tool'" in report.reasons
        assert doubts([path], with_saved(bench, IngestOptions(), 1), bench.settings) == []
    newest = [r for r in bench.catalog.pages.page("default", None, 20) if r.source == "c"]
    assert sorted(record.raw for record in newest) == sorted(SAID)
    assert {record.segments["points"] for record in newest} == {"0", "1", "2"}


def test_a_doubtful_file_that_was_confirmed_is_certain_from_then_on(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["a", "b", "c", "d"])
    options = with_saved(bench, IngestOptions(), 1)
    assert doubts([path], options, bench.settings)
    bring(bench, path, save_as="letters", confirmed=True)
    assert not doubts([path], with_saved(bench, IngestOptions(), 1), bench.settings)
    report = bring(bench, table(tmp_path / "z.csv", ["A", "B", "C", "D"], 50))
    assert (report.saved_mapping, report.confidence) == ("letters", 1.0)


def test_a_mapping_of_today_and_one_that_is_named_come_before_the_headers(
    bench: Workbench, tmp_path: Path
) -> None:
    path = table(tmp_path / "a.csv", HEADER)
    bring(bench, path, mapping=CHOSEN, save_as="tool")
    report = bring(bench, path, mapping={"text": "Who"}, source="other")
    assert (report.saved_mapping, report.mapping["text"]) == ("", "Who")
    wider = tmp_path / "wider.csv"
    wider.write_text("No.,Extra,What,Who,Points\n7,x,The calendar shows the wrong day,p9,4\n")
    assert bring(bench, wider, source="w").saved_mapping == ""
    named = bring(bench, wider, source="w", saved_name="tool", mapping={"segment.points": ""})
    assert (named.saved_mapping, named.mapping["text"]) == ("tool", "What")
    assert "segment.points" not in named.mapping


def test_the_changed_part_of_a_known_layout_is_saved(bench: Workbench, tmp_path: Path) -> None:
    delighted = LAYOUTS / "delighted.csv"
    report = bring(bench, delighted, mapping={"segment.country": "", "account": "Plan"}, save_as="nps")
    assert saved(bench) == {"nps": {"segment.country": "", "account": "Plan"}}
    again = bring(bench, delighted)
    assert again.layout == "delighted"
    assert (again.saved_mapping, again.mapping, again.kept) == ("nps", report.mapping, 0)
    with pytest.raises(UsageError, match="known"):
        bring(bench, LAYOUTS / "g2.csv", save_as="g2")
    issues = as_document(tmp_path / "issues.json", github())
    bring(bench, issues, mapping={"segment.state": ""}, save_as="issues")
    renamed = as_lines(tmp_path / "next.jsonl", github()[:12])
    assert "segment.state" not in bring(bench, issues).mapping
    assert bring(bench, renamed, saved_name="issues").saved_mapping == "issues"


def test_a_survey_keeps_all_its_questions(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    rows = [f"{n},{SAID[n % 3]} in round {n},It is quick to learn and round {n} was fun" for n in range(8)]
    head = "id,What should we improve?,What do you like best?"
    path.write_text("\n".join([head, *rows]))
    first = bring(bench, path, save_as="survey", confirmed=True)
    assert [name for name in first.mapping if name.startswith("text")] == ["text", "text.2"]
    count = len(bench.catalog.pages.page("default", None, 100))
    again = bring(bench, path)
    assert (again.saved_mapping, again.mapping) == ("survey", first.mapping)
    assert len(bench.catalog.pages.page("default", None, 100)) == count == 16


def test_a_mapping_that_does_not_fit_or_does_not_exist_is_an_error_with_a_hint(
    bench: Workbench, tmp_path: Path
) -> None:
    bring(bench, table(tmp_path / "a.csv", HEADER), mapping=CHOSEN, save_as="tool")
    other = table(tmp_path / "b.csv", ["id", "text", "author", "score"])
    with pytest.raises(
        InputRejected, match=r"b\.csv doesn't fit the saved mapping 'tool': .*'What'"
    ) as refused:
        bring(bench, other, saved_name="tool")
    assert "id, text, author, score" in refused.value.hint
    with pytest.raises(NotFound, match="no saved mapping 'toll'") as unknown:
        bring(bench, other, saved_name="toll")
    assert unknown.value.hint == "Saved mappings of this workspace: tool."


def test_what_cannot_be_saved_is_refused_before_anything_is_imported(
    bench: Workbench, tmp_path: Path
) -> None:
    path = table(tmp_path / "a.csv", HEADER)
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nThe export fails on every second board.\n")
    for name in ("", "../x", "a\nb", "-x", "x" * 81):
        with pytest.raises(UsageError, match="name of a mapping"):
            bring(bench, path, mapping=CHOSEN, save_as=name)
    with pytest.raises(UsageError, match="one file"):
        ingest(bench, [path, note], IngestOptions(mapping=CHOSEN, save_as="tool"))
    with pytest.raises(UsageError, match="document"):
        bring(bench, note, save_as="tool")
    assert bench.catalog.pages.page("default", None, 10) == []
    bring(bench, path, mapping=CHOSEN, save_as="tool")
    with pytest.raises(UsageError, match="'tool'"):
        bring(bench, path, mapping={"text": "Who"}, save_as="again")


def test_a_preview_saves_no_mapping_and_headers_without_names_call_for_none(
    bench: Workbench, tmp_path: Path
) -> None:
    path = table(tmp_path / "a.csv", HEADER)
    preview(bench, [path], IngestOptions(mapping=CHOSEN, save_as="tool"))
    assert saved(bench) == {}
    bare = tmp_path / "bare.csv"
    bare.write_text("".join(f"{n},{text}\n" for n, text in enumerate(SAID)))
    bring(bench, bare, save_as="bare", confirmed=True)
    other = tmp_path / "other.csv"
    other.write_text("The calendar shows the wrong day in Lima,7\nThe price doubled without any notice,8\n")
    assert bring(bench, other).saved_mapping == ""
