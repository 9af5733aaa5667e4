"""Which rows repeat what is there already: in the catalog, or earlier in the same import."""

from collections.abc import Mapping
from typing import Literal

from assistant.domain.record import Record
from assistant.stores.port import CorpusRows

ALREADY = "already imported"
SAME_VOICE = "same text by the same person as another record"

Verdict = Literal["new", "same", "echo"]
"""To be stored and counted; there already; to be stored, but a repetition of another record."""

_SEVERAL = -1


class Seen:
    """Ids with revisions, and voices with their records. Keys are 64 bits of the hashes, to keep large imports small."""

    def __init__(self, corpus: CorpusRows) -> None:
        self._revisions: dict[int, int] = {}
        self._voices: dict[int, int] = {}
        for record_id, voice in zip(corpus.record_ids, corpus.own_voices, strict=True):
            self._hear(_number(voice), _number(record_id))

    def judge(self, record: Record, stored: Mapping[str, str]) -> Verdict:
        """Decide about a record and remember it.

        Args:
            record: the candidate.
            stored: record id → current revision, of at least this record if the catalog has it.
        """
        identity, revision = _number(record.id), _number(record.revision)
        known = self._revisions.get(identity)
        if known is None and record.id in stored:
            known = _number(stored[record.id])
        if known == revision:
            return "same"
        self._revisions[identity] = revision
        voice = _number(record.voice)
        holder = self._voices.get(voice)
        self._hear(voice, identity)
        return "new" if holder is None or holder == identity else "echo"

    def _hear(self, voice: int, identity: int) -> None:
        holder = self._voices.setdefault(voice, identity)
        if holder != identity:
            self._voices[voice] = _SEVERAL


def _number(name: str) -> int:
    """64 bits of a hexadecimal hash, after a prefix such as `rec_` if there is one."""
    return int(name.rpartition("_")[2][:16], 16)
