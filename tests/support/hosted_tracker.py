"""What stand-ins for hosted issue systems have in common: a local HTTP server that keeps its state, and has accidents on demand."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

TOKEN = "token of a test"


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    """Percent-encoded, as it was sent."""
    query: Mapping[str, str]
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """What is answered to it."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Accident:
    """What comes instead of the answer to the next request of its method."""

    answer: Answer | None = None
    """None: nothing at all."""
    method: str = "POST"
    done: bool = False
    """Whether what was asked is done all the same."""
    hangs: bool = False
    """Nothing, and the connection stays open."""


class HostedTracker:
    """Give what answers; it has the state, one request at a time. Args: authorization: what every request has to carry."""

    def __init__(self, answers: Callable[[Asked], Answer], authorization: str = f"Bearer {TOKEN}") -> None:
        self._authorization = authorization
        self.accidents: deque[Accident] = deque()
        self.asked: list[Asked] = []
        self._answers = answers
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def handle(self, asked: Asked, authorization: str) -> Answer | None:
        """The answer, None for none."""
        with self._lock:
            self.asked.append(asked)
            accident = None
            if self.accidents and self.accidents[0].method == asked.method:
                accident = self.accidents.popleft()
            answer: Answer | None
            if authorization != self._authorization:
                answer = Answer(401, {"message": "Bad credentials"})
            else:
                answer = self._answers(asked) if accident is None or accident.done else None
        if accident is None:
            return answer
        if accident.hangs:
            self._closing.wait()
        return accident.answer


class Clock:
    """Time that goes on by a third of a second with each look, as slowly as real systems get requests."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    def look(self) -> datetime:
        self._now += timedelta(milliseconds=330)
        return self._now

    def skip(self, time: timedelta) -> None:
        """Let it go by."""
        self._now += time


def of_page(found: list[Any], query: Mapping[str, str]) -> tuple[list[Any], int]:
    """The page that is asked for, and the number of the next one, 0 where there is none."""
    size, page = int(query.get("per_page", 20)), int(query.get("page", 1))
    return found[(page - 1) * size : page * size], page + 1 if len(found) > page * size else 0


def _handler(server: HostedTracker) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("content-length", 0))
            sent = self.rfile.read(length)
            url = urlsplit(self.path)
            body = json.loads(sent) if sent else None
            asked = Asked(self.command, url.path, dict(parse_qsl(url.query)), body)
            answer = server.handle(asked, self.headers.get("authorization", ""))
            if answer is None:
                self.close_connection = True
                return
            told = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"content-type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PATCH = do_PUT = _serve  # noqa: N815 - names of the standard library

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
