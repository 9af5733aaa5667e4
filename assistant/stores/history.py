"""Versions with how they came about, and comments: the `HistoryStore` and the `CommentStore`, and what an erasure takes out of both."""

from sqlalchemy import Connection, delete, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.comment import Comment
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import VersionNote
from assistant.domain.erased_words import ErasedWords
from assistant.errors import Conflict
from assistant.stores.database import Database
from assistant.stores.drafts import insert_version, stored_document
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import draft_comments, draft_notes, drafts


class SqlHistory:
    """The `HistoryStore` over tables `drafts` and `draft_notes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, draft: Draft, note: VersionNote) -> None:
        """Keep a version and its note; see the port."""
        with self._database.write(draft.workspace) as connection:
            key = make_workspace(connection, draft.workspace)
            if stored_document(connection, key, draft) is not None:
                raise Conflict(
                    f"Somebody made version {draft.version} of draft {draft.id} meanwhile.",
                    hint="Read the newest version and do it again.",
                )
            insert_version(connection, key, draft)
            row = {"draft_id": draft.id, "version": draft.version, "note": canonical_json(note)}
            connection.execute(insert(draft_notes), {"workspace": key, **row})

    def versions(self, workspace: str, draft_id: str) -> list[int]:
        """Stored versions, oldest first."""
        with self._database.read() as connection:
            here = drafts.c.workspace == workspace_key(connection, workspace)
            query = select(drafts.c.version).where(here, drafts.c.id == draft_id)
            return list(connection.execute(query.order_by(drafts.c.version)).scalars())

    def notes(self, workspace: str, draft_id: str) -> list[VersionNote]:
        """Notes, oldest first."""
        with self._database.read() as connection:
            here = draft_notes.c.workspace == workspace_key(connection, workspace)
            query = select(draft_notes.c.note).where(here, draft_notes.c.draft_id == draft_id)
            rows = connection.execute(query.order_by(draft_notes.c.version)).scalars()
            return [VersionNote.model_validate_json(row) for row in rows]


class SqlComments:
    """The `CommentStore` over table `draft_comments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, comment: Comment) -> None:
        """Keep a comment, in place of the one of that id."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            this = draft_comments.c.workspace == key, draft_comments.c.id == comment.id
            connection.execute(delete(draft_comments).where(*this))
            row = {"id": comment.id, "draft_id": comment.draft_id, "comment": canonical_json(comment)}
            connection.execute(insert(draft_comments), {"workspace": key, **row})

    def comments(self, workspace: str, draft_id: str) -> list[Comment]:
        """All comments on a draft, oldest first."""
        with self._database.read() as connection:
            here = draft_comments.c.workspace == workspace_key(connection, workspace)
            query = select(draft_comments.c.comment).where(here, draft_comments.c.draft_id == draft_id)
            found = [Comment.model_validate_json(row) for row in connection.execute(query).scalars()]
        return sorted(found, key=lambda one: (one.at, one.id))


def redact_history(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """Take erased words out of what people typed into drafts and beside them. Returns: how many notes and comments held some."""
    changed = 0
    query = select(draft_notes).where(draft_notes.c.workspace == workspace)
    for row in connection.execute(query).mappings().all():
        note = VersionNote.model_validate_json(row["note"])
        left = note.model_copy(
            update={
                "by": words.redacted(note.by, nearby=False),
                "edits": tuple(one for one in note.edits if not words.occur_in(canonical_json(one))),
            }
        )
        if left != note:
            this = (draft_notes.c.draft_id == row["draft_id"], draft_notes.c.version == row["version"])
            connection.execute(
                update(draft_notes)
                .where(draft_notes.c.workspace == workspace, *this)
                .values(note=canonical_json(left))
            )
            changed += 1
    return changed + _redact_comments(connection, workspace, words)


def _redact_comments(connection: Connection, workspace: int, words: ErasedWords) -> int:
    changed = 0
    query = select(draft_comments.c.comment).where(draft_comments.c.workspace == workspace)
    for document in connection.execute(query).scalars().all():
        comment = Comment.model_validate_json(document)
        names = {name: words.redacted(getattr(comment, name), nearby=False) for name in ("by", "resolved_by")}
        texts = {
            name: "" if words.occur_in(getattr(comment, name)) else getattr(comment, name)
            for name in ("text", "excerpt")
        }
        left = comment.model_copy(update=names | texts)
        if left != comment:
            this = (draft_comments.c.workspace == workspace, draft_comments.c.id == comment.id)
            connection.execute(update(draft_comments).where(*this).values(comment=canonical_json(left)))
            changed += 1
    return changed
