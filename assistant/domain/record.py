"""Records and passages: what was said, by whom, when, and the slices of it that can be cited."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from assistant.domain.base import Frozen, digest


class RecordKind(StrEnum):
    """Whose voice a record is."""

    customer = "customer"
    competitor = "competitor"
    internal = "internal"


class Anchor(Frozen):
    """A place inside a document that a person can find again, for example a page or a heading."""

    start: int
    """First character of `Record.raw` that the anchor covers."""
    end: int
    label: str
    """For example `page 3`, `§ Export limits`, `Sheet1!B7`."""


class Record(Frozen):
    """One piece of feedback, or one document. Immutable: a change is a new revision."""

    workspace: str
    id: str
    source: str
    """Name of the source, for example the file's stem or what the person called it."""
    kind: RecordKind = RecordKind.customer
    raw: str
    """The text, untouched. Every offset of Voxspec counts its Unicode code points."""
    external_id: str | None = None
    person: str | None = None
    """Pseudonym of the author (`domain.ids.person_id`)."""
    account: str | None = None
    segments: dict[str, str] = Field(default_factory=dict)
    rating: float | None = None
    said_at: AwareDatetime | None = None
    language: str = "und"
    """ISO 639-1, or `und` where it can't be told."""
    url: str | None = None
    title: str | None = None
    anchors: tuple[Anchor, ...] = ()
    voice: str
    """Same text from the same person has the same voice: exact duplicates count once."""

    @cached_property
    def revision(self) -> str:
        """Hash of everything that was said, and of what is known about it."""
        return digest(self.model_dump(mode="json", exclude={"workspace", "id", "voice"}), size=8)

    @field_validator("said_at")
    @classmethod
    def _no_microseconds(cls, value: datetime | None) -> datetime | None:
        return value.replace(microsecond=0) if value and value.microsecond else value

    def __copy__(self) -> Self:
        copied = super().__copy__()
        # `model_copy` changes fields of what it copies.
        copied.__dict__.pop("revision", None)
        return copied

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        copied = super().__deepcopy__(memo)
        copied.__dict__.pop("revision", None)
        return copied


class Passage(Frozen):
    """A citable slice of a record; the unit that is embedded."""

    id: str
    record_id: str
    start: int
    """Offset into `Record.raw`, code points."""
    end: int
    text_hash: str
    """Key of its vector: hash of the cleaned text."""
    marks: str = ""
    """What it says, as `search.marks` writes it; empty where nobody looked yet."""

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not 0 <= self.start < self.end:
            raise ValueError("a passage needs 0 <= start < end")
        return self
