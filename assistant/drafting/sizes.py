"""How large the things are that people name: `38,000 cards`."""

import re
from collections import Counter
from collections.abc import Iterable

from assistant.drafting.desk import Desk
from assistant.drafting.reader import Saying, Sentence

_SIZE = re.compile(
    r"\b(\d[\d.,]*\s?k?)\s+(cards|rows|tasks|items|boards|records|files|entries|lines|pages|tickets)\b",
    re.IGNORECASE,
)


def stated_size(desk: Desk, sayings: Iterable[Saying]) -> str:
    """The largest size that somebody names, in the unit that is named most, as a stated fact: `{F3} cards`."""
    sizes: list[tuple[str, float, Sentence, tuple[int, int]]] = []
    for saying in sayings:
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


def _value(words: str) -> float:
    digits = re.sub(r"[^\d]", "", words) or "0"
    return float(digits) * (1000 if words.rstrip().casefold().endswith("k") else 1)
