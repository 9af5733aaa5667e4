"""The seams of what people do to drafts: versions with how they came about, and comments."""

from typing import Protocol

from assistant.domain.comment import Comment
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import VersionNote


class HistoryStore(Protocol):
    """How the versions of drafts came about. Nothing of it is ever changed but by an erasure."""

    def append(self, draft: Draft, note: VersionNote) -> None:
        """Keep a version and its note in one transaction. Raises: Conflict where that version is stored, or rests on what was erased."""
        ...

    def versions(self, workspace: str, draft_id: str) -> list[int]:
        """Stored versions, oldest first."""
        ...

    def notes(self, workspace: str, draft_id: str) -> list[VersionNote]:
        """Notes, oldest first; versions that the product wrote have none."""
        ...


class CommentStore(Protocol):
    """Comments on drafts."""

    def put(self, workspace: str, comment: Comment) -> None:
        """Keep a comment, in place of the one of that id."""
        ...

    def comments(self, workspace: str, draft_id: str) -> list[Comment]:
        """All comments on a draft, oldest first."""
        ...
