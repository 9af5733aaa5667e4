"""`voxspec publish` and `voxspec unpublish`: a draft as tickets, and back."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.session import Session
from api.keyed import keyed
from api.tickets.publish import Plan, Step
from api.tickets.publish import plan as plan_steps
from api.tickets.publish import publish as publish_draft
from api.tickets.publish import undo as undo_draft
from api.trackers.registry import open_tracker
from api.trackers.rounds import deliver
from assistant.domain.draft import Draft
from assistant.domain.ticket import EffectState
from assistant.workbench import Workbench
from evals.release import Refusal

_Draft = Annotated[str, Argument(metavar="DRAFT", help="Id of a draft.", show_default=False)]
_To = Annotated[str, Option("--to", help="Name of the connection; see voxspec tracker.", show_default=False)]


def publish(
    session: Session,
    draft: _Draft,
    to: _To,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would be written, and write nothing.")
    ] = False,
    version: Annotated[
        int | None, Option("--draft-version", min=1, metavar="N", help="Default: the newest.")
    ] = None,
) -> ExitCode:
    """Make a draft's tickets: one for the whole, one per story.

    Published again, they are changed to what it says now. What people wrote into a ticket stays. Exit code 1: a blocking finding stands, or something could not be written.
    """
    with session.bench() as bench:
        held = stored_draft(bench, draft, version)
        done = asyncio.run(_planned(bench, held, to)) if dry_run else asyncio.run(_published(bench, held, to))
        if isinstance(done, Refusal):
            return _refused(session, bench, done)
        states = {} if dry_run else _states(bench, done.steps)
    _show(
        session, done.steps, states, {"draft_id": done.draft_id, "version": done.version, "dry_run": dry_run}
    )
    return ExitCode.failed if EffectState.dead.value in states.values() else ExitCode.ok


def unpublish(session: Session, draft: _Draft, to: _To) -> ExitCode:
    """Close the tickets of a draft that nobody wrote into."""

    async def undone(bench: Workbench) -> list[Step]:
        known = bench.catalog.connections.get(bench.workspace, to)
        async with open_tracker(known) as tracker:
            steps = await undo_draft(bench, draft, to, tracker)
        await deliver(bench, to)
        return steps

    with session.bench() as bench:
        steps = asyncio.run(undone(bench))
        states = _states(bench, steps)
    _show(session, steps, states, {"draft_id": draft, "undone": True})
    return ExitCode.failed if EffectState.dead.value in states.values() else ExitCode.ok


async def _planned(bench: Workbench, draft: Draft, to: str) -> Plan:
    async with open_tracker(bench.catalog.connections.get(bench.workspace, to)) as tracker:
        return await plan_steps(bench, draft, to, tracker)


async def _published(bench: Workbench, draft: Draft, to: str) -> Plan | Refusal:
    async with open_tracker(bench.catalog.connections.get(bench.workspace, to)) as tracker:
        done = await publish_draft(bench, draft, to, tracker)
    if not isinstance(done, Refusal):
        await deliver(bench, to)
    return done


def _states(bench: Workbench, steps: Sequence[Step]) -> dict[str, str]:
    """Item → what became of what was sent for it."""
    found = {}
    for step in steps:
        effect = bench.catalog.effects.get(bench.workspace, step.effect.key) if step.effect else None
        if effect is not None:
            found[step.item] = effect.state.value
    return found


def _refused(session: Session, bench: Workbench, refusal: Refusal) -> ExitCode:
    findings = keyed(bench.settings, refusal.standing)
    if session.as_json:
        told = [one.model_dump(mode="json") for one in findings]
        session.output.json({"published": False, "reason": refusal.message, "findings": told})
    else:
        session.output.note(f"{refusal.message} {refusal.hint}")
        for one in findings:
            session.output.say(f"{one.key} {one.grader} on {one.target}: {one.message}")
    return ExitCode.failed


def _show(session: Session, steps: Sequence[Step], states: dict[str, str], about: dict[str, Any]) -> None:
    if session.as_json:
        session.output.json({**about, "steps": [_plain(step, states) for step in steps]})
        return
    for step in steps:
        where = f" ({step.ticket})" if step.ticket else ""
        state = f": {states[step.item]}" if step.item in states else ""
        session.output.say(f"{step.doing.value:6} {step.item or 'draft'}{where} {step.title}{state}")
        if step.diff and about.get("dry_run"):
            session.output.say(step.diff)


def _plain(step: Step, states: dict[str, str]) -> dict[str, Any]:
    told = {
        "item": step.item,
        "doing": step.doing.value,
        "title": step.title,
        "ticket": step.ticket,
        "diff": step.diff,
    }
    return {**told, "state": states.get(step.item)}
