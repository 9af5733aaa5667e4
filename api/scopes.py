"""Scopes from requests: as JSON, as `field=value` filters, or as both for different fields; held against what there is."""

from collections.abc import Sequence

from assistant.domain.evidence import Scope
from assistant.errors import NotFound, UsageError
from assistant.search.scope import parse_filters
from assistant.settings import Settings
from assistant.workbench import Workbench

FILTER_FIELDS = (
    "source, kind, language, account, since, until, rating, type, sentiment, or a segment such as plan"
)
"""What a filter can name, for help texts."""
_MOST_NAMED = 12


def join_scope(bench: Workbench, scope: Scope | None, filters: Sequence[str]) -> Scope:
    """One scope of both.

    Raises: UsageError for a bad filter, for one that names no field and no segment of the workspace, and where both
        restrict the same field.
    """
    filtered = known_filters(bench, filters)
    if scope is None:
        return filtered
    given = scope.model_dump(exclude_defaults=True)
    added = filtered.model_dump(exclude_defaults=True)
    if twice := sorted(set(given) & set(added)):
        raise UsageError(
            f"Scope and filters both restrict {', '.join(twice)}.", hint="Say it in one of them."
        )
    return Scope.model_validate(given | added)


def known_filters(bench: Workbench, filters: Sequence[str]) -> Scope:
    """Read filters. In a workspace with records, one that names neither a field nor a segment of any record is refused.

    Raises: UsageError with the names that there are.
    """
    scope = parse_filters(filters)
    rows = bench.corpus().segments if scope.segments else ()
    if rows and not all(any(name in segments for segments in rows) for name in scope.segments):
        return parse_filters(filters, {name for segments in rows for name in segments})
    return scope


def demand_workspace(bench: Workbench) -> None:
    """Refuse a workspace that nothing was ever imported into, which is most likely a typing error.

    The default workspace is always there, and one whose records were all erased still answers.
    Raises: NotFound with the workspaces that there are.
    """
    name = bench.workspace
    if name == Settings.model_fields["workspace"].default or bench.catalog.pages.embedder(name) is not None:
        return
    held = bench.catalog.pages.workspaces()
    shown = ", ".join(held[:_MOST_NAMED]) + (" and more" if len(held) > _MOST_NAMED else "")
    there = f"Workspaces with records: {shown}." if held else "No workspace of this home holds records."
    raise NotFound(
        f"There is no workspace '{name}': it holds no records.",
        hint=f"{there} `voxspec ingest FILE -w {name}` makes it.",
    )
