"""A local OpenAI-compatible server that a test makes behave, or misbehave.

    with ModelServer(says("hello")) as server:
        model = OpenAIChat(name="any", base_url=server.base_url)

A behaviour is a function of the request that writes the response. Give one (for every request), a list (one for each
request, the last for all that follow), or a function of the request's body that returns a behaviour. It serves
`/v1/chat/completions` (streaming and not), `/v1/embeddings` and `/v1/models` on 127.0.0.1, and records every request.
"""

import hashlib
import json
import math
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

EMBEDDING_LENGTH = 8


@dataclass(frozen=True)
class ModelRequest:
    """One request as it came in."""

    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def user(self) -> str:
        """Text of the last message."""
        return str(self.body["messages"][-1]["content"])

    @property
    def system(self) -> str:
        """Text of the first message."""
        return str(self.body["messages"][0]["content"])


class Exchange:
    """The response that a behaviour writes."""

    def __init__(
        self, handler: BaseHTTPRequestHandler, request: ModelRequest, closing: threading.Event
    ) -> None:
        self._handler = handler
        self.request = request
        self._closing = closing

    @property
    def streams(self) -> bool:
        """Whether the client asked for a stream."""
        return bool(self.request.body.get("stream"))

    def hang(self, seconds: float | None = None) -> None:
        """Say nothing for so long, or until the server closes."""
        self._closing.wait(seconds)

    def send_json(self, body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole JSON response."""
        self.send_bytes(json.dumps(body).encode(), "application/json", status, headers)

    def send_bytes(
        self, content: bytes, kind: str, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a whole response."""
        self._handler.send_response(status)
        self._handler.send_header("Connection", "close")
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self._handler.wfile.write(content)

    def begin_stream(self) -> None:
        """Send the head of an event stream."""
        self._handler.send_response(200)
        self._handler.send_header("Connection", "close")
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.send_header("Transfer-Encoding", "chunked")
        self._handler.end_headers()

    def send_event(self, data: object) -> None:
        """Send one event: an object as JSON, a string as it is."""
        text = data if isinstance(data, str) else json.dumps(data)
        self._send_chunk(f"data: {text}\n\n".encode())

    def send_delta(self, delta: Mapping[str, Any], finish: str | None = None) -> None:
        """Send one chunk of a chat completion."""
        self.send_event(
            {
                **self._head("chat.completion.chunk"),
                "choices": [{"index": 0, "delta": dict(delta), "finish_reason": finish}],
            }
        )

    def end_stream(self) -> None:
        """Send `[DONE]` and the last chunk."""
        self.send_event("[DONE]")
        self._send_chunk(b"")

    def break_connection(self) -> None:
        """Close the socket at once, with a reset."""
        self._handler.wfile.flush()
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()
        self._handler.close_connection = True

    def send_completion(
        self,
        pieces: Sequence[str],
        *,
        finish: str = "stop",
        refusal: str | None = None,
        pause_s: float = 0.0,
    ) -> None:
        """Send a chat completion, as a stream where it was asked for."""
        tokens_in, tokens_out = len(self.request.user.split()), len("".join(pieces).split())
        usage = {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        }
        if not self.streams:
            message = {"role": "assistant", "content": "".join(pieces) or None, "refusal": refusal}
            choice = {"index": 0, "message": message, "finish_reason": finish}
            self.send_json({**self._head("chat.completion"), "choices": [choice], "usage": usage})
            return
        self.begin_stream()
        self.send_delta({"role": "assistant", "content": ""})
        for piece in pieces:
            self.send_delta({"content": piece})
            if pause_s:
                self.hang(pause_s)
        if refusal:
            self.send_delta({"refusal": refusal})
        self.send_delta({}, finish)
        if (self.request.body.get("stream_options") or {}).get("include_usage"):
            self.send_event({**self._head("chat.completion.chunk"), "choices": [], "usage": usage})
        self.end_stream()

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "reply-1", "object": kind, "created": 0, "model": self.request.body.get("model", "")}

    def _send_chunk(self, content: bytes) -> None:
        self._handler.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self._handler.wfile.flush()


Behaviour = Callable[[Exchange], None]
Script = Behaviour | Sequence[Behaviour]


def says(text: str, *, finish: str = "stop") -> Behaviour:
    """A good reply, streamed in several pieces. On `/v1/embeddings`: good vectors."""
    return _chat(lambda exchange: exchange.send_completion(_pieces(text), finish=finish))


def says_json(value: object) -> Behaviour:
    """A good reply whose text is that value as JSON."""
    return says(json.dumps(value, ensure_ascii=False))


def answers(function: Callable[[ModelRequest], str]) -> Behaviour:
    """A reply that a function works out from the request; this is how to make the server lie."""
    return _chat(lambda exchange: exchange.send_completion(_pieces(function(exchange.request))))


