"""`/v1/keys`, `/v1/audit`, `/v1/me`: who may do what, and what was done."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.deps import BenchDep, PrincipalDep, WorkspaceDep
from api.errors import HttpProblem
from assistant.domain.access import AccessKey, AuditEntry, Role, broken_at, make_key

router = APIRouter(tags=["access"])


class KeyOrder(BaseModel):
    """A key that somebody wants made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    role: Role
    days: int | None = Field(default=None, ge=1, le=3650)
    """How long it is valid; null: until it is revoked."""


class KeyShown(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    role: Role
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKey(KeyShown):
    """A key with its secret, which is shown this once."""

    secret: str


class Me(BaseModel):
    """Who the server takes you for."""

    name: str
    role: Role
    workspace: str


class AuditPage(BaseModel):
    """Entries of the log, oldest first."""

    items: list[AuditEntry]
    next: int | None
    """`after` of the next page; null at the end."""


class AuditState(BaseModel):
    """Whether the log is whole."""

    entries: int
    whole: bool
    broken_at: int | None
    """Number of the first entry that doesn't follow from the one before."""


@router.get("/v1/me", summary="Who you are here")
def get_me(principal: PrincipalDep, workspace: WorkspaceDep) -> Me:
    """Name and role of the key or session that the request came with."""
    return Me(name=principal.name, role=principal.role, workspace=workspace)


# Without Idempotency-Key: the stored answer would hold the secret.
@router.post("/v1/keys", status_code=201, summary="Make a key")
def post_key(bench: BenchDep, body: KeyOrder) -> NewKey:
    """A key for this workspace. Its secret is in this answer and nowhere else."""
    key, secret = make_key(bench.workspace, body.name, body.role, datetime.now(UTC), body.days)
    bench.catalog.access.add_key(key)
    return NewKey(**_shown(key).model_dump(), secret=secret)


@router.get("/v1/keys", summary="List keys")
def get_keys(bench: BenchDep) -> list[KeyShown]:
    """All keys of the workspace, the revoked ones too, oldest first."""
    return [_shown(key) for key in bench.catalog.access.keys(bench.workspace)]


@router.delete("/v1/keys/{key_id}", status_code=204, summary="Revoke a key")
def delete_key(bench: BenchDep, key_id: str) -> Response:
    """From now on it opens nothing, and neither do the sessions that it opened."""
    if not bench.catalog.access.revoke(bench.workspace, key_id, datetime.now(UTC)):
        raise HttpProblem(
            HTTPStatus.NOT_FOUND,
            "not-found",
            f"There is no valid key {key_id[:60]}.",
            "GET /v1/keys lists the keys of the workspace.",
        )
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/v1/audit", summary="What was done")
def get_audit(
    bench: BenchDep,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> AuditPage:
    """Who changed what, when, and how it was answered: one chain of hashes."""
    found = bench.catalog.audit.entries(bench.workspace, after, limit + 1)
    more = len(found) > limit
    return AuditPage(items=found[:limit], next=found[limit - 1].seq if more else None)


@router.get("/v1/audit/verify", summary="Whether the log is whole")
def get_audit_state(bench: BenchDep) -> AuditState:
    """Each entry's hash and number, counted again from the first."""
    entries = bench.catalog.audit.entries(bench.workspace)
    broken = broken_at(entries)
    return AuditState(entries=len(entries), whole=broken is None, broken_at=broken.seq if broken else None)


def _shown(key: AccessKey) -> KeyShown:
    return KeyShown.model_validate(key.model_dump(include=set(KeyShown.model_fields)))
