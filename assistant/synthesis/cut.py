"""Records to statements: one thing that is said, with exact offsets into the raw text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.clean import clean
from assistant.domain.text import sentences, words
from assistant.domain.theme import Statement
from assistant.search.marks import greeting_end
from assistant.stores.theme_port import Uncut

FEWEST_WORDS = 4
"""A shorter sentence ("Please fix.", "Every time.") says nothing by itself and stays with the one before it."""
_LEANS = re.compile(
    r"(?:(?:and|but|so|also|then|still|even|because)\b[ ,]*)?"
    r"(?:(?:it|that|this|there|he|she|they|these|those|which)(?:['’]?s|['’]re|['’]ll|['’]d)?|das|dies|dadurch|deshalb|c['’]est|ça|esto|eso)\b",
    re.IGNORECASE,
)
"""A sentence that starts so speaks of what the one before it names ("It happens every time.")."""
_CLOSING = re.compile(
    r"(?:(?<=[.!?…])\s+|\n\s*|^)(?:(?:many |kind |best |warm )?(?:thanks?(?: you| a lot| so much| in advance)?|thx|tia|cheers|regards|best"
    r"|best wishes|sincerely|yours|br|danke(?: schön)?|vielen dank|(?:viele|liebe|beste|schöne) grüße|gruß|lg|mfg|vg"
    r"|mit (?:freundlichen|besten|lieben|herzlichen) grüßen|merci|cordialement|gracias|(?:un )?saludos?|grazie|obrigad[oa])"
    r"(?:[ ,\n]+(?-i:[^\W\d_a-zß-ÿ][\w’'-]*\.?)){0,2}[\W_]*)+\Z",
    re.IGNORECASE,
)
"""What stands below a message: thanks, regards, a name. It says nothing, and its words draw messages together that share only them."""


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
    whole = text[: _closing_start(text)]
    parts = list(_joined(whole, sentences(whole)))
    if len(parts) < 2:
        return iter([(0, len(whole))] if text else [])
    return ((start if (own := greeting_end(text, start, end)) >= end else own, end) for start, end in parts)


def _closing_start(text: str) -> int:
    """Where the thanks and the name below a message begin; the end where there are none, or where they are all that is said."""
    found = _CLOSING.search(text)
    said = text[: found.start()].rstrip() if found else ""
    return len(said) if len(words(said)) >= FEWEST_WORDS else len(text)


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of which each says something by itself: others go to the one before them, those in front to the first."""
    start = end = -1
    for first, last in spans:
        stands_alone = len(words(text[first:last])) >= FEWEST_WORDS and not _LEANS.match(text, first, last)
        if start >= 0 and stands_alone and len(words(text[start:end])) >= FEWEST_WORDS:
            yield start, end
            start = first
        elif start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, end