def rate_limited(retry_after: str | None = "0") -> Behaviour:
    """429, with that `Retry-After` (seconds or an HTTP date)."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda exchange: exchange.send_json(_error("slow down", "rate_limit_exceeded"), 429, headers)


def fails(status: int = 500, message: str = "out of order", code: str | None = None) -> Behaviour:
    """An error response of that status."""
    return lambda exchange: exchange.send_json(_error(message, code), status)


def hangs() -> Behaviour:
    """Takes the request and never answers."""
    return lambda exchange: exchange.hang()


def hangs_midway(text: str = "The export") -> Behaviour:
    """Streams the text, then nothing more, with the connection open."""

    def behave(exchange: Exchange) -> None:
        _begin(exchange, text)
        exchange.hang()

    return behave


def cuts_off(text: str = "The export", *, reset: bool = False) -> Behaviour:
    """Streams the text and closes the connection, with a TCP reset or without."""

    def behave(exchange: Exchange) -> None:
        _begin(exchange, text)
        if reset:
            exchange.break_connection()

    return behave


def ends_early(text: str = "The export") -> Behaviour:
    """Streams the text and ends the response properly, without saying why it stopped."""

    def behave(exchange: Exchange) -> None:
        _begin(exchange, text)
        exchange.end_stream()

    return behave


def drips(text: str, pause_s: float) -> Behaviour:
    """Streams the text a piece at a time with a pause after each: no single read is slow."""
    return lambda exchange: exchange.send_completion(_pieces(text), pause_s=pause_s)


def sends_garbage() -> Behaviour:
    """A stream whose events aren't JSON."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.send_event('{"choices": [{"delta": {"content": "half an')
        exchange.end_stream()

    return behave


def sends_event(event: object) -> Behaviour:
    """A stream of one event of that shape, ended properly."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.send_event(event)
        exchange.end_stream()

    return behave


def sends_page() -> Behaviour:
    """200 with a web page, as a captive portal or a wrong base URL gives it."""
    return lambda exchange: exchange.send_bytes(b"<html><body>Log in</body></html>", "text/html")


def refuses(words: str = "I can't help with that.") -> Behaviour:
    """The model declines in the `refusal` field."""
    return lambda exchange: exchange.send_completion([], refusal=words)


def filtered(text: str = "The") -> Behaviour:
    """The reply is stopped by a content filter."""
    return lambda exchange: exchange.send_completion(_pieces(text), finish="content_filter")


def rejects(*parameters: str, then: Behaviour) -> Behaviour:
    """400 while the request holds one of those parameters, as older servers do; else the other behaviour."""

    def behave(exchange: Exchange) -> None:
        for parameter in parameters:
            if parameter in exchange.request.body:
                exchange.send_json(_error(f"Unknown parameter: '{parameter}'.", None), 400)
                return
        then(exchange)

    return behave


@dataclass
class ModelServer:
    """The server; use it as a context manager. Closing it ends every hanging response."""

    script: Script
    models: tuple[str, ...] = ("test-model",)
    requests: list[ModelRequest] = field(default_factory=list)
    """What was asked, in order, without the reads of `/v1/models`."""

    def __post_init__(self) -> None:
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        """For example `http://127.0.0.1:49152/v1`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: ModelRequest) -> Behaviour:
        with self._lock:
            self.requests.append(request)
            if callable(self.script):
                return self.script
            return self.script[min(len(self.requests), len(self.script)) - 1]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                data = [
                    {"id": name, "object": "model", "created": 0, "owned_by": "test"} for name in outer.models
                ]
                request = ModelRequest(self.path, {}, {})
                Exchange(self, request, outer._closing).send_json({"object": "list", "data": data})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = ModelRequest(self.path, body, headers)
                self.close_connection = True
                try:
                    outer._take(request)(Exchange(self, request, outer._closing))
                except (BrokenPipeError, ConnectionResetError):
                    return

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what several tests are about."""

    def shutdown_request(self, request: Any) -> None:
        if request.fileno() >= 0:
            super().shutdown_request(request)


def vector_of(text: str) -> list[float]:
    """The vector that the server gives a text: made of its hash, of unit length."""
    raw = [byte - 127.5 for byte in hashlib.sha256(text.encode()).digest()[:EMBEDDING_LENGTH]]
    length = math.hypot(*raw)
    return [value / length for value in raw]


def _chat(behaviour: Behaviour) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        if exchange.request.path.endswith("/embeddings"):
            texts = exchange.request.body["input"]
            rows = [
                {"object": "embedding", "index": index, "embedding": vector_of(text)}
                for index, text in enumerate([texts] if isinstance(texts, str) else texts)
            ]
            exchange.send_json({"object": "list", "data": rows, "model": "test", "usage": {}})
        else:
            behaviour(exchange)

    return behave


def _begin(exchange: Exchange, text: str) -> None:
    exchange.begin_stream()
    exchange.send_delta({"role": "assistant", "content": ""})
    for piece in _pieces(text):
        exchange.send_delta({"content": piece})


def _pieces(text: str) -> list[str]:
    size = max(1, -(-len(text) // 6))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _error(message: str, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "test_error", "param": None, "code": code}}
