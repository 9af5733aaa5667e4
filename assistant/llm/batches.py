"""Many calls through a batch: handed in once, waited for, and their replies put where single calls look for them."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from assistant.domain.base import digest
from assistant.errors import ModelRefused, NotFound
from assistant.llm.cache import RESTS_ON, Calls, stored_failure, stored_reply
from assistant.llm.failures import ReplyUnusable
from assistant.llm.port import BatchServer, ModelCall, ModelReply
from assistant.telemetry import get_logger

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 30.0


class Filling:
    """Replies of a batch on their way into the call store. The batch's id stands there too, so that a killed run finds it again."""

    def __init__(self, server: BatchServer, calls: Calls, workspace: str) -> None:
        self._server = server
        self._calls = calls
        self._workspace = workspace
        self.answered = 0
        self.tokens = (0, 0)
        """In and out, of the replies that came."""

    def fill(self, wanted: list[ModelCall], progress: Callable[[int, int | None, str], None]) -> None:
        """Have calls answered that aren't yet. What fails in the batch stays unanswered, for single calls.

        Args: progress: raises `Cancelled` to stop; the batch goes on at its server, and the same call waits for it again.

        Raises: Cancelled; ModelError; UsageError where the server has no Batch API.
        """
        by_key = {call.key(self._server.name): call for call in wanted}
        missing = {
            key: by_key[key] for key in sorted(by_key) if self._calls.get(self._workspace, key) is None
        }
        if not missing:
            return
        batch_id = self._submitted(missing)
        if self._wait(batch_id, len(missing), progress):
            for key, reply in self._server.replies(batch_id, missing):
                self._keep(key, missing[key], reply)
            self._server.forget(batch_id)

    def _submitted(self, missing: Mapping[str, ModelCall]) -> str:
        """Id of the batch of exactly these calls, handed in now or by a run that was stopped."""
        mark = digest("batch", self._server.name, list(missing), size=16)
        key = f"batch-{mark}"
        held: dict[str, Any] | None = self._calls.get(self._workspace, key)
        if held is not None:
            return str(held["batch"])
        # A run that was killed between the server's answer and this store left a batch that only the server knows.
        batch_id = self._server.find(mark) or self._server.submit(missing, mark)
        shown = sorted({one for call in missing.values() for one in call.rests_on})
        self._calls.put(self._workspace, key, {"batch": batch_id, RESTS_ON: shown})
        return batch_id

    def _wait(self, batch_id: str, count: int, progress: Callable[[int, int | None, str], None]) -> bool:
        wait_s, never = _FIRST_WAIT_S, threading.Event()
        while True:
            try:
                state = self._server.state(batch_id)
            except NotFound:
                get_logger("llm").warning(
                    "The server knows the batch no more; its calls are asked one by one."
                )
                return False
            progress(state.done, state.total or count, f"waiting for the batch ({state.status})")
            if state.is_over:
                return True
            never.wait(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    def _keep(self, key: str, call: ModelCall, reply: object) -> None:
        if isinstance(reply, ModelReply):
            self._calls.put(self._workspace, key, stored_reply(call, reply))
            self.answered += 1
            self.tokens = (self.tokens[0] + reply.tokens_in, self.tokens[1] + reply.tokens_out)
        elif isinstance(reply, ModelRefused | ReplyUnusable):
            self._calls.put(self._workspace, key, stored_failure(call, reply))
            self.answered += 1
