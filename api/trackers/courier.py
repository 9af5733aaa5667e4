"""Sending effects: in order per subject, each exactly once, whatever dies on the way.

An effect is taken in hands with a lease before anything is sent. Whoever finds one that was tried before looks for its marker first:
what arrived is written down, not sent again. A reservation (an id or address that works once) is kept before sending where the system
offers one; it holds also against a request that arrives late. A try ends before its lease does: nobody sends what is in other hands.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.trackers.port import CommitBoard, ReservationSpent, Tracker
from assistant.domain.ticket import (
    RETRY_AFTER,
    Action,
    Effect,
    EffectState,
    Link,
    Ticket,
    TicketChange,
    TicketComment,
    marker,
)
from assistant.errors import (
    Conflict,
    NotFound,
    TrackerError,
    TrackerRateLimited,
    TrackerRefused,
    TrackerUnavailable,
    VoxspecError,
)
from assistant.stores.port import Catalog
from assistant.telemetry import get_logger
from assistant.tracing import span

MADE_BY = "effect:"
_TRY_SHARE = 0.8
"""Of the lease, for a try; the rest is for writing down what became of it."""
_SOON = RETRY_AFTER[0]
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What an adapter raises over an answer that isn't what the system's documentation says."""
_log = get_logger("trackers")


@dataclass(frozen=True)
class Pace:
    """How long things may take."""

    lease: timedelta = timedelta(seconds=90)
    """After a kill, what was in hands is taken up then. Also: by then the system has carried out a request that it has begun."""
    pauses: tuple[timedelta, ...] = RETRY_AFTER
    """After each failed try that may be repeated; one more, and the effect is dead."""


USUAL = Pace()


async def deliver_all(
    catalog: Catalog, workspace: str, connection: str, tracker: Tracker, pace: Pace = USUAL
) -> int:
    """Send what is due until nothing is. Returns: how many effects came to an end, well or badly."""
    ended = 0
    while (found := catalog.effects.claim(workspace, connection, datetime.now(UTC), pace.lease)) is not None:
        about = {"voxspec.workspace": workspace, "voxspec.effect.action": found.action.value}
        with span(f"effect {found.action.value}", about, calls_out=True) as noted:
            left = await _delivered(_Hands(catalog, workspace, tracker, pace, found))
            noted.note(connection=connection, effect_state=left.state.value, effect_tries=left.tries)
        held = catalog.effects.get(workspace, left.key)
        if held is None or held.until != left.until:
            continue
        if left.state is EffectState.done:
            # Before it is settled: who dies in between finds it by its marker, and remembers it again.
            _remember(catalog, workspace, left)
        if catalog.effects.settle(workspace, left):
            ended += left.state in (EffectState.done, EffectState.dead)
    return ended


@dataclass
class _Hands:
    """An effect while somebody tries to send it."""

    catalog: Catalog
    workspace: str
    tracker: Tracker
    pace: Pace
    effect: Effect

    @property
    def marker(self) -> str:
        """Of this workspace alone: another one that sends the same to the same project has tickets of its own."""
        return marker(self.catalog.erasures.pseudonym(self.workspace, "effect", self.effect.key))

    @property
    def tried(self) -> bool:
        """Whether something of it may be there already. A limit counts as no try, but it leaves its words."""
        return self.effect.tries > 1 or bool(self.effect.error)

    async def reserve(self) -> str:
        """What makes sending harmless, kept before it is used. Raises: _Taken."""
        if not self.effect.reserved and (reserved := await self.tracker.reserve(self.marker)):
            self.effect = self.effect.model_copy(update={"reserved": reserved})
            sending = self.effect.model_copy(update={"state": EffectState.sending})
            if not self.catalog.effects.settle(self.workspace, sending):
                raise _Taken("Somebody else has it in hands.", hint="It is theirs now.")
        return self.effect.reserved


