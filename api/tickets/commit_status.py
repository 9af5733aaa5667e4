"""The check strip of a draft as the status of a commit: its verdict, its counts, and the way to it."""

from datetime import UTC, datetime

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Verdict
from assistant.domain.ticket import Action, CommitState, CommitStatus, Effect
from assistant.synthesis.pipeline import themes_of
from assistant.workbench import Workbench
from evals.check import check
from evals.coverage import areas_of, top_themes
from evals.opinion import kept_opinion
from evals.release import with_overrulings

NAME = "voxspec/check"
_COUNTS = (
    ("claims_supported", "claims"),
    ("quotes_verified", "quotes"),
    ("numbers_recomputed", "numbers"),
)


def strip_of(bench: Workbench, draft: Draft, sha: str, name: str = NAME) -> CommitStatus:
    """Check a draft now and say it in one line, as its page does. Writes nothing. Raises: StoreError, UnknownKind."""
    report = with_overrulings(bench, draft, kept_opinion(bench, draft, check(bench, draft)))
    url = bench.settings.public_url
    return CommitStatus(
        sha=sha,
        name=name,
        state=_state(report),
        description=" · ".join([_verdict(report), *_counted(report), *_themes(bench, draft)]),
        url=f"{url.rstrip('/')}/drafts/{draft.id}?version={draft.version}" if url else "",
    )


def kept(bench: Workbench, draft: Draft, connection: str, status: CommitStatus) -> Effect:
    """Keep the status for the courier. What the last one of that name says already isn't sent again.

    Returns: the effect that shows it. Raises: NotFound for a connection that isn't there.
    """
    bench.catalog.connections.get(bench.workspace, connection)
    subject = f"{connection}/{status.sha}/{status.name}"
    last = next(iter(bench.catalog.effects.page(bench.workspace, subject=subject, limit=1)), None)
    if last is not None and last.status == status:
        return last
    # The one before is a part of the key: ready, not ready and ready again are three statuses.
    key = f"status/{connection}/{status.sha[:12]}/{digest(status, last.key if last else '', size=8)}"
    effect = Effect(
        key=key,
        connection=connection,
        action=Action.status,
        subject=subject,
        status=status,
        draft_id=draft.id,
        draft_version=draft.version,
        made_at=datetime.now(UTC),
    )
    return bench.catalog.effects.add(bench.workspace, [effect])[0]


def _state(report: CheckReport) -> CommitState:
    if report.verdict is Verdict.not_enough_evidence:
        return CommitState.error
    open_ones = report.verdict is Verdict.needs_fixes and report.standing
    return CommitState.failure if open_ones else CommitState.success


def _verdict(report: CheckReport) -> str:
    if report.verdict is Verdict.not_enough_evidence:
        return "Not enough evidence"
    count = len(report.standing)
    if report.verdict is Verdict.ready or not count:
        return "Ready"
    return f"Needs {count:,} {'fix' if count == 1 else 'fixes'}"


def _counted(report: CheckReport) -> list[str]:
    held = ((label, report.counts[name]) for name, label in _COUNTS if name in report.counts)
    return [f"{label} {count.ok}/{count.total}" for label, count in held if count.total]


def _themes(bench: Workbench, draft: Draft) -> list[str]:
    themes = themes_of(bench)
    areas = areas_of(bench, themes) if themes is not None else None
    tops = top_themes(bench, draft, areas) if areas is not None else []
    return [f"top themes {sum(bool(one.claims) for one in tops)}/{len(tops)}"] if tops else []
