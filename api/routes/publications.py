"""A draft in issue systems: what publishing would do, doing it, taking it back; the connections, and what was sent."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import BenchDep, ServiceDep
from api.idempotency import OnceRoute
from api.keyed import not_approved
from api.routes.drafts import VersionQuery, find_draft
from api.tickets.publish import Doing, Plan, Step, plan, publish, undo
from api.trackers.registry import open_tracker
from assistant.domain.draft import Draft
from assistant.domain.ticket import CONNECTION_NAME, Action, Effect, EffectState, Link
from assistant.errors import NotFound
from assistant.workbench import Workbench
from evals.release import Refusal

router = APIRouter(tags=["tickets"], route_class=OnceRoute)


class ConnectionShown(BaseModel):
    """A connection, without a word of its secrets."""

    name: str
    tracker: str
    project: str
    url: str
    comment_at: int


class Publication(BaseModel):
    """A draft that somebody wants as tickets."""

    model_config = ConfigDict(extra="forbid")

    connection: str = Field(pattern=CONNECTION_NAME)
    dry_run: bool = False
    """Show what would be written, and write nothing."""


class Taken(BaseModel):
    """A publication that somebody wants undone."""

    model_config = ConfigDict(extra="forbid")

    connection: str = Field(pattern=CONNECTION_NAME)


class StepShown(BaseModel):
    """What becomes of one item."""

    item: str
    """`US-1`; empty: the draft as a whole."""
    doing: Doing
    title: str
    ticket: str
    diff: str
    effect: str | None
    """Key of what is sent for it; `/v1/effects` tells what became of it."""


class Published(BaseModel):
    """What is done, or would be."""

    draft_id: str
    version: int | None
    connection: str
    dry_run: bool
    steps: list[StepShown]


class EffectShown(BaseModel):
    """What is to be sent, was sent, or was given up."""

    key: str
    connection: str
    action: Action
    ticket: str
    state: EffectState
    tries: int
    not_before: AwareDatetime | None
    error: str
    hint: str
    made_at: AwareDatetime


class EffectPage(BaseModel):
    """Newest first."""

    items: list[EffectShown]
    next: str | None
    """`after` of the next page; null at the end."""


class Again(BaseModel):
    """What was given up is to be sent again."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1, max_length=300)


@router.get("/v1/connections", summary="List connections to issue systems")
def get_connections(bench: BenchDep) -> list[ConnectionShown]:
    """By name. They are made where the service runs: they name its secrets."""
    known = bench.catalog.connections.connections(bench.workspace)
    return [
        ConnectionShown.model_validate(one.model_dump(include=set(ConnectionShown.model_fields)))
        for one in known
    ]


@router.post(
    "/v1/drafts/{draft_id}/publications",
    summary="Publish a draft as tickets",
    responses={409: {"description": "Blocking findings stand; `findings` lists them"}},
)
def post_publication(
    service: ServiceDep, bench: BenchDep, draft_id: str, body: Publication, version: VersionQuery = None
) -> Published:
    """Keeps what is to be sent; the service sends it, each ticket exactly once. Published again, tickets follow the draft."""
    draft = find_draft(service, bench, draft_id, version)
    done = (
        planned(bench, draft, body.connection) if body.dry_run else published(bench, draft, body.connection)
    )
    if isinstance(done, Refusal):
        raise not_approved(bench.settings, done)
    if service.rounds is not None:
        service.rounds.call()
    steps = [_shown(step) for step in done.steps]
    return Published(
        draft_id=draft.id,
        version=draft.version,
        connection=body.connection,
        dry_run=body.dry_run,
        steps=steps,
    )


@router.post("/v1/drafts/{draft_id}/publications/undo", summary="Close the tickets of a draft")
def post_publication_undo(service: ServiceDep, bench: BenchDep, draft_id: str, body: Taken) -> Published:
    """Those that nobody wrote into since; the others are listed, and left."""
    steps = undone(bench, draft_id, body.connection)
    if service.rounds is not None:
        service.rounds.call()
    shown = [_shown(step) for step in steps]
    return Published(draft_id=draft_id, version=None, connection=body.connection, dry_run=False, steps=shown)


@router.get("/v1/drafts/{draft_id}/links", summary="Tickets of a draft")
def get_links(service: ServiceDep, bench: BenchDep, draft_id: str) -> list[Link]:
    """Which ticket says which part of it, in which version."""
    return bench.catalog.links.of_draft(bench.workspace, find_draft(service, bench, draft_id, None).id)


@router.get("/v1/effects", summary="What was sent to issue systems")
def get_effects(
    bench: BenchDep,
    state: Annotated[list[EffectState] | None, Query(max_length=4)] = None,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EffectPage:
    """Newest first; `state=dead` lists what was given up, with the reason."""
    found = bench.catalog.effects.page(bench.workspace, states=state or (), after=after, limit=limit + 1)
    shown = [_effect(one) for one in found[:limit]]
    return EffectPage(items=shown, next=found[limit - 1].key if len(found) > limit else None)


@router.post("/v1/effects/replay", summary="Send again what was given up")
def post_replay(service: ServiceDep, bench: BenchDep, body: Again) -> EffectShown:
    """It waits again; what arrived in spite of all is found, not sent twice."""
    held = bench.catalog.effects.get(bench.workspace, body.key)
    if held is None or held.state is not EffectState.dead:
        raise NotFound("Nothing of that key was given up.", hint="GET /v1/effects?state=dead lists what was.")
    again = held.model_copy(update={"state": EffectState.waiting, "not_before": None})
    bench.catalog.effects.settle(bench.workspace, again)
    if service.rounds is not None:
        service.rounds.call()
    return _effect(again)


def planned(bench: Workbench, draft: Draft, connection: str) -> Plan:
    """What publishing would do; see `api.tickets.publish`."""
    known = bench.catalog.connections.get(bench.workspace, connection)

    async def run() -> Plan:
        async with open_tracker(known) as tracker:
            return await plan(bench, draft, connection, tracker)

    return asyncio.run(run())


def published(bench: Workbench, draft: Draft, connection: str) -> Plan | Refusal:
    """Keep what is to be sent; see `api.tickets.publish`."""
    known = bench.catalog.connections.get(bench.workspace, connection)

    async def run() -> Plan | Refusal:
        async with open_tracker(known) as tracker:
            return await publish(bench, draft, connection, tracker)

    return asyncio.run(run())


def undone(bench: Workbench, draft_id: str, connection: str) -> list[Step]:
    """Keep that its tickets are to be closed; see `api.tickets.publish`."""
    known = bench.catalog.connections.get(bench.workspace, connection)

    async def run() -> list[Step]:
        async with open_tracker(known) as tracker:
            return await undo(bench, draft_id, connection, tracker)

    return asyncio.run(run())


def _shown(step: Step) -> StepShown:
    return StepShown(
        item=step.item,
        doing=step.doing,
        title=step.title,
        ticket=step.ticket,
        diff=step.diff,
        effect=step.effect.key if step.effect else None,
    )


def _effect(effect: Effect) -> EffectShown:
    told = effect.model_dump(include=set(EffectShown.model_fields))
    return EffectShown.model_validate({**told, "ticket": effect.result_ticket or effect.ticket})
