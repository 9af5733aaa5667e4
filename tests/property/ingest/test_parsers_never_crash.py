"""Whatever bytes come, a file is read or refused with a sentence and a hint."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.clean import clean
from assistant.domain.record import Record
from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.connectors.json_rows import element_row, elements
from ingest.connectors.json_source import parse_strict
from ingest.passages import slices_of
from ingest.recognise import open_file
from ingest.survey import survey
from ingest.values import DateOrder, parse_date, parse_rating

HEADS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"{",
    b"[",
    b"id,text\n",
    b"\xff\xfe",
    b"<html>",
    b"[2026-03-01 10:22] A: b\n" * 3,
]
JSON = st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4), max_leaves=20)  # fmt: skip


@pytest.mark.parametrize(
    "suffix", [".csv", ".json", ".jsonl", ".txt", ".md", ".html", ".pdf", ".xlsx", ".docx"]
)
@given(
    head=st.sampled_from(HEADS),
    tail=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_read_or_refused_with_a_hint(suffix: str, head: bytes, tail: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file" + suffix)
        path.write_bytes(head + tail)
        refused = refusal(path)
        assert refused is None or (refused.message.endswith(".") and refused.hint)


def refusal(path: Path) -> InputRejected | None:
    try:
        opened = open_file(path, Settings(home=path.parent))
        if opened.connector is not None:
            survey(opened.connector.columns(), opened.connector.rows())
        elif opened.parser is not None:
            assert opened.parser(path).text.strip()
    except InputRejected as refused:
        return refused
    return None


@given(JSON)
@settings(max_examples=300)
def test_any_json_gives_flat_rows(value: object) -> None:
    for number, element in enumerate(elements(parse_strict(json.dumps(value))), start=1):
        row = element_row(number, element, 1_000)
        assert bool(row.problem) or all(isinstance(cell, str) for cell in row.cells.values())


@given(
    st.text(max_size=40) | st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}( \d\d:\d\d)?", fullmatch=True)
)
@settings(max_examples=500)
def test_any_cell_is_a_date_in_utc_or_none(cell: str) -> None:
    for day_first in (True, False):
        moment = parse_date(cell, DateOrder(day_first, certain=True))
        assert moment is None or moment.utcoffset() is not None
    parse_rating(cell)


@given(st.lists(st.sampled_from(["word ", "Stop. ", "\r\n\r\n", "東京です。", "👨\u200d👩\u200d👧", "&amp; ", "\u200b", "e\u0301", "x" * 90, "  "]), max_size=120).map("".join), st.booleans())  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_passages_are_in_bounds_in_order_and_clean_to_their_text(raw: str, is_document: bool) -> None:
    record = Record(workspace="w", id="rec_1", source="s", raw=raw or "x", voice="v")
    end = 0
    for piece in slices_of(record, clean(record.raw), is_document=is_document):
        passage = piece.passage
        assert end <= passage.start < passage.end <= len(record.raw)
        end = passage.end
        assert piece.text.strip() == piece.text != ""
