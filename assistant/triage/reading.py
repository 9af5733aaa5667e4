"""A ticket's text as it is read: without hidden characters, one form for each letter, every place traceable to the raw record."""

import unicodedata
from dataclasses import dataclass

from assistant.domain.clean import clean
from assistant.domain.evidence import Quote
from assistant.domain.record import Record
from assistant.domain.text import sentences

MAX_CHARS = 60_000
"""Read of a ticket. Longer ones are logs; what matters stands before them (of 3,579 tickets of gitbugs, 5 are longer)."""
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})


@dataclass(frozen=True)
class Plain:
    """A text in lower case, compatible letters made one (`ｄａｔａ` is `data`), nothing invisible left between letters."""

    text: str
    origin: tuple[tuple[int, int], ...]
    """Per character: the span of the raw text that it stands for."""

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of the span [start, end), which must not be empty."""
        return self.origin[start][0], self.origin[end - 1][1]


def read(raw: str) -> Plain:
    """The readable text of a record. Raises nothing; an empty text gives an empty one."""
    cleaned = clean(raw[:MAX_CHARS])
    letters: list[str] = []
    origin: list[tuple[int, int]] = []
    for place, character in enumerate(cleaned.text):
        if character == "\n":
            folded = "\n"
        elif character.isascii():
            folded = character.lower()
        elif unicodedata.category(character) in ("Cf", "Cn", "Co", "Cs"):
            continue
        else:
            folded = unicodedata.normalize("NFKC", character).lower()
        span = cleaned.to_raw(place, place + 1)
        letters.extend(folded)
        origin.extend([span] * len(folded))
    return Plain("".join(letters).translate(_APOSTROPHES), tuple(origin))


def quote_of(record: Record, start: int, end: int) -> Quote:
    """A verbatim quote of a span of the raw text, without the white space around it. The span must hold some text."""
    text = record.raw[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    return Quote(
        record_id=record.id,
        revision=record.revision,
        start=start,
        end=start + len(text),
        text=text,
        source=record.source,
        person=record.person,
        said_at=record.said_at,
        language=record.language,
    )


def sentence_quote(record: Record, start: int, end: int) -> Quote:
    """The sentence of the raw text around a span, as a quote."""
    for first, last in sentences(record.raw):
        if first <= start < last:
            return quote_of(record, first, max(last, end))
    return quote_of(record, start, end)
