"""Finished model calls are stored and never paid twice."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from assistant.llm.port import ChatModel, ModelCall, ModelReply, OnDelta


class Calls(Protocol):
    """What is needed of `stores.port.CallStore`, which this package does not import."""

    def get(self, workspace: str, key: str) -> dict[str, Any] | None: ...

    def put(self, workspace: str, key: str, reply: Mapping[str, Any]) -> None: ...


class CachedModel:
    """A chat model before which the call store stands.

    A reply is stored before anyone sees it as finished, so that a killed process finds it again.
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

        Raises: as the model; errors are not stored.
        """
        key = call.key(self.name)
        if (reply := self._stored(key)) is not None:
            if on_delta is not None:
                on_delta(reply.text)
            return reply
        reply = self._model.complete(call, on_delta)
        self._calls.put(self._workspace, key, reply.model_dump(mode="json", exclude={"cached"}))
        return reply

    def _stored(self, key: str) -> ModelReply | None:
        stored = self._calls.get(self._workspace, key)
        if stored is None:
            return None
        try:
            return ModelReply.model_validate({**stored, "cached": True})
        except ValidationError:
            # Written by a version that stored other fields: as good as not stored.
            return None
