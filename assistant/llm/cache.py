"""Finished model calls are stored and never paid twice."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from assistant.errors import ModelError, ModelRefused
from assistant.llm.failures import ReplyUnusable
from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta


class Calls(Protocol):
    """What is needed of `stores.port.CallStore`, which this package does not import."""

    def get(self, workspace: str, key: str) -> dict[str, Any] | None: ...

    def put(self, workspace: str, key: str, reply: Mapping[str, Any]) -> None: ...


RESTS_ON = "rests_on"
"""Beside a stored reply: ids of the records that its call showed. Erasing looks for them."""


def stored_reply(call: ModelCall, reply: ModelReply) -> dict[str, Any]:
    """What is stored of a finished reply."""
    return reply.model_dump(mode="json", exclude={"cached"}) | _rests_on(call)


def stored_failure(call: ModelCall, problem: ModelRefused | ReplyUnusable) -> dict[str, Any]:
    """What is stored of a finished reply that is of no use."""
    told = {"failed": problem.code, "message": problem.message, "hint": problem.hint}
    return told | _rests_on(call)


def _rests_on(call: ModelCall) -> dict[str, Any]:
    return {RESTS_ON: list(call.rests_on)} if call.rests_on else {}


class CachedModel:
    """A chat model before which the call store stands.

    A reply is stored before anyone sees it as finished, so that a killed process finds it again. So is a finished reply that
    is of no use (refused, empty, at its length limit): it was paid, and a replay has to come by here again.
    """

    def __init__(self, model: ChatModel, calls: Calls, workspace: str) -> None:
        self._model = model
        self._calls = calls
        self._workspace = workspace

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """Answer from the store, in one piece and marked as cached, or from the model.

        Raises: as the model; of the errors, only those of a finished reply are stored.
        """
        key = call.key(self.name)
        if (reply := self._stored(key)) is not None:
            if on_delta is not None:
                on_delta(reply.text)
            return reply
        try:
            reply = self._model.complete(call, on_delta)
        except (ModelRefused, ReplyUnusable) as problem:
            self._calls.put(self._workspace, key, stored_failure(call, problem))
            raise
        self._calls.put(self._workspace, key, stored_reply(call, reply))
        return reply

    def _stored(self, key: str) -> ModelReply | None:
        stored = self._calls.get(self._workspace, key)
        if stored is None:
            return None
        if (failed := _FAILURES.get(str(stored.get("failed")))) is not None:
            raise failed(str(stored.get("message")), hint=str(stored.get("hint")))
        try:
            told = {name: value for name, value in stored.items() if name != RESTS_ON}
            return ModelReply.model_validate({**told, "cached": True})
        except ValidationError:
            # Written by a version that stored other fields: as good as not stored.
            return None


_FAILURES: dict[str, type[ModelError]] = {kind.code: kind for kind in (ModelRefused, ReplyUnusable)}
