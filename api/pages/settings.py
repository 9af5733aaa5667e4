"""What the service works with; who has a key, and what was done: made, revoked and read by owners. Other settings are read here, not set."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from api.deps import BenchDep, PrincipalDep, ServiceDep, WorkspaceDep
from api.routes.access import delete_key, get_audit, get_audit_state, get_keys
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import frame, link
from api.web.render import page
from api.web.setting_rows import setting_rows
from assistant.domain.access import Role, make_key

router = APIRouter(include_in_schema=False)
_SHOWN = 200
_Days = Literal["30", "90", "365", ""]


@page_at(router, "/settings")
def get_settings(
    bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, principal: PrincipalDep, form: FormDep
) -> Response:
    """Model, cost, privacy, access and connections; who is signed in, and the way out."""
    rows = setting_rows(bench)
    return shaped(
        form,
        page=lambda: page(
            "settings.html",
            **frame(service, workspace, "s"),
            principal=principal,
            groups={
                group: [row for row in rows if row.group == group]
                for group in dict.fromkeys(r.group for r in rows)
            },
        ),
        data=lambda: {"items": [vars(row) for row in rows]},
        table=lambda: Table(
            "Settings",
            ("group", "name", "value", "note", "variable"),
            [(row.group, row.name, row.value, row.note, row.variable) for row in rows],
        ),
    )


@page_at(router, "/settings/keys")
def get_keys_page(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """The keys of the workspace; an owner makes and revokes them."""
    keys = get_keys(bench)
    columns = ("id", "name", "role", "made_at", "expires_at", "revoked_at")
    shown = [one.model_dump(mode="json") for one in keys]
    return shaped(
        form,
        page=lambda: page(
            "keys.html", **frame(service, workspace, "s"), keys=keys, roles=list(Role), made=None, secret=""
        ),
        data=lambda: {"items": shown},
        table=lambda: Table("Keys", columns, [tuple(one[name] for name in columns) for one in shown]),
    )


@router.post("/settings/keys")
def post_key_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    name: Annotated[str, Form(min_length=1, max_length=200)],
    role: Annotated[Role, Form()],
    days: Annotated[_Days, Form()] = "90",
) -> Response:
    """Make a key. This answer alone holds its secret, and nothing keeps the answer."""
    key, secret = make_key(workspace, name, role, datetime.now(UTC), int(days) if days else None)
    bench.catalog.access.add_key(key)
    return page(
        "keys.html",
        **frame(service, workspace, "s"),
        keys=get_keys(bench),
        roles=list(Role),
        made=key,
        secret=secret,
    )


@router.post("/settings/keys/{key_id}/revocation")
def post_revocation(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, key_id: str) -> Response:
    """From now on the key opens nothing."""
    delete_key(bench, key_id)
    back = link("/settings/keys", service.settings.workspace, workspace)
    return Response(status_code=303, headers={"Location": back})


@page_at(router, "/settings/audit")
def get_audit_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    after: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Who changed what, and whether the chain of hashes is whole."""
    found, state = get_audit(bench, after, _SHOWN), get_audit_state(bench)
    columns = ("seq", "at", "by", "role", "action", "target", "status")
    rows = [one.model_dump(mode="json") for one in found.items]
    return shaped(
        form,
        page=lambda: page(
            "audit.html", **frame(service, workspace, "s"), entries=found.items, next=found.next, state=state
        ),
        data=lambda: {"items": rows, "next": found.next, "state": state.model_dump(mode="json")},
        table=lambda: Table("Audit log", columns, [tuple(one[name] for name in columns) for one in rows]),
    )
