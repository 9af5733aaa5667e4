"""Two thousand damaged files of every kind of document: read with exact places, or refused with a hint."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.bench.attacks.documents import pdf, stream
from evals.bench.attacks.office import sheets, slides, word
from tests.support.mutations import EXAMPLES, Write, damaged, damaged_zip, fresh, read_or_refused

FOLDER = tempfile.TemporaryDirectory()
PAGE = b"<!doctype html><title>Limits</title><nav><a href=/>Home</a></nav><main><h1>Limits</h1><p>Exports are <b>slow</b>.<table><tr><td>1<td>2</table></main>"
MARKDOWN = b"# Limits\n\nExports are *slow*.\n\n## Prices\n\n```\n# code\n```\nFree\n====\n| a | b |\n"
TEXT = "Exports are slow. Die Preise sind höher.\r\n\r\n東京です。\n".encode()
TABLE = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
BODY = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Limits</w:t></w:r></w:p>{TABLE}<w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>slow</w:t></w:r></w:ins></w:p></w:sdtContent></w:sdt>'
PACKED = {7: b"<</Title(Limits)>>", 8: stream(b"9 0 <</A 1>>", b"/Type/ObjStm/N 1/First 4")}
DAMAGED: dict[str, Write] = {
    "a.html": damaged(PAGE),
    "a.md": damaged(MARKDOWN),
    "a.txt": damaged(TEXT),
    "a.pdf": damaged(pdf(PACKED, trailer=b"/Info 7 0 R")),
    "a.docx": damaged_zip(word(BODY)),
    "a.pptx": damaged_zip(slides()),
    "a.xlsx": damaged_zip(sheets('<row r="1"><c r="A1" t="inlineStr"><is><t>Exports are slow.</t></is></c></row>')),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
@given(seed=st.integers(0, 1 << 40))
@settings(max_examples=EXAMPLES)
def test_a_damaged_document_is_read_or_refused(name: str, seed: int) -> None:
    path = Path(FOLDER.name, name)
    DAMAGED[name](path, random.Random(seed))
    read_or_refused(path)


@given(head=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<p>", b"# "]), tail=st.binary(max_size=300))
@settings(max_examples=EXAMPLES)
def test_any_bytes_are_a_document_of_any_kind_or_refused(head: bytes, tail: bytes) -> None:
    # To think of the bytes takes longer than to read them.
    for name in DAMAGED:
        path = Path(FOLDER.name, name)
        fresh(path).write_bytes(head + tail)
        read_or_refused(path)


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_is_read_where_it_is_whole(name: str) -> None:
    told = set()
    for seed in range(120):
        path = Path(FOLDER.name, name)
        DAMAGED[name](path, random.Random(seed))
        told.add(read_or_refused(path))
    assert told & {"document", "rows"}, "every example is refused: the damage hides the parser"
