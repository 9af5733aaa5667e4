"""Webhooks that go out, in the catalog: the `HookStore` and the `HookOutbox`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.hook import Hook, HookMessage
from assistant.domain.ticket import EffectState
from assistant.stores.database import Database
from assistant.stores.hook_tables import hook_messages, hooks
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import workspaces

_OPEN = (EffectState.waiting.value, EffectState.sending.value)
_AT_ONCE = 0


class SqlHooks:
    """The `HookStore` over table `hooks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, hook: Hook) -> None:
        """Keep a hook; see the port."""
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            held.execute(delete(hooks).where(hooks.c.workspace == key, hooks.c.name == hook.name))
            held.execute(insert(hooks), {"workspace": key, "name": hook.name, "hook": canonical_json(hook)})

    def hooks(self, workspace: str) -> list[Hook]:
        """All of them, by name."""
        with self._database.read() as held:
            here = hooks.c.workspace == workspace_key(held, workspace)
            query = select(hooks.c.hook).where(here).order_by(hooks.c.name)
            return [Hook.model_validate_json(row) for row in held.execute(query).scalars()]

    def remove(self, workspace: str, name: str) -> bool:
        """Forget it; see the port."""
        with self._database.write(workspace) as held:
            key = workspace_key(held, workspace)
            waiting = (hook_messages.c.workspace == key, hook_messages.c.hook == name, hook_messages.c.state.in_(_OPEN))  # fmt: skip
            held.execute(delete(hook_messages).where(*waiting))
            gone = delete(hooks).where(hooks.c.workspace == key, hooks.c.name == name)
            return held.execute(gone).rowcount > 0


class SqlHookOutbox:
    """The `HookOutbox` over table `hook_messages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, workspace: str, messages: Sequence[HookMessage]) -> int:
        """Keep messages in one transaction; see the port."""
        fresh = 0
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            for message in messages:
                this = (hook_messages.c.workspace == key, hook_messages.c.id == message.id)
                if held.execute(select(hook_messages.c.seq).where(*this)).one_or_none() is None:
                    held.execute(insert(hook_messages), {"workspace": key, **_row(message)})
                    fresh += 1
        return fresh

    def claim(self, workspace: str, now: datetime, lease: timedelta) -> HookMessage | None:
        """Take the next one in hands; see the port."""
        with self._database.write(workspace) as held:
            here = hook_messages.c.workspace == workspace_key(held, workspace)
            due = (hook_messages.c.state.in_(_OPEN), hook_messages.c.due_at <= _milliseconds(now))
            query = select(hook_messages).where(here, *due).order_by(hook_messages.c.seq).limit(1)
            row = held.execute(query).mappings().one_or_none()
            if row is None:
                return None
            found = HookMessage.model_validate_json(row["message"])
            told = {"until": now + lease, "tries": found.tries + 1, "state": EffectState.sending}
            taken = found.model_copy(update=told)
            held.execute(update(hook_messages).where(hook_messages.c.seq == row["seq"]).values(_row(taken)))
            return taken

    def settle(self, workspace: str, message: HookMessage) -> bool:
        """Keep what became of it; see the port."""
        with self._database.write(workspace) as held:
            this = (hook_messages.c.workspace == workspace_key(held, workspace), hook_messages.c.id == message.id)  # fmt: skip
            row = held.execute(select(hook_messages).where(*this)).mappings().one_or_none()
            if row is None or HookMessage.model_validate_json(row["message"]).until != message.until:
                return False
            left = message.model_copy(update={"until": None})
            held.execute(update(hook_messages).where(hook_messages.c.seq == row["seq"]).values(_row(left)))
            return True

    def get(self, workspace: str, message_id: str) -> HookMessage | None:
        """The message of that id."""
        with self._database.read() as held:
            this = (hook_messages.c.workspace == workspace_key(held, workspace), hook_messages.c.id == message_id)  # fmt: skip
            row = held.execute(select(hook_messages.c.message).where(*this)).scalar_one_or_none()
            return HookMessage.model_validate_json(row) if row is not None else None

    def page(self, workspace: str, *, after: str | None = None, limit: int = 50) -> list[HookMessage]:
        """Newest first; see the port."""
        with self._database.read() as held:
            here = hook_messages.c.workspace == workspace_key(held, workspace)
            wanted = [here]
            if after is not None:
                behind = select(hook_messages.c.seq).where(here, hook_messages.c.id == after)
                wanted.append(hook_messages.c.seq < behind.scalar_subquery())
            query = select(hook_messages.c.message).where(*wanted).order_by(hook_messages.c.seq.desc())
            return [HookMessage.model_validate_json(row) for row in held.execute(query.limit(limit)).scalars()]  # fmt: skip

    def due(self, now: datetime) -> list[str]:
        """Workspaces with something that can be sent now."""
        query = (
            select(workspaces.c.name)
            .join(hook_messages, workspaces.c.key == hook_messages.c.workspace)
            .where(hook_messages.c.state.in_(_OPEN), hook_messages.c.due_at <= _milliseconds(now))
            .distinct()
            .order_by(workspaces.c.name)
        )
        with self._database.read() as held:
            return list(held.execute(query).scalars())


def _row(message: HookMessage) -> dict[str, object]:
    at = message.until if message.state is EffectState.sending else message.not_before
    return {
        "id": message.id,
        "hook": message.hook,
        "state": message.state.value,
        "due_at": _milliseconds(at) if at is not None else _AT_ONCE,
        "message": canonical_json(message),
    }


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
