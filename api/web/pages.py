"""What the pages show of a draft, and how they link to each other."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote as percent

from api.access.gate import is_loopback
from api.deps import Service
from api.keyed import KeyedFinding, keyed
from api.shown import shown_text
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport
from assistant.errors import NotFound
from assistant.settings import Settings

_COUNTS = (
    ("claims_supported", "claims supported"),
    ("quotes_verified", "quotes verified"),
    ("numbers_recomputed", "numbers recomputed"),
    ("criteria_parsed", "criteria parsed"),
)


def link(path: str, default: str, workspace: str) -> str:
    """An address of ours that stays in the workspace."""
    if workspace == default:
        return path
    return f"{path}{'&' if '?' in path else '?'}workspace={percent(workspace)}"


def verdict_counts(draft: Draft) -> list[tuple[str, int, int]]:
    """The counts of the check strip: what, how many are right, of how many. What there is nothing of is left out."""
    return counted(draft.report)


def counted(report: CheckReport | None) -> list[tuple[str, int, int]]:
    """The counts of a report: what, how many are right, of how many."""
    counts = report.counts if report else {}
    return [
        (label, counts[key].ok, counts[key].total)
        for key, label in _COUNTS
        if key in counts and counts[key].total
    ]


def command_flags(settings: Settings, workspace: str) -> str:
    """The options with which a command works on what this page shows: ` -w team --home data`, or nothing.

    Where the service is, is told only to readers on the same machine: nobody else could run the command.
    """
    default = Settings.model_fields
    flags = ["-w", workspace] if workspace != default["workspace"].default else []
    if is_loopback(settings.host) and settings.home != default["home"].get_default(call_default_factory=True):
        flags += ["--home", str(settings.home.absolute())]
    return f" {shlex.join(flags)}" if flags else ""


def keyed_findings(settings: Settings, draft: Draft) -> tuple[KeyedFinding, ...]:
    """The findings of a stored draft's report, each with the key of its form. Args: draft: without masks."""
    return keyed(settings, draft.report.findings) if draft.report else ()


def frame(service: Service, workspace: str, here: str = "") -> dict[str, Any]:
    """What every page has around its content. Args: here: the page's letter in the menu, which marks it."""
    default = service.settings.workspace
    return {
        "workspace": "" if workspace == default else workspace,
        "query": "",
        "here": here,
        "flags": command_flags(service.settings, workspace),
        "link": lambda path: link(path, default, workspace),
        "shown": lambda text: shown_text(service.settings, text),
    }


@contextmanager
def for_readers(hint: str) -> Iterator[None]:
    """What isn't there is told with a hint for a reader of pages; the API's speaks of addresses."""
    try:
        yield
    except NotFound as problem:
        raise NotFound(problem.message, hint=hint) from problem
