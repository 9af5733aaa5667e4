"""What is counted of a catalog is what is in it: of one workspace, or of all together."""

from datetime import UTC, datetime, timedelta

from assistant.domain.finding import Verdict
from assistant.domain.hook import HookEvent, HookMessage
from assistant.domain.spent import Spent
from assistant.domain.ticket import Action, Arrived, Delivery, Effect, EffectState
from assistant.stores.port import Catalog
from tests.support.drafts import valid_draft
from tests.support.store_samples import WORKSPACE, batch, numbered

AT = datetime(2026, 2, 3, tzinfo=UTC)


def _effect(key: str, state: EffectState = EffectState.waiting) -> Effect:
    return Effect(key=key, connection="desk", action=Action.comment, subject=key, made_at=AT, state=state)


def _message(number: int, state: EffectState = EffectState.waiting) -> HookMessage:
    event = HookEvent.draft_completed
    return HookMessage(id=f"msg_{number}", hook="chat", event=event, data={}, made_at=AT, state=state)


def test_an_empty_catalog_counts_nothing(catalog: Catalog) -> None:
    for workspace in (None, WORKSPACE):
        found = catalog.tally.tally(workspace)
        assert (found.records, found.passages, found.calls, found.tokens, found.arrived) == (0, 0, 0, 0, 0)
        assert (dict(found.drafts), dict(found.effects), dict(found.hook_messages)) == ({}, {}, {})


def test_a_workspace_counts_what_is_its_own_and_all_of_them_count_the_sum(catalog: Catalog) -> None:
    catalog.records.add(WORKSPACE, batch(numbered(3)))
    catalog.records.add("other", batch(numbered(2, workspace="other")))
    for name, tokens in ((WORKSPACE, 7), ("other", 5)):
        catalog.calls.put(name, "key", {"text": "a\x00b"})
        catalog.spending.add(name, "2026-02-03", Spent(tokens=tokens, usd=0.5))
        catalog.effects.add(name, [_effect("a"), _effect("b", EffectState.dead)])
        catalog.hook_outbox.add(name, [_message(1), _message(2, EffectState.done)])
        said = Arrived(connection="desk", delivery_id="d", happened="ticket", key="7")
        taken = Delivery(connection="desk", id="d", body_sha256="x", taken_at=AT)
        assert catalog.deliveries.take(name, taken, AT - timedelta(days=1), said) is None
    mine, others, all_of_them = (catalog.tally.tally(name) for name in (WORKSPACE, "other", None))
    assert (mine.records, others.records, all_of_them.records) == (3, 2, 5)
    assert (mine.passages, others.passages, all_of_them.passages) == (3, 2, 5)
    assert (mine.tokens, others.tokens, all_of_them.tokens, all_of_them.usd) == (7, 5, 12, 1.0)
    assert (mine.calls, all_of_them.calls) == (1, 2)
    assert dict(mine.effects) == {"waiting": 1, "dead": 1}
    assert dict(all_of_them.effects) == {"waiting": 2, "dead": 2}
    assert dict(mine.hook_messages) == {"waiting": 1, "done": 1}
    assert (mine.deliveries, all_of_them.deliveries) == (1, 2)
    assert (mine.arrived, all_of_them.arrived) == (1, 2)
    assert catalog.tally.tally("nobody's").records == 0


def test_drafts_are_counted_by_kind_and_verdict_and_one_that_comes_later_is_seen(catalog: Catalog) -> None:
    draft = valid_draft(checked=True)
    assert draft.report is not None
    catalog.drafts.save(draft)
    assert dict(catalog.tally.tally(None).drafts) == {(draft.kind, "ready"): 1}
    report = draft.report.model_copy(update={"verdict": Verdict.needs_fixes})
    catalog.drafts.save(draft.model_copy(update={"version": 2, "report": report}))
    catalog.drafts.save(draft.model_copy(update={"version": 3, "report": None, "title": "a\x00b"}))
    seen = {(draft.kind, "ready"): 1, (draft.kind, "needs fixes"): 1, (draft.kind, ""): 1}
    assert dict(catalog.tally.tally(draft.workspace).drafts) == seen
    assert dict(catalog.tally.tally(None).drafts) == seen
    assert dict(catalog.tally.tally(WORKSPACE).drafts) == {}


def test_an_older_revision_is_no_record_more(catalog: Catalog) -> None:
    (one,) = numbered(1)
    catalog.records.add(WORKSPACE, batch([one]))
    catalog.records.add(WORKSPACE, batch([one.model_copy(update={"raw": "It was mended."})]))
    assert catalog.tally.tally(WORKSPACE).records == 1
