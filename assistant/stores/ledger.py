"""The words of the ledgers: which records are twins, which pseudonyms are one person, and who counts as whom.

A link never drops anything. It says that records count as one voice, or pseudonyms as one person; undoing it brings back
every count. How links are found is `grouping`, where they are kept `twins` and `people`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

TwinRule = Literal["first", "exact", "near"]
"""`first`: the record with the smallest id, which names the group; `exact`: the same normalised text; `near`: almost the same."""
PersonRule = Literal["email", "account_name", "handle", "manual"]
"""Same address; same full name in the same account; same handle; somebody said so."""


class Sketch(NamedTuple):
    """What a record's twins are found by."""

    text_key: bytes
    """Hash of the normalised text: equal for exact twins, and only for them."""
    figures: str
    """Hash of the figures in the text; empty where there are none."""
    signature: bytes
    """MinHash of its shingles, one byte per permutation; empty where the text is too short to be almost another."""


class TwinLink(NamedTuple):
    """A record in a group of twins."""

    record_id: str
    first_id: str
    """The group's smallest record id, and its name."""
    rule: TwinRule
    score: float
    """Estimated Jaccard similarity of the shingles with the first record's, in [0, 1]."""
    figures: str = ""
    undone: bool = False


class PersonLink(NamedTuple):
    """A pseudonym that is another one's person."""

    person: str
    first_person: str
    """The smallest pseudonym, which counts for all."""
    rule: PersonRule
    undone: bool = False


class Identity(NamedTuple):
    """By what a pseudonym can be known again: a hash, never the address or name itself."""

    person: str
    rule: PersonRule
    identity: str


@dataclass(frozen=True)
class Ledger:
    """The links of a workspace that hold, and the records that were taken out of their group."""

    twins: Mapping[str, TwinLink] = field(default_factory=dict)
    """Record id → its link."""
    apart: frozenset[str] = frozenset()
    """Records whose link was undone."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Pseudonym → the one that counts for it; those that count for themselves are absent."""


class TwinStore(Protocol):
    """The ledger of twins."""

    def relink(self, workspace: str) -> int:
        """Find the twins among all current records anew. Returns links that changed. What was undone stays undone.

        The result depends on the records alone, not on the order of their arrival.
        """
        ...

    def links(self, workspace: str) -> list[TwinLink]:
        """All links by group and record, the undone ones too."""
        ...

    def mark(self, workspace: str, record_ids: Sequence[str], *, undone: bool) -> list[str]:
        """Take records out of their groups, or let them be linked again. A group's first record means all others of it.

        Returns: ids of the records whose link changed.
        """
        ...

    def sketches(self, workspace: str) -> dict[str, Sketch]:
        """Record id → sketch, of the current records that have one and don't stand apart."""
        ...

    def unsketched(self, workspace: str, limit: int) -> list[str]:
        """Ids of current records without a sketch: those of before there were any."""
        ...

    def save_sketches(self, workspace: str, sketches: Mapping[str, Sketch]) -> int:
        """Keep sketches of current records that had none. Returns how many."""
        ...


class PeopleStore(Protocol):
    """The ledger of people."""

    def relink(self, workspace: str, rules: Sequence[str]) -> int:
        """Find anew which pseudonyms are one person, by these rules and by what was said. Returns links that changed."""
        ...

    def links(self, workspace: str) -> list[PersonLink]:
        """All links by person, the undone ones too."""
        ...

    def merge(self, workspace: str, one: str, other: str, rules: Sequence[str]) -> None:
        """Say that two pseudonyms are one person."""
        ...

    def split(self, workspace: str, person: str, rules: Sequence[str]) -> list[str]:
        """Say that a pseudonym is a person of its own; of a first one, each of its others. Returns those that are now."""
        ...
