"""Periods that a person names, counted back from the newest record: an answer must not change with the clock."""

import re
from datetime import UTC, datetime, timedelta

_MONTHS = (
    "jan(?:uary|uar|vier|ero)?|enero", "feb(?:ruary|ruar|rero)?|f[ée]vrier", "mar(?:ch|s|zo)?|m[äa]rz", "apr(?:il)?|avril|abril", "may|mai|mayo",
    "june?|juni|juin|junio", "july?|juli|juillet|julio", "aug(?:ust)?|ao[ûu]t|agosto", "sep(?:t(?:ember|embre|iembre)?)?", "o[ck]t(?:ober|obre|ubre)?",
    "nov(?:ember|embre|iembre)?", "de[cz](?:ember)?|d[ée]cembre|diciembre",
)  # fmt: skip
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "six": 6, "twelve": 12, "einen": 1, "zwei": 2, "drei": 3, "sechs": 6, "zwölf": 12,
    "deux": 2, "trois": 3, "douze": 12, "dos": 2, "tres": 3, "seis": 6, "doce": 12,
}  # fmt: skip
_UNITS = {
    "day|tage?n?|jours?|días?|日": 1, "week|wochen?|semaines?|semanas?|週|周": 7, "month|monate?n?|mois|mes(?:es)?|か月|个月": 30,
    "quarter|quartale?|trimestres?": 91, "year|jahre?n?|années?|ans|años?|年": 365,
}  # fmt: skip
_LAST = re.compile(
    r"(?:last|past|letzten?|vergangenen?|derni[eè]r(?:e?s?)?|[úu]ltimos?|[úu]ltimas?|最近|过去|過去)\s*(\d{{1,3}}|[a-zäöü]+)?\s*(?:derniers?\s+|derni[eè]res?\s+)?"
    r"({})".format("|".join(f"(?:{unit})s?" for unit in _UNITS)),
    re.IGNORECASE,
)
_TROIS_DERNIERS = re.compile(
    r"(\d{{1,3}}|[a-zé]+)\s+derni[eè]re?s?\s+({})".format("|".join(f"(?:{unit})s?" for unit in _UNITS)),
    re.IGNORECASE,
)
_DAY = r"(\d{4}-\d{2}-\d{2})"
_MONTH = "(" + "|".join(f"(?:{month})" for month in _MONTHS) + r")\.?(?:\s+(\d{4}))?"
_SINCE = r"(?:since|from|after|seit|ab|depuis|desde)\s+"
_BEFORE = r"(?:before|until|up to|vor|bis|avant|jusqu['’]à|antes de|hasta)\s+"
VAGUE = re.compile(
    r"\b(?:recent(?:ly)?|lately|these days|neulich|in letzter zeit|kürzlich|récemment|ces derniers temps|recientemente|últimamente)\b|最近(?!\s*\d)",
    re.IGNORECASE,
)
"""Words for a period that could be any."""
_ANY_SINCE = re.compile(rf"(?:{_SINCE}|{_BEFORE})(?:{_DAY}|{_MONTH}\b)", re.IGNORECASE)
Period = tuple[datetime | None, datetime | None]


def period_named(words: str, newest: datetime) -> Period | None:
    """`since` (inclusive) and `until` (exclusive) that the words name; None where they name none.

    Args:
        newest: moment of the newest record, from which «the last …» are counted.
    """
    end = _midnight(newest) + timedelta(days=1)
    if match := _TROIS_DERNIERS.search(words) or _LAST.search(words):
        number = _number(match[1])
        if number:
            return end - timedelta(days=number * _days(match[2])), None
    since, before = _moment(_SINCE, words, newest), _moment(_BEFORE, words, newest)
    if since or before:
        return since, before
    if re.search(r"\bthis year\b|\bdieses jahr\b|cette année|este año|今年", words, re.IGNORECASE):
        return datetime(newest.year, 1, 1, tzinfo=UTC), None
    return None


def without_periods(words: str) -> str:
    """The words without those that name a period."""
    left = words
    for pattern in (_TROIS_DERNIERS, _LAST, _ANY_SINCE, VAGUE):
        left = pattern.sub(" ", left)
    return " ".join(left.split())


def _moment(lead: str, words: str, newest: datetime) -> datetime | None:
    if day := re.search(lead + _DAY, words, re.IGNORECASE):
        try:
            return datetime.fromisoformat(day[1]).replace(tzinfo=UTC)
        except ValueError:
            return None
    match = re.search(lead + _MONTH + r"\b", words, re.IGNORECASE)
    if match is None:
        return None
    month = next(at for at, names in enumerate(_MONTHS, 1) if re.fullmatch(names, match[1], re.IGNORECASE))
    year = int(match[2]) if match[2] else newest.year - (month > newest.month)
    return datetime(year, month, 1, tzinfo=UTC)


def _number(word: str | None) -> int:
    if not word:
        return 1
    return int(word) if word.isascii() and word.isdigit() else _NUMBERS.get(word.casefold(), 0)


def _days(unit: str) -> int:
    return next(days for names, days in _UNITS.items() if re.fullmatch(f"(?:{names})s?", unit, re.IGNORECASE))


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
