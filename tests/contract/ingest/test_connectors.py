"""What every connector and every parser promises, whatever the format."""

import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from assistant.settings import Settings
from ingest.port import Connector, Document
from ingest.recognise import open_file
from tests.support.json_exports import EXPORTS, as_document, as_lines, elements_of
from tests.support.slack_export import slack_zip

ROWS = [("id", "comment", "user")] + [
    (str(i), f"Comment number {i} about the export", f"user {i}") for i in range(12)
]


def delimited(path: Path, mark: str) -> None:
    path.write_text(
        "\n".join(mark.join(row) for row in ROWS) + '\n99,"never closed\n' * (mark == ","), encoding="utf-8"
    )


def sheet(path: Path) -> None:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)


def objects() -> list[dict[str, str]]:
    return [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


TABLES: dict[str, Callable[[Path], object]] = {
    "a.csv": lambda path: delimited(path, ","),
    "a.tsv": lambda path: delimited(path, "\t"),
    "b.csv": lambda path: delimited(path, ";"),
    "a.xlsx": sheet,
    "a.json": lambda path: path.write_text(
        json.dumps({"items": [*objects(), {"comment": "deep", "x": {"y": 1}}]})
    ),
    "a.jsonl": lambda path: path.write_text("".join(json.dumps(o) + "\n" for o in objects()) + "broken\n"),
    **{f"{name}.json": lambda path, make=make: as_document(path, make()) for name, make in EXPORTS.items()},
    **{
        f"{name}.jsonl": lambda path, make=make: as_lines(path, elements_of(make()))
        for name, make in EXPORTS.items()
    },
    "slack.zip": slack_zip,
    "chat.txt": lambda path: path.write_text(
        "".join(f"[2026-03-01 10:{i:02}] Ana: message {i}\n" for i in range(12))
    ),
}


@pytest.fixture(params=TABLES)
def connector(request: pytest.FixtureRequest, tmp_path: Path) -> Connector:
    path = tmp_path / str(request.param)
    TABLES[request.param](path)
    opened = open_file(path, Settings(home=tmp_path)).connector
    assert opened is not None
    return opened


def test_rows_are_numbered_from_one_without_gaps(connector: Connector) -> None:
    rows = list(connector.rows())
    assert len(rows) >= 12
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_reading_twice_gives_the_same_and_may_start_anywhere(connector: Connector) -> None:
    rows = list(connector.rows())
    for start in (0, 1, 7, len(rows), len(rows) + 5):
        assert list(connector.rows(start)) == rows[start:]


def test_cells_are_named_by_columns_and_a_bad_row_has_none(connector: Connector) -> None:
    columns = set(connector.columns())
    for row in connector.rows():
        assert set(row.cells) <= columns
        assert not (row.problem and row.cells)
        assert row.problem or row.cells
    assert connector.layout


def markdown(path: Path) -> None:
    path.write_text("# One\ntext of one\n\n## Two\ntext of two\n")


def page(path: Path) -> None:
    path.write_text("<h1>One</h1><p>text of one</p><h2>Two</h2><p>text of two</p>")


def pdf(path: Path) -> None:
    canvas = Canvas(str(path))
    for text in ("text of one", "text of two"):
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()


def word(path: Path) -> None:
    document = docx.Document()
    for title in ("One", "Two"):
        document.add_heading(title, 1)
        document.add_paragraph(f"text of {title.lower()}")
    document.save(str(path))


def slides(path: Path) -> None:
    deck = Presentation()
    for title in ("One", "Two"):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, f"text of {title.lower()}"
    deck.save(str(path))


DOCUMENTS: dict[str, Callable[[Path], None]] = {
    "a.md": markdown,
    "a.html": page,
    "a.pdf": pdf,
    "a.docx": word,
    "a.pptx": slides,
}


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Document:
    path = tmp_path / str(request.param)
    DOCUMENTS[request.param](path)
    parser = open_file(path, Settings(home=tmp_path)).parser
    assert parser is not None
    assert parser(path) == parser(path)
    return parser(path)


def test_anchors_lie_in_order_inside_the_text(document: Document) -> None:
    end = 0
    for anchor in document.anchors:
        assert end <= anchor.start < anchor.end <= len(document.text)
        end = anchor.end
    assert len(document.anchors) == 2


def test_each_place_holds_its_text(document: Document) -> None:
    first, second = (document.text[anchor.start : anchor.end] for anchor in document.anchors)
    assert "text of one" in first
    assert "text of two" in second
