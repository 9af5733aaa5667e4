"""The seams of webhooks that go out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assistant.domain.hook import Hook, HookMessage


class HookStore(Protocol):
    """Who is told of what."""

    def put(self, workspace: str, hook: Hook) -> None:
        """Keep a hook, in place of the one of that name."""
        ...

    def hooks(self, workspace: str) -> list[Hook]:
        """All of them, by name."""
        ...

    def remove(self, workspace: str, name: str) -> bool:
        """Forget it, with what is still to be sent to it. Returns whether it was there."""
        ...


class HookOutbox(Protocol):
    """What is to be told, and what became of it."""

    def add(self, workspace: str, messages: Sequence[HookMessage]) -> int:
        """Keep messages in one transaction. Of an id that is known, what is kept stays. Returns: how many are new."""
        ...

    def claim(self, workspace: str, now: datetime, lease: timedelta) -> HookMessage | None:
        """Take the next one that is due in hands, the oldest first, with `until` and `tries` as they are kept now."""
        ...

    def settle(self, workspace: str, message: HookMessage) -> bool:
        """Keep what became of it. Returns False where it was taken from these hands meanwhile (`until` isn't what is kept)."""
        ...

    def get(self, workspace: str, message_id: str) -> HookMessage | None: ...

    def page(self, workspace: str, *, after: str | None = None, limit: int = 50) -> list[HookMessage]:
        """Newest first, behind that id."""
        ...

    def due(self, now: datetime) -> list[str]:
        """Workspaces with something that can be sent now. The one question over all workspaces: who sends asks it."""
        ...
