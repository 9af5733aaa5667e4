"""Bounds in prose: `within 2 s`, `at least 50 boards`, `höchstens fünf Minuten`. Values of one dimension compare."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.domain.text import stem
from evals.language.number_words import number_words

Sense = Literal["most", "least", "exact"]
_UNITS: dict[str, tuple[str, float]] = {}
for _names, _kind, _factor in (
    ("ms msec millisecond milliseconds millisekunde millisekunden milisegundo milisegundos milliseconde millisecondes", "time", 0.001),
    ("s sec secs second seconds sekunde sekunden sek segundo segundos seconde secondes", "time", 1),
    ("min mins minute minutes minuten minuto minutos", "time", 60),
    ("h hr hrs hour hours stunde stunden std hora horas heure heures", "time", 3600),
    ("day days tag tage tagen día días jour jours", "time", 86_400),
    ("week weeks woche wochen semana semanas semaine semaines", "time", 604_800),
    ("month months monat monate monaten mes meses mois", "time", 2_629_800),
    ("year years jahr jahre jahren año años an ans", "time", 31_557_600),
    ("b byte bytes", "size", 1),
    ("kb kib", "size", 1e3),
    ("mb mib megabyte megabytes", "size", 1e6),
    ("gb gib gigabyte gigabytes", "size", 1e9),
    ("tb tib terabyte terabytes", "size", 1e12),
    ("% percent prozent pourcent", "share", 1),
):  # fmt: skip
    _UNITS |= dict.fromkeys(_names.split(), (_kind, _factor))
_MOST = (
    r"at (?:the )?most|(?:no|not) (?:more|longer|later|greater|higher) than|within|inside(?: of)?|(?:in )?under|below|(?:in )?less than|fewer than"
    r"|shorter than|faster than|up to|max(?:\.|imum|imal)?(?: of)?|not (?:to )?exceed(?:ing|s)?|(?:never|not) (?:take )?(?:above|over)|[≤<]=?|in|after|by"
    r"|höchstens|maximal|innerhalb von|binnen|unter|weniger als|bis zu|nicht mehr als|nach|como máximo|en menos de|au plus|en moins de"
)
_LEAST = (
    r"at (?:the )?least|(?:no|not) (?:less|fewer|shorter|lower) than|min(?:\.|imum)?(?: of)?|more than|longer than|over|above|exceed(?:ing|s)?|[≥>]=?|from"
    r"|mindestens|wenigstens|mehr als|länger als|über|nicht weniger als|al menos|por lo menos|au moins"
)
_SENSE = re.compile(rf"(?:(?P<most>(?<!\w)(?:{_MOST}))|(?P<least>(?<!\w)(?:{_LEAST})))\s*\Z", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.,-])\d+(?:[., ]\d{3})*(?:[.,]\d+)?(?!\w*-\d|\d|(?:st|nd|rd|th)\b)")
_ONE = re.compile(
    r"(?<!\w)(?:(?P<half>half an?|eine[rn]? halben?)|an?|one|eine[rnms]?|un[ea]?)(?= (?:milli)?(?:seconds?|minutes?|hours?|days?|weeks?"
    r"|sekunden?|minuten?|stunden?|tage?s?|woche|segundo|minuto|hora|heure|seconde|jour)(?!\w))",
    re.IGNORECASE,
)
_NO_UNITS = frozenset(
    ["and", "or", "to", "und", "oder", "bis", "y", "o", "et", "ou", "per", "at", "of", "in", "than"]
)
_UNIT = re.compile(r"[\s-]?(%|[^\W\d_]+)")
_AFTER = re.compile(
    r"\W{0,2}(?:or|oder)\s+(?:(?P<most>less|fewer|faster|sooner|weniger)|(?P<least>more|longer|mehr))\b", re.I
)
_BETWEEN = re.compile(r"(?:between|from|zwischen|von)\s+\Z", re.IGNORECASE)
_TO = re.compile(r"(?:\s[^\W\d_]+|\s?%)?\s*(?:and|to|und|bis|-|–)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Bound:
    """A number with its unit and what it limits."""

    start: int
    end: int
    sense: Sense
    value: float
    """In seconds, bytes, per cent, or as it stands."""
    dimension: str
    """`time`, `size`, `share`, the stem of the noun that is counted, or empty."""

    @property
    def unit_known(self) -> bool:
        """Whether the unit is one of time, size or share."""
        return self.dimension in {"time", "size", "share"}


@lru_cache(maxsize=1024)
def bounds(text: str, language: str) -> tuple[Bound, ...]:
    """Every number of a text with unit and sense, in order; of `between 2 and 5 s` both, the first as the least."""
    found: list[Bound] = []
    numbers = [(m.start(), m.end(), _number(m.group())) for m in _DIGITS.finditer(text)]
    taken = {place for start, end, _ in numbers for place in range(start, end)}
    numbers += [
        (word.start, word.end, word.value)
        for word in number_words(text, language)
        if word.value is not None and word.value >= 1 and word.start not in taken
    ]
    taken |= {place for start, end, _ in numbers for place in range(start, end)}
    numbers += [
        (m.start(), m.end(), 0.5 if m["half"] else 1.0) for m in _ONE.finditer(text) if m.start() not in taken
    ]
    numbers.sort()
    for place, (start, end, value) in enumerate(numbers):
        unit = _UNIT.match(text, end)
        dimension, factor = _dimension(unit[1] if unit else "", language)
        stop = unit.end() if unit else end
        sense = _sense(text, start, stop)
        low_of_pair = place + 1 < len(numbers) and _TO.fullmatch(text, end, numbers[place + 1][0])
        if low_of_pair and _BETWEEN.search(text[:start]):
            further = _UNIT.match(text, numbers[place + 1][1])
            if not dimension or dimension not in {"time", "size", "share"}:
                dimension, factor = _dimension(further[1] if further else "", language)
            sense = "least"
        elif (
            found
            and place
            and found[-1].sense == "least"
            and _TO.fullmatch(text, numbers[place - 1][1], start)
            and _BETWEEN.search(text[: numbers[place - 1][0]])
        ):
            sense = "most"
        found.append(Bound(start, stop, sense, value * factor, dimension))
    return tuple(found)


def without_bounds(text: str, language: str) -> str:
    """The text with a blank in place of each bound."""
    for one in reversed(bounds(text, language)):
        text = f"{text[: one.start]} {text[one.end :]}"
    return text


def measured(value: str, unit: str, language: str) -> tuple[float, str] | None:
    """A bound's fields as (value, dimension); None where the value is no single number."""
    match = _DIGITS.fullmatch(value.strip().lstrip("≤≥<>= "))
    if match is None:
        return None
    dimension, factor = _dimension(unit.strip().split(" ")[0] if unit.strip() else "", language)
    return _number(match.group()) * factor, dimension


def _sense(text: str, start: int, stop: int) -> Sense:
    before, after = _SENSE.search(text[:start]), _AFTER.match(text, stop)
    for match in (after, before):
        if match:
            return "most" if match["most"] else "least"
    return "exact"


def _dimension(unit: str, language: str) -> tuple[str, float]:
    if not unit or unit.casefold() in _NO_UNITS:
        return "", 1.0
    known = _UNITS.get(unit.casefold())
    return known if known else (stem(unit.casefold(), language), 1.0)


def _number(digits: str) -> float:
    digits = digits.replace(" ", "")
    if re.fullmatch(r"\d+(?:[.,]\d{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))
