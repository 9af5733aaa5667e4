"""`Idempotency-Key` on every POST: the same key and body give the stored answer, and the work is done once.

A key belongs to a workspace and an address. Answers are kept for a day; refusals that raised are not, so the caller may
mend the request and use the key again.
"""

import json
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.errors import HttpProblem
from assistant.sqlite import translated

FILE = "answers.sqlite3"
"""In VOXSPEC_HOME."""
_WHAT = "file of answers"
_KEEP_S = 24 * 3600.0
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_MAX_DEPTH = 64
_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|([\[{])|([\]}])', re.DOTALL)
"""Possessive, and an open string runs to the end: linear for any input."""
_KEPT_HEADERS = ("location", "content-type")

_metadata = sa.MetaData()
_answers = sa.Table(
    "answers",
    _metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("stored_at", sa.Float, nullable=False, index=True),
)


class OnceStore:
    """Stored answers in a small SQLite file, and the keys that are being answered now."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        with translated(path, _WHAT):
            _metadata.create_all(self._engine)
        self._clock = clock
        self.in_flight: set[str] = set()

    def get(self, key: str) -> tuple[str, Response] | None:
        """Fingerprint of the request that was answered, and the answer."""
        with translated(self._path, _WHAT), self._engine.connect() as connection:
            row = connection.execute(
                sa.select(_answers).where(
                    _answers.c.key == key, _answers.c.stored_at > self._clock() - _KEEP_S
                )
            ).first()
        if row is None:
            return None
        return row.fingerprint, Response(row.body, row.status, row.headers | {"Idempotency-Replayed": "true"})

    def put(self, key: str, fingerprint: str, answer: Response) -> None:
        """Keep an answer, and let go of old ones."""
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        with translated(self._path, _WHAT), self._engine.begin() as connection:
            connection.execute(sa.delete(_answers).where(_answers.c.stored_at <= self._clock() - _KEEP_S))
            connection.execute(sa.delete(_answers).where(_answers.c.key == key))
            connection.execute(
                sa.insert(_answers).values(
                    key=key,
                    fingerprint=fingerprint,
                    status=answer.status_code,
                    headers=kept,
                    body=bytes(answer.body),
                    stored_at=self._clock(),
                )
            )

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


def forget_answers(path: Path, hits: Callable[[str], bool] | None, *, dry_run: bool = False) -> int:
    """Remove stored answers for an erasure; the requests then run again if they are repeated.

    Args:
        hits: whether a text holds what is erased; None: all answers go.

    Returns: how many. Raises: StoreError.
    """
    if not path.exists():
        return 0
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    try:
        with translated(path, _WHAT), engine.begin() as connection:
            if not sa.inspect(connection).has_table(_answers.name):
                return 0
            rows = connection.execute(sa.select(_answers.c.key, _answers.c.body, _answers.c.headers)).all()
            gone = [
                row.key
                for row in rows
                if hits is None or hits(f"{json.dumps(row.headers)} {row.body.decode('utf-8', 'replace')}")
            ]
            for key in () if dry_run else gone:
                connection.execute(sa.delete(_answers).where(_answers.c.key == key))
            return len(gone)
    finally:
        engine.dispose()


async def answer_once(
    request: Request, store: OnceStore, fingerprint: str, answer: Callable[[], Awaitable[Response]]
) -> Response:
    """Answer a POST, or give the stored answer where its key is known.

    Args:
        fingerprint: hash of the request's content.

    Raises: HttpProblem 400 for a malformed key, 409 while the first request runs, 422 for other content; StoreError.
    """
    given = request.headers.get("idempotency-key")
    if given is None:
        return await answer()
    if not _KEY.match(given):
        raise HttpProblem(
            HTTPStatus.BAD_REQUEST,
            "bad-idempotency-key",
            "The Idempotency-Key can't be used.",
            "Send 1 to 255 visible ASCII characters, for example a UUID.",
        )
    key = _scoped(request, given)
    if key in store.in_flight:
        raise HttpProblem(
            HTTPStatus.CONFLICT,
            "in-flight",
            "The first request with this Idempotency-Key is still being answered.",
            "Send it again in a moment.",
            {"Retry-After": "1"},
        )
    store.in_flight.add(key)
    try:
        known = await run_in_threadpool(store.get, key)
        if known is None:
            fresh = await answer()
            await run_in_threadpool(store.put, key, fingerprint, fresh)
            return fresh
    finally:
        store.in_flight.discard(key)
    if known[0] != fingerprint:
        raise HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "This Idempotency-Key was used with another request.",
            "Use a new key for a new request.",
        )
    return known[1]


class OnceRoute(APIRoute):
    """A route whose JSON POSTs are bounded in depth and answered once per Idempotency-Key.

    A multipart POST is left to its own function, which knows the content only once the files are on disk.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            kind = request.headers.get("content-type", "")
            if request.method != "POST" or kind.startswith("multipart/"):
                return await original(request)
            body = await request.body()
            bound_depth(body)
            fingerprint = sha256(body + b"\0" + kind.encode()).hexdigest()
            store: OnceStore = request.app.state.service.once
            return await answer_once(request, store, fingerprint, lambda: original(request))

        return handler


def _scoped(request: Request, given: str) -> str:
    # A key's own workspace too: what one workspace was answered is never another's.
    workspace = [request.headers.get("x-voxspec-workspace", ""), request.state.principal.workspace or ""]
    return sha256(json.dumps([workspace, request.url.path, request.url.query, given]).encode()).hexdigest()


def bound_depth(body: bytes) -> None:
    """Refuse JSON that is nested too deep to be read safely. Raises: HttpProblem 400."""
    depth = 0
    for match in _STRINGS_AND_BRACKETS.finditer(body):
        depth += 1 if match[1] else -1 if match[2] else 0
        if depth > _MAX_DEPTH:
            raise HttpProblem(
                HTTPStatus.BAD_REQUEST,
                "too-deep",
                f"The JSON is nested deeper than {_MAX_DEPTH} levels.",
                "Send flatter JSON.",
            )
