"""Texts as other people's formats can hold them: legal in XML, on one line, and which way they are read."""

import unicodedata

_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
_OPENED = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
"""What turns the direction of a text (Unicode Annex 9) → what ends that."""


def legal(text: str) -> str:
    """The text without what XML 1.0 can't hold: most control characters and lone surrogates.

    A turn of direction that it leaves open is closed at its end, so that it can't turn the words of others.
    """
    held = text.translate(_ILLEGAL)
    return held + _closings(held) if any(turn in held for turn in _OPENED) else held


def _closings(text: str) -> str:
    waiting: list[str] = []
    for letter in text:
        if letter in _OPENED:
            waiting.append(_OPENED[letter])
        elif waiting and letter == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting))


def one_line(text: str) -> str:
    """The legal text with each run of blanks and line breaks as one blank; blanks at its ends stay, as one each."""
    held = legal(text)
    flat = " ".join(held.split())
    if not flat:
        return " " if held else ""
    return f"{' ' * held[0].isspace()}{flat}{' ' * held[-1].isspace()}"


def runs_from_right(text: str) -> bool:
    """Whether the first letter with a direction belongs to a script that is read from the right."""
    for letter in text:
        way = unicodedata.bidirectional(letter)
        if way in {"R", "AL"}:
            return True
        if way == "L":
            return False
    return False
