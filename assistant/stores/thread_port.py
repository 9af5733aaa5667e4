"""The seams of chats: threads, their turns with the log of events, and what models cost a day."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from assistant.domain.events import ThreadEvent
from assistant.domain.spent import Spent
from assistant.domain.thread import Thread, Turn


class ThreadStore(Protocol):
    """Threads of a workspace."""

    def put(self, thread: Thread) -> None:
        """Keep a thread, in place of what was kept of it."""
        ...

    def get(self, workspace: str, thread_id: str) -> Thread | None:
        """The thread."""
        ...

    def newest(self, workspace: str, after: str | None, limit: int) -> list[Thread]:
        """Newest first, after that thread's id; none after an id that isn't there."""
        ...


class TurnStore(Protocol):
    """What was said in threads, and what happened meanwhile. A thread answers one turn at a time."""

    def add(self, workspace: str, turn: Turn) -> None:
        """Keep a person's turn. Raises: Conflict where another one is open, or its place is taken; NotFound: no such thread."""
        ...

    def turns(self, workspace: str, thread_id: str) -> list[Turn]:
        """In the order in which they were said."""
        ...

    def open_turns(self, workspace: str) -> int:
        """How many turns of all threads aren't over."""
        ...

    def append_events(self, workspace: str, thread_id: str, events: Sequence[ThreadEvent]) -> None:
        """Append to the log. An event whose `seq` is there already is left out.

        Raises: Cancelled where the turn of the events (`data.turn`) is over: nobody may add to it then.
        """
        ...

    def events(self, workspace: str, thread_id: str, after_seq: int) -> list[ThreadEvent]:
        """Events with a greater `seq`, in order."""
        ...

    def end(
        self, workspace: str, turn: Turn, last: Mapping[str, Any], answer: Turn | None, thread: Thread | None
    ) -> bool:
        """Keep the outcome of a turn in one transaction: its state, the answer, the thread, and the last event.

        Args:
            turn: in its last state; `done` ends with `turn.completed`, others with `turn.failed`.
            last: the data of that event.
            thread: None leaves it as it is.

        Returns: False where the turn was over already; nothing was changed then.
        """
        ...


class SpendStore(Protocol):
    """What the models of a workspace cost, by day."""

    def add(self, workspace: str, day: str, spent: Spent) -> None:
        """Add to a day. Args: day: ISO date, UTC."""
        ...

    def of(self, workspace: str, day: str) -> Spent:
        """What that day cost so far."""
        ...
