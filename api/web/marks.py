"""Cutting a record's raw text at a cited passage. Offsets count code points, as everywhere in Voxspec."""

import re
from typing import NamedTuple

from assistant.domain.personal.find import masked_pieces
from assistant.errors import UsageError

_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})\Z")


class Parts(NamedTuple):
    """The text before, inside and after the mark; joined they are the raw text, or its masked form."""

    before: str
    marked: str
    after: str


def read_span(text: str | None, length: int) -> tuple[int, int]:
    """`start-end` as offsets; (0, 0) where there is none. Raises: UsageError where it isn't inside the text."""
    if text is None:
        return 0, 0
    match = _SPAN.match(text)
    start, end = (int(match[1]), int(match[2])) if match else (0, 0)
    if not start < end <= length:
        raise UsageError("That passage is not in the record.", hint="Open the record without ?quote=.")
    return start, end


def cut_at(raw: str, start: int, end: int, *, masks: bool = False) -> Parts:
    """Cut the raw text in three. Args: masks: show a word in brackets for personal data."""
    first, second = (start, end) if end else (len(raw), len(raw))
    if not masks:
        return Parts(raw[:first], raw[first:second], raw[second:])
    return Parts(*masked_pieces(raw, (first, second)))
