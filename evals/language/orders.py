"""What a text that gives orders to a machine says once its disguise is off, and the words by which it can be known again."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator

from evals.language.match import fold

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_BLOB = re.compile(r"(?<![\w/+=-])[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"\b(?:[0-9a-fA-F]{2}){12,}\b")
_WORD = re.compile(r"[^\W_]+(?:[-_./][^\W_]+)*")
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).{5,}")
_MEASURE = re.compile(
    r"\d+(?:[.,]\d+)*-?(?:x|k|m|kb|mb|gb|ms|s|min|h|px|fps|st|nd|rd|th|%)|[a-z]{1,3}-?\d{1,2}", re.I
)
"""`10k`, `4th`, `US-1`: two texts may say them without one having read the other."""
_LONGEST = 20_000
PHRASE_WORDS = 6
"""So many words in a row are repeated, not found again by chance."""


def undisguised(text: str) -> tuple[str, ...]:
    """The text and what hides in it: without zero-width characters, look-alike forms folded, tags, Base64 and hex decoded."""
    looked_at = text[:_LONGEST]
    shown = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", _TAGS.sub(" ", looked_at)))
    hidden = ["".join(chr(ord(c) - 0xE0000) for c in match.group()) for match in _TAGS.finditer(looked_at)]
    hidden += [decoded for match in _BLOB.finditer(shown) if (decoded := _base64(match.group()))]
    hidden += [decoded for match in _HEX.finditer(shown) if (decoded := _printable(bytes.fromhex(match.group())))]  # fmt: skip
    return (shown, *hidden)


def code_words(texts: Iterable[str]) -> frozenset[str]:
    """Words with letters and digits that nobody says by chance (`ZQ4209A130`, `fb-999999`), folded."""
    return frozenset(word for text in texts for word in _words(text) if _is_code(word))


def phrases(texts: Iterable[str]) -> frozenset[str]:
    """All runs of six words, folded."""
    found = set()
    for text in texts:
        said = list(_words(text))
        found |= {" ".join(said[at : at + PHRASE_WORDS]) for at in range(len(said) - PHRASE_WORDS + 1)}
    return frozenset(found)


def spans_of(text: str, wanted: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Where words or runs of six words of a text are among those wanted: start, end, what."""
    if not wanted:
        return
    matches = list(_WORD.finditer(text))
    said = [fold(match.group()) for match in matches]
    for at, word in enumerate(said):
        if word in wanted:
            yield (*matches[at].span(), word)
        run = said[at : at + PHRASE_WORDS]
        if len(run) == PHRASE_WORDS and (phrase := " ".join(run)) in wanted:
            yield matches[at].start(), matches[at + PHRASE_WORDS - 1].end(), phrase


def _words(text: str) -> Iterator[str]:
    return (fold(match.group()) for match in _WORD.finditer(text))


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word) is not None and _MEASURE.fullmatch(word) is None


def _base64(blob: str) -> str:
    try:
        bare = blob.rstrip("=").replace("-", "+").replace("_", "/")
        return _printable(base64.b64decode(bare + "=" * (-len(bare) % 4)))
    except binascii.Error:
        return ""


def _printable(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if all(c.isprintable() or c.isspace() for c in text) else ""
