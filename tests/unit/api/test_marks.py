"""The cited passage in a record's page."""

import pytest

from api.web.marks import cut_at, read_span
from api.web.render import verbatim
from assistant.errors import UsageError

RAW = "a\r\n<b>😀 שלום</b> & 日本語\n"


def test_the_three_parts_are_the_raw_text() -> None:
    start, end = read_span("3-10", len(RAW))
    parts = cut_at(RAW, start, end)
    assert "".join(parts) == RAW
    assert parts.marked == RAW[3:10]


def test_without_a_span_nothing_is_marked() -> None:
    assert read_span(None, 5) == (0, 0)
    assert cut_at("hello", 0, 0) == ("hello", "", "")


@pytest.mark.parametrize(
    "text", ["", "-", "3", "3-", "3-2", "2-2", "0-999", "-1-4", "a-b", "1-2-3", "٣-٤", "1" * 20 + "-4"]
)
def test_a_span_outside_of_the_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_span(text, 10)


def test_markup_is_escaped_and_carriage_returns_survive_the_parser() -> None:
    assert verbatim(RAW) == "a&#13;\n&lt;b&gt;😀 שלום&lt;/b&gt; &amp; 日本語\n"
    assert verbatim("a\0b") == "a\N{REPLACEMENT CHARACTER}b"
