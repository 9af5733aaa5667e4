"""What came in from trackers, in the catalog: the `DeliveryStore`, and the `AskedStore`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, insert, select

from assistant.domain.base import canonical_json
from assistant.domain.ticket import Arrived, Connection, Delivery
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import workspaces
from assistant.stores.tracker_tables import arrived, asked, connections, deliveries


class SqlDeliveries:
    """The `DeliveryStore` over tables `deliveries` and `arrived`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self, workspace: str, delivery: Delivery, forget_before: datetime, said: Arrived | None = None
    ) -> Delivery | None:
        """Keep it and what it says, and let go of older ones; see the port."""
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            this = _delivery(key, delivery)
            known = held.execute(select(deliveries.c.delivery).where(*this)).scalar_one_or_none()
            if known is not None:
                return Delivery.model_validate_json(known)
            old = deliveries.c.taken_at < int(forget_before.timestamp())
            held.execute(delete(deliveries).where(deliveries.c.workspace == key, old))
            ids = {"workspace": key, "connection": delivery.connection, "id": delivery.id}
            row = {"taken_at": int(delivery.taken_at.timestamp()), "delivery": canonical_json(delivery)}
            held.execute(insert(deliveries), ids | row)
            if said is not None:
                held.execute(insert(arrived), ids | {"arrived": canonical_json(said)})
            return None

    def untake(self, workspace: str, delivery: Delivery) -> None:
        """Forget its id."""
        with self._database.write(workspace) as held:
            held.execute(delete(deliveries).where(*_delivery(workspace_key(held, workspace), delivery)))

    def waiting(self, workspace: str, connection: str, limit: int) -> list[Arrived]:
        """What waits to be worked on, in the order in which it came."""
        with self._database.read() as held:
            here = (arrived.c.workspace == workspace_key(held, workspace), arrived.c.connection == connection)
            query = select(arrived.c.seq, arrived.c.arrived).where(*here).order_by(arrived.c.seq).limit(limit)
            return [
                Arrived.model_validate_json(row.arrived).model_copy(update={"seq": row.seq})
                for row in held.execute(query)
            ]

    def finish(self, workspace: str, seqs: Sequence[int]) -> None:
        """Let go of what was worked on."""
        with self._database.write(workspace) as held:
            here = arrived.c.workspace == workspace_key(held, workspace)
            held.execute(delete(arrived).where(here, arrived.c.seq.in_(seqs)))

    def unfinished(self) -> list[tuple[str, str, str]]:
        """What waits in any workspace; see the port."""
        with self._database.read() as held:
            first = select(func.min(arrived.c.seq)).group_by(arrived.c.workspace, arrived.c.connection)
            query = (
                select(workspaces.c.name, arrived.c.connection, arrived.c.id)
                .join(workspaces, workspaces.c.key == arrived.c.workspace)
                .where(arrived.c.seq.in_(first))
                .order_by(arrived.c.seq)
            )
            return [(row.name, row.connection, row.id) for row in held.execute(query)]


class SqlAsked:
    """The `AskedStore` over table `asked`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def everywhere(self) -> list[tuple[str, Connection]]:
        """All connections of all workspaces; see the port."""
        with self._database.read() as held:
            query = (
                select(workspaces.c.name, connections.c.connection)
                .join(workspaces, workspaces.c.key == connections.c.workspace)
                .order_by(workspaces.c.name, connections.c.name)
            )
            return [(row.name, Connection.model_validate_json(row.connection)) for row in held.execute(query)]

    def until(self, workspace: str, connection: str) -> datetime | None:
        """Until when everything that changed there is known; see the port."""
        with self._database.read() as held:
            this = (asked.c.workspace == workspace_key(held, workspace), asked.c.connection == connection)
            found = held.execute(select(asked.c.until).where(*this)).scalar_one_or_none()
            return None if found is None else datetime.fromtimestamp(found, UTC)

    def keep(self, workspace: str, connection: str, until: datetime) -> None:
        """Keep that everything until then is known."""
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            held.execute(delete(asked).where(asked.c.workspace == key, asked.c.connection == connection))
            row = {"workspace": key, "connection": connection, "until": int(until.timestamp())}
            held.execute(insert(asked), row)


def _delivery(workspace: int | None, delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.workspace == workspace,
        deliveries.c.connection == delivery.connection,
        deliveries.c.id == delivery.id,
    )
