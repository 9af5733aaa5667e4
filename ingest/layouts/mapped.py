"""The columns of a known layout by what they mean: fixed by the layout, answers sorted by what they hold."""

import re
from collections.abc import Mapping

from assistant.errors import InputRejected
from ingest.layouts.port import Shape
from ingest.mapping import ColumnMapping, is_segment, listed, named_column, segment_name
from ingest.names import normal_name
from ingest.survey import Column, Features, Survey
from ingest.values import DateOrder, date_order

_OPEN_WORDS = 3.0
_OPEN_REPEATS = 2.0
_CLOSED_CHARS = 80
_CLOSED_REPEATS = 1.5
_CHOICES = re.compile(r"\s*[,;|]\s+|\s*[;|]\s*")
_SCALE_MAX = 10
_ASKS_RATING = re.compile(
    r"recommend|empfehl|recommand|recomend|nps|satisf|zufrieden|rate|rating|stars?\b|bewert|sterne|note\b|おすすめ|満足|評価",
    re.IGNORECASE,
)


def map_columns(seen: Survey, shape: Shape, chosen: Mapping[str, str], file_name: str) -> ColumnMapping:
    """Map the columns of a table whose layout is known.

    Args:
        seen: what all rows say about the columns.
        shape: what the layout says.
        chosen: `--map` field → column, which wins; an empty column switches the field off.
        file_name: for messages.

    Raises: UsageError, InputRejected: as `ingest.mapping.detect`.
    """
    wanted = {name: named_column(seen, name, column, file_name) for name, column in chosen.items()}
    named = {name: column for name, column in {**shape.fields, **wanted}.items() if column}
    features = {name: column.features() for name, column in seen.columns.items()}
    answers = {
        name: _kind(seen.columns[name], features[name])
        for name in shape.answers
        if name not in wanted.values()
    }
    texts = _texts(seen, shape, named, answers)
    if wanted.get("text"):
        texts = (wanted["text"],)
    if not texts:
        raise InputRejected(
            f"{file_name} ({shape.layout}) has no column with answers to an open question.",
            hint=f"Its columns are: {listed(seen.columns)}. Name the text column with --map text=COLUMN.",
        )
    fields = {
        name: column for name, column in named.items() if name != "text" and not name.startswith("segment.")
    }
    for name, column in _found(answers).items():
        if name not in chosen:
            fields.setdefault(name, column)
    segments = {name.removeprefix("segment."): c for name, c in named.items() if name.startswith("segment.")}
    taken = {*texts, *fields.values(), *segments.values()}
    closed = [name for name, kind in answers.items() if kind in ("closed", "scale")]
    closed += [name for name in shape.attributes if is_segment(name, features[name])]
    for column in closed:
        key = segment_name(column)
        if column not in taken and key and key not in segments:
            segments[key] = column
    asked = {name: {"question": name} for name in texts if name in shape.opens or name in answers}
    return ColumnMapping(
        texts,
        fields,
        segments,
        1.0 if wanted.get("text") else shape.confidence,
        _order(seen, fields, shape),
        shape.notes + _date_notes(seen, fields, shape),
        {name: asked.get(name, {}) | dict(shape.context.get(name, {})) for name in texts},
    )


def _texts(
    seen: Survey, shape: Shape, named: Mapping[str, str], answers: Mapping[str, str]
) -> tuple[str, ...]:
    if "text" in named:
        return (named["text"],)
    certain = [name for name in shape.opens if seen.columns[name].filled]
    return tuple(name for name in seen.columns if name in certain or answers.get(name) == "open")


def _kind(column: Column, f: Features) -> str:
    """`open`, `closed`, `scale`, `email`, or an empty string for what is neither feedback nor a segment."""
    if not f.filled:
        return ""
    if f.emails > 0.5:
        return "email"
    if max(f.urls, f.dates) > 0.5 and f.numbers < 0.5:
        return ""
    if f.numbers > 0.9:
        return "scale" if _is_scale(column) else ""
    if _are_choices(column):
        return "closed"
    if f.words >= _OPEN_WORDS and f.repeats < _OPEN_REPEATS:
        return "open"
    return "closed" if f.longest <= _CLOSED_CHARS and f.repeats >= _CLOSED_REPEATS else ""


def _is_scale(column: Column) -> bool:
    values = [value.strip() for value in column.values()]
    return all(value.isdecimal() and int(value) <= _SCALE_MAX for value in values)


def _are_choices(column: Column) -> bool:
    """Whether cells are lists drawn from few options, as ticked boxes give: `Reports, Boards, Calendar`."""
    parts = [part for value in column.values() for part in _CHOICES.split(value.strip()) if part]
    return (
        len(parts) > column.filled
        and len(set(parts)) * 2 <= len(parts)
        and max(map(len, parts)) <= _CLOSED_CHARS
    )


def _found(answers: Mapping[str, str]) -> dict[str, str]:
    """Fields that answers fill: the only address is the author, the first scale that asks for one is the rating."""
    emails = [name for name, kind in answers.items() if kind == "email"]
    scales = [
        name for name, kind in answers.items() if kind == "scale" and _ASKS_RATING.search(normal_name(name))
    ]
    found = {"author": emails[0]} if len(emails) == 1 else {}
    return found | ({"rating": scales[0]} if scales else {})


def _order(seen: Survey, fields: Mapping[str, str], shape: Shape) -> DateOrder:
    column = fields.get("said_at")
    order = date_order(seen.columns[column].values()) if column else DateOrder(day_first=True, certain=True)
    if order.certain or shape.day_first is None:
        return order
    return DateOrder(shape.day_first, certain=True)


def _date_notes(seen: Survey, fields: Mapping[str, str], shape: Shape) -> tuple[str, ...]:
    if _order(seen, fields, shape).certain:
        return ()
    return (f"dates in '{fields['said_at']}' fit day/month and month/day; read as day/month",)
