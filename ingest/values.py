"""Cells to values: dates of many spellings to aware UTC, ratings to numbers."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

BLANK = frozenset({"", "-", "--", "—", "n/a", "na", "nan", "none", "null", "nil", "unknown", "#n/a"})
"""Cells that say that there is no value."""
_LONGEST_BLANK = max(map(len, BLANK))

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv ene enero jan.",
            "feb february februar fevrier fevr febrero",
            "mar march marz mrz mars marzo",
            "apr april avril avr abr abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet juil julio",
            "aug august aout ago agosto",
            "sep sept september septembre septiembre set",
            "oct october oktober okt octobre octubre",
            "nov november novembre noviembre",
            "dec december dezember dez decembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = (
    r"(?:[T,\s]+(?:at |um |a las |à )?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d|(?:gmt|utc)[+-]\d{1,2}(?::?\d\d)?)?)?"
    r"(?:\s*\([^)]*\))?\s*\Z"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[-/.年]\s*(?P<month>\d{1,2})[-/.月]\s*(?P<day>\d{1,2})日?" + _CLOCK, re.IGNORECASE
)
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/.\-])(?P<second_>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _CLOCK,
    re.IGNORECASE,
)
_DAY_NAME = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|lunes|martes|miercoles|jueves|viernes"
    r"|sabado|domingo)[a-z]*\.?,?\s+)?"
)
_DAY_MONTH = re.compile(
    _DAY_NAME
    + r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s/\-]*(?:de |of )?(?P<name>[a-z]{3,10})\.?,?[\s/\-]*(?:de )?(?P<year>\d{4}|\d{2})"
    + _CLOCK,
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    _DAY_NAME + r"(?P<name>[a-z]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})" + _CLOCK,
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{10}|\d{13})(?:\.\d+)?\Z")
_EARLIEST, _LATEST = 1970, 2100
_FRACTION = re.compile(
    r"([-+]?\d+(?:[.,]\d+)?)\s*(?:/|out of|von|sur|de|of)\s*\d+(?:[.,]\d+)?\Z", re.IGNORECASE
)
_NUMBER = re.compile(
    r"([-+]?\d+(?:[.,]\d+)?)\s*(?:stars?|sterne?|étoiles?|estrellas?|points?|★|⭐️?|%)?\Z", re.IGNORECASE
)
_STARS = re.compile(r"[★⭐🌟☆✩✰\ufe0f\s]+\Z")


@dataclass(frozen=True)
class DateOrder:
    """How a column writes dates like 03/04/2026; decided once per column."""

    day_first: bool
    certain: bool
    """False where every value fits both readings; then the day comes first, as ISO 8601 never writes it and most of the
    world does, and the report says so."""


def date_order(values: Iterable[str]) -> DateOrder:
    """Decide from a column's values: a part above 12 can't be a month; between dots, the day is first."""
    day_votes = month_votes = dotted = ambiguous = 0
    for value in values:
        match = _NUMERIC.match(value.strip())
        if match is None:
            continue
        first, second = int(match["first"]), int(match["second_"])
        day_votes += first > 12 >= second
        month_votes += second > 12 >= first
        dotted += match["mark"] == "."
        ambiguous += first <= 12 and second <= 12 and first != second
    if day_votes != month_votes:
        return DateOrder(day_votes > month_votes, True)
    return DateOrder(True, dotted > 0 or ambiguous == 0)


def parse_date(cell: str, order: DateOrder) -> datetime | None:
    """A moment in UTC; a time without a zone is taken as UTC. None where the cell is no date."""
    value = cell.strip()
    if len(value) > 64:
        return None
    try:
        return _parse(value, order)
    except (ValueError, OverflowError):
        return None


def _parse(value: str, order: DateOrder) -> datetime | None:
    if match := _YEAR_FIRST.match(value):
        return _moment(match, int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _NUMERIC.match(value):
        first, second = int(match["first"]), int(match["second_"])
        day, month = (first, second) if order.day_first or match["mark"] == "." else (second, first)
        if month > 12 >= day:
            day, month = month, day
        return _moment(match, _full_year(match["year"]), month, day)
    if match := _EPOCH.match(value):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        return _plausible(datetime.fromtimestamp(seconds, UTC))
    plain = "".join(c for c in unicodedata.normalize("NFKD", value) if not "\u0300" <= c <= "\u036f")
    match = _DAY_MONTH.match(plain) or _MONTH_DAY.match(plain)
    if match and (month_number := _MONTHS.get(match["name"].casefold())):
        return _moment(match, _full_year(match["year"]), month_number, int(match["day"]))
    return None


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    hour = int(match["hour"] or 0)
    if half := match["half"]:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    local = datetime(year, month, day, hour, int(match["minute"] or 0), int(match["second"] or 0))
    return _plausible(local.replace(tzinfo=_zone(match["zone"] or "")).astimezone(UTC))


def _zone(text: str) -> timezone:
    found = re.search(r"([+-])(\d{1,2}):?(\d\d)?\Z", text)
    if found is None:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-offset if found[1] == "-" else offset)


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _plausible(moment: datetime) -> datetime | None:
    return moment if _EARLIEST <= moment.year < _LATEST else None


def parse_rating(cell: str) -> float | None:
    """`4`, `4.0`, `4,5`, `4/5`, `4 out of 5`, `★★★★☆`, `4 stars` → 4.0 (4.5). None where the cell is no rating."""
    value = cell.strip()
    if len(value) > 32:
        return None
    if match := _FRACTION.match(value) or _NUMBER.match(value):
        return float(match[1].replace(",", "."))
    if value and _STARS.match(value):
        return float(sum(value.count(star) for star in "★⭐🌟"))
    return None


def is_blank(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    value = cell.strip()
    return len(value) <= _LONGEST_BLANK and value.casefold() in BLANK
