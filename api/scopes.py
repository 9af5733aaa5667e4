"""Scopes from requests: as JSON, as `field=value` filters, or as both for different fields."""

from collections.abc import Sequence

from assistant.domain.evidence import Scope
from assistant.errors import UsageError
from assistant.search.scope import parse_filters


def join_scope(scope: Scope | None, filters: Sequence[str]) -> Scope:
    """One scope of both. Raises: UsageError for a bad filter, or where both restrict the same field."""
    filtered = parse_filters(filters)
    if scope is None:
        return filtered
    given = scope.model_dump(exclude_defaults=True)
    added = filtered.model_dump(exclude_defaults=True)
    if twice := sorted(set(given) & set(added)):
        raise UsageError(
            f"Scope and filters both restrict {', '.join(twice)}.", hint="Say it in one of them."
        )
    return Scope.model_validate(given | added)
