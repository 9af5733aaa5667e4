"""Files in, records out: the whole way, over a real catalog."""

import csv
import io
import json
import os
import random
import threading
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.domain.record import RecordKind
from assistant.errors import Cancelled, InputRejected, UsageError
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest, preview
from tests.support.hash_embedder import HashEmbedder
from tests.support.ingest_bench import open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


HEADER = ["id", "text", "author", "company", "date", "rating", "plan"]
ROWS = [
    ["1", "The export fails since the update.", "Ana", "Acme", "2026-03-01", "2", "pro"],
    ["2", "Great support team, thank you!", "Bob", "Bolt", "2026-03-02", "5", "free"],
    ["3", "the  EXPORT fails since the update.", "ana", "Acme", "2026-03-03", "2", "pro"],
    ["4", "The export fails since the update.", "Cyd", "Acme", "bad date", "many", "pro"],
    ["5", "", "Dan", "", "", "", ""],
    ["1", "The export fails since the update.", "Ana", "Acme", "2026-03-01", "2", "pro"],
]
MAPPED = {"external_id": "id"}


def test_a_record_holds_what_its_row_says(bench: Workbench, tmp_path: Path) -> None:
    ingest(bench, [table(tmp_path / "reviews.csv", HEADER, ROWS)], IngestOptions(mapping=MAPPED))
    [record] = [r for r in bench.catalog.pages.page("default", None, 10) if r.external_id == "1"]
    assert record.raw == "The export fails since the update."
    assert (record.source, record.kind, record.account, record.rating) == (
        "reviews",
        RecordKind.customer,
        "Acme",
        2.0,
    )
    assert record.said_at is not None
    assert record.said_at.isoformat() == "2026-03-01T00:00:00+00:00"
    assert record.segments == {"plan": "pro"}
    assert record.language == "en"
    assert record.person is not None
    assert "Ana" not in record.person


def test_every_row_is_accounted_for_with_reasons(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / "reviews.csv", HEADER, ROWS)
    [report] = ingest(bench, [path], IngestOptions(mapping=MAPPED)).files
    assert (report.rows, report.kept, report.duplicate, report.empty, report.rejected) == (6, 3, 2, 1, 0)
    assert report.reasons == [
        "1 row: date not understood; kept without a date (first: row 4)",
        "1 row: no text (first: row 5)",
        "1 row: rating not understood; kept without a rating (first: row 4)",
        "1 row: repeats an earlier row (first: row 6)",
        "1 row: same text by the same person as another record (first: row 3)",
    ]


def test_an_echo_is_stored_and_shares_its_voice(bench: Workbench, tmp_path: Path) -> None:
    ingest(bench, [table(tmp_path / "reviews.csv", HEADER, ROWS)], IngestOptions(mapping=MAPPED))
    records = {r.external_id: r for r in bench.catalog.pages.page("default", None, 10)}
    assert sorted(filter(None, records)) == ["1", "2", "3", "4"]
    assert records["1"].voice == records["3"].voice != records["4"].voice


