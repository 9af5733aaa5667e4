"""Odd files for every parser of documents: read with exact places, or refused with a hint."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import InputRejected
from evals.bench.attacks.office import FORMATS, MAIN_PARTS
from evals.bench.attacks.zips import parts_of, write_zip
from ingest.clean.replies import own_spans
from ingest.connectors.mail import MailRows
from ingest.port import Document
from ingest.recognise import open_file
from tests.support.mutations import fresh, settings_at

EXAMPLES = settings(
    max_examples=2_000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TAGS = [
    "div",
    "p",
    "b",
    "table",
    "tr",
    "td",
    "h1",
    "h3",
    "main",
    "nav",
    "a",
    "li",
    "ul",
    "template",
    "svg",
    "select",
    "title",
]
HTML = st.sampled_from(
    [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]
    + ["text ", "<br>", "<!--", "-->", "<p class=footer>", "<a href=x>y</a>", "<![CDATA[", "&#0;", "&#xD800;", "\ud7ff", "<style>", "\x0b"]
)  # fmt: skip
MARKDOWN = st.sampled_from(["# ", "## ", "\n", "\r\n", "text", "```", "~~~~", "---", "===", " ", "\t", "#", "*", "_a_", "[a](b)", "\u2028", "é"])  # fmt: skip
MAIL = st.sampled_from(
    ["From: a\n", "From: =?utf-8?b?//8=?= <x@y>\n", "Date: Mon, 99 Foo\n", "Content-Type: text/html\n", "Content-Type: multipart/mixed; boundary=b\n",
     "Content-Type: text/plain; charset=utf-7\n", "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "\n", "--b\n",
     "--b--\n", "> quoted\n", "On Monday, Ana wrote:\n", "-- \n", "words\n", "=ZZ\n", "\x00", "\udcff", "Subject: ", " folded\n", "<div>", "Message-ID: <1>\n"]
)  # fmt: skip
MAIL_LINES = st.lists(MAIL, max_size=25).map("".join)
WORD_XML = ["<w:p>", "</w:p>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:r><w:t>x</w:t></w:r>", '<w:pPr><w:outlineLvl w:val="-1"/></w:pPr>', '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>', "<w:sdt><w:sdtContent/></w:sdt>", "<w:t>"]  # fmt: skip
SLIDE_XML = ["<p:sp/>", "<p:grpSp>", "</p:grpSp>", "<p:graphicFrame/>", "<p:pic/>", "<p:sp><p:nvSpPr/></p:sp>", "<a:t>x</a:t>", '<p:ph type="title"/>']  # fmt: skip
SHEET_XML = ["<row>", "</row>", '<row r="9">', '<c r="A1">', '<c r="ZZ3" t="s">', '<c t="inlineStr">', "<v>0</v>", "<v>99999999999</v>", "<v>x</v>", "<is><t>y</t></is>", "</c>", '<c r="A0"/>', "<f>A1</f>"]  # fmt: skip


def read(path: Path) -> Document | None:
    """Parse a file, or check that its refusal can be shown to a person."""
    refused: InputRejected | None = None
    try:
        opened = open_file(path, settings_at(path.parent))
        document = opened.parser(path) if opened.parser is not None else None
    except InputRejected as refusal:
        document, refused = None, refusal
    if refused is not None:
        assert refused.message.endswith(".")
        assert refused.hint.endswith(".")
    if document is not None:
        end = 0
        for anchor in document.anchors:
            assert end <= anchor.start < anchor.end <= len(document.text)
            end = anchor.end
        assert document.text.strip()
        document.text.encode("utf-8")
    return document


@given(st.lists(HTML, max_size=40).map("".join))
@EXAMPLES
def test_any_tags(tmp_path: Path, source: str) -> None:
    path = tmp_path / "a.html"
    fresh(path).write_text(source, encoding="utf-8")
    read(path)


@given(st.lists(MARKDOWN, max_size=40).map("".join))
@EXAMPLES
def test_any_markdown_stays_as_it_is(tmp_path: Path, source: str) -> None:
    path = tmp_path / "a.md"
    fresh(path).write_bytes(source.encode())
    document = read(path)
    assert document is None or document.text == source


@given(MAIL_LINES)
@EXAMPLES
def test_any_lines_are_mails_that_add_up(tmp_path: Path, source: str) -> None:
    path = tmp_path / "a.eml"
    fresh(path).write_bytes(source.encode("utf-8", "surrogateescape"))
    for single in (True, False):
        for number, row in enumerate(MailRows(path, 1_000, single=single).rows(), start=1):
            assert row.number == number
            assert bool(row.problem) != bool(row.cells)
            text = row.cells.get("text", "")
            assert all(0 <= start < end <= len(text) for start, end in row.own or ())


@given(MAIL_LINES)
@EXAMPLES
def test_own_words_are_cut_from_the_text_in_order(text: str) -> None:
    end = 0
    for start, last in own_spans(text):
        assert end <= start < last <= len(text)
        assert text[start:last].strip()
        end = last


OFFICE = {
    "docx": (WORD_XML, b"<w:body>"),
    "pptx": (SLIDE_XML, b"<p:grpSpPr/>"),
    "xlsx": (SHEET_XML, b"<sheetData>"),
}


@pytest.mark.parametrize("kind", OFFICE)
@given(pieces=st.lists(st.integers(0, 1_000), max_size=20), seed=st.integers(0, 5))
@EXAMPLES
def test_any_elements_in_an_office_file(tmp_path: Path, kind: str, pieces: list[int], seed: int) -> None:
    elements, after = OFFICE[kind]
    inserted = "".join(elements[piece % len(elements)] for piece in pieces).encode()
    parts, main = FORMATS[kind](), MAIN_PARTS[kind]
    content = parts[main].replace(after, after + inserted, 1)
    assert content != parts[main] or not inserted
    # One in two files also loses a few bytes somewhere.
    place = random.Random(seed).randrange(len(content))
    whole = bool(seed % 2)
    parts[main] = content if whole else content[:place] + content[place + seed :]
    path = tmp_path / f"a.{kind}"
    write_zip(fresh(path), parts_of(parts))
    read(path)
