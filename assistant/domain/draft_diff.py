"""What differs between two versions of a draft, and why: for a view side by side, and in words."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen
from assistant.domain.edit import Edit
from assistant.domain.finding import Finding, Verdict


class Piece(Frozen):
    """A run of words that both versions have, or only one."""

    type: Literal["same", "gone", "new"]
    text: str


class Change(Frozen):
    """One text, or one block, that is not as it was."""

    type: Literal["changed", "added", "removed", "moved"]
    section: str
    """Id of the section that it stands in, or stood in; empty for the draft's title and for claims that no block shows."""
    target: str
    """As in `assistant.domain.edit`: in the newer version, of what was removed in the older one."""
    block: str
    """Sort of what changed: a block's `type`, `claim`, `section` or `draft`."""
    before: str = ""
    """As a reader sees it: placeholders filled."""
    after: str = ""
    pieces: tuple[Piece, ...] = ()
    """Of a changed text, word by word."""
    why: str = ""


class CheckDelta(Frozen):
    """What a change did to the check."""

    before: Verdict | None
    after: Verdict | None
    solved: tuple[Finding, ...] = ()
    raised: tuple[Finding, ...] = ()


class DraftDiff(Frozen):
    """All that differs, in reading order."""

    draft_id: str
    from_version: int
    to_version: int
    changes: tuple[Change, ...] = ()
    why: tuple[str, ...] = ()
    """Why the versions differ: what was edited and by whom, other evidence, prompt, scope, brief, settings, writer."""
    check: CheckDelta


class Cause(StrEnum):
    """How a version came about."""

    written = "written"
    edit = "edit"
    fix = "fix"
    undo = "undo"
    redo = "redo"
    refresh = "refresh"
    """Its stale parts were written again."""


class VersionNote(Frozen):
    """How a version came about, kept beside it. Versions that the product wrote have none."""

    version: int
    cause: Cause
    by: str
    at: AwareDatetime
    edits: tuple[Edit, ...] = ()
    base: int = 0
    """The version that the person saw; less than the one before where changes were merged."""
    restores: int = 0
    """undo, redo: the version whose document this one is."""
    solved: tuple[str, ...] = Field(default=(), max_length=1000)
    """fix: keys of the findings that were mended."""