async def _delivered(hands: _Hands) -> Effect:
    """The effect as it is after a try."""
    try:
        async with asyncio.timeout(hands.pace.lease.total_seconds() * _TRY_SHARE):
            return await _sent(hands)
    except TimeoutError:
        slow = TrackerUnavailable("All requests together took too long.", hint="It is tried again.")
        return _failed(hands, slow)
    except ReservationSpent as problem:
        # What spent it may still be at work: by then it has arrived and is found, or never will.
        spent = hands.effect.model_copy(update={"reserved": ""})
        return _later(spent, problem, hands.pace, hands.pace.lease)
    except TrackerRateLimited as problem:
        wait = None if problem.retry_after_s is None else timedelta(seconds=problem.retry_after_s)
        return _later(hands.effect, problem, hands.pace, wait, counts=False)
    except _NotYet as problem:
        return _later(hands.effect, problem, hands.pace, problem.wait, counts=False)
    except VoxspecError as problem:
        return _failed(hands, problem)
    except _UNREADABLE as problem:
        _log.warning("An answer can't be read.", effect=hands.effect.key, problem=repr(problem)[:200])
        unread = TrackerError(
            "The system answered something that can't be read.",
            hint="Is the connection's address that of its API?",
        )
        return _failed(hands, unread)


async def _sent(hands: _Hands) -> Effect:
    about = _ticket_of(hands.catalog, hands.workspace, hands.effect)
    match hands.effect.action:
        case Action.create:
            ticket = _echo(hands, await _created(hands))
            return _done(hands.effect, ticket.key)
        case Action.update:
            assert hands.effect.change is not None
            ticket = _echo(hands, await _updated(hands.tracker, about, hands.effect.change))
            return _done(hands.effect, ticket.key)
        case Action.comment:
            written = await _commented(hands, about)
            return _done(hands.effect, about, written.id)
        case Action.status:
            await _shown(hands)
            return _done(hands.effect, "")


def _echo(hands: _Hands, ticket: Ticket) -> Ticket:
    """Know the ticket as it was left by us: when its tracker tells of this change, it is no news."""
    hands.catalog.tickets.put(hands.workspace, ticket)
    return ticket


async def _created(hands: _Hands) -> Ticket:
    text = hands.effect.text
    assert text is not None
    if hands.tried and (there := await hands.tracker.find(hands.marker)) is not None:
        return there
    if text.parent.startswith(MADE_BY):
        text = text.model_copy(update={"parent": made_by(hands.catalog, hands.workspace, text.parent)})
    reserved = await hands.reserve()
    return await hands.tracker.create(text, hands.marker, reserved)


async def _updated(tracker: Tracker, about: str, change: TicketChange) -> Ticket:
    try:
        return await tracker.update(about, change)
    except Conflict:
        held = await tracker.get(about)
        if not _says(held, change):
            raise
        # Another version because of this very change: its answer was lost.
        return held


async def _commented(hands: _Hands, about: str) -> TicketComment:
    """The comment, which is edited where it is there already: as the one that is linked, or by its marker."""
    effect = hands.effect
    known = _link_of(hands.catalog, hands.workspace, effect, about)
    comment_id = known.comment_id if known else ""
    if hands.tried:
        held = (await hands.tracker.get(about)).comments
        comment_id = next((one.id for one in held if one.marker == hands.marker), comment_id)
    try:
        if comment_id:
            try:
                return await hands.tracker.comment(about, effect.comment, hands.marker, comment_id, "")
            except NotFound:
                # Somebody took the comment away. Only the ticket's own absence is a reason to give up.
                pass
        reserved = await hands.reserve()
        return await hands.tracker.comment(about, effect.comment, hands.marker, "", reserved)
    except Conflict as problem:
        raise TrackerUnavailable(problem.message, hint="It is tried again.") from problem


async def _shown(hands: _Hands) -> None:
    """The status, unless it is there already."""
    status, board = hands.effect.status, hands.tracker
    assert status is not None
    if not isinstance(board, CommitBoard):
        raise TrackerRefused("This system shows no statuses of commits.", hint="GitHub and GitLab do.")
    if hands.tried and await board.status_of(status.sha, status.name) == status:
        return
    await board.show_status(status)


def _says(ticket: Ticket, change: TicketChange) -> bool:
    """Whether nothing is left of the change."""
    return (
        change.title in (None, ticket.title)
        and (change.body is None or change.body.strip() == ticket.body.strip())
        and change.state in (None, ticket.state)
        and (change.labels is None or set(change.labels) == set(ticket.labels))
    )


