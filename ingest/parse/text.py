"""Plain text and Markdown: the text is the file's own, untouched; Markdown headings become anchors."""

import re
from pathlib import Path

from assistant.errors import InputRejected
from ingest.connectors.encoding import inspect
from ingest.parse.limits import document
from ingest.port import Document

_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]+(?P<hashed>[^\n\r]+?)[ \t]*#*|(?P<underlined>[^\n\r]+)\r?\n(?:={3,}|-{3,}))[ \t]*\r?$",
    re.MULTILINE,
)
_FENCE = re.compile(r"^(?P<mark>```+|~~~+)[^\n]*\n.*?^(?P=mark)[ \t]*$", re.MULTILINE | re.DOTALL)
_MARKUP = re.compile(r"[*_`]|\[([^\]]*)\]\([^)]*\)")


def parse_text(path: Path) -> Document:
    """Read plain text. Raises: InputRejected if it is empty or not text."""
    return document(path, read_text(path), None, ())


def parse_markdown(path: Path) -> Document:
    """Read Markdown; the first heading is the title. Raises: InputRejected if it is empty or not text."""
    text = read_text(path)
    code = [match.span() for match in _FENCE.finditer(text)]
    starts = [
        (match.start(), f"§ {label}")
        for match in _HEADING.finditer(text)
        if (label := _label(match)) and not any(start <= match.start() < end for start, end in code)
    ]
    return document(path, text, starts[0][1].removeprefix("§ ") if starts else None, starts)


def _label(match: re.Match[str]) -> str:
    title = match["hashed"] or match["underlined"] or ""
    return " ".join(_MARKUP.sub(r"\1", title).split())


def read_text(path: Path) -> str:
    """The file's characters, line breaks untouched. Raises: InputRejected if bytes don't fit its encoding."""
    facts = inspect(path)
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
