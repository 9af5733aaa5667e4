"""The last look at what leaves for a model: personal data in it is masked, whoever wrote the call.

Callers mask the values that they put into a prompt themselves; what they missed doesn't get out either.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.domain.personal.find import masked
from assistant.llm.port import ChatModel, Embedder, ModelCall, ModelReply, OnDelta


class MaskedModel:
    """A chat model that sees no personal data. It stands before the call cache, which so holds none either."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """As the model's own, of the masked call."""
        return self._model.complete(masked_call(call), on_delta)


def masked_call(call: ModelCall) -> ModelCall:
    """The call as it may leave: without personal data."""
    shown = {"system": masked(call.system), "user": masked(call.user)}
    return call if shown == {"system": call.system, "user": call.user} else call.model_copy(update=shown)


class MaskedEmbedder:
    """An embedder on a server that sees no personal data."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def identity(self) -> str:
        """The embedder's own."""
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        """The embedder's own."""
        return self._embedder.dimension

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As the embedder's own, of the masked texts. Shape (len(texts), dimension)."""
        return self._embedder.embed([masked(text) for text in texts])
