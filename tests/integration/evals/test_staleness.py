"""Drafts whose evidence changes: what is marked and why, what is told once, and what a refresh leaves alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.erasure import ErasureOrder, owning, plan, prove, remove
from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.draft_diff import Cause
from assistant.domain.edit import Lock, Replace
from assistant.domain.erasure import Asked
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter
from assistant.domain.record import RecordKind
from assistant.domain.staleness import Moved, StaleClaim, Why
from assistant.drafting.staleness.mark import mark, stale, stale_drafts
from assistant.drafting.staleness.standing import Standing
from assistant.search.matrix import columns_of
from assistant.workbench import Workbench
from evals.editing.amend import Amended, Stale, amend
from evals.editing.history import history, version_of
from evals.editing.refresh import refresh
from evals.gate import produce
from evals.recounting.recount import Recount
from evals.release import judged
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.reach import link
from tests.support.flawed_draft import REQUEST, laneway

AT = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with laneway(tmp_path / "home", tmp_path) as opened:
        produce(opened, REQUEST.model_copy(update={"kind": "prd"}))
        yield opened


@pytest.fixture
def draft(bench: Workbench) -> Draft:
    return bench.catalog.drafts.newest("default", None, 1)[0]


def quoted_once(draft: Draft) -> str:
    """A quote that one claim rests on."""
    resting = [name for claim in draft.claims.values() for name in claim.quote_ids]
    return next(name for name in draft.quotes if resting.count(name) == 1)


def bury(bench: Workbench, draft: Draft, quote: str) -> str:
    record = draft.quotes[quote].record_id
    bench.catalog.tombstones.bury("default", [record], AT)
    return record


def test_an_import_marks_what_it_touched_and_tells_of_it_once(bench: Workbench, tmp_path: Path) -> None:
    draft = produce(bench, REQUEST.model_copy(update={"kind": "insight_summary"}))
    heard: list[StaleClaim] = []
    bench.stale_listeners.append(heard.extend)
    assert mark(bench) == stale_drafts(bench).get(draft.id, []) == []
    (tmp_path / "more.csv").write_text("id,text,author\n1,The parking lot was full again.,Zoe\n")
    ingest(bench, [tmp_path / "more.csv"], IngestOptions())
    open_facts = {
        name
        for name, fact in draft.facts.items()
        if None in [where.selection for where in (fact.filter, fact.denominator) if where]
        and fact.measure.value not in ("constant", "stated")
    }
    assert {one.claim_id for one in heard} >= {
        name for name, claim in draft.claims.items() if open_facts & set(claim.fact_ids)
    }
    assert {one.why for claim in heard for one in claim.moved} == {Why.counted}
    assert all(one.after == draft.facts[one.id].model_copy(update={"value": recount(bench, draft, one.id)}).display for claim in heard for one in claim.moved)  # fmt: skip
    assert judged(bench, version_of(bench, draft.id)).status is DraftStatus.stale
    told = list(heard)
    link(bench)
    assert heard == told


def recount(bench: Workbench, draft: Draft, fact: str) -> float | int | str:
    return Recount(bench.corpus(), draft).answer(draft.facts[fact])


def test_a_record_that_leaves_marks_its_claims_with_the_reason_and_coming_back_unmarks_them(
    bench: Workbench, draft: Draft, tmp_path: Path
) -> None:
    name = quoted_once(draft)
    bury(bench, draft, name)
    link(bench)
    claims = {one.claim_id: one for one in stale_drafts(bench)[draft.id]}
    cited = {key for key, claim in draft.claims.items() if name in claim.quote_ids}
    assert cited <= claims.keys()
    for key in cited:
        assert claims[key].reason.startswith(f"The record of {name} left its source")
    ingest(
        bench,
        [tmp_path / "reviews.jsonl"],
        IngestOptions(mapping={"text": "text", "external_id": "external_id", "author": "author"}),
    )
    assert stale_drafts(bench) == {}
    assert judged(bench, draft).status is DraftStatus.ready


def test_a_draft_that_a_change_cannot_touch_is_not_even_evaluated(bench: Workbench, tmp_path: Path) -> None:
    draft = produce(bench, REQUEST.model_copy(update={"kind": "insight_summary"}))
    inside = Scope(kinds=(RecordKind.internal,))
    facts = {
        name: fact.model_copy(update={"filter": FactFilter(scope=inside), "denominator": None, "value": 0})
        for name, fact in draft.facts.items()
        if fact.measure.value in ("people", "records")
    }
    apart = draft.model_copy(
        update={"id": "dra_apart", "facts": facts, "selections": {}, "quotes": {}, "claims": {}}
    )
    bench.catalog.drafts.save(apart)
    corpus, (proof,) = bench.catalog.staleness.due("default")
    assert proof.foundation is not None
    # A mark that no evaluation would make tells whether there was one.
    planted = StaleClaim(
        draft_id="dra_apart", version=1, claim_id="C1", reason="Planted.", moved=(Moved(id="Q1", why=Why.gone),)
    )  # fmt: skip
    seen = proof.model_copy(update={"state": Standing(columns_of(bench)).state(proof.foundation, {})})
    assert bench.catalog.staleness.put("default", corpus, [(seen, (planted,))]) == [planted]
    (tmp_path / "more.csv").write_text("id,text,author\n1,The parking lot was full again.,Zoe\n")
    ingest(bench, [tmp_path / "more.csv"], IngestOptions())
    assert bench.catalog.staleness.due("default")[1] == []
    assert bench.catalog.staleness.claims("default", "dra_apart") == [planted]
    assert bench.catalog.staleness.claims("default", draft.id)


def test_a_refresh_rewrites_the_stale_sections_and_leaves_every_other_byte(
    bench: Workbench, draft: Draft
) -> None:
    told = amend(bench, draft.id, [Lock(target="US-1.want")], version=1, by="Ann")
    assert isinstance(told, Amended)
    base = told.draft
    bury(bench, base, quoted_once(base))
    link(bench)
    marked = {one.claim_id for one in stale_drafts(bench)[draft.id]}
    shown = refresh(bench, draft.id, version=2, by="Ann", dry_run=True)
    assert isinstance(shown, Amended)
    assert (shown.kept, version_of(bench, draft.id).version) == (False, 2)
    done = refresh(bench, draft.id, version=2, by="Ann")
    assert isinstance(done, Amended)
    assert (done.kept, done.draft.version, done.draft.locks) == (True, 3, base.locks)
    assert done.diff.changes
    after = {one.id: one for one in done.draft.sections}
    for section in base.sections:
        names = {n for block in section.blocks for n in getattr(block, "claim_ids", ())}
        names |= {str(getattr(block, "id", "")) for block in section.blocks}
        if not names & marked and section.id != "evidence":
            assert after[section.id].model_dump_json() == section.model_dump_json()
            for name in names & base.claims.keys():
                assert done.draft.claims[name] == base.claims[name]
    assert stale(bench, done.draft) == ()
    assert stale_drafts(bench) == {}
    assert history(bench, draft.id).notes[-1].cause is Cause.refresh
    again = refresh(bench, draft.id, version=3, by="Ann")
    assert isinstance(again, Amended)
    assert not again.kept
    assert isinstance(refresh(bench, draft.id, version=1, by="Ann"), Stale)


def test_what_a_person_typed_stays_and_stays_stale_where_its_evidence_went(
    bench: Workbench, draft: Draft
) -> None:
    name = quoted_once(draft)
    claim = next(key for key, one in draft.claims.items() if name in one.quote_ids)
    words = f"People put it plainly: “{{{name}}}”"
    told = amend(bench, draft.id, [Replace(target=claim, text=words)], version=1, by="Ann")
    assert isinstance(told, Amended)
    bury(bench, draft, name)
    link(bench)
    done = refresh(bench, draft.id, version=2, by="Ann")
    assert isinstance(done, Amended)
    assert done.draft.claims[claim].text == words
    assert claim in {one.claim_id for one in stale_drafts(bench)[draft.id]}


def test_an_erasure_marks_and_a_refresh_writes_the_whole_again(bench: Workbench, draft: Draft) -> None:
    name = quoted_once(draft)
    order = ErasureOrder(Asked.records, (draft.quotes[name].record_id,))
    with owning(bench):
        receipt = remove(bench, plan(bench, order))
    prove(bench, receipt)
    claims = [one for one in stale_drafts(bench)[draft.id] if name in {held.id for held in one.moved}]
    assert claims
    assert all(f"The record of {name} was erased" in one.reason for one in claims)
    assert order.names[0] not in str(bench.catalog.staleness.due("default"))
    done = refresh(bench, draft.id, version=1, by="Ann")
    assert isinstance(done, Amended)
    assert (done.draft.stale_reason, stale_drafts(bench)) == ("", {})
