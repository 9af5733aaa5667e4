"""How large the things are that people name: `38,000 cards`."""

import re
from collections import Counter
from collections.abc import Iterable

from assistant.drafting.desk import Desk
from assistant.drafting.reader import Saying, Sentence

_UNITS = "cards|rows|tasks|items|boards|records|files|entries|lines|pages|tickets"
_SIZE = re.compile(rf"\b(\d[\d.,]*\s?k?)\s+({_UNITS})\b", re.IGNORECASE)


def stated_size(desk: Desk, sayings: Iterable[Saying], words: tuple[str, ...] = ()) -> str:
    """The largest size that somebody names, in the unit that is named most, as a stated fact: `{F3} cards`.

    Args:
        words: of which the passage must hold one that is no unit; where there are none, every passage counts.
    """
    sizes: list[tuple[str, float, Sentence, tuple[int, int]]] = []
    for saying in sayings:
        if words and not _is_about(saying, words):
            continue
        for sentence in saying.sentences if saying.usable else ():
            found = _SIZE.finditer(sentence.text)
            sizes.extend((match[2].casefold(), _value(match[1]), sentence, match.span(1)) for match in found)
    if not sizes:
        return ""
    units = Counter(unit for unit, _, _, _ in sizes)
    unit = min(units, key=lambda name: (-units[name], name))
    if units[unit] < 3:
        return ""
    best = max((size for size in sizes if size[0] == unit), key=lambda size: (size[1], -size[2].row))
    text, _ = desk.cite(best[2], *best[3])
    return f"{text} {unit}"


def _is_about(saying: Saying, words: tuple[str, ...]) -> bool:
    bare = saying.text.casefold()
    return any(word in bare for word in words if f"{word}s" not in _UNITS and word not in _UNITS)


def _value(words: str) -> float:
    digits = re.sub(r"[^\d]", "", words) or "0"
    return float(digits) * (1000 if words.rstrip().casefold().endswith("k") else 1)
