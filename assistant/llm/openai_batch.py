"""The Batch API of OpenAI and of servers that speak it, through the openai SDK: files in, a batch, files out."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import SecretStr

from assistant.domain.base import canonical_json
from assistant.errors import ModelError, ModelRefused, ModelReplyInvalid, NotFound, UsageError
from assistant.llm.failures import Kept, finish_of, meaning, unreadable
from assistant.llm.openai_chat import open_client, request_of, time_to_wait
from assistant.llm.port import BatchState, ModelCall, ModelReply
from assistant.llm.stream import Piece, assembled, retried
from assistant.telemetry import get_logger

if TYPE_CHECKING:
    from openai.types import Batch

T = TypeVar("T")
MOST_CALLS = 50_000
"""Lines that OpenAI takes in one batch."""
_ENDPOINT: Final = "/v1/chat/completions"
_MARK = "voxspec"
_NO_STREAM = frozenset({"stream", "stream_options"})
_OVER = frozenset({"completed", "failed", "expired", "cancelled"})
_LOOKED_THROUGH = 100
"""Newest batches that are searched for a mark."""


class OpenAIBatches:
    """The `BatchServer` of an OpenAI-compatible URL."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str | None = None,
        api_key: SecretStr | str | None = None,
        timeout_s: float = 60.0,
        retries: int = 2,
    ) -> None:
        """Prepare; nothing is sent. Args: as of `OpenAIChat`; timeout_s: for one request. Raises: UsageError."""
        self._client = open_client(base_url, api_key)
        self._model = name
        self._timeout_s = timeout_s
        self._retries = retries

    @property
    def name(self) -> str:
        """`openai:` and the model."""
        return f"openai:{self._model}"

    def submit(self, calls: Mapping[str, ModelCall], mark: str) -> str:
        """Upload the calls as a file and begin a batch of them."""
        lines = [
            canonical_json(
                {
                    "custom_id": key,
                    "method": "POST",
                    "url": _ENDPOINT,
                    "body": request_of(call, self._model, _NO_STREAM),
                }
            )
            for key, call in calls.items()
        ]
        content = "".join(f"{line}\n" for line in lines).encode()
        file = self._do(
            lambda limit: self._client.files.create(
                file=("voxspec.jsonl", content), purpose="batch", timeout=time_to_wait(limit)
            )
        )
        # Tried once: a try whose answer was lost would begin a second batch, and both be paid. The next run finds it by its mark.
        batch = self._do(
            lambda limit: self._client.batches.create(
                input_file_id=file.id,
                endpoint=_ENDPOINT,
                completion_window="24h",
                metadata={_MARK: mark},
                timeout=time_to_wait(limit),
            ),
            retries=0,
        )
        return _text(batch.id)

    def find(self, mark: str) -> str | None:
        """Look through the newest batches."""
        page = self._do(
            lambda limit: self._client.batches.list(limit=_LOOKED_THROUGH, timeout=time_to_wait(limit))
        )
        marked = [one for one in page.data or [] if (one.metadata or {}).get(_MARK) == mark]
        return _text(marked[0].id) if marked else None

    def state(self, batch_id: str) -> BatchState:
        """How far it is."""
        batch = self._get(batch_id)
        counts = batch.request_counts
        return BatchState(
            is_over=batch.status in _OVER,
            status=_text(batch.status),
            done=int(counts.completed + counts.failed) if counts else 0,
            total=int(counts.total) if counts else 0,
        )

    def replies(
        self, batch_id: str, calls: Mapping[str, ModelCall]
    ) -> Iterator[tuple[str, ModelReply | ModelError]]:
        """Read the file of results; lines that can't be read, or that nobody asked for, are left out."""
        output = self._get(batch_id).output_file_id
        if not output:
            return
        text = self._do(lambda limit: self._client.files.content(output, timeout=time_to_wait(limit)).text)
        for line in text.splitlines():
            key, body = _answered(line)
            if key in calls and body is not None:
                try:
                    yield key, assembled(_pieces(body, self.name), calls[key], self.name)
                except (ModelRefused, ModelReplyInvalid) as problem:
                    yield key, problem

    def forget(self, batch_id: str) -> None:
        """Remove the files of calls and results."""
        batch = self._get(batch_id)
        for file_id in (batch.input_file_id, batch.output_file_id, batch.error_file_id):
            if file_id:
                try:
                    self._do(partial(self._remove, file_id))
                except (ModelError, UsageError) as problem:
                    get_logger("llm").info(f"A file of the batch stays on the server: {problem.message}")

    def _remove(self, file_id: str, limit: float) -> None:
        self._client.files.delete(file_id, timeout=time_to_wait(limit))

    def _get(self, batch_id: str) -> "Batch":
        try:
            return self._do(
                lambda limit: self._client.batches.retrieve(batch_id, timeout=time_to_wait(limit))
            )
        except UsageError as problem:
            raise NotFound(f"The server knows no batch {batch_id[:60]}.", hint=problem.hint) from problem

    def _do(self, request: Callable[[float], T], retries: int | None = None) -> T:
        def once(deadline: float) -> T:
            with Kept() as kept:
                return request(self._timeout_s)
            assert kept.problem is not None
            raise meaning(kept.problem, f"The Batch API of {self.name}") from kept.problem

        tries = self._retries if retries is None else retries
        return retried(once, timeout_s=self._timeout_s * (tries + 1), retries=tries)


def _answered(line: str) -> tuple[str, dict[str, Any] | None]:
    """Key and body of the reply that a line holds; no body where the call failed."""
    try:
        told = json.loads(line)
        response = told["response"]
        body = response["body"] if response and response["status_code"] == 200 else None
        return str(told["custom_id"]), body if isinstance(body, dict) else None
    except (ValueError, KeyError, TypeError):
        return "", None


def _pieces(body: Mapping[str, Any], name: str) -> list[Piece]:
    try:
        choice, usage = body["choices"][0], body.get("usage") or {}
        message = choice["message"]
        return [
            Piece(
                text=_text(message.get("content")),
                refusal=_text(message.get("refusal")),
                finish=finish_of(_text(choice.get("finish_reason"))),
                tokens_in=int(usage.get("prompt_tokens") or 0),
                tokens_out=int(usage.get("completion_tokens") or 0),
            )
        ]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        raise unreadable(name, "a result of another shape.") from problem


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("not a text")
    return value or ""
