"""Query parameters that an address doesn't take are refused: a filter that is misspelt must not give everything."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from assistant.errors import UsageError


def demand_known_parameters(request: Request) -> None:
    """Raises: UsageError that names the parameter, and those that there are."""
    route = request.scope.get("route")
    if not (request.query_params and isinstance(route, APIRoute)):
        return
    known = sorted(_named(route.dependant))
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise UsageError(
            f"This address takes no parameter '{unknown[0][:60]}'.",
            hint=f"It takes {', '.join(known)}." if known else "It takes none.",
        )


def _named(dependant: Dependant) -> set[str]:
    own = {one.alias for one in dependant.query_params}
    return own.union(*map(_named, dependant.dependencies))
