"""What a workspace erased, in the catalog: reading it, adding to it, and keeping it from coming back."""

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from assistant.domain.draft import Draft
from assistant.domain.record import Record
from assistant.errors import Conflict
from assistant.stores.erased import Erased
from assistant.stores.rows import chunks
from assistant.stores.tables import erased, erasure_keys


def read_erased(connection: Connection, workspace: int | None) -> Erased:
    """What that workspace erased."""
    key = connection.execute(
        select(erasure_keys.c.key).where(erasure_keys.c.workspace == workspace)
    ).scalar_one_or_none()
    if key is None:
        return Erased()
    digests = connection.execute(select(erased.c.digest).where(erased.c.workspace == workspace)).scalars()
    return Erased(key, frozenset(digests))


def made_key(connection: Connection, workspace: int) -> Erased:
    """The same, with a key also where nothing was erased yet."""
    if not (found := read_erased(connection, workspace)).key:
        found = Erased(secrets.token_bytes(32))
        connection.execute(insert(erasure_keys), {"workspace": workspace, "key": found.key})
    return found


def remember_erased(connection: Connection, workspace: int, digests: Iterable[str]) -> None:
    """Keep hashes; those that are kept already are left as they are."""
    fresh = sorted({one for one in digests if one} - read_erased(connection, workspace).digests)
    if fresh:
        connection.execute(insert(erased), [{"workspace": workspace, "digest": one} for one in fresh])


def guard_draft(connection: Connection, workspace: int, draft: Draft) -> None:
    """Keep a draft from bringing back what was erased while it was written. Raises: Conflict."""
    known = read_erased(connection, workspace)
    if not known.digests:
        return
    used = {quote.record_id for quote in draft.quotes.values()}
    used.update(one for selection in draft.selections.values() for one in selection.record_ids)
    if any(known.holds_record(one) for one in used):
        raise Conflict(
            "Somebody's records were erased while this draft was written; it was not saved.",
            hint="Ask for it again: it is then written over what is left.",
        )


def guard_erased(connection: Connection, workspace: int, records: Iterable[Record], asked: bool) -> None:
    """Keep a batch from bringing back what was erased while its import ran; where that was asked for, forget the hashes.

    Raises: Conflict.
    """
    known = read_erased(connection, workspace)
    if not known.digests:
        return
    back = sorted({one for record in records for one in known.holds(record)})
    if back and not asked:
        raise Conflict(
            "Somebody's records were erased while this import ran; nothing of this batch was saved.",
            hint="Run the same import again: it goes on, and leaves out what was erased.",
        )
    for some in chunks(back):
        connection.execute(delete(erased).where(erased.c.workspace == workspace, erased.c.digest.in_(some)))
