"""What a person asks to have erased, and the receipt that says what became of it. No name stands in either for long."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen

MARK = "[erased on request]"
"""What stands where words were."""
ERASED_RECORD = "erased"
"""Record id of a quote whose record was erased."""
GRADER = "erased"
"""Whose finding it is that a draft rests on what was erased."""


class Asked(StrEnum):
    """By what the records are named."""

    author = "author"
    account = "account"
    records = "records"


class ErasureState(StrEnum):
    """Whether an erasure is over. What was broken off stays pending until the same is asked again."""

    pending = "pending"
    done = "done"


class Receipt(Frozen):
    """What was erased, and from where: counts, no words."""

    id: str
    workspace: str
    asked: Asked
    subject: str
    """Pseudonym of the author; for an account or records, a keyed hash."""
    state: ErasureState
    asked_at: AwareDatetime
    finished_at: AwareDatetime | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    """Place → how many: `records`, `revisions`, `passages`, `vectors`, `drafts`, `quotes`, `events`, `calls`, `jobs`, `uploads`, …"""
    index_rebuilt: bool = False
    pieces: int = 0
    """Distinct pieces of the erased texts that every file was searched for."""
    files: int = 0
    bytes: int = 0
    """What was searched."""
    left: tuple[str, ...] = ()
    """Files, from the home folder, in which something was found; empty where it is done."""
