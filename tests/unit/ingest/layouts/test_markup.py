"""HTML of messages to text."""

import time

import pytest

from ingest.layouts.markup import plain_text


@pytest.mark.parametrize(
    ("fragment", "shown"),
    [
        ("plain", "plain"),
        ("3 < 4 and 5 > 4\n\n  kept", "3 < 4 and 5 > 4\n\n  kept"),
        ("<p>One</p>\n<p>two<br/>three</p>", "One\ntwo\nthree"),
        ("<p>in<b>line</b> <i>words</i></p>", "inline words"),
        ("a &amp; b&nbsp;c &lt;tag&gt;", "a & b c <tag>"),
        ("<script>x</script><style>y</style>", ""),
        ("<p hidden>tracking</p><p>seen</p>", "seen"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tr><td>a</td></tr></table><!-- c -->", "a"),
        ("<p>never closed <b>bold", "never closed bold"),
    ],
)
def test_fragments_become_what_a_reader_sees(fragment: str, shown: str) -> None:
    assert plain_text(fragment) == shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 200_000 + "end",
        "<b><i><p>" * 600 + "end",
        "<a href='x'>" * 1_900 + "end",
        "<table><td>" * 900 + "end",
        "end" + "<!--" * 200_000,
        "end" + "&amp" * 200_000 + ";",
        "<" * 500_000 + "a>end",
        "</p>" * 1_999 + "end",
    ],
    ids=["divs", "formatting", "anchors", "tables", "comments", "entities", "brackets", "closings"],
)
def test_hostile_fragments_are_read_quickly(hostile: str) -> None:
    started = time.process_time()
    assert "end" in plain_text(hostile)
    assert time.process_time() - started < 2