def made_by(catalog: Catalog, workspace: str, reference: str) -> str:
    """Key of the ticket that an effect made. Raises: Conflict where it was given up, TrackerError while it isn't done."""
    key = reference.removeprefix(MADE_BY)
    maker = catalog.effects.get(workspace, key)
    if maker is None or maker.state is EffectState.dead:
        raise Conflict(
            "The ticket that this belongs to could not be made.", hint="Send that one again first, then this."
        )
    if maker.state is not EffectState.done:
        due = maker.until if maker.state is EffectState.sending else maker.not_before
        wait = max(due - datetime.now(UTC), _SOON) if due is not None else _SOON
        raise _NotYet("The ticket that this belongs to isn't made yet.", hint="It is tried again.", wait=wait)
    return maker.result_ticket


class _NotYet(TrackerError):
    """Something else has to be sent before, which is due then: no try of this one."""

    code = "tracker-not-yet"
    retryable = True

    def __init__(self, message: str, *, hint: str = "", wait: timedelta = _SOON) -> None:
        super().__init__(message, hint=hint)
        self.wait = wait


class _Taken(TrackerError):
    """The lease is over and somebody else has it."""

    code = "tracker-taken"
    retryable = True


def _link_of(catalog: Catalog, workspace: str, effect: Effect, ticket: str) -> Link | None:
    """What is known between the ticket and what the effect is for."""
    if effect.relation is None:
        return None
    known = catalog.links.of_ticket(workspace, effect.connection, ticket)
    return next((one for one in known if (one.draft_id, one.item) == (effect.draft_id, effect.item)), None)


def _ticket_of(catalog: Catalog, workspace: str, effect: Effect) -> str:
    return made_by(catalog, workspace, effect.ticket) if effect.ticket.startswith(MADE_BY) else effect.ticket


def _done(effect: Effect, ticket: str, comment_id: str = "") -> Effect:
    told = {"result_ticket": ticket, "result_comment": comment_id, "error": "", "hint": ""}
    return effect.model_copy(update={"state": EffectState.done, **told})


def _failed(hands: _Hands, problem: VoxspecError) -> Effect:
    if problem.retryable and hands.effect.tries <= len(hands.pace.pauses):
        return _later(hands.effect, problem, hands.pace, None)
    return _dead(hands.effect, problem)


def _later(
    effect: Effect, problem: VoxspecError, pace: Pace, wait: timedelta | None, *, counts: bool = True
) -> Effect:
    """Args: wait: None: as long as after so many tries. counts: whether it is one of those after which it is given up."""
    tries = effect.tries if counts else effect.tries - 1
    pause = wait if wait is not None else pace.pauses[min(max(tries, 1), len(pace.pauses)) - 1]
    told = {
        "not_before": datetime.now(UTC) + pause,
        "error": problem.message,
        "hint": problem.hint,
        "tries": tries,
    }
    return effect.model_copy(update={"state": EffectState.waiting, **told})


def _dead(effect: Effect, problem: VoxspecError) -> Effect:
    _log.warning("Given up.", effect=effect.key, connection=effect.connection, problem=problem.code)
    told = {"error": problem.message, "hint": problem.hint}
    return effect.model_copy(update={"state": EffectState.dead, **told})


def _remember(catalog: Catalog, workspace: str, effect: Effect) -> None:
    """Keep the link to what the effect is for, with the text as it was written: what is not as it was is somebody's own."""
    if effect.relation is None:
        return
    link = _link_of(catalog, workspace, effect, effect.result_ticket) or Link(
        draft_id=effect.draft_id,
        item=effect.item,
        connection=effect.connection,
        ticket=effect.result_ticket,
        relation=effect.relation,
        at=datetime.now(UTC),
    )
    match effect.action:
        case Action.create:
            assert effect.text is not None
            told: dict[str, object] = {"base": effect.text.body, "version": effect.draft_version}
        case Action.update:
            told = {"base": effect.base or link.base, "version": effect.draft_version}
        case Action.status:
            return
        case Action.comment:
            told = {"comment_id": effect.result_comment, "comment": effect.comment}
    catalog.links.put(workspace, link.model_copy(update={**told, "at": datetime.now(UTC)}))
