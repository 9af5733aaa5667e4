"""A run as a chat completion, whole or in chunks. What is sent as text has passed the gate.

While a model words sentences, nobody knows yet which of them hold: those words are not sent. A client is told what is being done
instead, as `reasoning_content`, which chats show as thinking, and as comments, which keep a connection alive.
"""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.deps import Service
from api.errors import HttpProblem, from_voxspec, status_of_code
from api.facade.answer import Answer
from api.facade.following import Log, follow
from api.facade.shape import error_body
from assistant.domain.events import LoggedEvent
from assistant.errors import VoxspecError

_CHUNK_CHARS = 1500
PING_EVERY_S = 5.0
_LOOK_EVERY_S = 1.0
_STEPS = {
    "survey": "Looking for what is said about it.",
    "write": "Writing from what was found.",
    "word": "Wording the sentences.",
    "revise": "Taking out what the check refuses.",
}


@dataclass(frozen=True)
class Head:
    """What every part of one completion carries."""

    id: str
    model: str
    created: int

    def chunk(self, delta: dict[str, Any] | None, finish: str | None = None, **more: Any) -> bytes:
        """One event. Args: delta: None for a chunk without choices, which tells the usage."""
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
        body = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
            **more,
        }
        return _event(body)

    def whole(
        self, text: str, annotations: list[dict[str, Any]], usage: dict[str, int], **more: Any
    ) -> dict[str, Any]:
        """The completion as one object."""
        message = {"role": "assistant", "content": text, "refusal": None, "annotations": annotations}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [choice],
            "usage": usage,
            **more,
        }


Fetch = Callable[[LoggedEvent], Answer]
"""From the event that ends a run to the message; it reads the catalog."""
_DONE = b"data: [DONE]\n\n"
NO_USE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Of a stream: proxies are told not to hold it back."""


def head_of(name: str, model: str) -> Head:
    """The head of a completion of now."""
    return Head(f"chatcmpl-{name}", model, int(time.time()))


def usage_of(data: dict[str, Any]) -> dict[str, int]:
    """What the writing took of the language model, from the event that ends a run; nothing without one."""
    used = data.get("usage") or {}
    asked, said = int(used.get("tokens_in", 0)), int(used.get("tokens_out", 0))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def told_of(answer: Answer) -> dict[str, Any]:
    """What only Voxspec says of an answer; clients of OpenAI pass it over."""
    draft = {
        "draft_id": answer.draft_id,
        "version": answer.version,
        "verdict": answer.verdict,
        "url": answer.url,
    }
    return (draft if answer.draft_id else {}) | ({"thread_id": answer.thread_id} if answer.thread_id else {})


async def streamed(
    service: Service, log: Log, head: Head, fetch: Fetch, *, with_usage: bool
) -> AsyncIterator[bytes]:
    """The chunks of a run, until it is over or the server stops."""
    yield head.chunk({"role": "assistant", "content": ""})
    progress = _Progress()
    async for event in follow(service, log, ping_every_s=PING_EVERY_S):
        if event is None:
            yield b": still at work\n\n"
        elif event.type == log.done:
            try:
                answer = await run_in_threadpool(fetch, event)
            except (HttpProblem, VoxspecError) as problem:
                told = problem if isinstance(problem, HttpProblem) else from_voxspec(problem)
                yield _event(_error_of(told))
                return
            for part in of_answer(head, answer, usage_of(event.data) if with_usage else None):
                yield part
            return
        elif event.type == log.failed:
            yield _event(_error_of(failed(event.data)))
            return
        elif line := progress.line(event):
            yield (
                f": {line}\n\n".encode()
                if not progress.worded
                else head.chunk({"reasoning_content": f"{line}\n"})
            )
    yield _event(_error_of(_stopping()))


def of_answer(head: Head, answer: Answer, usage: dict[str, int] | None) -> Iterator[bytes]:
    """The chunks of a message that is there already."""
    for piece in pieces(answer.text):
        yield head.chunk({"content": piece})
    if answer.annotations:
        yield head.chunk({"annotations": list(answer.annotations)})
    yield from _end(head, usage, voxspec=told_of(answer))


def of_text(head: Head, text: str, usage: dict[str, int] | None) -> Iterator[bytes]:
    """The chunks of a message that is no draft."""
    yield head.chunk({"role": "assistant", "content": text})
    yield from _end(head, usage)


def _end(head: Head, usage: dict[str, int] | None, **more: Any) -> Iterator[bytes]:
    yield head.chunk({}, "stop", **more)
    if usage is not None:
        yield head.chunk(None, usage=usage)
    yield _DONE


def pieces(text: str) -> Iterator[str]:
    """A text in pieces that end with a block of Markdown where they can; joined they are the text."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK_CHARS, len(text))
        if end < len(text):
            cut = text.rfind("\n\n", start, end)
            end = cut + 2 if cut > start else end
        yield text[start:end]
        start = end


async def completed(service: Service, log: Log, is_gone: Callable[[], Awaitable[bool]]) -> LoggedEvent | None:
    """The event that ends a run; None where the client went away before. Raises: HttpProblem for a run that failed, or that the server's stop leaves."""
    async for event in follow(service, log, ping_every_s=_LOOK_EVERY_S):
        if event is None and await is_gone():
            return None
        if event is not None and event.type == log.done:
            return event
        if event is not None and event.type == log.failed:
            raise failed(event.data)
    raise _stopping()


def failed(told: dict[str, Any]) -> HttpProblem:
    """The problem of a run that failed."""
    code = str(told.get("code", "internal"))
    return HttpProblem(
        status_of_code(code), code, str(told.get("message", "The draft failed.")), str(told.get("hint", ""))
    )


class _Progress:
    """What is being done, in words of ours: nothing that a record or a model says is in them."""

    def __init__(self) -> None:
        self.worded = False
        self._target = ""

    def line(self, event: LoggedEvent) -> str:
        """A line to tell; empty for an event that is nothing new."""
        step = str(event.data.get("step", ""))
        if event.type == "step.started":
            self.worded = self.worded or step == "word"
            return _STEPS.get(step, "")
        if event.type == "draft.text.delta" and self.worded:
            target = str(event.data.get("target", ""))
            is_new, self._target = target != self._target, target
            return f"Wording {target}." if is_new else ""
        if event.type == "draft.check.completed":
            return f"Checked: {event.data.get('verdict', '')}."
        return ""


def _stopping() -> HttpProblem:
    return HttpProblem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "stopping",
        "The server is stopping.",
        "The draft goes on when it is back: send the same request again.",
    )


def _error_of(problem: HttpProblem) -> dict[str, Any]:
    return error_body(
        problem.status.value, problem.code, f"{problem.detail} {problem.hint}".strip(), problem.param
    )


def _event(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False, separators=(',', ':'))}\n\n".encode(
        "utf-8", "surrogatepass"
    )
