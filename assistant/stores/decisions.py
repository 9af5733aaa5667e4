"""The seams of what people decided about imports: saved mappings, and records that left their source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class SavedMapping:
    """What the columns of one kind of export mean, under a name."""

    name: str
    layout: str
    """Layout of the file that it was saved from."""
    columns: tuple[str, ...]
    """Header signature: the squashed names of all columns, sorted. Of one signature a workspace has one mapping."""
    fields: Mapping[str, str]
    """`--map` field (`text.2`, … for further texts) → column; an empty column switches the field off."""


class MappingStore(Protocol):
    """Saved mappings of a workspace."""

    def save(self, workspace: str, mapping: SavedMapping) -> None:
        """Keep a mapping under its name, in place of one of that name. Raises: UsageError: another name has its signature."""
        ...

    def get(self, workspace: str, name: str) -> SavedMapping | None:
        """The mapping of that name."""
        ...

    def saved(self, workspace: str) -> list[SavedMapping]:
        """All mappings, by name."""
        ...

    def forget(self, workspace: str, name: str) -> bool:
        """Remove a mapping. Returns whether there was one."""
        ...


@dataclass(frozen=True)
class Tombstone:
    """A record that left its source: no longer counted or found, its text kept until it is erased."""

    record_id: str
    revision: str
    """The one that was current."""
    source: str
    since: datetime
    """When the import ran that no longer held it, UTC."""


class TombstoneStore(Protocol):
    """Records that left their source. One that comes back is a current record again, under the same id."""

    def of_source(self, workspace: str, source: str, kind: str) -> list[str]:
        """Ids of the current records of a source and kind of record."""
        ...

    def bury(self, workspace: str, record_ids: Sequence[str], since: datetime) -> int:
        """Take records out of corpus, search and snapshot in one transaction; outbox rows tell the index. Ids that aren't current are left out.

        Returns: how many were taken out.
        """
        ...

    def find(self, workspace: str, record_ids: Sequence[str]) -> dict[str, Tombstone]:
        """Tombstones by record id; ids without one are absent."""
        ...

    def of_people(self, workspace: str, people: Sequence[str]) -> list[str]:
        """Ids of tombstones whose record was written by one of these pseudonyms."""
        ...
