"""The use case: a table of items or answers, and what a person asks of it, to priorities."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.priority import Item, KanoAnswer, PriorityTable, Rule
from assistant.domain.theme import ThemeSet
from assistant.errors import InputRejected, UsageError
from assistant.settings import Settings
from assistant.synthesis.priority.from_themes import MEASURES, with_counts
from assistant.synthesis.priority.kano import evaluate
from assistant.synthesis.priority.moscow import place
from assistant.synthesis.priority.ranking import rank
from assistant.synthesis.priority.registry import METHODS, SCORES
from assistant.synthesis.priority.survey import find_columns, read_pairs
from ingest.names import normal_name
from ingest.port import Row
from ingest.priorities.items import Wanted, read_items
from ingest.recognise import open_file


@dataclass(frozen=True)
class Rows:
    """A table that was opened."""

    columns: Sequence[str]
    rows: Iterable[Row]
    semicolons: bool = False


@dataclass(frozen=True)
class Wishes:
    """What a person asks for."""

    method: str
    """One of `METHODS`."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Field → column, where names don't tell."""
    by: str = ""
    """Who set the numbers."""
    rules: Sequence[Rule] = ()
    """MoSCoW: thresholds."""
    capacity: float | None = None
    """MoSCoW: what can be done, in the unit of the effort."""
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Kano: feature → its two columns."""
    segments: Sequence[str] = ()
    """Kano: columns that make groups."""
    answers: Mapping[str, KanoAnswer] = field(default_factory=dict)
    """Kano: further wordings of the five answers."""
    counted: Mapping[str, str] = field(default_factory=dict)
    """Number → measure by which it is counted, for items that are called like a theme."""
    themes: ThemeSet | None = None
    """What it is counted over."""

    def __post_init__(self) -> None:
        """Raises: UsageError for an unknown method, or a wish that its method has no use for."""
        if self.method not in METHODS:
            raise UsageError(
                f"There is no method '{self.method[:40]}'.", hint=f"The methods are {', '.join(METHODS)}."
            )
        if self.method != "moscow" and (self.rules or self.capacity is not None):
            raise UsageError("Rules and a capacity belong to moscow.", hint="Leave them out, or use moscow.")
        if unknown := [one for one in self.counted.values() if one not in MEASURES]:
            raise UsageError(
                f"A theme has no measure '{unknown[0][:40]}'.", hint=f"Count {', '.join(MEASURES)}."
            )
        if self.method != "kano" and (self.pairs or self.segments or self.answers):
            raise UsageError(
                "Pairs, segments and answers belong to kano.", hint="Leave them out, or use kano."
            )


def open_table(path: Path, settings: Settings) -> Rows:
    """The rows of a CSV, XLSX or JSON file. Raises: InputRejected."""
    if not path.exists():
        raise InputRejected(f"There is no file '{path}'.", hint="Check the spelling of the path.")
    if not path.is_file():
        raise InputRejected(f"'{path}' is no file.", hint="Name a CSV, XLSX or JSON file.")
    opened = open_file(path, settings)
    if opened.connector is None:
        raise InputRejected(
            f"{path.name} holds no table.", hint="Give a CSV, XLSX or JSON file with one row per item."
        )
    return Rows(opened.connector.columns(), opened.connector.rows(), "semicolons" in opened.layout)


def prioritise(table: Rows, wishes: Wishes) -> PriorityTable:
    """Work out the priorities. Raises: InputRejected, UsageError, each with a sentence and a hint."""
    match wishes.method:
        case "kano":
            return _kano(table, wishes)
        case "moscow":
            return _moscow(table, wishes)
    method = SCORES[wishes.method]
    names = [one.name for one in method.parameters]
    if unknown := [name for name in wishes.counted if name not in names]:
        raise UsageError(
            f"{method.name} has no number '{unknown[0][:40]}' to count.",
            hint=f"Its numbers are {', '.join(names)}.",
        )
    wanted = [
        Wanted(one.name, one.also, share=one.top == 1.0, required=one.name not in wishes.counted)
        for one in method.parameters
    ]
    items, notes = _items(table, wanted, wishes)
    ranked = rank(method, items)
    return ranked.model_copy(update={"notes": (*notes, *ranked.notes)})


def _moscow(table: Rows, wishes: Wishes) -> PriorityTable:
    asked = dict.fromkeys(one.input for rule in wishes.rules for one in rule.conditions)
    effort = Wanted("effort", ("aufwand", "cost", "job size", "story points"), required=wishes.capacity is not None)  # fmt: skip
    names = {normal_name(name): name for name in asked}
    wanted = [
        *(
            Wanted(name, required=name not in wishes.counted)
            for name in names.values()
            if normal_name(name) != "effort"
        ),
        effort,
    ]
    items, notes = _items(table, wanted, wishes, bucket=True)
    placed = place(items, wishes.rules, wishes.capacity)
    return placed.model_copy(update={"notes": (*notes, *placed.notes)})


def _items(
    table: Rows, wanted: Sequence[Wanted], wishes: Wishes, *, bucket: bool = False
) -> tuple[list[Item], list[str]]:
    items, notes = read_items(
        table.columns,
        table.rows,
        wanted,
        named=wishes.named,
        by=wishes.by,
        bucket=bucket,
        semicolons=table.semicolons,
    )
    return items if wishes.themes is None else with_counts(items, wishes.themes, wishes.counted), notes


def _kano(table: Rows, wishes: Wishes) -> PriorityTable:
    columns = find_columns(
        table.columns,
        pairs=wishes.pairs,
        named=wishes.named,
        segments=wishes.segments,
        answers=wishes.answers,
    )
    bad: list[str] = []

    def cells() -> Iterable[tuple[str, Mapping[str, str]]]:
        for row in table.rows:
            if row.problem:
                bad.append(f"row {row.number}: {row.problem}")
            else:
                yield f"row {row.number}", row.cells

    pairs, notes = read_pairs(cells(), columns)
    if bad:
        notes.append(f"{len(bad):,} rows can't be read and are left out (first: {bad[0]}).")
    return evaluate(pairs, wishes.segments, notes=notes)
