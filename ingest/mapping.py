"""Which column is what: by the column's name, checked against what the column holds; `--map` has the last word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.errors import InputRejected, UsageError
from ingest.names import SEGMENTS, is_known, is_question, name_score, normal_name
from ingest.port import MAP_FIELDS
from ingest.scales import odd_ratings
from ingest.survey import Features, Survey
from ingest.values import DateOrder, date_order

_MAX_SEGMENTS = 40
_MAX_SEGMENT_VALUES = 500
_SEGMENT_CHARS = 60
_SEGMENT_WORDS = 6
_MIN_REPEATS = 2.0
_MIN_NAME = 0.3
_MIN_RATINGS, _MIN_POINTS = 8, 3
_COUNTS = re.compile(
    r"\b(?:ids?|numbers?|no|nr|counts?|qty|quantity|amount|votes?|likes|age|days?|weeks?|months?|quarter|hours?|minutes?|attempts?"
    r"|seats?|users?|members|levels?|rank|position|page|step|sprint|floor|shelf|row|index|points|size|team|group|batch)\b"
)
_SINGLE_FIELDS = ("external_id", "said_at", "rating", "url", "language", "title", "author", "account")


@dataclass(frozen=True)
class ColumnMapping:
    """Columns by what they mean."""

    texts: tuple[str, ...]
    """The text column; further ones where each holds an answer or half an opinion. Each gives a record of its own."""
    fields: Mapping[str, str]
    """Field → column, without `text`."""
    segments: Mapping[str, str]
    """Segment name → column."""
    confidence: float
    order: DateOrder = field(default_factory=lambda: DateOrder(day_first=True, certain=True))
    notes: tuple[str, ...] = ()
    """What the person should know: columns left out, dates that can be read in two ways."""
    context: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Text column → segments of its own, such as the `question`, where the layout knows them."""
    saved: str = ""
    """Name of the saved mapping that it follows."""

    def context_of(self, text: str) -> Mapping[str, str]:
        """Segments that belong to one text column alone: among several, each answers its own question."""
        if text in self.context:
            return self.context[text]
        return {"question": text} if len(self.texts) > 1 and text else {}

    def as_report(self) -> dict[str, str]:
        """As the file's report shows it: `--map` fields to columns."""
        shown = {"text" if i == 0 else f"text.{i + 1}": name for i, name in enumerate(self.texts)}
        return (
            shown | dict(self.fields) | {f"segment.{name}": column for name, column in self.segments.items()}
        )


def detect(seen: Survey, chosen: Mapping[str, str], file_name: str) -> ColumnMapping:
    """Map the columns of a table.

    Args:
        seen: what all rows say about the columns.
        chosen: `--map` field → column; an empty column switches the field off.
        file_name: for messages.

    Raises:
        UsageError: an unknown field. InputRejected: a column that isn't there, or no text column.
    """
    fixed = {name: named_column(seen, name, column, file_name) for name, column in chosen.items()}
    features = {name: column.features() for name, column in seen.columns.items()}
    free = {name: f for name, f in features.items() if name not in set(fixed.values())}
    texts, confidence = _texts(fixed, features, free, file_name)
    taken = set(texts) | {column for column in fixed.values() if column}
    fields = {name: column for name, column in fixed.items() if column and name in _SINGLE_FIELDS}
    for name in _SINGLE_FIELDS:
        if name in fixed:
            continue
        best = _best(name, {c: f for c, f in features.items() if c not in taken})
        if best is not None:
            fields[name] = best
            taken.add(best)
    segments = {
        name.removeprefix("segment."): c for name, c in fixed.items() if c and name.startswith("segment.")
    }
    segments |= _segments({c: f for c, f in features.items() if c not in taken}, segments)
    order = DateOrder(day_first=True, certain=True)
    if "said_at" in fields:
        order = date_order(seen.columns[fields["said_at"]].values())
    left = [c for c in features if c not in taken and c not in segments.values()]
    notes = _notes(left, features, fields, order) + _rating_notes(fields, features, fixed)
    if "rating" in fields:
        notes += odd_ratings(seen.columns[fields["rating"]])
    return ColumnMapping(texts, fields, segments, confidence, order, notes)


def named_column(seen: Survey, name: str, column: str, file_name: str) -> str:
    """The column that a person named, whatever its case. Raises: UsageError, InputRejected: as `detect`."""
    if name not in MAP_FIELDS and not (name.startswith("segment.") and len(name) > len("segment.")):
        raise UsageError(
            f"'{name}' is not a field that a column can be mapped to.",
            hint=f"Use one of {', '.join(MAP_FIELDS)}, or segment.NAME.",
        )
    if column in seen.columns or not column:
        return column
    loose = [c for c in seen.columns if normal_name(c) == normal_name(column)]
    if len(loose) != 1:
        raise InputRejected(
            f"{file_name} has no column '{column}'.", hint=f"Its columns are: {listed(seen.columns)}."
        )
    return loose[0]


def _texts(
    fixed: Mapping[str, str], features: Mapping[str, Features], free: Mapping[str, Features], file_name: str
) -> tuple[tuple[str, ...], float]:
    if fixed.get("text"):
        return (fixed["text"],), 1.0
    scored = {name: score for name, f in free.items() if (score := _text_score(name, f)) > 0}
    main = max(scored, key=lambda name: scored[name], default=None)
    questions = [name for name in scored if is_question(name)]
    if questions and (main is None or main in questions or scored[main] < 0.8):
        return tuple(questions), 0.85
    if main is None:
        main = max(
            (name for name, f in free.items() if name_score(name, "title") > 0.5 and _has_words(f)),
            key=lambda name: name_score(name, "title"),
            default=None,
        )
        if main is None:
            raise InputRejected(
                f"{file_name} has no column with feedback text.",
                hint=f"Its columns are: {listed(features)}. Name the text column with --map text=COLUMN.",
            )
        return (main,), 0.6
    return (main,), round(min(0.99, scored[main]), 2)


