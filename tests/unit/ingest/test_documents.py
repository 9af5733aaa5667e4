"""Text, Markdown, HTML and PDF: text with anchors, or a clear refusal."""

from contextlib import suppress
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import InputRejected
from ingest.parse.html import parse_html
from ingest.parse.pdf import parse_pdf
from ingest.parse.text import parse_markdown, parse_text

PAGE = """<html><head><title>Acme  pricing</title><style>p {}</style></head><body><nav>Home</nav>
<h1>Pricing</h1><p>It <b>costs</b> 5&nbsp;€.<br>Next</p><div hidden>secret</div><p style="display:none">trap</p>
<ul><li>one</li><li>two</li></ul><h2>Limits</h2><table><tr><td>a</td><td>b</td></tr></table><script>x()</script></body></html>"""


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_plain_text_stays_as_it_is(tmp_path: Path) -> None:
    assert parse_text(write(tmp_path / "a.txt", "one\r\n\r\n  two\t")).text == "one\r\n\r\n  two\t"


def test_markdown_headings_are_anchors_but_not_inside_code(tmp_path: Path) -> None:
    document = parse_markdown(
        write(tmp_path / "a.md", "intro\n# Ti*tle*\ntext\n```\n# no\n```\nSub\n---\nmore\n")
    )
    assert document.title == "Title"
    assert [(a.label, document.text[a.start : a.end].split("\n")[0]) for a in document.anchors] == [
        ("§ Title", "# Ti*tle*"),
        ("§ Title › Sub", "Sub"),
    ]


def test_a_page_is_what_a_reader_sees(tmp_path: Path) -> None:
    document = parse_html(write(tmp_path / "a.html", PAGE))
    assert document.title == "Acme pricing"
    assert document.text == "Pricing\n\nIt costs 5 €.\n\nNext\n\none\n\ntwo\n\nLimits\n\na | b"
    assert [(a.label, document.text[a.start]) for a in document.anchors] == [
        ("§ Pricing", "P"),
        ("§ Pricing › Limits", "L"),
    ]


def test_a_page_nested_without_end_is_read(tmp_path: Path) -> None:
    assert parse_html(write(tmp_path / "a.html", "<div>" * 5_000 + "deep")).text == "deep"


def pdf(path: Path, *pages: str) -> Path:
    canvas = Canvas(str(path))
    for page in pages:
        canvas.drawString(72, 720, page)
        canvas.showPage()
    canvas.save()
    return path


def test_pdf_pages_are_anchors(tmp_path: Path) -> None:
    document = parse_pdf(pdf(tmp_path / "a.pdf", "First page here", "", "Third page"))
    assert [(a.label, document.text[a.start : a.end].strip()) for a in document.anchors] == [
        ("page 1", "First page here"),
        ("page 3", "Third page"),
    ]


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(pdf(tmp_path / "a.pdf", "secret")))
    writer.encrypt("key", algorithm="RC4-128")
    writer.write(tmp_path / "b.pdf")
    with pytest.raises(InputRejected, match="encrypted") as refused:
        parse_pdf(tmp_path / "b.pdf")
    assert "password" in refused.value.hint


def test_a_pdf_of_images_is_refused_with_a_hint_to_ocr(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="only images") as refused:
        parse_pdf(pdf(tmp_path / "a.pdf", ""))
    assert "OCR" in refused.value.hint


@pytest.mark.parametrize("keep", [0, 5, 60, 300, 700])
def test_a_cut_pdf_is_refused_or_read(tmp_path: Path, keep: int) -> None:
    whole = pdf(tmp_path / "a.pdf", "Some text").read_bytes()
    path = write(tmp_path / "b.pdf", whole[:keep])
    with suppress(InputRejected):
        assert parse_pdf(path).text == "Some text"


@pytest.mark.parametrize("parse", [parse_text, parse_markdown, parse_html])
@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b"  \n ", "holds no text"), (b"a\x00" + b"bcdefgh" * 9, "NUL")],
)
def test_files_without_text_are_refused(tmp_path: Path, parse: object, content: bytes, message: str) -> None:
    with pytest.raises(InputRejected, match=message):
        parse(write(tmp_path / "a.txt", content))  # type: ignore[operator]
