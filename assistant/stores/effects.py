"""What is to be done to issue systems, in the catalog: the `EffectStore`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, exists, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.ticket import Effect, EffectState
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import workspaces
from assistant.stores.tracker_tables import effects

_OPEN = (EffectState.waiting.value, EffectState.sending.value)
_AT_ONCE = 0


class SqlEffects:
    """The `EffectStore` over table `effects`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, workspace: str, added: Sequence[Effect]) -> list[Effect]:
        """Keep effects in one transaction; see the port."""
        kept = []
        with self._database.write(workspace) as connection:
            here = make_workspace(connection, workspace)
            for effect in added:
                this = (effects.c.workspace == here, effects.c.key == effect.key)
                known = connection.execute(select(effects.c.effect).where(*this)).scalar_one_or_none()
                if known is None:
                    connection.execute(insert(effects), {"workspace": here, **_row(effect)})
                kept.append(effect if known is None else Effect.model_validate_json(known))
        return kept

    def claim(self, workspace: str, connection: str, now: datetime, lease: timedelta) -> Effect | None:
        """Take the next one in hands; see the port."""
        earlier = effects.alias()
        unfinished = exists().where(
            earlier.c.workspace == effects.c.workspace,
            earlier.c.connection == effects.c.connection,
            earlier.c.subject == effects.c.subject,
            earlier.c.seq < effects.c.seq,
            earlier.c.state.in_(_OPEN),
        )
        with self._database.write(workspace) as held:
            here = effects.c.workspace == workspace_key(held, workspace)
            due = (effects.c.state.in_(_OPEN), effects.c.due_at <= _milliseconds(now))
            query = select(effects).where(here, effects.c.connection == connection, *due, ~unfinished)
            row = held.execute(query.order_by(effects.c.seq).limit(1)).mappings().one_or_none()
            if row is None:
                return None
            found = _effect(row)
            taken = found.model_copy(update={"until": now + lease, "tries": found.tries + 1})
            sending = taken.model_copy(update={"state": EffectState.sending})
            held.execute(update(effects).where(effects.c.seq == row["seq"]).values(_row(sending)))
            return taken

    def settle(self, workspace: str, effect: Effect) -> bool:
        """Keep what became of it; see the port."""
        with self._database.write(workspace) as connection:
            this = (effects.c.workspace == workspace_key(connection, workspace), effects.c.key == effect.key)
            row = connection.execute(select(effects).where(*this)).mappings().one_or_none()
            if row is None or _effect(row).until != effect.until:
                return False
            done = effect
            if effect.state is not EffectState.sending:
                done = effect.model_copy(update={"until": None})
            connection.execute(update(effects).where(effects.c.seq == row["seq"]).values(_row(done)))
            return True

    def get(self, workspace: str, key: str) -> Effect | None:
        """The effect of that key."""
        with self._database.read() as connection:
            this = (effects.c.workspace == workspace_key(connection, workspace), effects.c.key == key)
            row = connection.execute(select(effects).where(*this)).mappings().one_or_none()
            return _effect(row) if row is not None else None

    def page(
        self,
        workspace: str,
        *,
        states: Sequence[EffectState] = (),
        subject: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> list[Effect]:
        """Newest first; see the port."""
        with self._database.read() as connection:
            here = effects.c.workspace == workspace_key(connection, workspace)
            wanted: list[ColumnElement[bool]] = [here]
            if states:
                wanted.append(effects.c.state.in_([state.value for state in states]))
            if subject is not None:
                wanted.append(effects.c.subject == subject)
            if after is not None:
                behind = select(effects.c.seq).where(here, effects.c.key == after).scalar_subquery()
                wanted.append(effects.c.seq < behind)
            query = select(effects).where(*wanted).order_by(effects.c.seq.desc()).limit(limit)
            return [_effect(row) for row in connection.execute(query).mappings()]

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """Workspace and connection of everything that can be sent now."""
        query = (
            select(workspaces.c.name, effects.c.connection)
            .join(workspaces, workspaces.c.key == effects.c.workspace)
            .where(effects.c.state.in_(_OPEN), effects.c.due_at <= _milliseconds(now))
            .distinct()
            .order_by(workspaces.c.name, effects.c.connection)
        )
        with self._database.read() as connection:
            return [(name, where) for name, where in connection.execute(query).all()]


def _row(effect: Effect) -> dict[str, object]:
    sending = effect.state is EffectState.sending
    at = effect.until if sending else effect.not_before
    return {
        "key": effect.key,
        "connection": effect.connection,
        "subject": effect.subject,
        "state": effect.state.value,
        "due_at": _milliseconds(at) if at is not None else _AT_ONCE,
        "effect": canonical_json(effect),
    }


def _effect(row: RowMapping) -> Effect:
    return Effect.model_validate_json(row["effect"])


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
