"""Writing files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from assistant.errors import UsageError


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is complete; after an error the old one stands as it was.

    Raises: UsageError where the folder doesn't exist or `path` is a folder.
    """
    if path.is_dir() or not path.parent.is_dir():
        problem = "is a folder" if path.is_dir() else "lies in a folder that doesn't exist"
        raise UsageError(f"'{path}' {problem}.", hint="Name a file in a folder that exists.")
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
