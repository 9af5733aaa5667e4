"""When two texts are the same, and when two records are one voice."""

import re
import unicodedata

from assistant.domain.base import digest

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)


def normalised(cleaned: str) -> str:
    """The text without what the eye passes over: case, runs of white space, width and form of letters (NFKC), zero-width marks."""
    if not cleaned.isascii():
        cleaned = _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", cleaned)).casefold())
        # Folding can leave letters decomposed again.
        cleaned = unicodedata.normalize("NFKC", cleaned)
    return " ".join(cleaned.casefold().split())


def voice(cleaned: str, person: str | None, account: str | None = None) -> str:
    """Same text from the same person has the same voice, whatever its case and spacing.

    Args:
        cleaned: the cleaned text (`domain.clean`).
        person: pseudonym; unknown authors of the same text count as one in each account.
        account: only looked at where the author is unknown.
    """
    who = person or (f"account {account}" if account else "")
    return digest("voice", normalised(cleaned), who, size=12)
