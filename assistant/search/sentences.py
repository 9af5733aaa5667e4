"""From a passage to the one sentence that a person should read, as a Quote with exact raw offsets."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.clean import CleanText, clean
from assistant.domain.evidence import Quote
from assistant.domain.record import Passage, Record
from assistant.domain.text import index_terms, sentences, words

LONGEST = 300
"""Characters of a quote; a longer sentence is cut at the boundaries of its clauses."""
_FEWEST_WORDS, _MOST_WORDS = 4, 45
_OUTSIDE_LENGTH = 0.5
_CLAUSE = re.compile(
    r"(?<=[,;:])\s+|\s+(?=[–—(])|(?<=[)–—])\s+|(?<=[、，；])|\s+(?=(?:but|because|which|although|while|and then)\s)"
)
_ITEM = re.compile(r"(?:\r\n|[\n\r])(?=[ \t]*(?:[-*•·>#]+|\d{1,2}[.)])[ \t])")
_LEADING_MARKS = re.compile(r"(?:[-*•·>#|]+\s+)+")
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}

Span = tuple[int, int]


def best_sentence(
    record: Record, passage: Passage, terms: frozenset[str], *, revision: str | None = None
) -> Quote:
    """Quote the sentence of the passage that says most about the terms.

    Sentences of 4 to 45 words are preferred; where no term occurs, it is the first of that length.

    Args:
        terms: stems, as `domain.text.index_terms` gives them for the record's language.
        revision: the record's revision, where the caller has it (it is a hash of the whole record).
    """
    choices = [
        _Choice(offset, cleaned, _without_marks(cleaned.text, span))
        for offset, piece in _list_items(record.raw, passage.start, passage.end)
        for cleaned in (clean(piece),)
        for span in sentences(cleaned.text)
    ]
    if not choices:
        return quote_of(record, passage.start, passage.end, revision=revision)
    best = choices[0]
    if len(choices) > 1:
        best = max(choices, key=lambda each: _score(each.cleaned.text, each.span, terms, record.language))
    span = best.span
    if span[1] - span[0] > LONGEST:
        span = _best_window(best.cleaned.text, span, terms, record.language)
    start, end = best.cleaned.to_raw(*span)
    return quote_of(record, best.offset + start, best.offset + end, revision=revision)


@dataclass(frozen=True)
class _Choice:
    offset: int
    cleaned: CleanText
    span: Span


def _list_items(raw: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The span, cut before each list item: cleaning makes single line breaks spaces."""
    for item in _ITEM.finditer(raw, start, end):
        yield start, raw[start : item.end()]
        start = item.end()
    yield start, raw[start:end]


def quote_of(record: Record, start: int, end: int, *, revision: str | None = None) -> Quote:
    """Quote a span of a record. Raises: ValueError where the span is empty or outside the raw text."""
    return Quote(
        record_id=record.id,
        revision=record.revision if revision is None else revision,
        start=start,
        end=end,
        text=record.raw[start:end],
        source=record.source,
        person=record.person,
        said_at=record.said_at,
        language=record.language,
        anchor=_anchor(record, start),
    )


def _anchor(record: Record, start: int) -> str | None:
    covering = [anchor for anchor in record.anchors if anchor.start <= start < anchor.end]
    return (
        min(covering, key=lambda anchor: (anchor.end - anchor.start, anchor.label)).label
        if covering
        else None
    )


def _without_marks(text: str, span: Span) -> Span:
    """The sentence without list bullets and heading marks before it."""
    marks = _LEADING_MARKS.match(text, *span)
    return (marks.end(), span[1]) if marks and marks.end() < span[1] else span


def _score(text: str, span: Span, terms: frozenset[str], language: str) -> tuple[float, bool, int]:
    """Overlap per length; then whether the length is a sentence's; then how close a short one comes to it."""
    part = text[span[0] : span[1]]
    length = _length(part)
    fits = _FEWEST_WORDS <= length <= _MOST_WORDS
    overlap = _overlap(part, terms, language) / (1.0 + max(length, 8) / 40)
    return round(overlap * (1.0 if fits else _OUTSIDE_LENGTH), 6), fits, min(length, _FEWEST_WORDS)


def _length(part: str) -> int:
    return len(part.split()) if part.isascii() else len(words(part))


def _overlap(part: str, terms: frozenset[str], language: str) -> float:
    """Distinct terms that occur; long words say more than short ones. Summed in order, so that bits don't vary."""
    if not terms:
        return 0.0
    return sum(
        1.0 + min(len(term), 10) / 10 for term in sorted(terms.intersection(index_terms(part, language)))
    )


def _best_window(text: str, span: Span, terms: frozenset[str], language: str) -> Span:
    """The run of clauses of at most `LONGEST` characters with the most overlap; the earliest of equals."""
    pieces = [piece for clause in _clauses(text, span) for piece in _fitting(text, clause)]
    best, best_score = pieces[0], (-1.0, -1)
    for first, piece in enumerate(pieces):
        end = piece[1]
        for following in pieces[first + 1 :]:
            if following[1] - piece[0] > LONGEST:
                break
            end = following[1]
        score = (
            _overlap(text[piece[0] : end], terms, language),
            min(_length(text[piece[0] : end]), _FEWEST_WORDS),
        )
        if score > best_score:
            best, best_score = (piece[0], end), score
    return best


def _clauses(text: str, span: Span) -> Iterator[Span]:
    start = span[0]
    for boundary in _CLAUSE.finditer(text, *span):
        if start < boundary.start():
            yield start, boundary.start()
        start = boundary.end()
    if start < span[1]:
        yield start, span[1]


def _fitting(text: str, clause: Span) -> Iterator[Span]:
    """Cut a clause that is too long, at white space where there is some, never inside a composed character."""
    start, end = clause
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else _between_characters(text, start, start + LONGEST)
        yield start, cut
        start = cut + (text[cut] == " ")
    if start < end:
        yield start, end


def _between_characters(text: str, start: int, position: int) -> int:
    earliest = start + LONGEST // 2
    cut = position
    while cut > earliest and (
        unicodedata.combining(text[cut]) or text[cut] in _JOINERS or text[cut - 1] in _JOINERS
    ):
        cut -= 1
    return cut
