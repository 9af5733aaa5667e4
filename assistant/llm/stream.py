"""One reply from a stream of pieces: the time limit, the retries and the checks that every adapter shares."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TypeVar

import stamina

from assistant.domain.base import canonical_json
from assistant.errors import ModelRateLimited, ModelRefused, ModelReplyInvalid, VoxspecError
from assistant.llm.failures import Finish, Kept, ReplyUnusable, cut_off, meaning, too_slow
from assistant.llm.port import ModelCall, ModelReply, OnDelta
from assistant.telemetry import get_logger

T = TypeVar("T")
_log = get_logger("llm")
RETRY_AFTER_CAP_S = 30.0
"""A server that asks for a longer wait gets its error raised at once; the job decides when to come back."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.25, 8.0
_MAX_CHARS = 4_000_000
_JOIN_S = 0.05
"""After a piece of text the next ones are waited for so long, and handed over as one: what hears each token by itself (checks it,
stores it, wakes readers) costs more than the token. The first is handed over at once."""


@dataclass(frozen=True)
class Piece:
    """What one event of a stream brought."""

    text: str = ""
    refusal: str = ""
    finish: Finish | None = None
    tokens_in: int = 0
    tokens_out: int = 0


def time_limit(call: ModelCall, default_s: float) -> float:
    """Seconds for the whole call, retries included: the adapter's setting, or less where the call says so."""
    return min(call.timeout_s, default_s) if "timeout_s" in call.model_fields_set else default_s


def with_schema(system: str, schema: Mapping[str, object]) -> str:
    """The system prompt for a model that takes no JSON schema of its own."""
    return f"{system}\n\nReply with one JSON object and nothing else. Its JSON Schema:\n{canonical_json(dict(schema))}"


def reply_from(
    stream: Callable[[float], Iterator[Piece]],
    call: ModelCall,
    *,
    name: str,
    timeout_s: float,
    retries: int,
    on_delta: OnDelta | None,
    says_finish: bool = True,
) -> ModelReply:
    """Read a reply from a stream.

    Args:
        stream: opens the stream; given the seconds that are left.
        call: what was asked.
        name: the model, for messages and the reply.
        timeout_s: limit for everything, retries included.
        retries: further tries after an error that may pass; none once a piece was handed to `on_delta`.
        on_delta: hears the text as it comes, in pieces of up to 50 ms.
        says_finish: the provider always says why it stopped, so silence means that the stream was cut.

    Raises: the errors of `ChatModel.complete`.
    """
    handed_out = False

    def hear(text: str) -> None:
        nonlocal handed_out
        if on_delta is not None:
            handed_out = True
            on_delta(text)

    def once(deadline: float) -> ModelReply:
        reply = _Assembly(name, call, says_finish)
        for pieces in within(stream, deadline, name=name, timeout_s=timeout_s, join_s=_JOIN_S):
            for piece in pieces:
                reply.add(piece)
            if text := "".join(piece.text for piece in pieces):
                hear(text)
        return reply.finish()

    return retried(once, timeout_s=timeout_s, retries=retries, may_retry=lambda: not handed_out)


def assembled(pieces: Iterable[Piece], call: ModelCall, name: str) -> ModelReply:
    """One reply from pieces that are all there. Raises: ModelRefused, ModelReplyInvalid."""
    reply = _Assembly(name, call, says_finish=True)
    for piece in pieces:
        reply.add(piece)
    return reply.finish()


def retried(
    once: Callable[[float], T],
    *,
    timeout_s: float,
    retries: int,
    may_retry: Callable[[], bool] = lambda: True,
) -> T:
    """Call until it works, the tries are used up, or the wait would pass the deadline.

    Args:
        once: one try; given the deadline on the monotonic clock.
        timeout_s: limit for everything.
        retries: further tries after an error whose class is retryable. `Retry-After` is honoured up to 30 s.
        may_retry: asked before each further try.
    """
    deadline = time.monotonic() + timeout_s
    failures = 0

    def wait_for(problem: Exception) -> bool | float:
        nonlocal failures
        failures += 1
        if not isinstance(problem, VoxspecError) or not problem.retryable or not may_retry():
            return False
        wait = min(_FIRST_WAIT_S * 2 ** (failures - 1), _LONGEST_WAIT_S) * random.uniform(1.0, 1.5)
        if isinstance(problem, ModelRateLimited) and problem.retry_after_s is not None:
            wait = problem.retry_after_s
        fits = wait <= RETRY_AFTER_CAP_S and time.monotonic() + wait < deadline
        if fits and failures <= retries:
            _log.info(f"{problem.message} Trying again in {wait:.1f} s.")
        return wait if fits else False

    for attempt in stamina.retry_context(on=wait_for, attempts=retries + 1, timeout=None):
        with attempt:
            return once(deadline)
    raise AssertionError("stamina raises the last error itself")


