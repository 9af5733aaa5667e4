"""Periods that a person names, counted back from the newest record: an answer must not change with the clock."""

import re
from dataclasses import dataclass
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
_RELEASE = r"(?:releases?|versions?|version(?:en)?|updates?|builds?|versión|versiones|mise à jour|actualización|リリース|バージョン|版本)"
_TO_RELEASE = r"(?:(?:the|our|der|dem|die|das|unserer|la|le|el|de|du|del|l['’])\s*)*"
_LATEST = r"(?:last|latest|newest|letzten?|neuesten?|aktuellen|dernière|última)"
_NAMED_RELEASE = (
    rf"(?:{_LATEST}\s+{_RELEASE}\b|{_RELEASE}\s*v?(?P<behind>\d++(?:\.\d++)*+)|v?(?P<first>\d++(?:\.\d++)*+)[\s-]*{_RELEASE}(?![a-z0-9äöüß-])"
    r"|v?(?P<bare>\d++(?:\.\d++)++))"
)
_SINCE_RELEASE = re.compile(
    rf"(?:\b(?:since|after|from|seit|ab|nach|depuis|après|desde|después de)\s+{_TO_RELEASE}{_NAMED_RELEASE}(?!\s+(?:customers?|users?))"
    rf"|{_NAMED_RELEASE.replace('<', '<cjk_')}\s*(?:以降|以来|之后|之後|から))",
    re.IGNORECASE,
)
_BEFORE_RELEASE = re.compile(
    rf"\b(?:before|until|up to|vor|bis|avant|jusqu['’]à|antes de|hasta)\s+{_TO_RELEASE}{_NAMED_RELEASE}"
    rf"|{_NAMED_RELEASE.replace('<', '<cjk_')}\s*(?:以前|之前|より前|まで)",
    re.IGNORECASE,
)
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


@dataclass(frozen=True)
class ReleaseNamed:
    """A release from which or up to which a person wants the records."""

    number: str
    """For example `4.2`; empty for the newest one."""
    before: bool
    is_bare: bool
    """Whether only a number says so, which may be a date as well."""


def release_named(words: str) -> ReleaseNamed | None:
    """The release that the words take as a bound: «since the 4.2 release», «seit Version 4.2», «before 4.2»; None where they name none."""
    for pattern in (_SINCE_RELEASE, _BEFORE_RELEASE):
        if match := pattern.search(words):
            told = {name.removeprefix("cjk_"): text for name, text in match.groupdict().items() if text}
            number = next(iter(told.values()), "")
            return ReleaseNamed(number, pattern is _BEFORE_RELEASE, "bare" in told)
    return None


def without_releases(words: str) -> str:
    """The words without a release that they take as a bound: it is a time, not a group of people."""
    return _BEFORE_RELEASE.sub(" ", _SINCE_RELEASE.sub(" ", words))


def without_periods(words: str) -> str:
    """The words without those that name a period."""
    left = without_releases(words)
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
