"""The contract of `HistoryStore` and `CommentStore`, and what an erasure leaves of both."""

from datetime import UTC, datetime

import pytest

from assistant.domain.comment import Comment
from assistant.domain.draft_diff import Cause, VersionNote
from assistant.domain.edit import Lock, Replace
from assistant.errors import Conflict
from assistant.stores.port import Catalog
from tests.contract.stores.test_drafts import _draft
from tests.contract.stores.test_statements import erase
from tests.support.store_samples import WORKSPACE, batch, numbered

AT = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


def note(version: int, text: str = "«nein»\t🙂") -> VersionNote:
    edits = (Replace(target="C1", text=text), Lock(target="US-1"))
    return VersionNote(version=version, cause=Cause.edit, by="Ann", at=AT, edits=edits, base=version - 1)


def comment(name: str, text: str = "Why?", **changes: object) -> Comment:
    given = {
        "id": name,
        "draft_id": "dra_1",
        "target": "US-1",
        "version": 1,
        "text": text,
        "by": "Ann",
        "at": AT,
    }
    return Comment.model_validate(given | changes)


def test_versions_come_back_in_order_with_how_they_came_about(catalog: Catalog) -> None:
    catalog.drafts.save(_draft("dra_1"))
    for version in (2, 3):
        catalog.history.append(_draft("dra_1", version), note(version))
    assert catalog.history.versions(WORKSPACE, "dra_1") == [1, 2, 3]
    assert catalog.history.notes(WORKSPACE, "dra_1") == [note(2), note(3)]
    assert catalog.drafts.get(WORKSPACE, "dra_1") == _draft("dra_1", 3)
    assert catalog.history.versions("other", "dra_1") == catalog.history.notes("other", "dra_1") == []


def test_a_version_is_made_once(catalog: Catalog) -> None:
    catalog.drafts.save(_draft("dra_1"))
    with pytest.raises(Conflict):
        catalog.history.append(_draft("dra_1", 1), note(1))
    assert catalog.history.notes(WORKSPACE, "dra_1") == []


def test_comments_come_back_oldest_first_and_are_replaced_by_their_id(catalog: Catalog) -> None:
    late = comment("com_a", at=AT.replace(hour=9))
    for one in (late, comment("com_b"), comment("com_b", resolved_by="Bo", resolved_at=AT)):
        catalog.comments.put(WORKSPACE, one)
    catalog.comments.put("other", comment("com_b"))
    catalog.comments.put(WORKSPACE, comment("com_c", draft_id="dra_2"))
    held = catalog.comments.comments(WORKSPACE, "dra_1")
    assert held == [comment("com_b", resolved_by="Bo", resolved_at=AT), late]


def test_an_erasure_takes_erased_words_out_of_what_people_typed(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    said = f"They wrote: {records[1].raw}"
    catalog.history.append(_draft("dra_1", 2), note(2, said))
    catalog.comments.put(WORKSPACE, comment("com_a", said))
    catalog.comments.put(WORKSPACE, comment("com_b"))
    erase(catalog, [records[1].id])
    assert catalog.history.notes(WORKSPACE, "dra_1")[0].edits == (Lock(target="US-1"),)
    assert [one.text for one in catalog.comments.comments(WORKSPACE, "dra_1")] == ["", "Why?"]
