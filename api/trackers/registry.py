"""Which issue systems can be connected: our own, and those that are installed as entry points `voxspec.trackers`."""

import os
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from api.trackers.port import Tracker, TrackerKind
from assistant.domain.ticket import Connection
from assistant.errors import UsageError

_OWN = ("github", "gitlab", "jira", "linear", "redmine", "roundup")
_GROUP = "voxspec.trackers"


def names() -> list[str]:
    """Names of all that can be connected."""
    return sorted({*_OWN, *(point.name for point in entry_points(group=_GROUP))})


def kind_of(name: str) -> TrackerKind:
    """The system of that name; its module is loaded now. Raises: UsageError where there is none."""
    if name in _OWN:
        return cast(TrackerKind, import_module(f"api.trackers.{name}").KIND)
    point = next(iter(entry_points(group=_GROUP, name=name)), None)
    if point is None:
        raise UsageError(f"There is no adapter for '{name}'.", hint=f"There are: {', '.join(names())}.")
    return cast(TrackerKind, point.load())


def open_tracker(connection: Connection) -> AbstractAsyncContextManager[Tracker]:
    """Talk to a connection's system while the block runs. Raises: UsageError where it lacks something, its secret included."""
    token = secret(connection.token) if connection.token else ""
    return kind_of(connection.tracker).open(connection, token)


def secret(reference: str) -> str:
    """What `env:NAME` or `file:PATH` holds, without the line's end. Raises: UsageError where there is nothing."""
    source, _, name = reference.partition(":")
    if source == "env":
        held = os.environ.get(name, "")
    else:
        try:
            held = Path(name).expanduser().read_text(encoding="utf-8")
        except OSError as problem:
            raise UsageError(
                f"The file {name} of a connection can't be read: {problem.strerror}.",
                hint="Check its path and rights.",
            ) from problem
    if not held.strip():
        raise UsageError(f"There is no secret in {reference}.", hint="Set it where the service runs.")
    return held.strip()
