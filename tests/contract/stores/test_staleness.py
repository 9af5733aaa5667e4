"""The contract of `StalenessStore`: what is due, what is kept, and what saving, importing and erasing do about it."""

from assistant.domain.base import canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.staleness import Foundation, Moved, StaleClaim, Why
from assistant.stores.port import Catalog
from tests.contract.stores.test_drafts import _draft
from tests.contract.stores.test_statements import erase
from tests.support.store_samples import WORKSPACE, batch, numbered


def claim(name: str, draft_id: str = "dra_1", reason: str = "F1 moved.\0🙂") -> StaleClaim:
    moved = (Moved(id="F1", why=Why.counted, before="1", after="2"),)
    return StaleClaim(draft_id=draft_id, version=1, claim_id=name, reason=reason, moved=moved)


def test_a_proof_is_due_until_it_was_held_against_the_corpus_of_now(catalog: Catalog) -> None:
    assert catalog.staleness.due(WORKSPACE)[1] == []
    catalog.records.add(WORKSPACE, batch(numbered(2)))
    catalog.drafts.save(_draft("dra_1"))
    corpus, (proof,) = catalog.staleness.due(WORKSPACE)
    assert (proof.draft_id, proof.version, proof.state) == ("dra_1", 1, "")
    assert isinstance(proof.foundation, Foundation)
    looked = proof.model_copy(update={"state": "s"})
    given = (claim("C2"), claim("C10"))
    assert catalog.staleness.put(WORKSPACE, corpus, [(looked, given)]) == [*given]
    assert catalog.staleness.due(WORKSPACE) == (corpus, [])
    assert catalog.staleness.claims(WORKSPACE) == catalog.staleness.claims(WORKSPACE, "dra_1") == [*given]
    assert catalog.staleness.claims("other") == catalog.staleness.claims(WORKSPACE, "dra_2") == []
    catalog.records.add(WORKSPACE, batch(numbered(1, start=5)))
    moved, due = catalog.staleness.due(WORKSPACE)
    assert (moved != corpus, due) == (True, [looked])
    assert catalog.staleness.put(WORKSPACE, corpus, [(looked, ())]) is None
    assert catalog.staleness.put(WORKSPACE, moved, [(looked, None)]) == []
    assert catalog.staleness.claims(WORKSPACE) == [*given]
    # What was stale before isn't told again, what holds again is gone.
    later = (claim("C2", reason="F1 moved on."), claim("C3"))
    assert catalog.staleness.put(WORKSPACE, moved, [(looked, later)]) == [later[1]]
    assert catalog.staleness.claims(WORKSPACE) == [*later]


def test_another_version_is_another_proof_and_an_older_one_changes_nothing(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(2)))
    catalog.drafts.save(_draft("dra_1", 2))
    corpus, (proof,) = catalog.staleness.due(WORKSPACE)
    catalog.staleness.put(WORKSPACE, corpus, [(proof, (claim("C1"),))])
    catalog.drafts.save(_draft("dra_1", 1))
    assert catalog.staleness.due(WORKSPACE)[1] == []
    catalog.drafts.save(_draft("dra_1", 3))
    assert [one.version for one in catalog.staleness.due(WORKSPACE)[1]] == [3]
    assert catalog.staleness.claims(WORKSPACE) == []
    assert catalog.staleness.put(WORKSPACE, corpus, [(proof, (claim("C1"),))]) == []
    assert catalog.staleness.claims(WORKSPACE) == []


def test_an_erasure_takes_words_and_ids_out(catalog: Catalog) -> None:
    records = numbered(3)
    catalog.records.add(WORKSPACE, batch(records))
    catalog.drafts.save(_draft("dra_1"))
    corpus, (proof,) = catalog.staleness.due(WORKSPACE)
    told = (claim("C1", reason=f"It was “{records[0].raw}”."), claim("C2"))
    catalog.staleness.put(WORKSPACE, corpus, [(proof.model_copy(update={"state": "s"}), told)])
    words = ErasedWords([records[0].raw], (), [records[1].raw])
    erase(catalog, [records[0].id], words)
    assert catalog.staleness.claims(WORKSPACE) == [told[1]]
    _, (left,) = catalog.staleness.due(WORKSPACE)
    assert left.state == ""
    assert records[0].id not in canonical_json(left)
