"""Records to statements: one thing that is said, with exact offsets into the raw text."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.clean import clean
from assistant.domain.text import sentences, words
from assistant.domain.theme import Statement
from assistant.search.marks import greeting_end
from assistant.stores.theme_port import Uncut

FEWEST_WORDS = 4
"""A shorter sentence ("Please fix.", "Every time.") says nothing by itself and stays with the one before it."""


@dataclass(frozen=True)
class Cut:
    """A statement with the text that is embedded for it."""

    statement: Statement
    text: str
    """Cleaned; what `text_hash` is the hash of."""


def statements_of(record: Uncut) -> list[Cut]:
    """Cut a record into statements, passage by passage.

    A passage of one statement is that statement, so that its vector is there already. A greeting in front of it is left out
    where the passage has to be cut anyway. Every passage gives at least one statement: nothing that was said is dropped.
    """
    found: list[Cut] = []
    for start, end in record.passages:
        part = clean(record.raw[start:end])
        for first, last in _spans(part.text):
            raw_start, raw_end = part.to_raw(first, last)
            text = part.text[first:last]
            found.append(Cut(Statement.of(len(found), start + raw_start, start + raw_end, text), text))
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    parts = list(_joined(text, sentences(text)))
    if len(parts) < 2:
        return iter([(0, len(text))] if text else [])
    return ((start if (own := greeting_end(text, start, end)) >= end else own, end) for start, end in parts)


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of which each says something: short ones go to the one before them, those in front to the first."""
    start = end = -1
    for first, last in spans:
        says_something = len(words(text[first:last])) >= FEWEST_WORDS
        if start >= 0 and says_something and len(words(text[start:end])) >= FEWEST_WORDS:
            yield start, end
            start = first
        elif start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end
