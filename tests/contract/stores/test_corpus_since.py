"""Rows that are brought up to date are those that are read from nothing, whatever happened in between."""

import random
from dataclasses import fields

import numpy as np
import pytest

from assistant.domain.ids import passage_id
from assistant.domain.record import Record
from assistant.search.matrix import matrix_for
from assistant.stores.moved import MOVED, Moved
from assistant.stores.port import Catalog, CorpusRows
from tests.support.store_samples import WORKSPACE, batch, ids, numbered, record


def same(one: CorpusRows, other: CorpusRows) -> bool:
    names = {"vectors", *(field.name for field in fields(CorpusRows))} - {"stack", "places"}
    held = [(getattr(one, name), getattr(other, name)) for name in sorted(names)]
    return all(
        np.array_equal(a, b) and a.dtype == b.dtype if isinstance(a, np.ndarray) else a == b for a, b in held
    )


def was_carried(rows: CorpusRows) -> bool:
    return isinstance(vars(rows).get(MOVED), Moved)


def test_records_that_came_or_changed_are_put_in_their_place(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(60)))
    held = catalog.records.corpus(WORKSPACE)
    news = [*numbered(5, start=60), *(record(str(place), f"other words {place}") for place in (3, 17, 59))]
    catalog.records.add(WORKSPACE, batch(news))
    newer = catalog.records.corpus(WORKSPACE, held=held)
    assert was_carried(newer)
    assert same(newer, catalog.records.corpus(WORKSPACE))
    moved: Moved = vars(newer)[MOVED]
    assert {newer.passage_ids[row] for row in moved.passages_come} == {passage_id(one.id, 0) for one in news}
    for old, now in enumerate(moved.passage_now.tolist()):
        assert now == -1 or newer.passage_ids[now] == held.passage_ids[old]
    assert {held.record_ids[row] for row in moved.records_gone} == set(ids(news[5:]))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_rows_are_those_of_now(catalog: Catalog, seed: int) -> None:
    chance = random.Random(seed)
    catalog.records.add(WORKSPACE, batch(numbered(20)))
    held = catalog.records.corpus(WORKSPACE)
    carried = 0
    for step in range(14):
        _happen(catalog, chance, step)
        held = catalog.records.corpus(WORKSPACE, held=held)
        carried += was_carried(held)
        assert same(held, catalog.records.corpus(WORKSPACE)), step
    assert carried


def _happen(catalog: Catalog, chance: random.Random, step: int) -> None:
    number = str(chance.randrange(20))
    match chance.choice(("new", "new", "change", "back", "gone", "rated", "both")):
        case "new":
            catalog.records.add(WORKSPACE, batch(numbered(chance.randint(1, 4), start=100 + 10 * step)))
        case "change":
            catalog.records.add(WORKSPACE, batch([record(number, f"words of step {step}")]))
        case "back":
            catalog.records.add(WORKSPACE, batch(numbered(1, start=int(number))))
        case "gone":
            catalog.pages.erase(WORKSPACE, ids(numbered(1, start=int(number))))
        case "rated":
            catalog.records.add(WORKSPACE, batch([record(f"rated {step}", "It is fine", rating=4.0)]))
        case _:
            catalog.records.add(WORKSPACE, batch([record(number, f"first of {step}")]))
            catalog.records.add(
                WORKSPACE, batch([record(number, f"second of {step}"), *numbered(1, 500 + step)])
            )


def test_columns_without_passages_are_brought_up_to_date_as_well(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(10)))
    held = catalog.records.corpus(WORKSPACE, with_passages=False)
    catalog.records.add(WORKSPACE, batch(numbered(2, start=10)))
    newer = catalog.records.corpus(WORKSPACE, with_passages=False, held=held)
    assert was_carried(newer)
    assert same(newer, catalog.records.corpus(WORKSPACE, with_passages=False))


def test_a_link_that_was_undone_meanwhile_is_heard_of(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch([*numbered(3), record("twin", numbered(1)[0].raw, voice="other")]))
    held = catalog.records.corpus(WORKSPACE)
    catalog.twins.relink(WORKSPACE)
    for link in catalog.twins.links(WORKSPACE):
        catalog.twins.mark(WORKSPACE, [link.first_id], undone=True)
    catalog.records.add(WORKSPACE, batch(numbered(1, start=50)))
    assert same(catalog.records.corpus(WORKSPACE, held=held), catalog.records.corpus(WORKSPACE))


_COLUMNS = (
    "kind",
    "source",
    "language",
    "account",
    "type",
    "sentiment",
    "reach_account",
    "person",
    "voice",
    "own_voice",
)
_NUMBERS = ("rating", "said_at", "rating_shares")


def _columns(rows: CorpusRows) -> dict[str, object]:
    """All that a matrix makes of the records, asked for, so that it is carried on."""
    matrix = matrix_for(rows)
    columns = {name: getattr(matrix, name) for name in _COLUMNS}
    columns |= {name: matrix.segment(name) for name in ("plan", "os")}
    found: dict[str, object] = {
        name: (one.codes.tolist(), one.values, one.known) for name, one in columns.items()
    }
    found |= {name: getattr(matrix, name).tobytes() for name in _NUMBERS}
    found["places"] = [matrix.row_of(one) for one in (*rows.record_ids, "rec_none")]
    found["keys"] = matrix.rows_of_keys(rows.passage_keys).tolist()
    return found | {"ends": matrix.rating_ends, "names": matrix.segment_names}


def _somebody(chance: random.Random, key: str, said: str) -> Record:
    number = chance.randrange(6)
    who = None if number == 0 else f"person {number}"
    fields: dict[str, object] = {
        "person": who,
        "account": chance.choice([None, None, "acme", "umbrella"]),
        "segments": chance.choice([{}, {"plan": "pro"}, {"plan": "free", "os": "ios"}, {f"of {key}": "x"}]),
        "language": chance.choice(["en", "de"]),
        "kind": chance.choice(["customer", "internal"]),
    }
    return record(key, said, **fields)


@pytest.mark.parametrize("seed", range(6))
def test_columns_that_are_carried_on_are_those_of_rows_that_are_read_anew(
    catalog: Catalog, seed: int
) -> None:
    chance = random.Random(seed)
    first = [_somebody(chance, str(number), f"The export fails, report {number % 9}") for number in range(30)]
    rated = [record(f"rated {number}", f"Fine {number}", rating=float(number % 5 + 1)) for number in range(9)]
    catalog.records.add(WORKSPACE, batch([*first, *rated]))
    catalog.people.merge(WORKSPACE, "person 1", "person 2", ())
    catalog.twins.relink(WORKSPACE)
    held = catalog.records.corpus(WORKSPACE)
    _columns(held)
    carried = 0
    for step in range(12):
        keys = {str(chance.randrange(50)) for _ in range(chance.randint(1, 3))}
        news = [
            _somebody(chance, key, f"The export fails, report {chance.randrange(9)}") for key in sorted(keys)
        ]
        catalog.records.add(WORKSPACE, batch(news))
        held = catalog.records.corpus(WORKSPACE, held=held)
        carried += was_carried(held)
        assert _columns(held) == _columns(catalog.records.corpus(WORKSPACE)), step
    assert carried >= 4
