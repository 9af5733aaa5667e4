"""The sentences of a claim, and which of them carry no proof of their own. Pure functions."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Claim, Draft
from assistant.domain.text import content_words, sentences, stem
from evals.reading.prose import placeholders

_AFTER_A_QUOTE = re.compile(r"(?<=\})[\s\"”’)\]]+(?=[^\W\d_]|\d|[\"“„«»‘])")
"""A quote is a whole statement: words right after its placeholder begin a new one."""
_QUOTE_BEFORE = re.compile(r"\{Q\d+\}\Z")
_WORDED = 0.6
"""So much of what a sentence without a placeholder says must be said by the claim's quotes."""


def pieces(text: str) -> list[tuple[int, int]]:
    """Spans of a claim's sentences, as `sentences`; a quote's placeholder ends its sentence where words follow it."""
    found = []
    text = re.sub(r"\s", " ", text)  # A line break inside a statement doesn't end it.
    for start, end in sentences(text):
        begin = start
        for gap in _AFTER_A_QUOTE.finditer(text, start, end):
            if _QUOTE_BEFORE.search(text, begin, gap.start()):
                found.append((begin, gap.start()))
                begin = gap.end()
        found.append((begin, end))
    return found


def piece_at(text: str, offset: int) -> str:
    """The sentence that an offset stands in, or the whole text."""
    return next((text[start:end] for start, end in pieces(text) if start <= offset < end), text)


def unproven(draft: Draft, claim: Claim) -> Iterator[tuple[int, int]]:
    """Sentences of a claim that hold neither number nor quote, and that its quotes don't say.

    A claim of one sentence without any placeholder is proven by what it cites.
    """
    parts = pieces(claim.text)
    if len(parts) < 2:
        return
    cited = [draft.quotes[name].text for name in claim.quote_ids if name in draft.quotes]
    said = {stem(word) for text in cited for word in content_words(text)}
    for start, end in parts:
        piece = claim.text[start:end]
        stems = {stem(word) for word in content_words(piece)}
        if placeholders(piece) or not re.search(r"[^\W_]", piece):
            continue
        if not stems or len(stems & said) < _WORDED * len(stems):
            yield start, end