def test_a_second_import_adds_nothing_and_embeds_nothing(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    path = table(tmp_path / "reviews.csv", HEADER, ROWS)
    with open_bench(tmp_path / "home", embedder=embedder) as bench:
        first = ingest(bench, [path], IngestOptions(mapping=MAPPED))
        before = bench.catalog.records.snapshot("default")
        embedded = len(embedder.embedded)
        again = ingest(bench, [path], IngestOptions(mapping=MAPPED))
        assert (first.records, again.records) == (4, 0)
        assert (again.files[0].kept, again.files[0].duplicate, again.files[0].empty) == (0, 5, 1)
        assert bench.catalog.records.snapshot("default") == before
        assert len(embedder.embedded) == embedded == len(set(embedder.embedded))


def test_a_preview_reports_the_same_and_stores_nothing(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / "reviews.csv", HEADER, ROWS)
    looked = preview(bench, [path], IngestOptions(mapping=MAPPED))
    assert bench.catalog.pages.page("default", None, 10) == []
    assert looked == ingest(bench, [path], IngestOptions(mapping=MAPPED))


def test_a_changed_row_is_a_new_revision(bench: Workbench, tmp_path: Path) -> None:
    options = IngestOptions(source="reviews", mapping=MAPPED)
    ingest(bench, [table(tmp_path / "a.csv", HEADER, ROWS)], options)
    changed = [[*ROWS[0][:5], "4", "pro"], *ROWS[1:5]]
    result = ingest(bench, [table(tmp_path / "b.csv", HEADER, changed)], options)
    assert result.records == 1
    records = {r.external_id: r for r in bench.catalog.pages.page("default", None, 10)}
    assert records["1"].rating == 4.0


def test_shuffled_rows_give_the_same_records_and_counts(tmp_path: Path) -> None:
    chance = random.Random(7)
    subjects = ["export", "login", "search", "board", "invoice"]
    rows = [
        [
            f"The {chance.choice(subjects)} is slow, case {chance.randrange(300)}",
            chance.choice(["ana", "bob", ""]),
            chance.choice("xyz"),
        ]
        for _ in range(1_500)
    ]
    shuffled = chance.sample(rows, len(rows))
    seen = []
    for number, some in enumerate((rows, shuffled)):
        with open_bench(tmp_path / str(number)) as bench:
            path = table(tmp_path / "a.csv", ["comment", "user", "team"], some)
            [report] = ingest(bench, [path], IngestOptions()).files
            seen.append((bench.corpus().record_ids, bench.corpus().snapshot, report.kept, report.duplicate))
            assert report.duplicate > 0
    assert seen[0] == seen[1]


def test_a_folder_is_imported_and_one_bad_file_does_not_stop_the_others(
    bench: Workbench, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    (folder / "sub").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.txt").write_text("not to be read")
    table(folder / "b.csv", HEADER, ROWS)
    (folder / "a.json").write_text("{broken")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / "sub" / "notes.md").write_text("# Notes\nThe competitor has offline mode.\n")
    result = ingest(bench, [folder], IngestOptions(kind=RecordKind.competitor))
    assert [Path(report.path).name for report in result.files] == [
        "a.json",
        "b.csv",
        "picture.png",
        "notes.md",
    ]
    assert [bool(report.error) for report in result.files] == [True, False, True, False]
    assert all(report.hint for report in result.failed)
    [note] = [r for r in bench.catalog.pages.page("default", None, 10) if r.source == "notes"]
    assert (note.title, note.kind, note.anchors[0].label) == ("Notes", RecordKind.competitor, "§ Notes")


def _zipped(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"id,text\n", "no rows below"),
        ("a.csv", b"id,score\n1,5\n2,4\n", "no column with feedback text"),
        ("a.json", b"[]", "no rows below"),
        ("a.pdf", b"%PDF-1.7 broken", "damaged or not a PDF"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged"),
        ("a.docx", _zipped("hello.txt"), "a ZIP archive, but no DOCX file"),
        ("a.json", b'[{"text": "half a pair: \\ud800"}]', "none of its rows can be read"),
        ("a.json", b'[{"text": "so many", "n": ' + b"9" * 5000 + b"}]", "more than 4,300 digits"),
        ("a.exe", b"MZ....", "not a kind of file"),
        ("a.xls", b"\xd0\xcf\x11\xe0....", "old or encrypted Office file"),
    ],
)
def test_a_single_bad_file_is_refused_with_a_hint(
    bench: Workbench, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputRejected, match=message) as refused:
        ingest(bench, [path], IngestOptions())
    assert refused.value.hint
    assert bench.catalog.pages.page("default", None, 10) == []


def test_missing_paths_and_unknown_fields_are_refused_before_anything_is_done(
    bench: Workbench, tmp_path: Path
) -> None:
    path = table(tmp_path / "a.csv", HEADER, ROWS)
    with pytest.raises(InputRejected, match="no file or folder"):
        ingest(bench, [path, tmp_path / "nope.csv"], IngestOptions())
    with pytest.raises(UsageError, match="not a field"):
        ingest(bench, [path, path.parent], IngestOptions(mapping={"body": "text"}))
    assert bench.catalog.pages.page("default", None, 10) == []


