"""Tickets that are records: by which source they are known, and what their title is."""

from assistant.domain.record import Record

SOURCE = "tracker:"
"""Sources of tickets begin with it; the connection's name follows."""
_LONGEST_TITLE = 255


def title_of(record: Record) -> str:
    """The title of a ticket's record: the one it was given, else its first line."""
    if record.title:
        return record.title
    first, _, _ = record.raw.strip().partition("\n")
    return first.strip()[:_LONGEST_TITLE]


def body_of(record: Record) -> str:
    """The text below the title."""
    title = title_of(record)
    text = record.raw.lstrip()
    return text[len(title) :].lstrip() if title and text.startswith(title) else record.raw
