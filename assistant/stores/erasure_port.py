"""The seams of erasing: what is to go, taking it out of the catalog, and the receipts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import Asked, Receipt
from assistant.stores.erased import Erased


@dataclass(frozen=True)
class Doomed:
    """What an erasure takes away."""

    record_ids: tuple[str, ...]
    """Sorted."""
    persons: tuple[str, ...] = ()
    """Pseudonyms that must not come back with an import."""
    accounts: tuple[str, ...] = ()
    """Names, for the same."""


class CatalogEraser(Protocol):
    """What of the catalog an erasure reads and removes."""

    def find(self, workspace: str, asked: Asked, names: Sequence[str]) -> list[str]:
        """Ids of the records of a pseudonym, of an account, or those of the ids that are there; sorted. Any revision counts."""
        ...

    def texts(self, workspace: str, record_ids: Sequence[str]) -> list[str]:
        """Everything that was said or is told in any revision of these records: texts, titles, addresses, ids, segments."""
        ...

    def other_texts(self, workspace: str, record_ids: Sequence[str]) -> Iterator[str]:
        """The same of every other record, of all workspaces: what stays in the file."""
        ...

    def remove(
        self, workspace: str, doomed: Doomed, words: ErasedWords, reason: str, receipt: Receipt | None
    ) -> Mapping[str, int]:
        """Take everything out in one transaction, and note in the receipt's row that it is out.

        Args:
            receipt: None only counts: nothing is changed.

        Returns: place → how many.
        """
        ...

    def touched_jobs(self, workspace: str, record_ids: Sequence[str]) -> list[str]:
        """Ids of the runs that wrote drafts over these records."""
        ...

    def compact(self) -> None:
        """Rewrite the file and empty its log, so that nothing of what was removed stays in either."""
        ...


class ErasureLog(Protocol):
    """Receipts, and what must not come back."""

    def save(self, receipt: Receipt, traces: str | None) -> None:
        """Keep a receipt as it is now, with what to search files for until it is done."""
        ...

    def newest(self, workspace: str, limit: int) -> list[Receipt]:
        """Receipts, newest first."""
        ...

    def traces(self, workspace: str, receipt_id: str) -> str | None:
        """What is kept to search files for."""
        ...

    def erased(self, workspace: str) -> Erased:
        """Hashes of what an import must not bring back."""
        ...

    def pseudonym(self, workspace: str, what: str, name: str) -> str:
        """Keyed hash of a name, the same each time in a workspace."""
        ...
