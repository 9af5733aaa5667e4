"""Reading the texts that people name, and writing files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from assistant.errors import InputRejected, NotFound, UsageError

_LARGEST_BYTES = 16 * 1024 * 1024


def demand_place(path: Path) -> None:
    """Refuse a name that no file can take, before the work that would fill it.

    Raises: UsageError where the folder doesn't exist or can't be written, or `path` is a folder.
    """
    problem = ""
    if path.is_dir():
        problem = "is a folder"
    elif not path.parent.is_dir():
        problem = "lies in a folder that doesn't exist"
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        problem = "lies in a folder that can't be written"
    if problem:
        raise UsageError(f"'{path}' {problem}.", hint="Name a file in a folder that exists and is yours.")


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is complete; after an error the old one stands as it was.

    Raises: UsageError where the folder doesn't exist or `path` is a folder.
    """
    demand_place(path)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        try:
            yield stream
            stream.close()
            # A temporary file is private; the finished one follows the person's umask like any other file.
            umask = os.umask(0)
            os.umask(umask)
            Path(stream.name).chmod(0o666 & ~umask)
            os.replace(stream.name, path)
        except BaseException:
            stream.close()
            Path(stream.name).unlink(missing_ok=True)
            raise


def read_text(path: Path) -> str:
    """A text file of a person. Raises: NotFound, InputRejected."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputRejected(
                f"'{path}' is too large to be checked.", hint="At most 16 MB are read; check it in parts."
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        raise NotFound(f"There is no file '{path}'.", hint="Check the path.") from problem
    except UnicodeDecodeError as problem:
        raise InputRejected(f"'{path}' isn't UTF-8 text.", hint="Save it as UTF-8.") from problem