def test_chats_json_and_lines_become_records(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text(
        "".join(f"[2026-03-0{i} 10:22] Ana: message number {i} about export\n" for i in range(1, 6))
    )
    (tmp_path / "a.json").write_text(
        json.dumps({"data": [{"body": "JSON says hello there", "user": {"name": "Bob"}}]})
    )
    (tmp_path / "b.jsonl").write_text('{"body": "Lines say hello there"}\nbroken\n')
    result = ingest(
        bench, [tmp_path / "chat.txt", tmp_path / "a.json", tmp_path / "b.jsonl"], IngestOptions()
    )
    assert [(r.layout, r.rows, r.kept, r.rejected) for r in result.files] == [
        ("chat", 5, 5, 0),
        ("json", 1, 1, 0),
        ("jsonl", 2, 1, 1),
    ]
    assert result.files[0].mapping == {"text": "text", "author": "author", "said_at": "said_at"}


def test_both_halves_of_an_opinion_are_kept_from_one_row(bench: Workbench, tmp_path: Path) -> None:
    path = table(
        tmp_path / "g.csv",
        ["id", "pros", "cons"],
        [["1", "Fast export", "No dark mode"], ["2", "Nice", ""], ["3", "", ""]],
    )
    result = ingest(bench, [path], IngestOptions())
    [report] = result.files
    assert (report.rows, report.kept, report.empty, result.records) == (3, 2, 1, 3)
    answers = {(r.segments["question"], r.raw) for r in bench.catalog.pages.page("default", None, 10)}
    assert answers == {("pros", "Fast export"), ("cons", "No dark mode"), ("pros", "Nice")}


def test_the_raw_text_is_byte_identical_whatever_the_script(bench: Workbench, tmp_path: Path) -> None:
    texts = [
        "一行目\r\n二行目",
        "  leading\tand trailing  ",
        "שלום \u200fעולם",
        "👨\u200d👩\u200d👧 e\u0301 &amp; <b>x</b>",
        "=cmd|' /C calc'!A0 is here",
    ]
    path = table(tmp_path / "a.csv", ["comment"], [[text] for text in texts])
    ingest(bench, [path], IngestOptions())
    assert {r.raw for r in bench.catalog.pages.page("default", None, 10)} == set(texts)


def test_a_cancelled_import_goes_on_where_it_stopped(tmp_path: Path) -> None:
    rows = [[f"Complaint number {i} about the export", f"person {i}"] for i in range(3_000)]
    path = table(tmp_path / "a.csv", ["comment", "user"], [*rows, *rows[:10], ["", "x"]])
    embedder = HashEmbedder()

    def stop(done: int, total: int | None, message: str) -> None:
        if done >= 1_024:
            raise Cancelled("stopped")

    with open_bench(tmp_path / "home", embedder=embedder) as bench:
        with pytest.raises(Cancelled):
            ingest(bench, [path], IngestOptions(), stop)
        stored = len(bench.corpus().record_ids)
        assert 0 < stored < 3_000
        result = ingest(bench, [path], IngestOptions())
        [report] = result.files
        assert (report.rows, report.kept, report.duplicate, report.empty) == (3_011, 3_000, 10, 1)
        assert result.records == 3_000 - stored
        assert len(embedder.embedded) == 3_000


def test_progress_counts_to_the_total(bench: Workbench, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None, str]] = []
    path = table(tmp_path / "a.csv", HEADER, ROWS)
    ingest(bench, [path], IngestOptions(), lambda done, total, message: steps.append((done, total, message)))
    assert steps == [(0, None, "a.csv"), (6, 6, "a.csv")]


def test_a_second_import_says_that_rows_were_imported_before(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / "reviews.csv", HEADER, ROWS)
    ingest(bench, [path], IngestOptions(mapping=MAPPED))
    [report] = ingest(bench, [path], IngestOptions(mapping=MAPPED)).files
    assert "5 rows: already imported (first: row 1)" in report.reasons
    assert not any("repeats an earlier row" in reason for reason in report.reasons)


def test_a_file_whose_name_is_no_utf_8_is_imported(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / os.fsdecode(b"caf\xe9.csv"), HEADER, ROWS)
    assert ingest(bench, [path], IngestOptions(mapping=MAPPED)).records == 4
    [source] = set(bench.corpus().source)
    assert source == "caf\ufffd"


def test_two_imports_at_the_same_time_take_turns(bench: Workbench, tmp_path: Path) -> None:
    path = table(tmp_path / "reviews.csv", HEADER, ROWS)
    waited = threading.Event()
    first_is_in = threading.Event()

    def hold(done: int, total: int | None, message: str) -> None:
        first_is_in.set()
        assert waited.wait(60)

    def notice(done: int, total: int | None, message: str) -> None:
        if "waiting" in message:
            waited.set()

    with ThreadPoolExecutor(2) as pool, open_bench(tmp_path / "home") as other:
        first = pool.submit(ingest, bench, [path], IngestOptions(mapping=MAPPED), hold)
        assert first_is_in.wait(60)
        second = pool.submit(ingest, other, [path], IngestOptions(mapping=MAPPED), notice)
        kept = [one.result().files[0].kept for one in (first, second)]
    assert kept == [3, 0]
