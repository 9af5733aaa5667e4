"""What people do about hooks, on the command line and over HTTP: add, try, replay, and make secrets that never leave the server again."""

import base64
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from api.hooks.messenger import hook_of
from api.hooks.post import demand_url
from api.hooks.signing import key_of
from api.hooks.telling import put_message
from api.trackers.registry import secret as read_secret
from assistant.domain.hook import LISTENED, Hook, HookEvent, HookMessage
from assistant.domain.ticket import EffectState
from assistant.errors import Conflict, NotFound, UsageError
from assistant.settings import Settings
from assistant.workbench import Workbench

_MOST = 32
"""Hooks of a workspace: each event is a message for each of them."""
_KEY_BYTES = 32
_HINTS = {
    "name": "Use 1 to 40 of a-z, 0-9 and '-', starting with a letter or digit.",
    "url": "For example https://example.com/hooks.",
    "secrets": "Say where it is read from: env:NAME or file:PATH.",
}
_FOLDER = "hooks"
_KEPT_SECRETS = 2
"""The current one, and the one that it replaces."""


def add_hook(bench: Workbench, name: str, url: str, events: Sequence[str], refs: Sequence[str]) -> Hook:
    """Keep a hook, in place of the one of that name. Args: refs: where its secrets are read from.

    Raises: UsageError where an address, an event or a secret can't be used; Conflict where there are too many.
    """
    try:
        made = Hook.model_validate({"name": name, "url": url, "events": events, "secrets": refs})
    except ValidationError as problem:
        first = problem.errors()[0]
        field = str(first["loc"][0])
        if field == "events":
            known = ", ".join(LISTENED)
            raise UsageError("A hook can't listen to that.", hint=f"Events: {known}.") from problem
        where = {"secrets": "A secret", "url": "The address"}.get(field, "The name")
        raise UsageError(
            f"{where} of the hook can't be used: {first['msg']}.", hint=_HINTS[field]
        ) from problem
    demand_url(made.url, private=bench.settings.private_hooks)
    for one in made.secrets:
        key_of(read_secret(one))
    others = [one for one in bench.catalog.hooks.hooks(bench.workspace) if one.name != name]
    if len(others) >= _MOST:
        raise Conflict(f"A workspace has {_MOST} hooks at most.", hint="Remove one that nobody needs.")
    bench.catalog.hooks.put(bench.workspace, made)
    return made


def remove_hook(bench: Workbench, name: str) -> None:
    """Forget it, what is still to be sent to it, and the secrets that were made for it. Raises: NotFound."""
    gone = hook_of(bench, name)
    bench.catalog.hooks.remove(bench.workspace, name)
    for one in gone.secrets:
        _drop(bench.settings, one)


def add_with_new_secret(bench: Workbench, name: str, url: str, events: Sequence[str]) -> tuple[Hook, str]:
    """As `add_hook` for a name that is new, with a secret that is made here. Returns: the secret, too, for its holder alone."""
    if any(one.name == name for one in bench.catalog.hooks.hooks(bench.workspace)):
        raise Conflict(f"There is a hook '{name}' already.", hint="Remove it first, or take another name.")
    ref, made = _new_secret(bench.settings, bench.workspace)
    try:
        return add_hook(bench, name, url, events, [ref]), made
    except BaseException:
        _drop(bench.settings, ref)
        raise


def renew_secret(bench: Workbench, name: str) -> str:
    """Make a new secret; messages are signed with the one before, too, until the next renewal. Raises: NotFound, UsageError."""
    hook = hook_of(bench, name)
    ref, made = _new_secret(bench.settings, bench.workspace)
    held = (ref, *hook.secrets)
    bench.catalog.hooks.put(bench.workspace, hook.model_copy(update={"secrets": held[:_KEPT_SECRETS]}))
    for one in held[_KEPT_SECRETS:]:
        _drop(bench.settings, one)
    return made


def try_hook(bench: Workbench, name: str) -> HookMessage:
    """Put a message into the outbox that says nothing but that it is a test, whatever the hook listens to. Raises: NotFound."""
    hook = hook_of(bench, name)
    return put_message(bench, hook, HookEvent.test, secrets.token_hex(8), {})


def send_again(bench: Workbench, message_id: str) -> HookMessage:
    """Have a message sent once more, under the same id, with all its tries. Raises: NotFound, Conflict while it is being sent."""
    held = bench.catalog.hook_outbox.get(bench.workspace, message_id)
    if held is None:
        raise NotFound(f"There is no message '{message_id[:100]}'.", hint="voxspec hook sent lists them.")
    if held.state is EffectState.sending:
        raise Conflict("It is being sent just now.", hint="Look again in a moment: voxspec hook sent")
    hook_of(bench, held.hook)
    again = held.model_copy(update={"state": EffectState.waiting, "tries": 0, "not_before": None})
    bench.catalog.hook_outbox.settle(bench.workspace, again)
    return again


def _new_secret(settings: Settings, workspace: str) -> tuple[str, str]:
    """Where a new secret is read from, and itself."""
    made = "whsec_" + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    folder = _folder(settings) / workspace
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / secrets.token_hex(8)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(made)
    return f"file:{path}", made


def _drop(settings: Settings, ref: str) -> None:
    """Remove the file of a secret that was made here; others aren't ours."""
    path = Path(ref.removeprefix("file:"))
    if ref.startswith("file:") and path.parent.parent == _folder(settings):
        path.unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    return settings.home.absolute() / _FOLDER
