"""Plain text and Markdown: the text is the file's own, untouched; the path of Markdown headings becomes anchors."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import InputRejected
from ingest.connectors.encoding import inspect
from ingest.parse.headings import HeadingPath
from ingest.parse.limits import MAX_DOCUMENT_CHARS, MAX_PLACES, document, too_long, too_many_places
from ingest.port import Document

_HEADING = re.compile(
    r"^ {0,3}(?:(?P<hashes>#{1,6})[ \t]+(?P<hashed>[^\s][^\n\r]*)|(?P<underlined>[^\s\-=][^\n\r]*)\r?\n(?P<rule>={3,}|-{3,})[ \t]*)\r?$",
    re.MULTILINE,
)
_CLOSING = re.compile(r"(?:^|[ \t]+)#+\Z")
_TITLE_CHARS = 500
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)
_MARKUP = re.compile(r"[*`]|(?<![^\W_])_|_(?![^\W_])|\[([^\]]*)\]\([^)]*\)")


def parse_text(path: Path) -> Document:
    """Read plain text. Raises: InputRejected if it is empty or not text."""
    return document(path, read_text(path), None, ())


def parse_markdown(path: Path) -> Document:
    """Read Markdown; the first heading is the title. Raises: InputRejected if it is empty or not text."""
    text = read_text(path)
    code = list(_code(text))
    headings = HeadingPath()
    starts: list[tuple[int, str]] = []
    fence = 0
    for match in _HEADING.finditer(text):
        while fence < len(code) and code[fence][1] <= match.start():
            fence += 1
        if fence < len(code) and code[fence][0] <= match.start():
            continue
        if title := _title(match):
            headings.enter(_level(match), title)
            starts.append((match.start(), headings.label))
            if len(starts) > MAX_PLACES:
                raise too_many_places(path)
    return document(path, text, headings.first, starts)


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Spans of fenced code, in one pass: a fence that is never closed goes on to the end, as CommonMark says."""
    start, mark = -1, ""
    for line in _FENCE.finditer(text):
        if start < 0:
            start, mark = line.start(), line["mark"]
        elif line["mark"].startswith(mark) and not line["info"].strip():
            yield start, line.end()
            start = -1
    if start >= 0:
        yield start, len(text)


def _level(match: re.Match[str]) -> int:
    if match["hashed"]:
        return len(match["hashes"])
    return 1 if match["rule"].startswith("=") else 2


def _title(match: re.Match[str]) -> str:
    title = (match["hashed"] or match["underlined"] or "").strip()[:_TITLE_CHARS]
    if match["hashed"]:
        title = _CLOSING.sub("", title)
    return " ".join(_MARKUP.sub(r"\1", title).split())


def read_text(path: Path) -> str:
    """The file's characters, line breaks untouched. Raises: InputRejected if bytes don't fit its encoding."""
    facts = inspect(path)
    # Four bytes is the longest a character is in any encoding that is read.
    if facts.size > 4 * MAX_DOCUMENT_CHARS:
        raise too_long(path)
    try:
        text = path.read_bytes().decode(facts.encoding)
    except UnicodeDecodeError as problem:
        raise InputRejected(
            f"{path.name} isn't text in {facts.encoding}: byte {problem.start + 1:,} doesn't fit.",
            hint="Save it as UTF-8.",
        ) from problem
    if "\x00" in text:
        raise InputRejected(
            f"{path.name} holds NUL characters, which no text has.", hint="Save it again as UTF-8 text."
        )
    return text
