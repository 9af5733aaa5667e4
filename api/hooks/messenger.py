"""Sending what hooks are to be told, until it arrives: at least once, always under the same id, a slow address holding up no other for long."""

import json
from datetime import UTC, datetime, timedelta

from api.hooks.post import demand_url, post
from api.hooks.signing import headers
from api.trackers.registry import secret
from api.trackers.rounds import Rounds
from assistant.domain.hook import Hook, HookMessage
from assistant.domain.ticket import RETRY_AFTER, EffectState
from assistant.errors import NotFound, TrackerRateLimited, VoxspecError
from assistant.telemetry import get_logger
from assistant.workbench import Workbench
from ingest.web.guard import Guard, is_public

LEASE = timedelta(seconds=90)
_LONGEST_WAIT_S = 24 * 3600.0
_log = get_logger("hooks")


class HookRounds(Rounds):
    """A thread of the service that tells hooks what is due, also what a killed process left."""

    def _round(self) -> None:
        with self._benches.use(self._home) as bench:
            due = bench.catalog.hook_outbox.due(datetime.now(UTC))
        for workspace in due:
            if self._stopping:
                return
            with self._benches.use(workspace) as bench:
                tell_all(bench)


def guard_of(bench: Workbench) -> Guard:
    """What hooks may reach: the public internet, or all where the owner set it."""
    return Guard(allow=(lambda _: True) if bench.settings.private_hooks else is_public)


def tell_all(bench: Workbench, guard: Guard | None = None) -> int:
    """Send what is due until nothing is. Returns: how many messages came to an end, well or badly."""
    guard = guard or guard_of(bench)
    ended = 0
    outbox = bench.catalog.hook_outbox
    while (message := outbox.claim(bench.workspace, datetime.now(UTC), LEASE)) is not None:
        left = _told(bench, message, guard)
        outbox.settle(bench.workspace, left)
        ended += left.state in (EffectState.done, EffectState.dead)
    return ended


def _told(bench: Workbench, message: HookMessage, guard: Guard) -> HookMessage:
    """The message as it is after a try."""
    try:
        hook = hook_of(bench, message.hook)
        body = body_of(message)
        signed = headers(message.id, datetime.now(UTC), body, [secret(one) for one in hook.secrets])
        post(demand_url(hook.url, private=bench.settings.private_hooks), signed, body, guard)
    except TrackerRateLimited as problem:
        return _later(message, problem, problem.retry_after_s)
    except VoxspecError as problem:
        # A secret that is missing now may be there after the next start.
        if problem.retryable or problem.code == "usage":
            return _later(message, problem, None)
        return _dead(message, problem)
    return message.model_copy(update={"state": EffectState.done, "error": "", "hint": ""})


def body_of(message: HookMessage) -> bytes:
    """The same bytes at each try."""
    told = {
        "type": message.event.value,
        "timestamp": message.made_at.isoformat().replace("+00:00", "Z"),
        "data": message.data,
    }
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


def hook_of(bench: Workbench, name: str) -> Hook:
    """A hook of the workspace. Raises: NotFound."""
    known = bench.catalog.hooks.hooks(bench.workspace)
    found = next((one for one in known if one.name == name), None)
    if found is None:
        raise NotFound(f"There is no hook '{name}' in this workspace.", hint="voxspec hook list")
    return found


def _later(message: HookMessage, problem: VoxspecError, wait_s: float | None) -> HookMessage:
    if message.tries > len(RETRY_AFTER):
        return _dead(message, problem)
    pause = RETRY_AFTER[message.tries - 1]
    if wait_s is not None:
        pause = max(pause, timedelta(seconds=min(wait_s, _LONGEST_WAIT_S)))
    told = {"not_before": datetime.now(UTC) + pause, "error": problem.message, "hint": problem.hint}
    return message.model_copy(update={"state": EffectState.waiting, **told})


def _dead(message: HookMessage, problem: VoxspecError) -> HookMessage:
    _log.warning("Given up.", message=message.id, hook=message.hook, problem=problem.code)
    told = {"error": problem.message, "hint": problem.hint}
    return message.model_copy(update={"state": EffectState.dead, **told})
