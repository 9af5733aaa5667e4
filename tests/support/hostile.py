"""Files that are made to hurt a parser: small, quick to make, and large once somebody believes them."""

import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import xlsxwriter
from pptx import Presentation

MAIN_PARTS = {
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
}


def office_base(kind: str, folder: Path) -> Path:
    """A small real file of a kind: `docx`, `pptx` or `xlsx`."""
    path = folder / f"base.{kind}"
    if path.exists():
        return path
    if kind == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row, text in enumerate(["comment", "The export fails", "It is slow"]):
                sheet.write(row, 0, text)
        return path
    made: Any
    if kind == "docx":
        made = docx.Document()
        made.add_heading("Limits", 1)
        made.add_paragraph("Exports are slow.")
    else:
        made = Presentation()
        made.slides.add_slide(made.slide_layouts[1]).shapes.title.text = "Limits"
    made.save(str(path))
    return path


def with_main_part(base: Path, path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A copy of an Office file whose main part is changed."""
    main = MAIN_PARTS[base.suffix[1:]]
    with zipfile.ZipFile(base) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if name == main else content)
    return path


def _entities(content: bytes) -> bytes:
    start = content.index(b"?>") + 2
    inner = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10))
    return content[:start] + b'<!DOCTYPE x [<!ENTITY a0 "lol">' + inner + b"]>" + content[start:]


def _flood(content: bytes) -> bytes:
    chance = random.Random(1)
    words = b"".join(b"<w:p><w:r><w:t>%x</w:t></w:r></w:p>" % chance.getrandbits(32) for _ in range(180_000))
    return content.replace(b"<w:sectPr", words + b"<w:sectPr", 1)


def _far_apart(content: bytes) -> bytes:
    return content.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )


def _pdf(path: Path, stream: bytes) -> Path:
    packed = zlib.compress(stream, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>\nstream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = (
        b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer <</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    )
    path.write_bytes(bytes(body) + end % len(body))
    return path


def hostile_files(folder: Path) -> list[Path]:
    """One file per attack; every one of them is to be refused."""
    made = []
    for kind in MAIN_PARTS:
        base = office_base(kind, folder)
        made.append(
            with_main_part(base, folder / f"bomb.{kind}", lambda content: content + b" " * (100 << 20))
        )
        made.append(with_main_part(base, folder / f"entities.{kind}", _entities))
    made.append(with_main_part(office_base("docx", folder), folder / "flood.docx", _flood))
    made.append(with_main_part(office_base("xlsx", folder), folder / "far.xlsx", _far_apart))
    made.append(_pdf(folder / "bomb.pdf", b" " * (200 << 20)))
    made.append(_pdf(folder / "orders.pdf", b"BT (x) Tj ET\n" * 1_000_000))
    columns = range(100_000)
    texts = {
        "flood.html": "<p>x</p>" * 300_000,
        "nested.html": "<div>" * 100_000 + "x",
        "formatted.html": "".join(f"<b id={i}>" for i in range(500)) + "<p>x</p>" * 50_000,
        "attributes.html": f"<p {' '.join(f'a{i}=1' for i in range(200_000))}>x</p>",
        "headings.md": "# a\n" * 500_000,
        "large.md": "word " * 5_000_000,
        "columns.csv": ",".join(f"c{i}" for i in columns) + "\n" + ",".join("x" for _ in columns) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        made.append(folder / name)
    return made
