"""Domain objects to rows of the catalog and back, losslessly: a record read again has the revision it was saved with."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from assistant.domain.base import canonical_json
from assistant.domain.record import Anchor, Passage, Record, RecordKind
from assistant.stores.tables import workspaces

CHUNK = 500
"""Values in one IN list; SQLite allows 32,766, but each length is another statement to prepare."""
NO_RECORDS = "0" * 32
"""Snapshot of a workspace without records."""

_T = TypeVar("_T")


def chunks(items: Sequence[_T], size: int = CHUNK) -> Iterator[Sequence[_T]]:
    """Consecutive slices of at most `size` items."""
    return (items[i : i + size] for i in range(0, len(items), size))


# Statements of the hot path are built once: building one costs more than SQLite takes to answer it.
_KEY_OF = select(workspaces.c.key).where(workspaces.c.name == bindparam("name"))


KEY_OF = _KEY_OF.scalar_subquery()
"""The key of the workspace `name`, inside of a statement."""


def workspace_key(connection: Connection, name: str) -> int | None:
    """Integer key of a workspace, None where nothing was ever saved in it."""
    found: int | None = connection.execute(_KEY_OF, {"name": name}).scalar_one_or_none()
    return found


def make_workspace(connection: Connection, name: str) -> int:
    """Integer key of a workspace, which is created where it is new."""
    found = workspace_key(connection, name)
    if found is not None:
        return found
    row = {"name": name, "embedder": None, "snapshot": NO_RECORDS, "head": 0, "passages": 0, "words": 0}
    created = connection.execute(insert(workspaces), row).inserted_primary_key
    return int(created[0]) if created else 0


def record_row(workspace: int, record: Record, revision: str) -> dict[str, object]:
    """Columns of `records` for a record's revision, as the current one."""
    offset = record.said_at.utcoffset() if record.said_at else None
    return {
        "workspace": workspace,
        "id": record.id,
        "revision": revision,
        "current": True,
        "source": record.source,
        "kind": record.kind.value,
        "external_id": record.external_id,
        "person": record.person,
        "account": record.account,
        "segments": canonical_json(record.segments) if record.segments else "{}",
        "rating": record.rating,
        "said_at": int(record.said_at.timestamp()) if record.said_at else None,
        "said_at_offset": int(offset.total_seconds()) if offset is not None else None,
        "language": record.language,
        "url": record.url,
        "title": record.title,
        "voice": record.voice,
        "anchors": canonical_json([a.model_dump() for a in record.anchors]) if record.anchors else "[]",
        "raw": record.raw,
    }


def record_from(workspace: str, row: RowMapping) -> Record:
    """The record of a row of `records`."""
    return Record(
        workspace=workspace,
        id=row["id"],
        source=row["source"],
        kind=RecordKind(row["kind"]),
        raw=row["raw"],
        external_id=row["external_id"],
        person=row["person"],
        account=row["account"],
        segments=json.loads(row["segments"]),
        rating=row["rating"],
        said_at=_moment(row["said_at"], row["said_at_offset"]),
        language=row["language"],
        url=row["url"],
        title=row["title"],
        anchors=tuple(Anchor(**anchor) for anchor in json.loads(row["anchors"])),
        voice=row["voice"],
    )


def _moment(seconds: int | None, offset: int | None) -> datetime | None:
    if seconds is None:
        return None
    zone = timezone(timedelta(seconds=offset)) if offset else UTC
    # Not fromtimestamp, which refuses years before 1970 on some systems.
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)


def passage_from(row: Mapping[str, object] | RowMapping) -> Passage:
    """The passage of a row that holds `id, record_id, start, end, text_hash, marks`."""
    return Passage.model_validate(dict(row))


def vector_from(blob: bytes) -> npt.NDArray[np.float32]:
    """The stored vector as float32, shape (dimension,)."""
    return np.frombuffer(blob, dtype="<f2").astype(np.float32)


def moved_snapshot(snapshot: str, gone: Sequence[tuple[str, str]], come: Sequence[tuple[str, str]]) -> str:
    """The snapshot after records left and came, as (id, revision).

    A sum of hashes modulo 2**128: the same for any order, and moved by one record without reading the others.
    """
    total = int(snapshot, 16)
    total += sum(_weight(*pair) for pair in come) - sum(_weight(*pair) for pair in gone)
    return f"{total % (1 << 128):032x}"


def _weight(record_id: str, revision: str) -> int:
    return int.from_bytes(blake2b(f"{record_id}:{revision}".encode(), digest_size=16).digest(), "big")
