"""Writing files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from assistant.errors import UsageError


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
