"""Two thousand damaged files of JSON, of mails and of Slack, four hundred of every export as JSON: every row is accounted for, or the file is refused."""

import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.personal.find import find_personal, masked
from ingest.clean.language import detect_language
from ingest.layouts.markup import plain_text
from ingest.layouts.slack_text import readable
from ingest.values import DateOrder, parse_date, parse_rating
from tests.support.json_exports import EXPORTS, elements_of
from tests.support.mutations import (
    EXAMPLES,
    EXAMPLES_OF_A_LAYOUT,
    Write,
    damaged,
    damaged_zip,
    read_or_refused,
)
from tests.support.slack_export import channels, users

FOLDER = tempfile.TemporaryDirectory()
JSON = [{"id": n, "comment": f"The export fails {n} times", "who": {"name": "Ana"}, "tags": ["a", "b"]} for n in range(4)]  # fmt: skip
LINES = "\n".join(json.dumps(element) for element in JSON)
MAIL = (
    "From: Ana <ana@example.com>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: =?utf-8?b?U2xvdw==?=\nMessage-ID: <1@x>\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "Exports are slow=2E\n\nOn 1 March Ben wrote:\n> it is fine\n--b\nContent-Type: text/html\n\n<p>Exports</p>\n--b\n"
    "Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
)
BOX = f"From ana Mon Mar  2 10:00:00 2026\n{MAIL}\n\nFrom ben Mon Mar  2 11:00:00 2026\nSubject: b\n\n>From here on it is slow.\n"
SLACK = {
    "users.json": json.dumps(users()).encode(),
    "channels.json": b"[]",
    **{name: json.dumps(messages[:3]).encode() for name, messages in list(channels().items())[:2]},
}


def export(name: str) -> bytes:
    """The first elements of an export."""
    return json.dumps(elements_of(EXPORTS[name]())[:3]).encode()


DAMAGED: dict[str, Write] = {
    "a.json": damaged(json.dumps(JSON).encode()),
    "a.jsonl": damaged(LINES.encode()),
    "a.eml": damaged(MAIL.encode()),
    "a.mbox": damaged(BOX.encode()),
    "slack.zip": damaged_zip(SLACK),
}
LAYOUTS = {f"{name}.json": damaged(export(name)) for name in EXPORTS}
"""Their elements are read from two thousand odd shapes each in `test_layouts_never_crash.py`."""
PIECES = [
    "call ", "+49 30 901820", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "ana@example.com", "(at)", "@ana", "10.0.0.1", "::1",
    "sk_live_", "password: ", "-----BEGIN PRIVATE KEY-----", "://a:b@", "１２３", "\u200b", "é", "東京", "\n", " ", "-", ".", "0", "&amp;", "<p>", "<@U1|x>", "&#0;",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=14).map("".join)


@pytest.mark.parametrize("name", DAMAGED)
@given(seed=st.integers(0, 1 << 40))
@settings(max_examples=EXAMPLES)
def test_the_rows_of_a_damaged_export_add_up(name: str, seed: int) -> None:
    path = Path(FOLDER.name, name)
    DAMAGED[name](path, random.Random(seed))
    read_or_refused(path)


@pytest.mark.parametrize("name", LAYOUTS)
@given(seed=st.integers(0, 1 << 40))
@settings(max_examples=EXAMPLES_OF_A_LAYOUT)
def test_the_rows_of_a_damaged_layout_add_up(name: str, seed: int) -> None:
    path = Path(FOLDER.name, name)
    LAYOUTS[name](path, random.Random(seed))
    read_or_refused(path)


@given(WORDS)
@settings(max_examples=EXAMPLES)
def test_personal_data_is_found_in_order_and_masking_twice_changes_nothing(text: str) -> None:
    end = 0
    for span in find_personal(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end
    assert masked(masked(text)) == masked(text)


@given(WORDS)
@settings(max_examples=EXAMPLES)
def test_any_fragment_of_markup_becomes_text(text: str) -> None:
    assert isinstance(plain_text(text), str)
    assert isinstance(readable(text, {}), str)
    assert detect_language(text)


@given(
    st.text(max_size=30)
    | st.from_regex(r"\d{1,4}[-/. ]\w{1,4}[-/. ]\d{1,4}( \d\d:\d\d( [AP]M)?)?", fullmatch=True)
)
@settings(max_examples=EXAMPLES)
def test_any_cell_is_a_date_in_utc_and_a_rating_or_neither(cell: str) -> None:
    for day_first in (True, False):
        moment = parse_date(cell, DateOrder(day_first, certain=True))
        assert moment is None or moment.utcoffset() is not None
    rating = parse_rating(cell)
    assert rating is None or rating == rating
