"""A mail's bytes before they are parsed: without attachments, whose content nobody reads and which cost nine times their size."""

import re
from collections.abc import Iterator

MAX_KEPT = 8 << 20
"""Bytes of what is left. A million characters, the longest text that is kept, take at most six megabytes in base64."""
_MAX_PARTS = 5_000
_MAX_NESTED = 300
_MAX_HEAD = 1 << 20
_SMALL = 64 << 10
"""Smaller attachments stay: looking at them costs more than they do."""
_HEADER_LINE = re.compile(rb"(?:--[^\r\n]*\r?\n)?[!-9;-~]{1,76}:[ \t\r\n]")
_BLANK = re.compile(rb"\r?\n\r?\n")
_ATTACHED = re.compile(
    rb"^content-disposition:\s*attachment|^content-type:\s*(?!text/|multipart/|message/)[\w-]+/",
    re.IGNORECASE | re.MULTILINE,
)


def without_attachments(raw: bytes) -> tuple[bytes, str]:
    """Leave out what large attachments hold; their headers stay.

    Returns: the mail, and why it can't be read, which is empty if it can. Each part costs memory and each level time, long before
        anybody sees their text.
    """
    levels = len(re.findall(rb"(?i)multipart/", raw))
    # Without one, lines that begin like a boundary are text: a comment in SQL, a signature.
    if levels > _MAX_NESTED or (levels and raw.count(b"\n--") > _MAX_PARTS):
        return b"", "a mail with more parts than mail has"
    kept: list[bytes] = []
    size = 0
    for start, end in _parts(raw):
        head_end = _head_end(raw, start, end)
        if head_end - start > _MAX_HEAD:
            return b"", "a mail with longer headers than mail has"
        if end - head_end > _SMALL and _ATTACHED.search(raw, start, head_end):
            kept += [raw[start:head_end], b"\n"]
        else:
            kept.append(raw[start:end])
        size += len(kept[-1])
        if size > MAX_KEPT:
            return b"", f"a mail with more than {MAX_KEPT >> 20} MB of text"
    return b"".join(kept), ""


def _parts(raw: bytes) -> Iterator[tuple[int, int]]:
    """The mail cut before each line that begins like a boundary."""
    start = 0
    while (cut := raw.find(b"\n--", start)) >= 0:
        yield start, cut + 1
        start = cut + 1
    yield start, len(raw)


def _head_end(raw: bytes, start: int, end: int) -> int:
    """Where the headers of a part end; at its start where it begins with none."""
    if not _HEADER_LINE.match(raw, start, end):
        return start
    blank = _BLANK.search(raw, start, end)
    return blank.end() if blank else end
