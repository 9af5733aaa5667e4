"""A draft becomes tickets: planned first, refused while a blocking finding stands, done once however often it is asked, undone by a list.

What a person wrote into a ticket stays. Where they and a new version changed the same place, nothing is written there; a comment says
what the new version says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import unified_diff
from enum import StrEnum

from api.tickets.follow import stale_comments
from api.tickets.inert import inert
from api.tickets.merge import merge
from api.tickets.texts import WHOLE, ItemText, texts_of
from api.trackers.courier import MADE_BY
from api.trackers.port import TicketReader
from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.ticket import Action, Effect, Link, Relation, Ticket, TicketChange, TicketState
from assistant.errors import NotFound
from assistant.workbench import Workbench
from evals.release import Refusal, may_publish


class Doing(StrEnum):
    """What becomes of an item."""

    make = "make"
    change = "change"
    leave = "leave"
    """The ticket says it already."""
    ask = "ask"
    """Somebody changed the same place: a comment tells what the new version says."""
    gone = "gone"
    """Its ticket isn't there any more: it is not made again unless somebody takes the link away."""


@dataclass(frozen=True)
class Step:
    """One item of the plan."""

    item: str
    """`US-1`; empty: the draft as a whole."""
    doing: Doing
    title: str
    ticket: str = ""
    """Its key, where there is one."""
    diff: str = ""
    """What changes in the ticket's text, as a unified diff; of a new one, all of it."""
    effect: Effect | None = None
    """What would be sent; None where nothing is."""


@dataclass(frozen=True)
class Plan:
    """What publishing would do, in order."""

    draft_id: str
    version: int
    connection: str
    steps: tuple[Step, ...]

    @property
    def effects(self) -> list[Effect]:
        """What is to be sent."""
        return [step.effect for step in self.steps if step.effect is not None]


async def plan(bench: Workbench, draft: Draft, connection: str, tracker: TicketReader) -> Plan:
    """What publishing this version would do. Writes nothing.

    Raises: NotFound (no such connection), TrackerError.
    """
    bench.catalog.connections.get(bench.workspace, connection)
    texts = texts_of(draft, bench.settings.public_url, show_personal=bench.settings.show_personal_data)
    linked = {
        link.item: link
        for link in bench.catalog.links.of_draft(bench.workspace, draft.id)
        if link.connection == connection and link.relation is Relation.implements
    }
    epic = linked[WHOLE].ticket if WHOLE in linked else f"{MADE_BY}{_key(connection, draft.id, WHOLE)}"
    now = datetime.now(UTC)
    steps = []
    for one in texts:
        if one.item in linked:
            steps.append(await _changed(draft, one, linked[one.item], tracker, now))
        else:
            steps.append(_made(draft, one, connection, "" if one.item == WHOLE else epic, now))
    return Plan(draft.id, draft.version, connection, tuple(steps))


async def publish(bench: Workbench, draft: Draft, connection: str, tracker: TicketReader) -> Plan | Refusal:
    """Keep what is to be sent, in one transaction; the courier sends it. Asked again, the same is not kept twice.

    Returns: what will be sent, or why the version may not go out.
    """
    refusal = may_publish(bench, draft)
    if refusal is not None:
        return refusal
    planned = await plan(bench, draft, connection, tracker)
    bench.catalog.effects.add(bench.workspace, [*planned.effects, *stale_comments(bench, draft.id)])
    return planned


async def undo(bench: Workbench, draft_id: str, connection: str, tracker: TicketReader) -> list[Step]:
    """Close the tickets that publishing made and nobody touched since. The others are told, and left.

    Returns: a step per ticket; `change` where it will be closed. Raises: NotFound where nothing of it was published there.
    """
    links = [
        link
        for link in bench.catalog.links.of_draft(bench.workspace, draft_id)
        if link.connection == connection and link.base
    ]
    if not links:
        raise NotFound(
            f"Nothing of {draft_id} was published to '{connection}'.",
            hint="voxspec tracker sent lists what was.",
        )
    now = datetime.now(UTC)
    # Parts before the whole: nobody sees a closed epic with open stories.
    steps = [await _closed(link, tracker, now) for link in sorted(links, key=lambda one: one.item == WHOLE)]
    bench.catalog.effects.add(bench.workspace, [step.effect for step in steps if step.effect is not None])
    return steps


