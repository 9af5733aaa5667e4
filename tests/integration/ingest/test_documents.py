"""Documents and mails through the whole import: places that can be cited, rows that add up."""

from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook
from pptx import Presentation

from assistant.domain.record import Record, RecordKind
from assistant.errors import InputRejected
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench

COMPETITOR = IngestOptions(kind=RecordKind.competitor)
PRICES = [("Plan", "Price", "Boards"), ("Free", 0, 3), ("Team", 9, 100)]
FEEDBACK = [("id", "comment"), *((i, f"The export number {i} fails again and again") for i in range(5))]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def workbook(path: Path, rows: Sequence[tuple[object, ...]]) -> Path:
    book = Workbook()
    book.active.title = "Prices"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def mailbox(path: Path, *mails: tuple[str, str]) -> Path:
    with path.open("wb") as file:
        for number, (author, text) in enumerate(mails):
            made = EmailMessage()
            made["From"], made["Subject"] = author, f"Mail {number}"
            made["Date"] = f"Mon, 0{number + 1} Mar 2026 10:22:00 +0000"
            made["Message-ID"] = f"<{number}@example.com>"
            made.set_content(text)
            if number == 0:
                made.add_attachment(b"data", "application", "octet-stream", filename="a.bin")
            file.write(b"From x@example.com Mon Mar  2 10:22:00 2026\n" + made.as_bytes() + b"\n")
    return path


def bring(bench: Workbench, *files: Path, options: IngestOptions | None = None) -> list[FileReport]:
    result = ingest(bench, files, options or IngestOptions())
    for report in result.files:
        assert report.kept + report.duplicate + report.empty + report.rejected == report.rows
    return list(result.files)


def records(bench: Workbench) -> list[Record]:
    return bench.catalog.pages.page("default", None, 1_000)


def passages(bench: Workbench) -> list[str]:
    found = bench.catalog.records.passages("default", bench.corpus().passage_ids)
    raws = {record.id: record.raw for record in records(bench)}
    return sorted(raws[passage.record_id][passage.start : passage.end] for passage in found.values())


def test_a_competitors_workbook_is_one_document_with_places(bench: Workbench, tmp_path: Path) -> None:
    [report] = bring(bench, workbook(tmp_path / "a.xlsx", PRICES), options=COMPETITOR)
    assert (report.layout, report.rows, report.kept, report.mapping) == ("xlsx document", 1, 1, {})
    [record] = records(bench)
    assert [(a.label, record.raw[a.start : a.end].strip()) for a in record.anchors] == [
        ("Prices!A1", "Plan | Price | Boards"),
        ("Prices!A2", "Free | 0 | 3"),
        ("Prices!A3", "Team | 9 | 100"),
    ]


def test_a_workbook_of_feedback_stays_a_table(bench: Workbench, tmp_path: Path) -> None:
    [report] = bring(bench, workbook(tmp_path / "a.xlsx", FEEDBACK))
    assert (report.layout, report.rows, report.kept) == ("xlsx", 5, 5)
    named = IngestOptions(kind=RecordKind.competitor, mapping={"text": "comment"})
    [report] = bring(bench, workbook(tmp_path / "b.xlsx", FEEDBACK), options=named)
    assert (report.layout, report.rows) == ("xlsx", 5)


def test_a_workbook_without_a_text_column_is_a_document_and_says_so(bench: Workbench, tmp_path: Path) -> None:
    [report] = bring(bench, workbook(tmp_path / "a.xlsx", PRICES))
    assert (report.layout, report.rows, report.kept) == ("xlsx document", 1, 1)
    assert "--map text=COLUMN" in report.reasons[0]
    [lonely] = bring(bench, workbook(tmp_path / "b.xlsx", [("Only this note is in here",)]))
    assert (lonely.layout, lonely.kept) == ("xlsx document", 1)


def test_a_column_that_isnt_there_is_still_refused(bench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="no column 'Nope'"):
        bring(bench, workbook(tmp_path / "a.xlsx", PRICES), options=IngestOptions(mapping={"text": "Nope"}))


def test_every_mail_is_accounted_for_and_only_own_words_are_cited(bench: Workbench, tmp_path: Path) -> None:
    quoting = (
        "It still fails.\n\nOn Monday, Bo wrote:\n> Did you restart the whole machine?\n\n-- \nAna\nAcme"
    )
    mails = [
        ("Ana <ana@x.org>", quoting),
        ("Bo <bo@x.org>", "> only\n> quoted"),
        ("ANA <Ana@X.org>", "Thank you!"),
    ]
    box = mailbox(tmp_path / "box.mbox", *mails)
    [report] = bring(bench, box)
    assert (report.layout, report.rows, report.kept, report.empty) == ("mbox", 3, 2, 1)
    assert report.reasons[0] == "1 row: attachments were left out (first: row 1)"
    assert passages(bench) == ["It still fails.", "Thank you!"]
    first, second = sorted(records(bench), key=lambda record: record.external_id or "")
    assert first.raw == quoting + "\n"
    assert (first.title, first.external_id, str(first.said_at)) == (
        "Mail 0",
        "0@example.com",
        "2026-03-01 10:22:00+00:00",
    )
    assert first.person == second.person is not None
    [again] = bring(bench, box)
    assert (again.kept, again.duplicate, again.empty) == (0, 2, 1)


def test_single_mails_share_a_source_and_short_replies_are_not_guessed_away(
    bench: Workbench, tmp_path: Path
) -> None:
    for number in range(2):
        box = mailbox(tmp_path / "box", ("Ana <ana@x.org>", f"https://example.com/{number}"))
        (tmp_path / f"{number}.eml").write_bytes(
            box.read_bytes().partition(b"\n")[2].replace(b"<0@", b"<%d@" % number)
        )
    reports = bring(bench, tmp_path / "0.eml", tmp_path / "1.eml")
    assert [(r.layout, r.kept) for r in reports] == [("eml", 1), ("eml", 1)]
    assert {record.source for record in records(bench)} == {"mail"}


def deck(path: Path) -> Path:
    made: Any = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Kanbo", "Exports are limited to one a day."
    made.save(path)
    return path


def word(path: Path) -> Path:
    made = docx.Document()
    made.add_heading("Limits", 1)
    made.add_heading("Export", 2)
    made.add_paragraph("Exports are limited to ten a day.")
    made.save(str(path))
    return path


def test_passages_of_documents_stay_inside_their_place(bench: Workbench, tmp_path: Path) -> None:
    bring(bench, deck(tmp_path / "a.pptx"), word(tmp_path / "b.docx"), options=COMPETITOR)
    places = {anchor.label for record in records(bench) for anchor in record.anchors}
    assert places == {"slide 1", "§ Limits", "§ Limits › Export"}
    found = bench.catalog.records.passages("default", bench.corpus().passage_ids).values()
    held = {record.id: record for record in records(bench)}
    for passage in found:
        assert any(a.start <= passage.start and passage.end <= a.end for a in held[passage.record_id].anchors)
    assert "Exports are limited to one a day." in " ".join(passages(bench))
