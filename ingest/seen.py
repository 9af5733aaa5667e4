"""Which rows repeat what is there already: in the catalog, or earlier in the same import.

Where two rows are versions of one record, the one that was said later stays. Where their dates don't tell, the later import
has it; within one import it is the one with the greater revision, so that the order of rows and files doesn't matter. A file that
was imported before never takes back what came after it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from assistant.domain.record import Record
from ingest.numbers import NumberMap, id_number

ALREADY = "already imported"
REPEATED = "repeats an earlier row"
SAME_VOICE = "same text by the same person as another record"
OTHER_VERSION = "another version of a record of this import; one of them is kept"
OLDER = "an older version of a record that is there; the newer one stays"
NEWER = "a newer version of a record that was there; with another source name (--source NAME) they become records of their own"

Verdict = Literal["new", "newer", "echo", "same", "repeat", "other", "unused", "older"]
"""To be stored and counted, in place of an older version or not; to be stored, but a repetition of another record; there already,
from an import before or from an earlier row;
a version of a record that this import has counted, to be stored or not; an older version of what is stored."""

STORED: tuple[Verdict, ...] = ("new", "newer", "echo", "other")

_SEVERAL = (1 << 64) - 1
_UNDATED = 0
_EPOCH = 1 << 62
"""Added to seconds since 1970, so that they are numbers above 0."""


class Seen:
    """Ids with revisions, and voices with their records. Keys are 64 bits of the hashes, to keep large imports small.

    Args:
        voices: record id and voice of what the catalog holds.
        said_at: when a record was said that the catalog holds, in Unix seconds.
    """

    def __init__(self, voices: Iterable[tuple[str, str]], said_at: Callable[[str], int | None]) -> None:
        self.again = False
        """Whether the file at hand was imported before."""
        self._said_at = said_at
        self._revisions = NumberMap()
        self._said = NumberMap()
        self._voices = NumberMap()
        for record_id, voice in voices:
            self._hear(id_number(voice), id_number(record_id))

    def judge(self, record: Record, stored: Mapping[str, str]) -> Verdict:
        """Decide about a record and remember it.

        Args:
            record: the candidate.
            stored: record id → current revision, of at least this record if the catalog has it.
        """
        identity, revision = id_number(record.id), id_number(record.revision)
        said = int(record.said_at.timestamp()) if record.said_at else None
        current = id_number(stored[record.id]) if record.id in stored else None
        if current is not None and self.again:
            return "same" if current == revision else "older"
        rival = self._revisions.get(identity)
        if rival is not None:
            if rival == revision:
                return "repeat"
            if _rank(said, revision) < _rank(self._dated(identity), rival):
                return "unused"
            self._remember(record, identity, revision, said)
            return "other"
        if current is not None and current != revision and _earlier(said, self._said_at(record.id)):
            return "older"
        echoes = self._remember(record, identity, revision, said)
        if current is not None:
            return "same" if current == revision else "newer"
        return "echo" if echoes else "new"

    def _remember(self, record: Record, identity: int, revision: int, said: int | None) -> bool:
        """Returns whether another record speaks with the same voice."""
        self._revisions.put(identity, revision)
        if said is not None or self._dated(identity) is not None:
            self._said.put(identity, _UNDATED if said is None else said + _EPOCH)
        voice = id_number(record.voice)
        holder = self._voices.get(voice)
        self._hear(voice, identity)
        return holder is not None and holder != identity

    def _dated(self, identity: int) -> int | None:
        said = self._said.get(identity)
        return said - _EPOCH if said else None

    def _hear(self, voice: int, identity: int) -> None:
        holder = self._voices.get(voice)
        if holder is None:
            self._voices.put(voice, identity)
        elif holder not in (identity, _SEVERAL):
            self._voices.put(voice, _SEVERAL)


def _earlier(said: int | None, before: int | None) -> bool:
    return said is not None and before is not None and said < before


def _rank(said: int | None, revision: int) -> tuple[bool, int, int]:
    return said is not None, said or 0, revision
