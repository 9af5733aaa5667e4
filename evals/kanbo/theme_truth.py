"""Holds stored themes against what was planted in the Kanbo sample: which theme is which, how whole and how pure it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.record import Record
from assistant.synthesis.material import material_of
from assistant.synthesis.members import members_of
from assistant.synthesis.tree import remembered
from assistant.workbench import Workbench
from evals.kanbo.plan import PRICE
from evals.kanbo.truth import Truth

OWN = 0.5
"""Share of a theme's planted records from which the theme is about what was planted there."""
PRICED = "pricing_survey"
_CHOICES = {"Yes": "praise", "No": "problem"}


@dataclass(frozen=True)
class Found:
    """A theme beside a planted one."""

    theme: str
    """Id."""
    name: str
    records: int
    """Of the theme, as far as the truth knows them."""
    hits: int
    """Of them, those that were planted."""
    precision: float
    recall: float
    f1: float
    people: int
    """Planted people who are in the theme."""


@dataclass(frozen=True)
class Planted:
    """One planted theme, and where it went."""

    name: str
    records: int
    people: int
    best: Found | None
    """The one with the best F1; None where none holds a record of it."""
    own: tuple[Found, ...]
    """All of whose records at least `OWN` were planted here, most hits first: more than one is a split."""
    recall_of_own: float
    """Planted records that are in one of `own`."""
    people_of_own: int


@dataclass(frozen=True)
class Row:
    """What is known of a record."""

    theme: str
    stance: str
    """`problem`, `praise` or `neutral`."""
    person: str
    """Pseudonym, as the workspace has it."""


def rows_of(records: Iterable[Record], truth: Truth) -> dict[str, Row]:
    """Record id → what was planted in it, as far as the record can be told.

    Survey answers and the chat come without an id. Of the survey, those to the question about the price are told by the question,
    and their stance by the choice; the others are left out.
    """
    known = {(Path(row.file).stem, row.external_id): row for row in truth.rows if row.external_id is not None}
    found: dict[str, Row] = {}
    for record in records:
        row = known.get((record.source, record.external_id or ""))
        if row is not None and row.theme is not None:
            found[record.id] = Row(row.theme, row.stance, record.person or record.id)
        elif record.segments.get("question") == PRICE:
            stance = _CHOICES.get(record.segments.get("choice", ""), "neutral")
            found[record.id] = Row(PRICED, stance, record.person or record.id)
    return found


def members(bench: Workbench) -> dict[str, tuple[str, ...]]:
    """Stored theme id → ids of the records that have a statement in it, sorted; {} before the first run."""
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        return {}
    material = material_of(bench)
    ids = material.rows.record_ids
    return {
        one.node.id: tuple(sorted({ids[row] for row in material.rows.record[one.statements].tolist()}))
        for one in members_of(material, remembered(state.nodes, material.rows))
    }


def compare(
    names: Mapping[str, str], held: Mapping[str, Iterable[str]], rows: Mapping[str, Row]
) -> dict[str, Planted]:
    """Find each planted theme among others.

    Args:
        names: id → name of the themes to look among, for example of one level.
        held: id → record ids.
        rows: record id → planted row.
    """
    planted: dict[str, set[str]] = {}
    for record_id, row in rows.items():
        planted.setdefault(row.theme, set()).add(record_id)
    found: dict[str, list[Found]] = {name: [] for name in planted}
    for theme, called in names.items():
        known = {record_id for record_id in held.get(theme, ()) if record_id in rows}
        for name, hits in sorted(Counter(rows[one].theme for one in known).items()):
            whole = planted[name]
            found[name].append(
                Found(
                    theme=theme,
                    name=called,
                    records=len(known),
                    hits=hits,
                    precision=hits / len(known),
                    recall=hits / len(whole),
                    f1=2 * hits / (len(known) + len(whole)),
                    people=len({rows[one].person for one in known & whole}),
                )
            )
    return {name: _planted(name, planted[name], found[name], held, rows) for name in sorted(planted)}


def _planted(
    name: str,
    whole: set[str],
    found: list[Found],
    held: Mapping[str, Iterable[str]],
    rows: Mapping[str, Row],
) -> Planted:
    own = tuple(
        sorted((one for one in found if one.precision >= OWN), key=lambda one: (-one.hits, one.theme))
    )
    covered = whole & {record_id for one in own for record_id in held[one.theme]}
    return Planted(
        name=name,
        records=len(whole),
        people=len({rows[one].person for one in whole}),
        best=max(found, key=lambda one: (one.f1, one.theme), default=None),
        own=own,
        recall_of_own=len(covered) / len(whole),
        people_of_own=len({rows[one].person for one in covered}),
    )
