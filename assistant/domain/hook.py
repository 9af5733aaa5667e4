"""Webhooks that go out: who is told of what, and the messages that tell it. They hold ids and counts, never words of records."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, field_validator

from assistant.domain.base import Frozen, digest
from assistant.domain.ticket import CONNECTION_NAME, EffectState, SecretRef


class HookEvent(StrEnum):
    """What can be told."""

    draft_completed = "draft.completed"
    """A version of a draft was written or changed, and checked."""
    check_failed = "check.failed"
    """The check of such a version found what blocks it, or too little evidence."""
    theme_spiked = "theme.spiked"
    """A run of themes found one that more people speak of than chance explains."""
    claim_stale = "claim.stale"
    """Claims of a draft don't hold any more."""
    test = "hook.test"
    """Somebody tries the hook. It is sent to that hook alone, whatever it listens to."""


LISTENED = tuple(one for one in HookEvent if one is not HookEvent.test)
"""What a hook can listen to."""


class Hook(Frozen):
    """An address that is told."""

    name: str = Field(pattern=CONNECTION_NAME)
    url: str = Field(pattern=r"^https?://[^\s]+$", max_length=2000)
    events: tuple[HookEvent, ...] = Field(min_length=1)
    secrets: tuple[SecretRef, ...] = Field(min_length=1)
    """What messages are signed with, `whsec_…` each: the current secret first, then those that are being replaced."""

    @field_validator("events")
    @classmethod
    def _can_be_listened_to(cls, events: tuple[HookEvent, ...]) -> tuple[HookEvent, ...]:
        if not set(events) <= set(LISTENED):
            raise ValueError("a test is sent to the hook that is tried, and can't be listened to")
        return tuple(dict.fromkeys(events))


Data = dict[str, str | int | list[str]]
"""Ids and counts."""
Named = Annotated[str, Field(min_length=1, max_length=300)]


class HookMessage(Frozen):
    """One event for one hook. It arrives at least once, always under the same id."""

    id: str
    hook: str
    event: HookEvent
    data: Data
    made_at: AwareDatetime
    state: EffectState = EffectState.waiting
    tries: int = 0
    not_before: AwareDatetime | None = None
    until: AwareDatetime | None = None
    """While `sending`: when it may be taken from who has it in hands."""
    error: str = ""
    hint: str = ""


def message_id(workspace: str, hook: str, event: HookEvent, about: str) -> str:
    """Id of a message: what happened once is told a hook under one id. Args: about: what happened, for example `dra_1/3`."""
    return f"msg_{digest('hook', workspace, hook, event.value, about, size=12)}"
