"""The columns of a known layout by what they mean: fixed by the layout, answers sorted by what they hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import InputRejected
from ingest.layouts.port import Shape
from ingest.mapping import ColumnMapping, is_segment, listed, named_column, segment_name
from ingest.names import is_question, name_score, normal_name
from ingest.survey import Column, Features, Survey
from ingest.values import DateOrder, date_order

_OPEN_WORDS = 3.0
_OPEN_REPEATS = 2.0
_MIN_ANSWERS = 6
_CLOSED_CHARS = 80
_CLOSED_REPEATS = 1.5
_CHOICES = re.compile(r"\s*[,;|]\s+|\s*[;|]\s*")
_ASKS_RATING = re.compile(
    r"recommend|empfehl|recommand|recomend|nps|satisf|zufrieden|rate|rating|stars?\b|bewert|sterne|note\b|おすすめ|満足|評価",
    re.IGNORECASE,
)
_ASKS_CONTACT = re.compile(
    r"\b(?:names?|phone|e ?mail|address|compan(?:y|ies)|city|zip|postcode|telefon|vorname|nachname|nom|prenom|nombre|telefono)\b"
)


@dataclass(frozen=True)
class KnownShape:
    """A layout that knows the columns of one table by their position."""

    shape: Shape

    @property
    def confidence(self) -> float:
        """How sure the layout is, 0 to 1."""
        return self.shape.confidence

    def mapped(self, seen: Survey, chosen: Mapping[str, str], file_name: str) -> ColumnMapping:
        """The columns as the shape has them, answers sorted by what they hold; see `layouts.known.Known`."""
        return map_columns(seen, self.shape, chosen, file_name)


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
    filled = {
        name: column for name, column in shape.fields.items() if name == "text" or seen.columns[column].filled
    }
    named = {name: column for name, column in {**filled, **wanted}.items() if column}
    features = {name: column.features() for name, column in seen.columns.items()}
    asked = (*shape.opens, *shape.answers)
    answers = {
        name: _kind(seen.columns[name], features[name], asked_openly=name in shape.opens)
        for name in asked
        if name not in wanted.values()
    }
    texts = _texts(seen, named, answers)
    if not texts:
        raise InputRejected(
            f"{file_name} ({shape.layout}) has no column with answers to an open question.",
            hint=f"Its columns are: {listed(seen.columns)}. Name the text column with --map text=COLUMN.",
        )
    fields = {name: c for name, c in named.items() if name != "text" and not name.startswith("segment.")}
    fields |= {name: c for name, c in _found(answers).items() if name not in fields and name not in chosen}
    context = {name: {"question": name} if name in asked else {} for name in texts}
    return ColumnMapping(
        texts,
        fields,
        _segments(shape, named, answers, features, {*texts, *fields.values()}),
        1.0 if wanted.get("text") else shape.confidence,
        _order(seen, fields, shape),
        shape.notes + _left_out(answers, features, texts) + _date_notes(seen, fields, shape),
        {name: known | dict(shape.context.get(name, {})) for name, known in context.items()},
    )


def _segments(
    shape: Shape,
    named: Mapping[str, str],
    answers: Mapping[str, str],
    features: Mapping[str, Features],
    taken: set[str],
) -> dict[str, str]:
    """Those the layout and the person name, then closed answers, then attributes that hold few short values."""
    segments = {name.removeprefix("segment."): c for name, c in named.items() if name.startswith("segment.")}
    used = taken | set(segments.values())
    closed = [name for name, kind in answers.items() if kind in ("closed", "scale")]
    closed += [name for name in shape.attributes if is_segment(name, features[name])]
    for column in closed:
        key = segment_name(column)
        if column not in used and key and key not in segments:
            segments[key] = column
    return segments


def _texts(seen: Survey, named: Mapping[str, str], answers: Mapping[str, str]) -> tuple[str, ...]:
    if "text" in named:
        return (named["text"],)
    if not seen.readable:
        # Nothing but previews: the report says so row by row, whatever the questions were.
        return tuple(answers)
    return tuple(name for name in seen.columns if answers.get(name) == "open")


def _kind(column: Column, f: Features, *, asked_openly: bool) -> str:
    """`open`, `closed`, `scale`, `email`, or an empty string for what is neither feedback nor a segment."""
    if not f.filled:
        return ""
    if f.emails > 0.5:
        return "email"
    if max(f.urls, f.dates) > 0.5 and f.numbers < 0.5:
        return ""
    if f.numbers > 0.9:
        return "scale" if f.scale else ""
    if asked_openly:
        return "" if _asks_contact(column.name, f) else "open"
    if _are_choices(column):
        return "closed"
    if f.repeats < _OPEN_REPEATS and (f.words >= _OPEN_WORDS or _is_asked(column.name, f)):
        return "open"
    return "closed" if f.longest <= _CLOSED_CHARS and f.repeats >= _CLOSED_REPEATS else ""


def _is_asked(name: str, f: Features) -> bool:
    """Whether a question got short answers in its own words: they differ, and there are enough to tell."""
    varied = f.filled >= _MIN_ANSWERS and f.repeats < _CLOSED_REPEATS
    return varied and (is_question(name) or name_score(name, "text") > 0) and not _asks_contact(name, f)


def _asks_contact(name: str, f: Features) -> bool:
    return f.words < _OPEN_WORDS and _ASKS_CONTACT.search(normal_name(name)) is not None


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


def _left_out(
    answers: Mapping[str, str], features: Mapping[str, Features], texts: tuple[str, ...]
) -> tuple[str, ...]:
    left = [name for name, kind in answers.items() if kind in ("", "open") and name not in texts]
    return tuple(
        f"answers in '{name}' were left out; import them with --map text={name} or --map segment.NAME={name}"
        for name in left
        if features[name].filled
    )


def _date_notes(seen: Survey, fields: Mapping[str, str], shape: Shape) -> tuple[str, ...]:
    if _order(seen, fields, shape).certain:
        return ()
    return (f"dates in '{fields['said_at']}' fit day/month and month/day; read as day/month",)
