"""Rows that are brought up to date are those that are read from nothing, whatever happened in between."""

import random
from dataclasses import fields

import numpy as np
import pytest

from assistant.domain.ids import passage_id
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
