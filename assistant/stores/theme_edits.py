"""The log of what people decided about themes, in the catalog."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.theme_edit import LoggedEdit, ThemeEdit
from assistant.stores.rows import chunks
from assistant.stores.tables import records, statements, theme_edits


def read_edits(connection: Connection, workspace: int | None) -> tuple[LoggedEdit, ...]:
    """All edits, by number."""
    query = select(theme_edits).where(theme_edits.c.workspace == workspace).order_by(theme_edits.c.number)
    return tuple(
        LoggedEdit(
            number=row["number"],
            edit=ThemeEdit.model_validate_json(row["edit"]),
            by=row["made_by"],
            at=datetime.fromtimestamp(row["made_at"], UTC),
            undone=row["undone"],
            erased=row["erased"],
        )
        for row in connection.execute(query).mappings()
    )


def put_edit(connection: Connection, workspace: int, one: LoggedEdit) -> None:
    """Keep an edit, in place of the one of that number."""
    this = theme_edits.c.workspace == workspace, theme_edits.c.number == one.number
    values = {
        "edit": canonical_json(one.edit.model_dump(mode="json", exclude_defaults=True)),
        "made_by": one.by,
        "made_at": int(one.at.timestamp()),
        "undone": one.undone,
        "erased": one.erased,
    }
    if not connection.execute(update(theme_edits).where(*this).values(values)).rowcount:
        connection.execute(insert(theme_edits), {"workspace": workspace, "number": one.number, **values})


def forget_in_edits(connection: Connection, workspace: int, record_ids: Sequence[str]) -> None:
    """Take what belonged to removed records out of the log: their ids, people who wrote nothing else, hashes of texts nobody said else.

    After the records, their statements with them, are gone. An edit that named one of them does nothing any more.
    """
    gone = set(record_ids)
    for one in read_edits(connection, workspace):
        edit = one.edit
        if edit.record in gone or (edit.person and not _wrote(connection, workspace, edit.person)):
            put_edit(connection, workspace, _emptied(one))
        elif edit.seeds:
            said = _said(connection, workspace, [text for part in edit.seeds for text in part])
            seeds = tuple(tuple(text for text in part if text in said) for part in edit.seeds)
            if not all(seeds):
                put_edit(connection, workspace, _emptied(one))
            elif seeds != edit.seeds:
                left = edit.model_copy(update={"seeds": seeds})
                put_edit(connection, workspace, one.model_copy(update={"edit": left}))


def redact_edits(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """Take erased words out of what people typed. Returns: edits that held some."""
    changed = 0
    for one in read_edits(connection, workspace):
        left = _emptied(one) if words.occur_in(f"{one.edit.name}\n{one.edit.phrase}") else one
        left = left.model_copy(update={"by": words.redacted(left.by, nearby=False)})
        if left != one:
            put_edit(connection, workspace, left)
            changed += 1
    return changed


def _emptied(one: LoggedEdit) -> LoggedEdit:
    left = ThemeEdit(action=one.edit.action, theme=one.edit.theme)
    return one.model_copy(update={"edit": left, "erased": True})


def _wrote(connection: Connection, workspace: int, person: str) -> bool:
    query = select(records.c.key).where(records.c.workspace == workspace, records.c.person == person).limit(1)
    return connection.execute(query).first() is not None


def _said(connection: Connection, workspace: int, hashes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in chunks(hashes):
        query = select(statements.c.text_hash).where(
            statements.c.workspace == workspace, statements.c.text_hash.in_(some)
        )
        found.update(connection.execute(query).scalars())
    return found
