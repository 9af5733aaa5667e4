"""Workbooks and Word files: read with care, bombs refused."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive
from ingest.connectors.sheet import SheetRows
from ingest.parse.docx import parse_docx


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_typed_cells_become_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["id", "text", "date", "when", "ok"],
            [1, "hello", date(2026, 3, 1), datetime(2026, 3, 1, 10, 22), True],
            [2.5, None, None, None, False],
        ],
    )
    rows = list(SheetRows(path, 1_000).rows())
    assert rows[0].cells == {
        "id": "1",
        "text": "hello",
        "date": "2026-03-01",
        "when": "2026-03-01T10:22:00",
        "ok": "true",
    }
    assert rows[1].cells["id"] == "2.5"


def test_the_first_sheet_with_a_table_is_read_below_its_titles(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [["Notes"]],
        [["Report of March"], [], ["id", "text", "plan"], [1, "a", "pro"], [2, "b", "pro"]],
    )
    connector = SheetRows(path, 1_000)
    assert list(connector.columns()) == ["id", "text", "plan"]
    assert [row.cells["text"] for row in connector.rows()] == ["a", "b"]
    assert [row.number for row in connector.rows(1)] == [2]


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="no sheet with a header row"):
        SheetRows(workbook(tmp_path / "a.xlsx", []), 1_000)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"text"])
def test_damaged_containers_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputRejected, match="damaged"):
        SheetRows(path, 1_000)
    with pytest.raises(InputRejected, match="damaged"):
        parse_docx(path)


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = zipped(
        tmp_path / "a.xlsx", {"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (64 << 20)}
    )
    assert bomb.stat().st_size < 100_000
    with pytest.raises(InputRejected, match="zip bomb"):
        SheetRows(bomb, 1_000)


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    honest = zipped(
        tmp_path / "a.xlsx", {"[Content_Types].xml": b"<x/>", "xl/a.xml": b"0" * (64 << 20)}
    ).read_bytes()
    lying = honest.replace((64 << 20).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != honest
    path = tmp_path / "b.xlsx"
    path.write_bytes(lying)
    with pytest.raises(InputRejected):
        SheetRows(path, 1_000)


def test_a_bomb_of_many_small_parts_is_not_opened(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"p{number}", b"")
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(InputRejected, match="6,000 parts"):
        check_archive(path, needs="p1")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "C:\\x", "a/../../b", "..\\x"])
def test_names_that_leave_the_container_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRejected, match="leaves the file"):
        check_archive(
            zipped(tmp_path / "a.docx", {"[Content_Types].xml": b"", name: b""}), needs="[Content_Types].xml"
        )


def test_a_word_document_has_its_headings_as_anchors(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Pricing", 1)
    document.add_paragraph("It costs 5 € a month.")
    document.add_heading("Limits", 2)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Boards", "10"
    document.save(str(tmp_path / "a.docx"))
    parsed = parse_docx(tmp_path / "a.docx")
    assert parsed.title == "Pricing"
    assert {a.label: parsed.text[a.start : a.end].strip() for a in parsed.anchors} == {
        "§ Pricing": "Pricing\n\nIt costs 5 € a month.",
        "§ Pricing › Limits": "Limits\n\nBoards | 10",
    }
