"""Nothing hides in the draft's prose: no invisible, direction-turning or unassigned characters, no piles of accents."""

import re
import unicodedata
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.spot import Spot, blocking
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "hidden_characters"
_JOINERS = "\u200c\u200d"
_VARIANTS = "\ufe0e\ufe0f"
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Letters, marks and signs that show nothing; their category doesn't tell (UTS 39, Default_Ignorable)."""
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,7}\U000e007f")
"""A region's flag is written with tag characters (UTS 51)."""
_PILE = re.compile(r"[^\W\d_](?P<marks>[\u0300-\u036f]{4,})")
"""Vietnamese written apart has two accents on a letter; more than three only hide it."""


def hidden_characters(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on characters in prose that a reader can't see or that turn its order round. Quotes may hold any."""
    return blocking(_NAME, draft, find_hidden)


def find_hidden(text: str) -> Iterator[Spot]:
    """Invisible characters of a text, one spot for each."""
    if text.isascii() and text.isprintable():
        return
    flags = [match.span() for match in _FLAG.finditer(text)]
    for at, character in enumerate(text):
        if character.isprintable() and character.isascii():
            continue
        if _is_hidden(text, at) and not any(start <= at < end for start, end in flags):
            yield Spot(at, at + 1, f"An invisible character (U+{ord(character):04X}).")
    for match in _PILE.finditer(text):
        yield Spot(*match.span(), "Accents pile up on a letter.")


def _is_hidden(text: str, at: int) -> bool:
    character = text[at]
    if character in _JOINERS:
        # Joiners shape emoji and several scripts; between Latin letters they only hide something.
        around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        return around.isascii()
    if character in _BLANKS or 0xE0100 <= ord(character) <= 0xE01EF:
        return True
    if "\ufe00" <= character <= "\ufe0f":
        # One selector chooses how a sign looks; a row of them is a code (each holds a byte).
        before = text[at - 1 : at]
        after_letter = before == "" or (before.isascii() and before.isalpha())
        return after_letter or "\ufe00" <= before <= "\ufe0f" or character not in _VARIANTS
    return (
        unicodedata.category(character) in {"Cf", "Cc", "Co", "Cs", "Cn", "Zl", "Zp"}
        and character not in "\n\t"
    )


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their slow lines 🏊\u200d♀️ for now.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their sl\u200bow lines.")


GRADER = Grader(_NAME, 3, Severity.block, hidden_characters, _good, _bad)
