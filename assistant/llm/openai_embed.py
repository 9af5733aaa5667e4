"""Embeddings from any OpenAI-compatible URL, through the openai SDK."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydantic import SecretStr

from assistant.errors import ModelReplyInvalid
from assistant.llm.openai_chat import open_client, time_to_wait
from assistant.llm.stream import retried, within

_BATCH = 128

_Vectors = npt.NDArray[np.float32]


class OpenAIEmbedder:
    """Texts to vectors by a server. Equal bytes for equal texts are the server's to keep, so vectors are stored once."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str | None = None,
        api_key: SecretStr | str | None = None,
        timeout_s: float = 60.0,
        retries: int = 2,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            name: the model, as its server calls it.
            base_url: for example `http://127.0.0.1:8080/v1`; None is OpenAI.
            api_key: may be missing where the base URL's server asks for none.
            timeout_s: limit for one request of up to 128 texts, retries included.
            retries: further tries after 429, 5xx and lost connections.

        Raises: UsageError for a base URL that isn't one, and for no key where OpenAI needs one.
        """
        self._client = open_client(base_url, api_key)
        self._model = name
        self._timeout_s = timeout_s
        self._retries = retries

    @property
    def identity(self) -> str:
        """`openai:<name>:<dimension>`; the first use asks the server for the dimension."""
        return f"openai:{self._model}:{self.dimension}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector; the first use asks the server."""
        return len(self._batch(["dimension"])[0])

    def embed(self, texts: Sequence[str]) -> _Vectors:
        """Embed in requests of 128 texts.

        Returns: shape (len(texts), dimension), float32, unit rows.

        Raises: ModelUnavailable, ModelTimeout, ModelRateLimited, ModelReplyInvalid.
        """
        dimension = self.dimension
        vectors = np.empty((len(texts), dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            # Several servers refuse an empty text.
            batch = [text or " " for text in texts[start : start + _BATCH]]
            rows = self._batch(batch)
            if any(len(row) != dimension for row in rows):
                raise self._invalid(f"vectors of another length than {dimension}")
            vectors[start : start + len(batch)] = self._unit(rows)
        return vectors

    def _batch(self, texts: list[str]) -> list[list[float]]:
        def once(deadline: float) -> list[list[float]]:
            name = f"openai:{self._model}"
            replies = within(
                lambda seconds: self._ask(texts, seconds), deadline, name=name, timeout_s=self._timeout_s
            )
            return next(replies)[0]

        return retried(once, timeout_s=self._timeout_s, retries=self._retries)

    def _ask(self, texts: list[str], seconds: float) -> Iterator[list[list[float]]]:
        reply = self._client.embeddings.create(
            model=self._model,
            input=texts,
            encoding_format="float",
            timeout=time_to_wait(seconds),
        )
        try:
            rows = {entry.index: list(entry.embedding) for entry in reply.data}
            yield [rows[index] for index in range(len(texts))]
        except (AttributeError, KeyError, TypeError) as problem:
            raise self._invalid("no vector for each text") from problem

    def _unit(self, rows: list[list[float]]) -> _Vectors:
        try:
            vectors = np.array(rows, dtype=np.float64)
        except (TypeError, ValueError) as problem:
            raise self._invalid("vectors that aren't numbers") from problem
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise self._invalid("vectors without a direction")
        unit: _Vectors = (vectors / lengths).astype(np.float32)
        return unit

    def _invalid(self, what: str) -> ModelReplyInvalid:
        return ModelReplyInvalid(
            f"The embedder openai:{self._model} sends {what}.", hint="Check the model's name and its server."
        )
