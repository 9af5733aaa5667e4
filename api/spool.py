"""A request's lines of JSON onto disk, as they come in: memory stays the same however many there are."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from api.errors import HttpProblem
from api.uploads import Upload, forget
from assistant.errors import DiskFull, InputRejected

_T = TypeVar("_T")
NAME = "records.ndjson"
_PIECE = 1 << 20
_RESERVE = 256 << 20
"""Bytes of disk that a stream leaves free, so that the catalog can still be written."""


async def spool(home: Path, workspace: str, body: AsyncIterator[bytes], max_line: int) -> Upload:
    """Write a stream to `<home>/uploads/<workspace>/<key>/records.ndjson`; durable when this returns.

    Args:
        max_line: bytes of a line. A longer one ends the request, before more of it is read.

    Raises: HttpProblem 413 for a line that is too long; InputRejected for a stream without a line; DiskFull.
        What arrived is removed then, as it is where the client goes away.
    """
    key = uuid.uuid4().hex
    path = home / "uploads" / workspace / key / NAME
    spooled = await _on_disk(_Spool, path)
    try:
        async for chunk in body:
            if spooled.take(chunk, max_line):
                await _on_disk(spooled.write)
        await _on_disk(spooled.finish)
    except BaseException:
        spooled.close()
        forget([path])
        raise
    return Upload(key=key, paths=(path,), fingerprint=spooled.seen.hexdigest())


class _Spool:
    """The file, what waits to be written into it, and the line at hand."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True)
        self._folder = path.parent
        self._file = path.open("wb")
        self._waiting = bytearray()
        self._line = 1
        self._line_bytes = 0
        self._is_blank = True
        self.seen = sha256()

    def take(self, chunk: bytes, max_line: int) -> bool:
        """Take a piece of the stream. Returns: whether there is enough to write. Raises: HttpProblem."""
        self._check_lines(chunk, max_line)
        self._is_blank = self._is_blank and not chunk.strip()
        self._waiting += chunk
        return len(self._waiting) >= _PIECE

    def write(self) -> None:
        """Write what waits. Raises: OSError, DiskFull."""
        if shutil.disk_usage(self._folder).free < _RESERVE + len(self._waiting):
            raise _disk_full()
        self.seen.update(self._waiting)
        self._file.write(self._waiting)
        self._waiting.clear()
        # A sweep takes a folder that nothing has touched for an hour for abandoned.
        os.utime(self._folder)

    def finish(self) -> None:
        """Write the rest and make it durable. Raises: InputRejected, OSError, DiskFull."""
        if self._is_blank:
            raise InputRejected(
                "The request holds no record.",
                hint='Send one JSON object per line, for example {"text": "…"}.',
            )
        self.write()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _check_lines(self, chunk: bytes, max_line: int) -> None:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            self._grow(end - start, max_line)
            self._line, self._line_bytes, start = self._line + 1, 0, end + 1
        self._grow(len(chunk) - start, max_line)

    def _grow(self, more: int, max_line: int) -> None:
        self._line_bytes += more
        if self._line_bytes > max_line:
            raise HttpProblem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "line-too-long",
                f"Line {self._line:,} is longer than {max_line:,} bytes; nothing was imported.",
                "Send one JSON object per line, each line ended by a line feed.",
                {"Connection": "close"},
            )


async def _on_disk(act: Callable[..., _T], *args: object) -> _T:
    try:
        return await run_in_threadpool(act, *args)
    except OSError as problem:
        raise _disk_full() from problem


def _disk_full() -> DiskFull:
    return DiskFull(
        "The records can't be stored.", hint="Free some space where VOXSPEC_HOME is, and send them again."
    )
