"""What a person typed, before it stands in a draft: one line, no control characters, placeholders left whole."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from assistant.domain.draft import PLACEHOLDER, Draft
from assistant.domain.edit import LONGEST_TEXT
from assistant.domain.quantities import stated_quantities
from assistant.drafting.formats.tree import plain
from assistant.errors import UsageError
from assistant.search.ground import refusal

_NOTHING_SHOWN = frozenset("CZ")
_QUOTATION = re.compile(r"[“„«\"][^“”„«»\"]*[”“»\"]")
_MARKS = frozenset(" ,.;:!?'’()-–—/…")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def clean(text: str, *, may_be_empty: bool = False) -> str:
    """The text on one line. Raises: UsageError for one that is empty, too long, or holds control characters."""
    if len(text) > LONGEST_TEXT:
        raise UsageError(
            f"A text is longer than {LONGEST_TEXT:,} characters.", hint="Say it in several blocks."
        )
    line = " ".join(re.split(r"[\r\n\t\v\f\x85\u2028\u2029]+", text)).strip()
    for character in line:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise UsageError(
                f"The text holds a control character (U+{ord(character):04X}).", hint="Type it without."
            )
    if not may_be_empty and not any(unicodedata.category(one)[0] not in _NOTHING_SHOWN for one in line):
        raise UsageError(
            "There is no text in it.", hint="Remove the passage where nothing is to stand there."
        )
    return line


def goes_beyond(old: str, text: str, sources: Iterable[str]) -> bool:
    """Whether a person's wording of a proven sentence says what neither that sentence nor its evidence says.

    Numbers and quotations are left out: graders look at them wherever they stand.
    """
    return (
        bool(refusal(_words(text), _words(old), sources, most_words=LONGEST_TEXT)) if text != old else False
    )


def _words(text: str) -> str:
    bare = _QUOTATION.sub(" ", PLACEHOLDER.sub(" ", text))
    for start, end in reversed(list(stated_quantities(bare))):
        bare = f"{bare[:start]} {bare[end:]}"
    return " ".join("".join(one if one.isalpha() or one in _MARKS else " " for one in bare).split()) or "it"


def spliced(old: str, text: str, span: tuple[int, int] | None) -> str:
    """The old text with another one in place of the span. Raises: UsageError for a span outside it, or through a placeholder."""
    if span is None:
        return text
    start, end = span
    if not 0 <= start <= end <= len(old):
        raise UsageError(
            f"The text has {len(old)} characters; {start} to {end} is no part of it.",
            hint="Give offsets into the text as it stands, placeholders included.",
        )
    for match in PLACEHOLDER.finditer(old):
        if match.start() < start < match.end() or match.start() < end < match.end():
            raise UsageError(
                f"The span cuts through {match.group()}.",
                hint="Take the whole placeholder, or leave it; code fills it.",
            )
    return old[:start] + text + old[end:]


def unfilled(draft: Draft, old: str, shown: str) -> str:
    """A text as a person saw and changed it, with the placeholders of the old one put back where its words still stand.

    Args:
        old: with placeholders.
        shown: what the person typed over `plain(draft, old)`.
    """
    filled, places = "", []
    position = 0
    for match in PLACEHOLDER.finditer(old):
        filled += old[position : match.start()]
        words = plain(draft, match.group())
        places.append((len(filled), len(filled) + len(words), match.group()))
        filled += words
        position = match.end()
    filled += old[position:]
    kept = _kept(filled, shown)
    result, done = "", 0
    for start, end, name in places:
        moved = next((to - at for at, to, size in kept if at <= start and end <= at + size), None)
        if moved is None or start + moved < done:
            continue
        result += shown[done : start + moved] + name
        done = end + moved
    return result + shown[done:]


def _kept(before: str, after: str) -> list[tuple[int, int, int]]:
    """Runs of whole words that both have: where in each, and how many characters."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    at, to = _starts(one), _starts(other)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [(at[a], to[b], at[a + size] - at[a]) for a, b, size in blocks if size]


def _starts(tokens: list[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts
