"""`voxspec keys` and `voxspec audit`: who may do what over HTTP, and what was done."""

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.access import (
    AccessKey,
    AuditEntry,
    Role,
    broken_at,
    make_key,
)
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench

_KEYS_USAGE = "voxspec keys create NAME --role editor | list | revoke KEY_ID"
_SHOWN = {"id", "name", "role", "made_at", "expires_at", "revoked_at"}


class KeyAction(StrEnum):
    """What to do about keys."""

    listing = "list"
    creating = "create"
    revoking = "revoke"


class AuditAction(StrEnum):
    """What to do with the log."""

    listing = "list"
    verifying = "verify"


def keys(
    session: Session,
    action: Annotated[KeyAction, Argument(help="list, create or revoke.")] = KeyAction.listing,
    name: Annotated[str | None, Argument(help="Name of the new key, or the id of the one to revoke.")] = None,
    role: Annotated[
        Role, Option(help="What the key is for: owner, editor, viewer or machine.")
    ] = Role.editor,
    days: Annotated[
        int | None, Option(min=1, max=3650, help="How long it is valid; default: until revoked.")
    ] = None,
) -> ExitCode:
    """Make, list and revoke keys for the HTTP service.

    Each belongs to a workspace and has a role. It is shown once, when it is made. The service asks for keys where VOXSPEC_API_KEY is set.
    """
    if (name is None) != (action is KeyAction.listing):
        raise UsageError(f"'{action.value}' can't be understood like this.", hint=_KEYS_USAGE)
    with session.bench() as bench:
        if action is KeyAction.listing:
            _list_keys(session, bench.catalog.access.keys(bench.workspace))
        elif action is KeyAction.creating:
            _create(session, bench, name or "", role, days)
        else:
            _revoke(session, bench, name or "")
    return ExitCode.ok


def audit(
    session: Session,
    action: Annotated[AuditAction, Argument(help="list or verify.")] = AuditAction.listing,
    limit: Annotated[int, Option(min=1, max=100_000, help="Show so many, the newest.")] = 50,
) -> ExitCode:
    """Show who changed what over HTTP, and whether it is whole.

    Each entry carries the hash of the one before; 'verify' ends with 1 where one was changed, added or taken out.
    """
    with session.bench() as bench:
        entries = bench.catalog.audit.entries(bench.workspace)
    if action is AuditAction.verifying:
        return _verify(session, entries)
    shown = entries[-limit:]
    if session.as_json:
        session.output.json({"entries": [entry.model_dump(mode="json") for entry in shown]})
    elif shown:
        rows = [
            [entry.seq, f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.by, entry.role.value, entry.action, entry.target, entry.status or ""]
            for entry in shown
        ]  # fmt: skip
        session.output.table(["no.", "at (UTC)", "by", "role", "action", "target", "status"], rows)
    else:
        session.output.note("Nothing was changed over HTTP in this workspace yet.")
    return ExitCode.ok


def _verify(session: Session, entries: list[AuditEntry]) -> ExitCode:
    broken = broken_at(entries)
    if session.as_json:
        session.output.json(
            {"entries": len(entries), "whole": broken is None, "broken_at": broken.seq if broken else None}
        )
    elif broken is None:
        session.output.say(f"The log is whole: {len(entries)} entries, each follows from the one before.")
    else:
        session.output.say(f"The log was changed: entry {broken.seq} doesn't follow from the one before.")
    return ExitCode.ok if broken is None else ExitCode.failed


def _list_keys(session: Session, held: list[AccessKey]) -> None:
    if session.as_json:
        session.output.json({"keys": [_plain(key) for key in held]})
        return
    now = datetime.now(UTC)
    rows = [[key.id, key.name, key.role.value, f"{key.made_at:%Y-%m-%d}", _state(key, now)] for key in held]
    if rows:
        session.output.table(["id", "name", "role", "made", "state"], rows)
    else:
        session.output.note(f"There is no key yet. {_KEYS_USAGE}")


def _create(session: Session, bench: Workbench, name: str, role: Role, days: int | None) -> None:
    key, secret = make_key(bench.workspace, name, role, datetime.now(UTC), days)
    bench.catalog.access.add_key(key)
    _note(bench, "keys create", key.id)
    if session.as_json:
        session.output.json(_plain(key) | {"secret": secret})
        return
    session.output.say(secret)
    session.output.note(
        f"{key.id}: {role.value} in '{bench.workspace}'. The key is shown this once; keep it safe."
    )


def _revoke(session: Session, bench: Workbench, key_id: str) -> None:
    if not bench.catalog.access.revoke(bench.workspace, key_id, datetime.now(UTC)):
        raise NotFound(f"There is no valid key '{key_id[:60]}'.", hint="voxspec keys list shows their ids.")
    _note(bench, "keys revoke", key_id)
    if session.as_json:
        session.output.json({"revoked": key_id})
    else:
        session.output.note(f"{key_id} opens nothing any more, and neither do sessions that it opened.")


def _note(bench: Workbench, action: str, target: str) -> None:
    entry = AuditEntry(
        at=datetime.now(UTC),
        by=getpass.getuser(),
        role=Role.owner,
        action=action,
        target=target,
    )
    bench.catalog.audit.append(bench.workspace, entry)


def _plain(key: AccessKey) -> dict[str, Any]:
    return key.model_dump(mode="json", include=_SHOWN)


def _state(key: AccessKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if not key.is_valid(now):
        return "expired"
    return f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "valid"
