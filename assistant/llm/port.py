"""The seams to language models and embedders."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import Field

from assistant.domain.base import Frozen, digest
from assistant.errors import ModelError


class ModelCall(Frozen):
    """Everything that is sent to a model. Its hash is the key of the call cache."""

    purpose: str
    """For example `drafting/prd/story`; shown in events and counts."""
    system: str
    user: str
    json_schema: dict[str, Any] | None = None
    """The reply must be JSON of this schema (`response_format: json_schema`, strict)."""
    max_tokens: int = Field(default=600, ge=1)
    temperature: float = 0.0
    seed: int = 0
    timeout_s: float = 60.0
    rests_on: tuple[str, ...] = ()
    """Ids of the records that it shows, where no draft says so: its stored reply goes when one of them is erased."""

    def key(self, model: str) -> str:
        """Key of the reply in the call cache: model name and everything that is sent."""
        return digest(model, self.model_dump(mode="json", exclude={"timeout_s", "rests_on"}))


class ModelReply(Frozen):
    """What came back."""

    text: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cached: bool = False


OnDelta = Callable[[str], None]
"""Called with each piece of text as it arrives."""


class ChatModel(Protocol):
    """A language model. Blocking; streams through `on_delta`.

    Example:
        >>> reply = model.complete(ModelCall(purpose="demo", system="…", user="…"), on_delta=print)
    """

    @property
    def name(self) -> str:
        """As it is written in provenance, for example `openai:qwen2.5-coder-1.5b`."""
        ...

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """Answer. Raises: ModelUnavailable, ModelTimeout, ModelRateLimited, ModelRefused, ModelReplyInvalid."""
        ...


class BatchState(Frozen):
    """How far a batch of calls is."""

    is_over: bool
    """Whether there is nothing more to wait for."""
    status: str
    """As its server calls it."""
    done: int = 0
    total: int = 0


class BatchServer(Protocol):
    """Takes many calls at once and answers them within a day, at half the price."""

    @property
    def name(self) -> str:
        """The model's name, as in provenance."""
        ...

    def submit(self, calls: Mapping[str, ModelCall], mark: str) -> str:
        """Hand in calls by their keys. Args: mark: `find` finds the batch by it. Returns: its id. Raises: ModelError, UsageError."""
        ...

    def find(self, mark: str) -> str | None:
        """Id of a batch that was handed in under that mark; None where there is none."""
        ...

    def state(self, batch_id: str) -> BatchState:
        """Raises: ModelError; NotFound where the server knows it no more."""
        ...

    def replies(
        self, batch_id: str, calls: Mapping[str, ModelCall]
    ) -> Iterator[tuple[str, ModelReply | ModelError]]:
        """Key and reply of each call that was answered. Calls that failed on the way are left out."""
        ...

    def forget(self, batch_id: str) -> None:
        """Remove its files from the server; what can't be removed is left."""
        ...


class Embedder(Protocol):
    """Texts to vectors of unit length."""

    @property
    def identity(self) -> str:
        """Name, file hash and dimension, for example `minilm-int8:8199be6f:384`."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimension), float32, unit rows; the same bytes for a text in any batch.

        Raises: ModelUnavailable, ModelTimeout, ModelRateLimited.
        """
        ...


Prices = Mapping[str, tuple[float, float]]
"""Model name → US dollars per million tokens in, out."""
