"""Where a text says a wish again, word for word but for one. Pure functions."""

import re
from collections.abc import Iterator

from assistant.domain.text import STOP_WORDS, stem

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEAST = 2
"""Words that a wish needs, its verb apart, before another word in it is told from another wish."""
_SPEAKERS = frozenset(
    ["i", "me", "my", "mine", "we", "us", "our", "they", "them", "their", "he", "she", "his", "her", "you"]
)

_NO_NAMES = STOP_WORDS | _SPEAKERS


def but_one(wish: str, other: str) -> Iterator[tuple[str, str]]:
    """Pairs of words by which a wish, its verb apart, differs from a stretch of another text, as they are written.

    Words of one stem are the same, and so are `I` and `they`; words that carry no meaning are no names.
    """
    verb, *own = _words(wish) or [""]
    held = _words(other)
    keys, beside = [_key(word) for word in own], [_key(word) for word in held]
    windows = [beside[at : at + len(own)] for at in range(len(held) - len(own) + 1)]
    if len(own) < _LEAST or keys in windows:
        return
    for at, window in enumerate(windows):
        differing = [place for place, (one, two) in enumerate(zip(keys, window, strict=True)) if one != two]
        if len(differing) != 1:
            continue
        mine, theirs = own[differing[0]], held[at + differing[0]]
        shared = {*own, verb} if at and beside[at - 1] == _key(verb) else {*own}
        if {mine, theirs} & _NO_NAMES or not shared - {mine} - _NO_NAMES:
            continue
        yield mine, theirs


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(re.sub(r"\A\s*to\s+", "", text))]


def _key(word: str) -> str:
    return "·" if word in _SPEAKERS else stem(word)
