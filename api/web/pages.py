"""What the pages show of a draft, and how they link to each other."""

import shlex
from collections.abc import Callable
from urllib.parse import quote as percent

from markupsafe import Markup

from api.auth import is_loopback
from api.keyed import KeyedFinding, keyed
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport
from assistant.drafting.render import render_body_html
from assistant.settings import Settings
from assistant.workbench import Workbench

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


def draft_body(bench: Workbench, draft: Draft, href: Callable[[str], str]) -> Markup:
    """The document itself, from the same render tree as the exported HTML, which escapes all text.

    Without the table of findings: the page has them above the document, with their forms.
    """
    personal = bench.settings.show_personal_data
    if draft.report is not None:
        draft = draft.model_copy(update={"report": draft.report.model_copy(update={"findings": ()})})
    return Markup(render_body_html(draft, href, show_personal=personal))  # noqa: S704 - safe by render's contract
