"""Which records a scope leaves, and scopes from `field=value` filters."""

import difflib
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from assistant.domain.evidence import Scope
from assistant.domain.facets import RecordType, Sentiment
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from assistant.search.matrix import Bools, CorpusMatrix, matrix_for
from assistant.stores.port import CorpusRows

FILTER_HELP = (
    "Use source=NAME, kind=customer|competitor|internal, language=en, account=NAME, since=2026-03-01 (from that day), "
    "until=2026-04-01 (before that day), rating>=4, rating<=2, type=problem|request|praise|question|other, "
    "sentiment=positive|negative|neutral, or segment.NAME=VALUE."
)
_FILTER = re.compile(r"\s*([^\s<>=!][^<>=!]*?)\s*(>=|<=|==|!=|=|<|>)\s*(.*?)\s*\Z", re.DOTALL)
_LISTS = {"source": "sources", "language": "languages", "account": "accounts"}
_CHOICES: dict[str, tuple[str, type[StrEnum]]] = {
    "kind": ("kinds", RecordKind),
    "type": ("types", RecordType),
    "sentiment": ("sentiments", Sentiment),
}
_FIELDS = ("source", "kind", "language", "account", "since", "until", "rating", "type", "sentiment")


def record_mask(rows: CorpusRows | CorpusMatrix, scope: Scope) -> Bools:
    """Which records the scope leaves, shape (records,).

    A record without a date is outside a scope with `since` or `until`; one without a rating is outside a scope
    with `min_rating` or `max_rating`. Values are compared as they are written.
    """
    matrix = rows if isinstance(rows, CorpusMatrix) else matrix_for(rows)
    mask = np.ones(len(matrix.rows.record_ids), dtype=np.bool_)
    if scope.kinds:
        mask &= matrix.kind.among([kind.value for kind in scope.kinds])
    if scope.sources:
        mask &= matrix.source.among(scope.sources)
    if scope.languages:
        mask &= matrix.language.among(scope.languages)
    if scope.accounts:
        mask &= matrix.account.among(scope.accounts)
    if scope.types:
        mask &= matrix.type.among([kind.value for kind in scope.types])
    if scope.sentiments:
        mask &= matrix.sentiment.among([sentiment.value for sentiment in scope.sentiments])
    for name, values in scope.segments.items():
        mask &= matrix.segment(name).among(values)
    # A comparison with NaN is false, which puts records without the value outside.
    if scope.since is not None:
        mask &= matrix.said_at >= scope.since.timestamp()
    if scope.until is not None:
        mask &= matrix.said_at < scope.until.timestamp()
    if scope.min_rating is not None:
        mask &= matrix.rating >= scope.min_rating
    if scope.max_rating is not None:
        mask &= matrix.rating <= scope.max_rating
    return mask


def parse_filters(filters: Sequence[str], segments: Collection[str] | None = None) -> Scope:
    """Read filters such as `source=reviews`, `since=2026-03-01`, `rating>=4`, `segment.plan=pro` or `plan=pro`.

    Values of one field add up (either one), fields restrict each other. A name that is no field is a segment.

    Args:
        segments: names of the segments that exist, to refuse others; None accepts any.

    Raises: UsageError for an unknown or malformed filter, with what is possible.
    """
    lists: dict[str, list[str]] = {}
    by_segment: dict[str, list[str]] = {}
    single: dict[str, datetime | float] = {}
    for text in filters:
        name, operator, value = _split(text)
        if name == "rating":
            _add_rating(single, text, operator, value)
        elif operator not in {"=", "=="}:
            raise _wrong(text, f"'{name}' can only be compared with '='")
        elif name in {"since", "until"}:
            _set_once(single, name, _date(text, value), text)
        elif name in _CHOICES:
            lists.setdefault(_CHOICES[name][0], []).append(_choice(text, name, value))
        elif name in _LISTS:
            lists.setdefault(_LISTS[name], []).append(value.casefold() if name == "language" else value)
        else:
            by_segment.setdefault(_segment(text, name, segments), []).append(value)
    since, until = single.get("since"), single.get("until")
    if isinstance(since, datetime) and isinstance(until, datetime) and since >= until:
        raise UsageError("The filter 'since' isn't before 'until', so nothing can match.", hint=FILTER_HELP)
    return Scope.model_validate(
        {name: tuple(dict.fromkeys(values)) for name, values in lists.items()}
        | {"segments": {name: tuple(dict.fromkeys(values)) for name, values in by_segment.items()}}
        | single
    )


def _split(text: str) -> tuple[str, str, str]:
    match = _FILTER.match(text)
    if match is None or not match[3]:
        raise _wrong(text, "it isn't of the form field=value")
    name = match[1] if match[1].casefold().startswith("segment.") else match[1].strip()
    return (name.casefold() if name.casefold() in _FIELDS else name), match[2], match[3]


def _wrong(text: str, reason: str) -> UsageError:
    return UsageError(f"The filter '{text[:80]}' can't be used: {reason}.", hint=FILTER_HELP)


def _set_once(single: dict[str, datetime | float], name: str, value: datetime | float, text: str) -> None:
    if single.setdefault(name, value) != value:
        raise _wrong(text, "another filter sets the same bound to another value")


def _add_rating(single: dict[str, datetime | float], text: str, operator: str, value: str) -> None:
    bounds = {">=": ("min_rating",), "<=": ("max_rating",), "=": ("min_rating", "max_rating")}
    bounds["=="] = bounds["="]
    try:
        number = float(value)
    except ValueError:
        raise _wrong(text, "a rating is a number") from None
    if operator not in bounds or not np.isfinite(number):
        raise _wrong(text, "ratings are compared with '>=', '<=' or '='")
    for name in bounds[operator]:
        _set_once(single, name, number, text)


def _date(text: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _wrong(text, "a date looks like 2026-03-01 or 2026-03-01T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _choice(text: str, name: str, value: str) -> str:
    *first, last = (one.value for one in _CHOICES[name][1])
    if value.casefold() in (*first, last):
        return value.casefold()
    also = "" if name == "kind" else f"; for a segment of that name say segment.{name}={value[:40]}"
    raise _wrong(text, f"a {name} is {', '.join(first)} or {last}{also}")


def _segment(text: str, name: str, segments: Collection[str] | None) -> str:
    plain = name[len("segment.") :] if name.casefold().startswith("segment.") else name
    if not plain:
        raise _wrong(text, "it names no segment")
    if segments is None and plain != name:
        return plain
    if segments is not None and plain in segments:
        return plain
    if segments is not None:
        exists = ", ".join(sorted(segments)[:12]) or "none"
        raise _wrong(text, f"there is no segment '{plain[:40]}'; segments here: {exists}")
    if guess := difflib.get_close_matches(plain, _FIELDS, 1, 0.75):
        raise _wrong(text, f"there is no field '{plain[:40]}'; did you mean '{guess[0]}'")
    return plain
