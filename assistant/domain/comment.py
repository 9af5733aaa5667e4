"""What people say beside a draft: comments on a target, and sections that somebody approved."""

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen


class Comment(Frozen):
    """A remark on one place of a draft. It stays with that place across versions."""

    id: str
    draft_id: str
    target: str = Field(min_length=1, max_length=200)
    """As in `domain.edit`; empty fields of it name the whole."""
    version: int
    """The one that it was made on."""
    excerpt: str = Field(default="", max_length=500)
    """What stood there."""
    text: str = Field(max_length=4000)
    by: str = Field(min_length=1, max_length=200)
    at: AwareDatetime
    resolved_by: str = Field(default="", max_length=200)
    resolved_at: AwareDatetime | None = None


class SectionApproval(Frozen):
    """That a person accepted a section as it stands. It holds for every version in which the section says the same."""

    section: str
    by: str
    at: AwareDatetime
    version: int
    """The one that the person saw."""
    reason: str = ""
