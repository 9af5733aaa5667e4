"""What the catalog does for an erasure: nothing comes back beside it, and counting changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.domain.draft import Draft
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import Asked, ErasureState, Receipt
from assistant.domain.evidence import Quote
from assistant.domain.record import Record
from assistant.errors import Conflict
from assistant.stores.erasure_port import Doomed
from assistant.stores.port import Catalog
from tests.support.drafts import valid_draft
from tests.support.store_samples import WORKSPACE, batch, numbered

PERSON = "per_0000000000000001"


def receipt() -> Receipt:
    return Receipt(
        id="era_1",
        workspace=WORKSPACE,
        asked=Asked.records,
        subject="rcs_1",
        state=ErasureState.pending,
        asked_at=datetime(2026, 2, 3, tzinfo=UTC),
    )


def _quoting(record: Record) -> Draft:
    quote = Quote(
        record_id=record.id, revision=record.revision, start=0, end=len(record.raw), text=record.raw
    )
    changes = {"workspace": WORKSPACE, "quotes": {"Q1": quote}, "selections": {}, "id": f"dra_{record.id}"}
    return valid_draft().model_copy(update=changes)


def words_of(catalog: Catalog, ids: list[str]) -> ErasedWords:
    eraser = catalog.eraser
    return ErasedWords(eraser.texts(WORKSPACE, ids), (), eraser.other_texts(WORKSPACE, ids))


def test_counting_what_would_go_changes_nothing(catalog: Catalog) -> None:
    records = numbered(5)
    catalog.records.add(WORKSPACE, batch(records))
    before = catalog.records.snapshot(WORKSPACE)
    ids = [records[2].id]
    counted = catalog.eraser.remove(WORKSPACE, Doomed(tuple(ids)), words_of(catalog, ids), "", None)
    assert counted["records"] == counted["revisions"] == 1
    assert catalog.records.snapshot(WORKSPACE) == before
    assert catalog.erasures.newest(WORKSPACE, 10) == []
    assert not catalog.erasures.erased(WORKSPACE).digests
    done = catalog.eraser.remove(WORKSPACE, Doomed(tuple(ids)), words_of(catalog, ids), "", receipt())
    assert dict(done) == dict(counted)
    assert catalog.erasures.newest(WORKSPACE, 10)[0].counts == counted


def test_a_batch_that_was_read_before_the_erasure_is_refused_and_one_that_asks_is_not(
    catalog: Catalog,
) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    ids = [records[0].id]
    catalog.eraser.remove(WORKSPACE, Doomed(tuple(ids)), words_of(catalog, ids), "", receipt())
    with pytest.raises(Conflict, match="erased while this import ran"):
        catalog.records.add(WORKSPACE, batch([records[0]]))
    assert ids[0] not in catalog.records.known(WORKSPACE, ids)
    asked = replace(batch([records[0]]), restores_erased=True)
    assert catalog.records.add(WORKSPACE, asked) == 1
    assert not catalog.erasures.erased(WORKSPACE).digests


def test_a_draft_that_was_begun_before_the_erasure_is_refused(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    ids = [records[0].id]
    catalog.eraser.remove(WORKSPACE, Doomed(tuple(ids)), words_of(catalog, ids), "", receipt())
    draft = _quoting(records[0])
    with pytest.raises(Conflict, match="erased while this draft was written"):
        catalog.drafts.save(draft)
    catalog.drafts.save(_quoting(records[1]))


def test_the_list_of_the_erased_holds_no_id_and_no_pseudonym(catalog: Catalog, tmp_path: Path) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    ids = [records[0].id]
    doomed = Doomed(tuple(ids), persons=(PERSON,), accounts=("Some Firm",))
    catalog.eraser.remove(WORKSPACE, doomed, words_of(catalog, ids), "", receipt())
    catalog.eraser.compact()
    known = catalog.erasures.erased(WORKSPACE)
    assert len(known.digests) == 3
    assert known.holds(records[0].model_copy(update={"account": None, "person": None}))
    assert known.holds(records[1].model_copy(update={"account": " some  FIRM"}))
    assert known.holds(records[1].model_copy(update={"person": PERSON}))
    assert not known.holds(records[1].model_copy(update={"account": None, "person": None}))
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for name in (ids[0], PERSON, "Some Firm"):
        assert name.encode() not in held
