"""The ledger of twins in the catalog: the `TwinStore`, and what saving and erasing records do to it."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from assistant.stores.columns import insert_rows
from assistant.stores.database import Database
from assistant.stores.grouping import links_in_order
from assistant.stores.ledger import Sketch, TwinLink
from assistant.stores.rows import chunks, make_workspace, moved_snapshot, workspace_key
from assistant.stores.tables import records, sketches, twins, workspaces

_ROWS_AT_ONCE = 1000


class SqlTwins:
    """The `TwinStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def relink(self, workspace: str) -> int:
        """Find the twins anew; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            return relink_twins(connection, key) if key is not None else 0

    def links(self, workspace: str) -> list[TwinLink]:
        """All links by group and record, the undone ones too."""
        with self._database.read() as connection:
            return sorted(
                read_links(connection, workspace_key(connection, workspace)).values(),
                key=lambda link: (link.first_id, link.record_id),
            )

    def sketches(self, workspace: str) -> dict[str, Sketch]:
        """Sketches of the current records that don't stand apart; see the port."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            apart = {one.record_id for one in read_links(connection, key).values() if one.undone}
            return dict(_current_sketches(connection, key, apart))

    def unsketched(self, workspace: str, limit: int) -> list[str]:
        """Ids of current records without a sketch."""
        query = (
            select(records.c.id)
            .outerjoin(sketches, sketches.c.record == records.c.key)
            .where(records.c.current, sketches.c.record.is_(None))
            .limit(limit)
        )
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            return list(connection.execute(query.where(records.c.workspace == key)).scalars())

    def save_sketches(self, workspace: str, sketches: Mapping[str, Sketch]) -> int:
        """Keep sketches of current records that had none."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            return add_sketches(connection, key, sketches)

    def mark(self, workspace: str, record_ids: Sequence[str], *, undone: bool) -> list[str]:
        """Take records out of their groups, or let them be linked again; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            links = read_links(connection, key)
            meant = set(record_ids)
            meant |= {
                one.record_id for one in links.values() if one.first_id in meant and one.rule != "first"
            }
            changed = sorted(
                one
                for one in meant
                if one in links and links[one].undone != undone and links[one].rule != "first"
            )
            if key is not None and changed:
                before = _active(links)
                for some in chunks(changed):
                    where = (twins.c.workspace == key, twins.c.record_id.in_(some))
                    connection.execute(update(twins).where(*where).values(undone=undone))
                move_ledger(connection, key, before, _active(read_links(connection, key)))
                relink_twins(connection, key)
        return changed


def add_sketches(connection: Connection, workspace: int, given: Mapping[str, Sketch]) -> int:
    """Keep the sketches of current records that have none. Returns how many."""
    lacking: dict[int, Sketch] = {}
    for some in chunks(list(given)):
        query = (
            select(records.c.id, records.c.key)
            .outerjoin(sketches, sketches.c.record == records.c.key)
            .where(
                records.c.workspace == workspace,
                records.c.current,
                records.c.id.in_(some),
                sketches.c.record.is_(None),
            )
        )
        lacking |= {key: given[record_id] for record_id, key in connection.execute(query)}
    put_sketches(connection, lacking)
    return len(lacking)


def put_sketches(connection: Connection, given: Mapping[int, Sketch]) -> None:
    """Keep sketches by the keys of their records, which have none."""
    rows = [
        {"record": key, "text_key": one.text_key, "figures": one.figures, "signature": one.signature}
        for key, one in given.items()
    ]
    insert_rows(connection, sketches, rows)


def relink_twins(connection: Connection, workspace: int) -> int:
    """Write the links that the current records have, and move the snapshot by what changed. Returns how many did."""
    stored = read_links(connection, workspace)
    apart = {one.record_id for one in stored.values() if one.undone}
    found = links_in_order(_current_sketches(connection, workspace, apart))
    held = {record_id: one for record_id, one in stored.items() if not one.undone}
    gone = [record_id for record_id, one in held.items() if found.get(record_id) != one]
    come = [one for record_id, one in found.items() if held.get(record_id) != one]
    gone += _of_no_record(connection, workspace, apart)
    for some in chunks(gone):
        where = (twins.c.workspace == workspace, twins.c.record_id.in_(some))
        connection.execute(delete(twins).where(*where))
    if come:
        connection.execute(insert(twins), [{"workspace": workspace} | one._asdict() for one in come])
    move_ledger(connection, workspace, _active(held), _active(found))
    return len({*gone, *(one.record_id for one in come)})


def read_links(connection: Connection, workspace: int | None) -> dict[str, TwinLink]:
    """Record id → its link, the undone ones too."""
    columns = [twins.c[name] for name in ("record_id", "first_id", "rule", "score", "figures", "undone")]
    rows = connection.execute(select(*columns).where(twins.c.workspace == workspace))
    return {row[0]: TwinLink(*row) for row in rows}


def move_ledger(
    connection: Connection, workspace: int, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Move the workspace's snapshot by links that left and came, so that undoing brings the old one back."""
    gone = [(name, to) for name, to in before.items() if after.get(name) != to]
    come = [(name, to) for name, to in after.items() if before.get(name) != to]
    if gone or come:
        this = workspaces.c.key == workspace
        snapshot = connection.execute(select(workspaces.c.snapshot).where(this)).scalar_one()
        connection.execute(
            update(workspaces).where(this).values(snapshot=moved_snapshot(snapshot, gone, come))
        )


def _active(links: Mapping[str, TwinLink]) -> dict[str, str]:
    return {f"twin {one.record_id}": one.first_id for one in links.values() if not one.undone}


def _current_sketches(
    connection: Connection, workspace: int | None, apart: set[str]
) -> Iterator[tuple[str, Sketch]]:
    query = (
        select(records.c.id, sketches.c.text_key, sketches.c.figures, sketches.c.signature)
        .join(sketches, sketches.c.record == records.c.key)
        .where(records.c.workspace == workspace, records.c.current)
        .order_by(records.c.id)
    )
    for row in connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        if row[0] not in apart:
            yield row[0], Sketch(*row[1:])


def _of_no_record(connection: Connection, workspace: int, record_ids: set[str]) -> list[str]:
    """Those of the ids that no current record has."""
    known: set[str] = set()
    for some in chunks(sorted(record_ids)):
        query = select(records.c.id).where(
            records.c.workspace == workspace, records.c.current, records.c.id.in_(some)
        )
        known |= set(connection.execute(query).scalars())
    return sorted(record_ids - known)