def _text_score(name: str, f: Features) -> float:
    """0 where a column can't be the text; above 0.8 where name and content agree."""
    named = name_score(name, "text")
    if f.filled == 0:
        return 0.5 * named if named > 0.9 else 0.0
    if max(f.numbers, f.emails, f.urls, f.dates) > 0.5 or name_score(name, "title") >= 0.9:
        return 0.0
    prose = min(f.words / 8, 1.0) * min(1.0, 1.5 / f.repeats)
    if is_question(name) and f.words >= 1.5:
        return 0.8 + 0.1 * prose
    if named > 0.6:
        return 0.82 + 0.17 * prose if f.words >= 1 else 0.0
    if named > 0 and f.words >= 2:
        return 0.45 + 0.45 * prose
    return 0.4 + 0.3 * prose if f.words >= 3 and f.repeats < 3 and prose > 0.3 else 0.0


def _has_words(f: Features) -> bool:
    return f.words >= 2 and f.numbers < 0.5


def _best(name: str, features: Mapping[str, Features]) -> str | None:
    scores = {column: name_score(column, name) for column, f in features.items() if _fits(name, column, f)}
    best = max(scores, key=lambda column: scores[column], default=None)
    if best is None or scores[best] < _MIN_NAME:
        return _by_content(name, features)
    return best


def _fits(name: str, column: str, f: Features) -> bool:
    """Whether a column holds what its name promises."""
    exact = name_score(column, name) > 0.6
    if f.filled == 0:
        return exact
    checks = {
        "said_at": f.dates > 0.6,
        "rating": f.numbers > 0.6 or (exact and f.longest <= 16 and f.dates < 0.5 and f.words < 4),
        "external_id": exact and f.repeats < 1.02 and f.longest <= 200 and f.words < 2 and f.dates < 0.9,
        "url": f.urls > 0.6,
        "language": exact and f.longest <= 16,
        "title": f.words < 40 and f.numbers < 0.9 and f.dates < 0.5,
        "author": exact and f.words < 6 and f.longest <= 200,
        "account": exact and f.words < 8 and f.longest <= 200,
    }
    return checks[name]


def _by_content(name: str, features: Mapping[str, Features]) -> str | None:
    """Columns that show what they are whatever they are called; only where just one does."""
    if name == "said_at":
        found = [c for c, f in features.items() if f.dates > 0.95 and f.numbers < 0.5 and f.filled]
    elif name == "author":
        found = [c for c, f in features.items() if f.emails > 0.9 and f.filled]
    elif name == "rating":
        found = [c for c, f in features.items() if _is_unnamed_scale(c, f)]
    else:
        return None
    return found[0] if len(found) == 1 else None


def _is_unnamed_scale(column: str, f: Features) -> bool:
    """Whether a column under a name that says nothing holds points of 1–5 or 0–10 and nothing else."""
    many = f.filled >= _MIN_RATINGS and f.distinct >= _MIN_POINTS and f.repeats >= _MIN_REPEATS
    return many and f.scale > 0 and not is_known(column) and _COUNTS.search(normal_name(column)) is None


def _segments(features: Mapping[str, Features], named: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, f in features.items():
        key = segment_name(column)
        if (
            key
            and key not in named
            and key not in found
            and column not in named.values()
            and is_segment(column, f)
        ):
            found[key] = column
    return dict(list(found.items())[:_MAX_SEGMENTS])


def segment_name(column: str) -> str:
    """A column's name as a segment's: small letters, words joined by underscores."""
    return "_".join(normal_name(column).split())


def is_segment(column: str, f: Features) -> bool:
    """Whether a column holds few short values that repeat, or is named like an attribute."""
    if (
        not f.filled
        or f.longest > _SEGMENT_CHARS
        or f.words > _SEGMENT_WORDS
        or f.distinct >= _MAX_SEGMENT_VALUES
    ):
        return False
    if max(f.emails, f.urls, f.paths) > 0.1:
        return False
    name = normal_name(column)
    if name in SEGMENTS:
        return f.dates < 0.9
    if f.numbers < 0.5 and any(f" {word} " in f" {name} " for word in SEGMENTS if len(word) > 3):
        return f.dates < 0.5
    return f.numbers < 0.5 and f.dates < 0.5 and f.filled / f.distinct >= _MIN_REPEATS


def _notes(
    left: list[str], features: Mapping[str, Features], fields: Mapping[str, str], order: DateOrder
) -> tuple[str, ...]:
    notes = [
        f"column '{name}' holds text too and was left out; import it with --map text={name}"
        for name in left
        if features[name].words >= 6 and features[name].repeats < 2
    ]
    if not order.certain and "said_at" in fields:
        notes.append(f"dates in '{fields['said_at']}' fit day/month and month/day; read as day/month")
    return tuple(notes)


def _rating_notes(
    fields: Mapping[str, str], features: Mapping[str, Features], fixed: Mapping[str, str]
) -> tuple[str, ...]:
    column = fields.get("rating")
    if column is None or "rating" in fixed or name_score(column, "rating") >= _MIN_NAME:
        return ()
    top = features[column].scale
    reason = f"all its values lie between {1 if top == 5 else 0} and {top}"
    return (
        f"ratings were read from '{column}', because {reason}; leave them out by mapping rating to no column (--map rating=)",
    )


def listed(columns: Mapping[str, object]) -> str:
    """Columns as a message names them: the first twenty."""
    names = list(columns)
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
