"""The themes as four tables: records, themes, assignments, evidence. Rows come page by page; a table is never held whole."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from assistant.domain.record import Record, RecordKind
from assistant.synthesis.outputs.export import PATH, Export

SCHEMA = 1
"""Goes up when a column changes its name, type or meaning, or goes. New columns may come without."""
PAGE = 1_000
"""Records that are read at a time."""
MAX_SEGMENTS = 100
"""Segment attributes with a column of their own; a table of thousands of columns opens nowhere."""

Value = str | int | float | bool | datetime | None
Row = tuple[Value, ...]


class Holds(StrEnum):
    """What the values of a column are."""

    text = "text"
    integer = "integer"
    number = "number"
    truth = "truth"
    moment = "moment"
    """Aware, UTC."""


@dataclass(frozen=True)
class TableColumn:
    """One column of a table. Any value may be None."""

    name: str
    holds: Holds = Holds.text


@dataclass(frozen=True)
class Table:
    """A table to be written."""

    name: str
    columns: tuple[TableColumn, ...]
    pages: Callable[[], Iterator[list[Row]]]
    """Its rows in an order that depends on content alone, some thousands at a time."""


def tables_of(export: Export) -> tuple[Table, ...]:
    """All tables: `records`, `themes`, `assignments`, `evidence`."""
    return records_table(export), themes_table(export), assignments_table(export), evidence_table(export)


def assignments_table(export: Export) -> Table:
    """Each statement and each theme that holds it, one row per level, by record, place and level."""
    columns = (
        *_columns("record_id", "external_id", "source"),
        TableColumn("start", Holds.integer),
        TableColumn("end", Holds.integer),
        TableColumn("theme_id"),
        TableColumn("level", Holds.integer),
        *_columns("theme", "path"),
    )
    return Table("assignments", columns, lambda: _assignments(export))


def themes_table(export: Export) -> Table:
    """Each theme with its numbers, in the order of the whole. `share` is of people, and None where no author is known."""
    columns = (
        TableColumn("theme_id"),
        TableColumn("level", Holds.integer),
        *_columns("parent_id", "name", "path", "named_by", "summary", "keywords"),
        TableColumn("people", Holds.integer),
        TableColumn("of_people", Holds.integer),
        TableColumn("share", Holds.number),
        TableColumn("records", Holds.integer),
        TableColumn("of_records", Holds.integer),
        TableColumn("statements", Holds.integer),
        TableColumn("is_single_voice", Holds.truth),
    )
    return Table("themes", columns, lambda: iter([_themes(export)]))


def evidence_table(export: Export) -> Table:
    """The quotes that stand for each theme, verbatim but for masks."""
    columns = (
        TableColumn("theme_id"),
        TableColumn("level", Holds.integer),
        *_columns("role", "record_id", "revision"),
        TableColumn("start", Holds.integer),
        TableColumn("end", Holds.integer),
        *_columns("text", "source", "person", "language"),
        TableColumn("said_at", Holds.moment),
    )
    return Table("evidence", columns, lambda: iter([_evidence(export)]))


def records_table(export: Export) -> Table:
    """The customers' records that the themes are counted over, with who they count as, by id."""
    names = _segment_names(export)
    whole = len(export.material.matrix.segment_names) > len(names)
    columns = (
        *_columns("record_id", "revision", "external_id", "source", "voice", "person", "account"),
        TableColumn("rating", Holds.number),
        TableColumn("said_at", Holds.moment),
        *_columns("language", "type", "sentiment", "title", "url", "text"),
        *(TableColumn(f"segment.{export.shown(name)}") for name in names),
        *_columns(*(["segments"] if whole else [])),
    )
    return Table("records", columns, lambda: _records(export, names, whole=whole))


def _columns(*names: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(name) for name in names)


