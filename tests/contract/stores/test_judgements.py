"""The contract of `LabelStore` and `CaseStore`, and what an erasure leaves of both."""

import json

import pytest

from assistant.domain.label import KeptCase, Label
from assistant.errors import UsageError
from assistant.stores.port import Catalog
from tests.contract.stores.test_statements import erase
from tests.support.store_samples import WORKSPACE, batch, numbered

AT = "2026-02-03T04:05:06Z"


def label(item: str = "dra_a@1#C1", **values: object) -> Label:
    given = {"question": "finding:numbers_bound", "item": item, "verdict": "wrong", "rater": "ann", "at": AT}
    return Label.model_validate(given | values)


def case(case_id: str = "one", **values: object) -> KeptCase:
    body = json.dumps({"id": case_id, "ask": "export of large boards"})
    given = {"set_name": "ours", "kind": "prd", "id": case_id, "body": body, "by": "ann", "at": AT}
    return KeptCase.model_validate(given | values)


def test_labels_come_back_by_question_and_item_in_their_workspace_alone(catalog: Catalog) -> None:
    second, first = label("dra_b@1#C1"), label("dra_a@10#C1")
    other = label(question="judge:follows", reason="it doesn't\0 follow — «nein»")
    for one in (other, second, first):
        catalog.labels.put(WORKSPACE, one)
    assert catalog.labels.labels(WORKSPACE) == [first, second, other]
    assert catalog.labels.labels(WORKSPACE, "finding:") == [first, second]
    assert catalog.labels.labels(WORKSPACE, item="dra_a@1#") == [other]
    assert catalog.labels.labels(WORKSPACE, "%") == []
    assert catalog.labels.labels("another") == []


def test_a_later_answer_of_the_same_person_replaces_the_earlier(catalog: Catalog) -> None:
    catalog.labels.put(WORKSPACE, label())
    changed = label(verdict="right", reason="looked again")
    catalog.labels.put(WORKSPACE, changed)
    bob = label(rater="bob")
    catalog.labels.put(WORKSPACE, bob)
    assert catalog.labels.labels(WORKSPACE) == [changed, bob]
    assert not catalog.labels.forget("another", bob.id)
    assert catalog.labels.forget(WORKSPACE, bob.id)
    assert catalog.labels.labels(WORKSPACE) == [changed]


def test_cases_come_back_by_id_and_are_replaced(catalog: Catalog) -> None:
    catalog.cases.put(WORKSPACE, case("two"))
    catalog.cases.put(WORKSPACE, case("one", by="bob"))
    catalog.cases.put(WORKSPACE, case("one"))
    catalog.cases.put(WORKSPACE, case("one", set_name="another", kind="user_stories"))
    assert catalog.cases.cases(WORKSPACE, "ours") == [case("one"), case("two")]
    assert catalog.cases.sets(WORKSPACE) == {"another": ("user_stories", 1), "ours": ("prd", 2)}
    assert catalog.cases.sets("elsewhere") == {}
    assert catalog.cases.remove(WORKSPACE, "ours", "one")
    assert not catalog.cases.remove(WORKSPACE, "ours", "one")
    assert catalog.cases.cases(WORKSPACE, "ours") == [case("two")]


def test_a_set_holds_cases_of_one_kind(catalog: Catalog) -> None:
    catalog.cases.put(WORKSPACE, case("one"))
    with pytest.raises(UsageError, match="'prd', not for 'user_stories'"):
        catalog.cases.put(WORKSPACE, case("two", kind="user_stories"))
    assert catalog.cases.cases(WORKSPACE, "ours") == [case("one")]


def test_removed_records_take_their_words_and_their_cases_along(catalog: Catalog) -> None:
    gone, stays = numbered(2)
    catalog.records.add(WORKSPACE, batch([gone, stays]))
    catalog.labels.put(WORKSPACE, label(shown=gone.raw, reason="said so", record_ids=(gone.id, stays.id)))
    catalog.labels.put(WORKSPACE, label("dra_b@1#C1", shown=stays.raw, record_ids=(stays.id,)))
    catalog.cases.put(WORKSPACE, case("one", records=((gone.id, gone.revision),)))
    catalog.cases.put(WORKSPACE, case("two", records=((stays.id, stays.revision),)))
    erase(catalog, [gone.id])
    assert catalog.labels.labels(WORKSPACE) == [
        label(),
        label("dra_b@1#C1", shown=stays.raw, record_ids=(stays.id,)),
    ]
    assert [one.id for one in catalog.cases.cases(WORKSPACE, "ours")] == ["two"]


def test_words_of_an_erasure_go_from_what_people_typed(catalog: Catalog) -> None:
    (gone,) = numbered(1)
    catalog.records.add(WORKSPACE, batch([gone]))
    catalog.labels.put(WORKSPACE, label(reason=f"Ann wrote: {gone.raw}"))
    catalog.cases.put(WORKSPACE, case("one", body=json.dumps({"id": "one", "ask": gone.raw})))
    catalog.cases.put(WORKSPACE, case("two"))
    erase(catalog, [gone.id])
    assert [one.reason for one in catalog.labels.labels(WORKSPACE)] == [""]
    assert [one.id for one in catalog.cases.cases(WORKSPACE, "ours")] == ["two"]
