"""The contract of `TwinStore` and `PeopleStore`: links are kept, undone and made again, and the snapshot follows."""

import random

from assistant.stores.ledger import Identity
from assistant.stores.port import Catalog, RecordBatch
from ingest.clean.sketches import sketches_of
from tests.support.store_samples import WORKSPACE, batch, ids, record

TEXTS = (
    "The export of a large board fails since the update.",
    "The export of a large board fails since the update!!",
    "THE EXPORT of a large board  fails since the update.",
    "Dark mode would be kind to my eyes at night.",
)
RULES = ("email", "account_name", "handle")
PEOPLE = ("per_a", "per_a", "per_b", "per_c")
KNOWN = frozenset(
    {
        Identity("per_a", "email", "one"),
        Identity("per_b", "email", "one"),
        Identity("per_c", "handle", "three"),
    }
)


def _batch(texts: tuple[str, ...] = TEXTS) -> RecordBatch:
    records = [record(str(i), text, person=PEOPLE[i]) for i, text in enumerate(texts)]
    held = batch(records)
    sketches = dict(zip(ids(records), sketches_of(texts), strict=True))
    return RecordBatch(**{**vars(held), "sketches": sketches, "identities": KNOWN})


def _id(number: int) -> str:
    return record(str(number), "").id


def test_twins_are_linked_to_the_smallest_id_and_the_others_are_left(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    assert catalog.twins.links(WORKSPACE) == []
    assert catalog.twins.relink(WORKSPACE) == 3
    links = {one.record_id: one for one in catalog.twins.links(WORKSPACE)}
    assert sorted(links) == sorted(_id(i) for i in range(3))
    assert {one.first_id for one in links.values()} == {min(links)}
    assert sorted(one.rule for one in links.values())[0] in {"exact", "first", "near"}
    assert not any(one.undone for one in links.values())
    assert catalog.twins.links("other") == []


def test_linking_again_changes_nothing(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    catalog.twins.relink(WORKSPACE)
    before = catalog.records.snapshot(WORKSPACE)
    assert catalog.twins.relink(WORKSPACE) == 0
    assert catalog.records.snapshot(WORKSPACE) == before


def test_the_snapshot_moves_with_a_link_and_comes_back_with_its_undoing(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    alone = catalog.records.snapshot(WORKSPACE)
    catalog.twins.relink(WORKSPACE)
    linked = catalog.records.snapshot(WORKSPACE)
    assert linked != alone
    first = catalog.twins.links(WORKSPACE)[0].first_id
    changed = catalog.twins.mark(WORKSPACE, [first], undone=True)
    assert len(changed) == 2
    assert catalog.records.snapshot(WORKSPACE) == alone
    catalog.twins.relink(WORKSPACE)
    assert catalog.records.snapshot(WORKSPACE) == alone, "what was undone stays undone"
    assert catalog.twins.mark(WORKSPACE, [first], undone=False) == changed
    assert catalog.records.snapshot(WORKSPACE) == linked


def test_one_record_is_taken_out_and_the_others_stay_together(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    catalog.twins.relink(WORKSPACE)
    last = max(_id(i) for i in range(3))
    assert catalog.twins.mark(WORKSPACE, [last, "rec_nobody"], undone=True) == [last]
    assert catalog.twins.mark(WORKSPACE, [last], undone=True) == []
    rows = catalog.records.corpus(WORKSPACE)
    assert rows.ledger.apart == {last}
    assert len(rows.ledger.twins) == 2


def test_voices_are_twins_of_one_person_and_people_are_merged(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    before = catalog.records.corpus(WORKSPACE)
    assert (len(set(before.voice)), len(set(before.person))) == (4, 3)
    catalog.twins.relink(WORKSPACE)
    twins = catalog.records.corpus(WORKSPACE)
    assert (len(set(twins.voice)), len(set(twins.person))) == (3, 3), "two people who say the same are two"
    assert catalog.people.relink(WORKSPACE, RULES) == 1
    merged = catalog.records.corpus(WORKSPACE)
    assert (len(set(merged.voice)), len(set(merged.person))) == (2, 2)
    assert merged.authors == before.person
    assert merged.own_voices == before.voice


def test_a_split_person_stays_split_until_somebody_merges_them(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    before = catalog.records.snapshot(WORKSPACE)
    catalog.people.relink(WORKSPACE, RULES)
    merged = catalog.records.snapshot(WORKSPACE)
    assert catalog.people.split(WORKSPACE, "per_a", RULES) == ["per_b"]
    catalog.people.relink(WORKSPACE, RULES)
    assert catalog.records.snapshot(WORKSPACE) == before != merged
    assert [one.undone for one in catalog.people.links(WORKSPACE)] == [True]
    catalog.people.merge(WORKSPACE, "per_b", "per_a", RULES)
    assert catalog.records.snapshot(WORKSPACE) == merged
    assert [(one.person, one.first_person, one.rule) for one in catalog.people.links(WORKSPACE)] == [
        ("per_b", "per_a", "manual")
    ]


def test_rules_that_are_switched_off_merge_nobody(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    catalog.people.relink(WORKSPACE, RULES)
    catalog.people.relink(WORKSPACE, ())
    assert catalog.people.links(WORKSPACE) == []


def test_erasing_a_record_takes_its_links_along_and_the_rest_is_grouped_anew(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    catalog.twins.relink(WORKSPACE)
    catalog.people.relink(WORKSPACE, RULES)
    gone = catalog.twins.links(WORKSPACE)[0].first_id
    catalog.pages.erase(WORKSPACE, [gone])
    left = catalog.twins.links(WORKSPACE)
    assert gone not in {name for one in left for name in (one.record_id, one.first_id)}
    assert len({one.first_id for one in left}) == 1
    assert catalog.twins.relink(WORKSPACE) == 0
    catalog.pages.erase(WORKSPACE, [_id(i) for i in range(4)])
    assert catalog.twins.links(WORKSPACE) == catalog.people.links(WORKSPACE) == []
    assert catalog.records.snapshot(WORKSPACE) == catalog.records.snapshot("nobody")


def test_records_of_before_get_their_sketch_later(catalog: Catalog) -> None:
    records = [record(str(i), text) for i, text in enumerate(TEXTS)]
    catalog.records.add(WORKSPACE, batch(records))
    assert sorted(catalog.twins.unsketched(WORKSPACE, 10)) == sorted(ids(records))
    found = dict(zip(ids(records), sketches_of(TEXTS), strict=True))
    assert catalog.twins.save_sketches(WORKSPACE, found) == 4
    assert catalog.twins.save_sketches(WORKSPACE, found) == 0
    assert catalog.twins.unsketched(WORKSPACE, 10) == []
    assert catalog.twins.sketches(WORKSPACE) == found


def test_a_new_revision_is_linked_by_what_it_says_now(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, _batch())
    catalog.twins.relink(WORKSPACE)
    other = (*TEXTS[:2], "Something else entirely, about invoices.", TEXTS[3])
    catalog.records.add(WORKSPACE, _batch(other))
    catalog.twins.relink(WORKSPACE)
    assert {one.record_id for one in catalog.twins.links(WORKSPACE)} == {_id(0), _id(1)}


def test_the_order_of_arrival_leaves_no_trace(catalog: Catalog) -> None:
    whole = _batch()
    dice = random.Random(4)
    for number in range(4):
        workspace = f"w{number}"
        for one in dice.sample(list(whole.records), 4):
            catalog.records.add(workspace, RecordBatch(**{**vars(whole), "records": [one]}))
            catalog.twins.relink(workspace)
            catalog.people.relink(workspace, RULES)
    assert len({catalog.records.snapshot(f"w{number}") for number in range(4)}) == 1
    assert len({tuple(catalog.twins.links(f"w{number}")) for number in range(4)}) == 1
