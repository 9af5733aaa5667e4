"""What each role may do, by method and address. Pure."""

import re
from http import HTTPStatus

from api.access.gate import SAFE_METHODS
from api.errors import HttpProblem
from assistant.domain.access import Principal, Role

_OWNERS_ONLY = re.compile(
    r"/(?:v1/(?:keys|audit|erasures|hooks|hook-messages)|settings/(?:keys|audit))(?:[/.]|\Z)"
)
_READS_BY_POST = re.compile(r"/(?:v1/search|v1/checks|check|logout|mcp)\Z")
"""POSTs that keep nothing. Behind `/mcp` each tool asks for itself, and notes what it did."""
_MACHINES = re.compile(
    r"/v1/(?:ingest|records|search|checks|chat/completions|themes|drafts|drafts/[^/]+/revisions|threads|threads/[^/]+/turns"
    r"|tickets|tickets:match|jobs/[^/]+)\Z"
)
"""What a machine may change: it sends and asks, and decides nothing."""


def changes(method: str, path: str) -> bool:
    """Whether a request may change something: those that may are logged."""
    return method not in SAFE_METHODS and not _READS_BY_POST.match(path)


def refusal(principal: Principal, method: str, path: str) -> HttpProblem | None:
    """Why somebody may not do this, or None."""
    if principal.role is Role.owner:
        return None
    if _OWNERS_ONLY.match(path):
        return _needs(principal, Role.owner)
    if not changes(method, path) or principal.role is Role.editor:
        return None
    if principal.role is Role.machine and _MACHINES.match(path):
        return None
    return _needs(principal, Role.editor)


def _needs(principal: Principal, role: Role) -> HttpProblem:
    return HttpProblem(
        HTTPStatus.FORBIDDEN,
        "role-forbids",
        f"The key '{principal.name}' has the role {principal.role.value}, which may not do this.",
        f"Ask an owner for a key with the role {role.value}: voxspec keys create NAME --role {role.value}",
    )
