"""The contract of `DraftStore` and `CallStore`."""

import pytest

from assistant.domain.draft import Draft, Provenance, Section, TextBlock
from assistant.domain.events import DraftEvent
from assistant.domain.evidence import Scope
from assistant.errors import Conflict
from assistant.stores.port import Catalog
from tests.support.store_samples import WORKSPACE


def _draft(draft_id: str, version: int = 1, text: str = "Hello 👋 {F1}") -> Draft:
    return Draft(
        id=draft_id,
        workspace=WORKSPACE,
        kind="prd",
        title="Offline mode",
        version=version,
        brief="offline",
        scope=Scope(sources=("reviews",)),
        sections=(Section(id="s", title="S", blocks=(TextBlock(text=text),)),),
        provenance=Provenance(
            prompt_id="drafting/prd", prompt_sha256="0", writer="extractive", corpus="0", settings="0"
        ),
    )


def _event(seq: int, **data: object) -> DraftEvent:
    return DraftEvent(seq=seq, type="draft.text.delta", data=data)


def test_a_draft_is_read_again_as_it_was_saved(catalog: Catalog) -> None:
    catalog.drafts.save(_draft("dra_1"))
    assert catalog.drafts.get(WORKSPACE, "dra_1") == _draft("dra_1")
    assert catalog.drafts.get("other", "dra_1") is None
    assert catalog.drafts.get(WORKSPACE, "dra_2") is None


def test_saving_a_version_again_changes_nothing_and_other_bytes_conflict(catalog: Catalog) -> None:
    catalog.drafts.save(_draft("dra_1"))
    catalog.drafts.save(_draft("dra_1"))
    with pytest.raises(Conflict):
        catalog.drafts.save(_draft("dra_1", text="something else"))
    assert catalog.drafts.get(WORKSPACE, "dra_1") == _draft("dra_1")


def test_the_newest_version_is_the_one_that_is_read(catalog: Catalog) -> None:
    for version in (1, 2, 3):
        catalog.drafts.save(_draft("dra_1", version))
    assert catalog.drafts.get(WORKSPACE, "dra_1") == _draft("dra_1", 3)
    assert catalog.drafts.get(WORKSPACE, "dra_1", 2) == _draft("dra_1", 2)
    assert catalog.drafts.get(WORKSPACE, "dra_1", 4) is None


def test_newest_drafts_come_first_page_by_page(catalog: Catalog) -> None:
    for name in ("a", "b", "c", "d"):
        catalog.drafts.save(_draft(name))
    catalog.drafts.save(_draft("a", 2))
    first = catalog.drafts.newest(WORKSPACE, None, 2)
    assert [(d.id, d.version) for d in first] == [("a", 2), ("d", 1)]
    assert [d.id for d in catalog.drafts.newest(WORKSPACE, "d", 9)] == ["c", "b"]
    assert catalog.drafts.newest("other", None, 9) == []


def test_events_are_a_log_that_keeps_the_first_of_each_number(catalog: Catalog) -> None:
    catalog.drafts.append_events(WORKSPACE, "dra_1", [_event(1, text="a"), _event(2, text="b")])
    catalog.drafts.append_events(WORKSPACE, "dra_1", [_event(2, text="other"), _event(3, text="c")])
    catalog.drafts.append_events(WORKSPACE, "dra_1", [])
    assert catalog.drafts.events(WORKSPACE, "dra_1", 0) == [
        _event(1, text="a"),
        _event(2, text="b"),
        _event(3, text="c"),
    ]
    assert catalog.drafts.events(WORKSPACE, "dra_1", 2) == [_event(3, text="c")]
    assert catalog.drafts.events("other", "dra_1", 0) == []


def test_the_first_reply_of_a_call_stays(catalog: Catalog) -> None:
    catalog.calls.put(WORKSPACE, "key", {"text": "paid for", "tokens_in": 3})
    catalog.calls.put(WORKSPACE, "key", {"text": "another"})
    assert catalog.calls.get(WORKSPACE, "key") == {"text": "paid for", "tokens_in": 3}
    assert catalog.calls.get("other", "key") is None
    assert catalog.calls.get(WORKSPACE, "nothing") is None
