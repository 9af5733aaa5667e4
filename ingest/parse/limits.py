"""Limits that every document parser keeps, and the one way to put text blocks together."""

from collections.abc import Sequence
from pathlib import Path

from assistant.domain.record import Anchor
from assistant.errors import InputRejected
from ingest.port import Document, TextBlock

MAX_DOCUMENT_CHARS = 5_000_000
MAX_PAGES = 3_000
MAX_SECONDS = 60.0
MAX_TAGS = 1_000_000
"""Of an Office document; each costs its reader about 150 bytes. A thousand pages of text have half as many."""
MAX_PLACES = 20_000
"""Headings, rows or pages that can be named."""
_NO_TEXT_HINT = "If it is a scan, run text recognition (OCR) on it first."


def check_size(path: Path, max_bytes: int) -> None:
    """Raises: InputRejected where a document is larger than the limit or can't be looked at."""
    try:
        size = path.stat().st_size
    except OSError as problem:
        raise InputRejected(
            f"{path.name} can't be read: {problem.strerror or problem}.",
            hint="Check the path and its permissions.",
        ) from problem
    if size > max_bytes:
        raise InputRejected(
            f"{path.name} is larger than {max_bytes >> 20} MB, which a document may be.",
            hint="Split it, or raise VOXSPEC_MAX_UPLOAD_MB.",
        )


def assemble(path: Path, blocks: Sequence[TextBlock], title: str | None) -> Document:
    """Join blocks with blank lines; each label covers the text up to the next label.

    Raises: InputRejected if there is no text, or more than 5 million characters of it.
    """
    parts: list[str] = []
    starts: list[tuple[int, str]] = []
    length = 0
    for block in blocks:
        text = printable(block.text).strip()
        if not text:
            continue
        if block.label and (not starts or starts[-1][1] != block.label):
            starts.append((length, block.label))
        parts.append(text)
        length += len(text) + 2
    text = "\n\n".join(parts)
    return document(path, text, title, starts)


def document(path: Path, text: str, title: str | None, starts: Sequence[tuple[int, str]]) -> Document:
    """A document from its text and the (offset, label) at which its places begin. Raises: InputRejected, as `assemble`."""
    if not text.strip():
        raise InputRejected(f"{path.name} holds no text.", hint=_NO_TEXT_HINT)
    if len(text) > MAX_DOCUMENT_CHARS:
        raise too_long(path)
    if len(starts) > MAX_PLACES:
        raise too_many_places(path)
    ends = [*[start for start, _ in starts[1:]], len(text)] if starts else []
    anchors = tuple(
        Anchor(start=start, end=end, label=label[:200])
        for (start, label), end in zip(starts, ends, strict=True)
        if end > start
    )
    return Document(text, title[:300] if title else None, anchors)


def too_long(path: Path) -> InputRejected:
    """The error for a document with more text than one may have."""
    return InputRejected(
        f"{path.name} holds more than {MAX_DOCUMENT_CHARS:,} characters of text.",
        hint="Split it into smaller documents.",
    )


def too_many_places(path: Path) -> InputRejected:
    """The error for a document of more headings or slides than anyone writes."""
    return InputRejected(
        f"{path.name} holds more than {MAX_PLACES:,} headings.", hint="Split it, or save it as plain text."
    )


def printable(text: str) -> str:
    """Without NUL and lone surrogates, which some extractors produce for glyphs that they can't name."""
    if "\x00" not in text and text.isascii():
        return text
    return "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff")