def _key(connection: str, draft_id: str, item: str) -> str:
    return f"publish/{connection}/{draft_id}/{item or 'draft'}"


def _subject(draft_id: str, item: str) -> str:
    return f"{draft_id}/{item or 'draft'}"


def _made(draft: Draft, one: ItemText, connection: str, parent: str, now: datetime) -> Step:
    effect = Effect(
        key=_key(connection, draft.id, one.item),
        connection=connection,
        action=Action.create,
        subject=_subject(draft.id, one.item),
        text=one.text.model_copy(update={"parent": parent}),
        relation=Relation.implements,
        draft_id=draft.id,
        item=one.item,
        draft_version=draft.version,
        made_at=now,
    )
    return Step(one.item, Doing.make, one.text.title, diff=_diff("", one.text.body), effect=effect)


async def _changed(draft: Draft, one: ItemText, link: Link, tracker: TicketReader, now: datetime) -> Step:
    try:
        ticket = await tracker.get(link.ticket)
    except NotFound:
        return Step(one.item, Doing.gone, one.text.title, link.ticket)
    merged = merge(link.base, ticket.body, one.text.body)
    told = {
        "connection": link.connection,
        "subject": _subject(draft.id, one.item),
        "ticket": link.ticket,
        "draft_id": draft.id,
        "item": one.item,
        "draft_version": draft.version,
        "made_at": now,
    }
    remembered = {"relation": Relation.implements, "base": one.text.body}
    if merged.conflicts:
        said = _conflict(draft, merged.conflicts)
        key = f"{_key(link.connection, draft.id, one.item)}/asked/{digest(said, size=6)}"
        effect = Effect.model_validate({**told, "key": key, "action": Action.comment, "comment": said})
        return Step(one.item, Doing.ask, ticket.title, link.ticket, said, effect)
    if merged.text == ticket.body:
        return Step(one.item, Doing.leave, ticket.title, link.ticket)
    change = TicketChange(body=merged.text, version=ticket.version)
    key = f"{_key(link.connection, draft.id, one.item)}/v{draft.version}/{digest(ticket.version, merged.text, size=6)}"
    effect = Effect.model_validate(
        {**told, "key": key, "action": Action.update, "change": change, **remembered}
    )
    return Step(one.item, Doing.change, ticket.title, link.ticket, _diff(ticket.body, merged.text), effect)


async def _closed(link: Link, tracker: TicketReader, now: datetime) -> Step:
    try:
        ticket = await tracker.get(link.ticket)
    except NotFound:
        return Step(link.item, Doing.gone, "", link.ticket)
    if ticket.state is TicketState.closed or _touched(ticket, link):
        return Step(link.item, Doing.leave, ticket.title, link.ticket)
    effect = Effect(
        key=f"undo/{link.connection}/{link.draft_id}/{link.item or 'draft'}/{digest(ticket.version, size=6)}",
        connection=link.connection,
        action=Action.update,
        subject=_subject(link.draft_id, link.item),
        ticket=link.ticket,
        change=TicketChange(state=TicketState.closed, version=ticket.version),
        made_at=now,
    )
    return Step(link.item, Doing.change, ticket.title, link.ticket, effect=effect)


def _touched(ticket: Ticket, link: Link) -> bool:
    """Whether somebody wrote into it: another body, or a comment that isn't ours."""
    return ticket.body != link.base or any(not comment.marker for comment in ticket.comments)


def _conflict(draft: Draft, conflicts: Iterable[tuple[str, str]]) -> str:
    parts = [
        f"Version {draft.version} of {draft.id} says something else than this ticket, in a place that was changed here. Nothing was overwritten."
    ]
    for theirs, ours in conflicts:
        parts += [
            "Here:",
            _cited(inert(theirs) or "(taken out)"),
            "The new version:",
            _cited(ours or "(taken out)"),
        ]
    return "\n\n".join(parts)


def _cited(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _diff(before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), "ticket", "draft", lineterm="", n=1)
    return "\n".join(lines)


def told(steps: Sequence[Step]) -> dict[str, int]:
    """How many items come to what."""
    return {doing.value: sum(step.doing is doing for step in steps) for doing in Doing}