def within(
    stream: Callable[[float], Iterator[T]],
    deadline: float,
    *,
    name: str,
    timeout_s: float,
    join_s: float = 0.0,
) -> Iterator[list[T]]:
    """Pieces of a stream until the deadline, to the second, however the provider hangs.

    A provider's own time limits count from byte to byte at best, so a thread reads and the caller waits. When the caller
    stops, the thread ends with the stream's next event or its read time limit.

    Args:
        join_s: after each turn, what comes within so many seconds is waited for and given together; the stream's end is not.

    Returns: what has come since the last turn, never nothing.
    Raises: ModelTimeout, and the meaning of whatever the stream raises.
    """
    events: SimpleQueue[tuple[T] | Kept] = SimpleQueue()
    stopped, over = threading.Event(), threading.Event()

    def read() -> None:
        with Kept() as kept:
            for piece in stream(max(deadline - time.monotonic(), 0.001)):
                events.put((piece,))
                if stopped.is_set():
                    break
        events.put(kept)
        over.set()

    threading.Thread(target=read, name="model-stream", daemon=True).start()
    midway = False
    try:
        while True:
            pieces, end = _taken(events, max(deadline - time.monotonic(), 0.0))
            if pieces:
                midway = True
                yield pieces
            if end is not None and end.problem is not None:
                raise meaning(end.problem, name, midway=midway) from end.problem
            if end is not None:
                return
            if not pieces or time.monotonic() >= deadline:
                raise too_slow(name, timeout_s)
            over.wait(min(join_s, deadline - time.monotonic()))
    finally:
        stopped.set()


def _taken(events: "SimpleQueue[tuple[T] | Kept]", seconds: float) -> tuple[list[T], Kept | None]:
    """What is there, after waiting for the first of it; nothing where nothing came. With it the end, where that is there."""
    pieces: list[T] = []
    try:
        event = events.get(timeout=seconds)
        while not isinstance(event, Kept):
            pieces.append(event[0])
            event = events.get_nowait()
    except Empty:
        return pieces, None
    return pieces, event


class _Assembly:
    """Puts the pieces together and judges the whole."""

    def __init__(self, name: str, call: ModelCall, says_finish: bool) -> None:
        self._name = name
        self._wants_json = call.json_schema is not None
        self._says_finish = says_finish
        self._texts: list[str] = []
        self._chars = 0
        self._refusal = ""
        self._finish: Finish | None = None
        self._tokens = (0, 0)

    def add(self, piece: Piece) -> None:
        self._texts.append(piece.text)
        self._chars += len(piece.text)
        self._refusal += piece.refusal
        self._finish = piece.finish or self._finish
        self._tokens = (max(self._tokens[0], piece.tokens_in), max(self._tokens[1], piece.tokens_out))
        if self._chars > _MAX_CHARS:
            raise ModelReplyInvalid(f"The reply of {self._name} does not end.", hint="Take another model.")

    def finish(self) -> ModelReply:
        text = "".join(self._texts)
        if self._refusal or self._finish == "refused":
            said = f": {' '.join(self._refusal.split())[:200]}" if self._refusal else "."
            raise ModelRefused(
                f"{self._name} declined to answer{said}", hint="Reword the brief, or take another model."
            )
        if self._finish is None and self._says_finish:
            raise cut_off(self._name)
        if self._finish == "length" and self._wants_json:
            raise ReplyUnusable(
                f"The reply of {self._name} reached its length limit before its JSON was complete.",
                hint="Allow more tokens, or ask for less.",
            )
        if not text.strip():
            raise ReplyUnusable(
                f"The reply of {self._name} is empty.", hint="Try again, or take another model."
            )
        return ModelReply(text=text, model=self._name, tokens_in=self._tokens[0], tokens_out=self._tokens[1])
