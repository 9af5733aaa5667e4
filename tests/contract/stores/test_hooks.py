"""Hooks and what they are to be told, in the catalog: a message is kept once, is in one pair of hands, and goes with its hook."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.hook import Hook, HookEvent, HookMessage
from assistant.domain.ticket import EffectState
from assistant.stores.port import Catalog
from tests.support.store_samples import WORKSPACE

AT = datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=UTC)
LEASE = timedelta(minutes=1)
CHAT = Hook(name="chat", url="https://example.com/a", events=(HookEvent.claim_stale,), secrets=("env:HOOK",))


def message(number: int, hook: str = "chat", **given: object) -> HookMessage:
    told = {"id": f"msg_{number}", "hook": hook, "event": HookEvent.claim_stale, "data": {"n": number}, "made_at": AT}  # fmt: skip
    return HookMessage.model_validate(told | given)


def claim(catalog: Catalog, at: datetime = AT) -> HookMessage:
    taken = catalog.hook_outbox.claim(WORKSPACE, at, LEASE)
    assert taken is not None
    return taken


def test_a_hook_is_kept_under_its_name_in_its_workspace(catalog: Catalog) -> None:
    catalog.hooks.put(WORKSPACE, CHAT)
    catalog.hooks.put(WORKSPACE, CHAT.model_copy(update={"name": "another"}))
    catalog.hooks.put(WORKSPACE, CHAT.model_copy(update={"url": "https://example.com/b"}))
    assert [(one.name, one.url[-1]) for one in catalog.hooks.hooks(WORKSPACE)] == [("another", "a"), ("chat", "b")]  # fmt: skip
    assert catalog.hooks.hooks("other") == []
    assert not catalog.hooks.remove("other", "chat")
    assert catalog.hooks.remove(WORKSPACE, "chat")
    assert not catalog.hooks.remove(WORKSPACE, "chat")


def test_a_message_is_kept_once_and_as_it_was_said_first(catalog: Catalog) -> None:
    assert catalog.hook_outbox.add(WORKSPACE, [message(1), message(2)]) == 2
    assert catalog.hook_outbox.add(WORKSPACE, [message(1, data={"n": 7}), message(3)]) == 1
    assert catalog.hook_outbox.get(WORKSPACE, "msg_1") == message(1)
    assert catalog.hook_outbox.get("other", "msg_1") is None
    assert [one.id for one in catalog.hook_outbox.page(WORKSPACE)] == ["msg_3", "msg_2", "msg_1"]
    assert [one.id for one in catalog.hook_outbox.page(WORKSPACE, after="msg_3", limit=1)] == ["msg_2"]


def test_the_oldest_that_is_due_is_taken_by_one_and_by_nobody_else(catalog: Catalog) -> None:
    catalog.hook_outbox.add(WORKSPACE, [message(1, not_before=AT + LEASE), message(2), message(3)])
    assert [claim(catalog).id, claim(catalog).id] == ["msg_2", "msg_3"]
    assert catalog.hook_outbox.claim(WORKSPACE, AT, LEASE) is None
    assert catalog.hook_outbox.claim("other", AT, LEASE) is None
    assert claim(catalog, AT + LEASE).id == "msg_1"


def test_what_became_of_it_is_kept_unless_it_was_taken_from_these_hands(catalog: Catalog) -> None:
    catalog.hook_outbox.add(WORKSPACE, [message(1)])
    lost = claim(catalog)
    found = claim(catalog, AT + LEASE)
    assert (found.state, found.tries) == (EffectState.sending, 2)
    assert not catalog.hook_outbox.settle(WORKSPACE, lost.model_copy(update={"state": EffectState.dead}))
    assert catalog.hook_outbox.settle(WORKSPACE, found.model_copy(update={"state": EffectState.done}))
    assert not catalog.hook_outbox.settle("other", found)
    kept = catalog.hook_outbox.get(WORKSPACE, "msg_1")
    assert kept is not None
    assert (kept.state, kept.until) == (EffectState.done, None)


def test_workspaces_are_due_when_the_time_of_a_message_has_come(catalog: Catalog) -> None:
    catalog.hook_outbox.add(WORKSPACE, [message(1, not_before=AT + LEASE)])
    catalog.hook_outbox.add("other", [message(1), message(2)])
    assert catalog.hook_outbox.due(AT) == ["other"]
    assert catalog.hook_outbox.due(AT + LEASE) == sorted([WORKSPACE, "other"])


@pytest.mark.parametrize("state", [EffectState.waiting, EffectState.sending])
def test_with_a_hook_goes_what_is_still_to_be_sent_to_it_and_nothing_else(
    catalog: Catalog, state: EffectState
) -> None:
    catalog.hooks.put(WORKSPACE, CHAT)
    done = message(2, state=EffectState.done)
    catalog.hook_outbox.add(WORKSPACE, [message(1, state=state), done, message(3, hook="another")])
    assert catalog.hooks.remove(WORKSPACE, "chat")
    assert [one.id for one in catalog.hook_outbox.page(WORKSPACE)] == ["msg_3", "msg_2"]
