"""Records to passages: the slices that are embedded and cited, each with exact offsets into the raw text."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.domain.clean import CleanText, clean
from assistant.domain.ids import passage_id, text_hash
from assistant.domain.record import Passage, Record
from assistant.domain.text import index_terms, sentences
from assistant.search.marks import marks_of

MAX_CHARS = 400
"""Cleaned characters of a passage: about 100 tokens, well inside the embedder's window."""
_CHUNK_CHARS = 4_000
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")


@dataclass(frozen=True)
class Slice:
    """A passage with the text that is embedded for it."""

    passage: Passage
    text: str
    """Cleaned; what `text_hash` is the hash of."""
    terms: str
    """Words for the lexical index, joined by blanks."""


def slices_of(
    record: Record,
    cleaned: CleanText,
    *,
    is_document: bool = False,
    own: Sequence[tuple[int, int]] | None = None,
) -> list[Slice]:
    """Cut a record into passages.

    Args:
        record: the record; its raw text is cut.
        cleaned: `clean(record.raw)`; with `own`, of these parts.
        is_document: a long text with anchors; passages then don't cross anchors.
        own: spans of the raw text that may be cited; None: all of it.

    Returns: passages in order; none where nothing is left after cleaning.
    """
    if own is None and len(cleaned.text) <= MAX_CHARS and not record.anchors:
        spans = [cleaned.to_raw(0, len(cleaned.text))] if cleaned.text else []
        return [_slice(record, 0, spans[0], cleaned.text)] if spans else []
    chunks = _document_chunks(record) if is_document else own or [(0, len(record.raw))]
    found: list[Slice] = []
    for chunk_start, chunk_end in chunks:
        part = clean(record.raw[chunk_start:chunk_end])
        for start, end in _groups(part.text):
            raw_start, raw_end = part.to_raw(start, end)
            found.append(
                _slice(
                    record, len(found), (chunk_start + raw_start, chunk_start + raw_end), part.text[start:end]
                )
            )
    return found


def _slice(record: Record, ordinal: int, span: tuple[int, int], text: str) -> Slice:
    passage = Passage(
        id=passage_id(record.id, ordinal),
        record_id=record.id,
        start=span[0],
        end=span[1],
        text_hash=text_hash(text),
        marks=marks_of(text, record.language),
    )
    return Slice(passage, text, " ".join(index_terms(text, record.language)))


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Whole sentences together, as many as fit."""
    start = end = -1
    for first, last in sentences(text):
        for piece_start, piece_end in _short(text, first, last):
            if start >= 0 and piece_end - start > MAX_CHARS:
                yield start, end
                start = -1
            start = piece_start if start < 0 else start
            end = piece_end
    if start >= 0:
        yield start, end


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence in pieces that fit: cut at a blank, else between two whole characters as a reader sees them."""
    while end - start > MAX_CHARS:
        cut = text.rfind(" ", start + MAX_CHARS // 2, start + MAX_CHARS)
        if cut < 0:
            cut = _between_characters(text, start + MAX_CHARS, start)
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _between_characters(text: str, cut: int, start: int) -> int:
    """The last place up to `cut` that doesn't part a letter from its marks or an emoji from its family."""
    for place in range(cut, start + MAX_CHARS // 2, -1):
        after, before = text[place], text[place - 1]
        if not (_extends(after) or before == "\u200d" or _is_flag_half(after)):
            return place
    return cut


def _extends(character: str) -> bool:
    return (
        character in _JOINERS
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or (character > "\u02ff" and unicodedata.combining(character) > 0)
        or unicodedata.category(character) in ("Mn", "Mc", "Me")
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _document_chunks(record: Record) -> list[tuple[int, int]]:
    """Sections by anchor; those that are long are split at paragraphs, lines, sentences."""
    borders = sorted({0, len(record.raw), *(anchor.start for anchor in record.anchors)})
    chunks: list[tuple[int, int]] = []
    for start, end in pairwise(borders):
        if end - start <= _CHUNK_CHARS:
            chunks.append((start, end))
        else:
            chunks.extend((start + a, start + b) for a, b in _split(record.raw[start:end]))
    return chunks


def _split(text: str) -> list[tuple[int, int]]:
    # Imported here: it takes longer than everything else that an import of short texts loads.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=_CHUNK_CHARS,
        chunk_overlap=0,
        add_start_index=True,
        separators=["\n\n", "\n", ". ", "。", " "],
        strip_whitespace=False,
    )
    starts: list[int] = []
    for part in splitter.create_documents([text]):
        start = part.metadata["start_index"]
        # The splitter finds its pieces again by their text. Its answer is checked: offsets must not be guessed.
        if not isinstance(start, int) or text[start : start + len(part.page_content)] != part.page_content:
            return _evenly(0, len(text))
        starts.append(start)
    borders = sorted({0, *starts, len(text)})
    return [piece for start, end in pairwise(borders) for piece in _evenly(start, end)]


def _evenly(start: int, end: int) -> list[tuple[int, int]]:
    """What holds nothing to split at, cut by length: the splitter would join it again from single characters, which takes 6 µs each."""
    return [(at, min(at + _CHUNK_CHARS, end)) for at in range(start, end, _CHUNK_CHARS)]
