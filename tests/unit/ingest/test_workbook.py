"""Workbooks: read as a document with places, and never trusted about their size."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from assistant.errors import InputRejected
from ingest.connectors import workbook
from ingest.connectors.sheet import SheetRows
from ingest.parse.sheet import parse_sheet


def test_each_row_has_its_place_as_a_spreadsheet_shows_it(tmp_path: Path) -> None:
    book = Workbook()
    prices = book.active
    prices.title = "Prices"
    prices["B3"], prices["D3"], prices["B5"] = "Plan", "Team", 9.0
    book.create_sheet("It's €")["AB2"] = "far"
    book.create_chartsheet("Chart")
    book.save(tmp_path / "a.xlsx")
    document = parse_sheet(tmp_path / "a.xlsx")
    assert {a.label: document.text[a.start : a.end].strip() for a in document.anchors} == {
        "Prices!B3": "Plan |  | Team",
        "Prices!B5": "9",
        "'It''s €'!AB2": "far",
    }


def test_an_empty_workbook_holds_no_text(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(InputRejected, match="no text"):
        parse_sheet(tmp_path / "a.xlsx")


def with_sheet(path: Path, xml: str, shared: str = "") -> Path:
    """A workbook whose only sheet holds these rows."""
    with xlsxwriter.Workbook(path.with_suffix(".base")) as book:
        book.add_worksheet().write(0, 0, "x")
    with (
        zipfile.ZipFile(path.with_suffix(".base")) as base,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in base.namelist():
            content = base.read(name)
            if name.endswith("sheet1.xml"):
                start, end = content.index(b"<sheetData>"), content.index(b"</sheetData>")
                content = content[: start + len(b"<sheetData>")] + xml.encode() + content[end:]
            if name.endswith("sharedStrings.xml") and shared:
                space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
                content = f'<?xml version="1.0"?><sst {space}>{shared}</sst>'.encode()
            out.writestr(name, content)
    return path


FAR_APART = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    "<row r='1'><c  r = 'A1'><v>1</v></c></row><row r='900000'><c r = 'xfd900000'><v>2</v></c></row>",
    '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>2</v></c></row>',
    '<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>',
]


@pytest.mark.parametrize("xml", FAR_APART)
@pytest.mark.parametrize("read", [parse_sheet, lambda path: SheetRows(path, 1_000)])
def test_cells_far_apart_are_refused_before_they_are_laid_out(tmp_path: Path, xml: str, read: object) -> None:
    path = with_sheet(tmp_path / "a.xlsx", xml)
    with pytest.raises(InputRejected, match=r"almost empty|16,384 are allowed") as refused:
        read(path)  # type: ignore[operator]
    assert refused.value.hint


def test_one_long_text_in_very_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_TEXT", 1 << 20)
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 2_000))
    path = with_sheet(tmp_path / "a.xlsx", rows, f"<si><t>{'word ' * 400}</t></si>")
    with pytest.raises(InputRejected, match="more than 1 MB of text"):
        parse_sheet(path)


def test_many_short_texts_beside_a_long_one_are_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_TEXT", 1 << 18)
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>{int(i > 1)}</v></c></row>' for i in range(1, 1_500))
    path = with_sheet(tmp_path / "a.xlsx", rows, f"<si><t>{'word ' * 400}</t></si><si><t>short</t></si>")
    assert parse_sheet(path).text.count("short") == 1_498