def _assignments(export: Export) -> Iterator[list[Row]]:
    rows, tree = export.material.rows, export.tree
    lines: list[list[Row]] = []
    for node in tree.nodes:
        theme = export.by_id.get(node.id)
        line = export.line(theme) if theme else []
        names = [export.names[one.id] for one in line]
        lines.append(
            [
                (one.id, one.level, names[depth], PATH.join(names[: depth + 1]))
                for depth, one in enumerate(line)
            ]
        )
    leaf = tree.leaf[rows.text].tolist()
    starts = np.searchsorted(rows.record, np.arange(len(rows.record_ids) + 1)).tolist()
    start, end = rows.start.tolist(), rows.end.tolist()
    for first in range(0, len(rows.record_ids), PAGE):
        ids = rows.record_ids[first : first + PAGE]
        held = _read(export, ids)
        page: list[Row] = []
        for place, record_id in enumerate(ids, start=first):
            record = held.get(record_id)
            if record is None:
                continue
            whose = (record_id, _maybe(export, record.external_id), record.source)
            for one in range(starts[place], starts[place + 1]):
                span = (start[one], end[one])
                page += [(*whose, *span, *told) for told in (lines[leaf[one]] if leaf[one] >= 0 else ())]
        yield page


def _themes(export: Export) -> list[Row]:
    everyone = export.themes.people
    return [
        (
            one.id,
            one.level,
            one.parent,
            export.names[one.id],
            export.path(one),
            one.named_by.value,
            export.shown(one.summary),
            export.shown(", ".join(one.keywords)),
            one.people,
            everyone,
            one.share if everyone else None,
            one.records,
            export.themes.records,
            one.statements,
            one.is_single_voice,
        )
        for one in export.themes.themes
    ]


def _evidence(export: Export) -> list[Row]:
    return [
        (
            theme.id,
            theme.level,
            one.role.value,
            one.quote.record_id,
            one.quote.revision,
            one.quote.start,
            one.quote.end,
            export.shown(one.quote.text),
            one.quote.source,
            one.quote.person,
            one.quote.language,
            one.quote.said_at,
        )
        for theme in export.themes.themes
        for one in theme.quotes
    ]


def _records(export: Export, names: list[str], *, whole: bool) -> Iterator[list[Row]]:
    corpus = export.material.matrix.rows
    mine = [row for row, kind in enumerate(corpus.kind) if kind == RecordKind.customer.value]
    for first in range(0, len(mine), PAGE):
        some = mine[first : first + PAGE]
        held = _read(export, [corpus.record_ids[row] for row in some])
        page: list[Row] = []
        for row in some:
            record = held.get(corpus.record_ids[row])
            if record is not None:
                page.append(_record(export, row, record, names, whole=whole))
        yield page


def _record(export: Export, row: int, record: Record, names: list[str], *, whole: bool) -> Row:
    corpus = export.material.matrix.rows
    accounts = corpus.reach_account or corpus.account
    segments = record.segments
    told = {export.shown(name): export.shown(segments[name]) for name in sorted(segments)} if whole else {}
    return (
        record.id,
        record.revision,
        _maybe(export, record.external_id),
        record.source,
        corpus.voice[row],
        corpus.person[row],
        _maybe(export, accounts[row]),
        record.rating,
        record.said_at.astimezone(UTC) if record.said_at else None,
        record.language,
        corpus.type[row] if corpus.type else None,
        corpus.sentiment[row] if corpus.sentiment else None,
        _maybe(export, record.title),
        _maybe(export, record.url),
        export.shown(record.raw),
        *(_maybe(export, segments.get(name)) for name in names),
        *([json.dumps(told, ensure_ascii=False)] if whole else []),
    )


def _segment_names(export: Export) -> list[str]:
    """Those that most records have, by name."""
    held = Counter(name for one in export.material.matrix.rows.segments for name in one)
    widest = sorted(held, key=lambda name: (-held[name], name))[:MAX_SEGMENTS]
    return sorted(widest)


def _read(export: Export, record_ids: "tuple[str, ...] | list[str]") -> dict[str, Record]:
    return export.bench.catalog.records.get(export.bench.workspace, record_ids)


def _maybe(export: Export, text: str | None) -> str | None:
    return None if text is None else export.shown(text)
