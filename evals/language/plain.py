"""A text as words are looked for in it: blanks, hyphens and quotation marks of one kind, nothing invisible. Offsets stay known."""

import re
import unicodedata

_PLAIN = re.compile(r"(?:[!-~·“”–—…äöüßéèàçñÄÖÜ€§°]| (?! ))*")
_FOLDED = str.maketrans({**dict.fromkeys("‘’‚‛′`´ʼ", "'"), **dict.fromkeys("‐‑‒−﹣－", "-")})


def plain(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters the offset that it had; None where nothing changed."""
    if _PLAIN.fullmatch(text):
        return text, None
    kept: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        category = unicodedata.category(character)
        if category == "Cf":
            continue
        if category.startswith("Z") or character.isspace():
            if kept and kept[-1] == " ":
                continue
            character = " "
        elif category not in ("No", "Nl"):
            character = unicodedata.normalize("NFKC", character).translate(_FOLDED)
        for part in character:
            kept.append(part)
            offsets.append(offset)
    return "".join(kept), offsets


def back(span: tuple[int, int] | None, offsets: list[int] | None) -> tuple[int, int] | None:
    """A span of the folded text, as one of the text itself."""
    if span is None or offsets is None or not offsets:
        return span
    start, end = (min(place, len(offsets) - 1) for place in (span[0], max(span[0], span[1] - 1)))
    return offsets[start], offsets[end] + 1
