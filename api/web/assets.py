"""The files that pages load: our own and vendored ones, read once, named by what is in them.

Nothing is built: what a browser gets is the file in the repository.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
}
_FOLDERS = {"static": "", "islands": "islands/", "vendor": "vendor/"}
"""Folder of `api/web` → what its files' names begin with under `/static/`."""
LOCK = "lock.json"


@dataclass(frozen=True)
class Asset:
    """A file as it is served."""

    content: bytes
    packed: bytes
    """The same, gzipped; always the same bytes."""
    media_type: str
    version: str
    """First digits of its hash: an address with it never changes its content."""


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """Name under `/static/` → file. Read once, so no request names a path on disk."""
    return {
        prefix + entry.name: _asset(entry)
        for folder, prefix in _FOLDERS.items()
        for entry in (files("api.web") / folder).iterdir()
        if _suffix(entry) in _TYPES
    }


def address(name: str) -> str:
    """Where a page finds a file, with its version. Raises: KeyError for one that isn't there."""
    return f"/static/{name}?v={assets()[name].version}"


def vendor_lock() -> dict[str, object]:
    """What is vendored, from where, under which licence, with the SHA-256 of each file."""
    lock: dict[str, object] = json.loads((files("api.web") / "vendor" / LOCK).read_text(encoding="utf-8"))
    return lock


def _asset(entry: Traversable) -> Asset:
    content = entry.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    return Asset(content, packed, _TYPES[_suffix(entry)], sha256(content).hexdigest()[:12])


def _suffix(entry: Traversable) -> str:
    return "." + entry.name.rsplit(".", 1)[-1]
