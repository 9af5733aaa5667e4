"""The first page: what is new, what changed among the themes, which drafts wait, and how to begin."""

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.pages.counting import counting
from api.routes.themes import KIND
from api.shown import shown_text
from api.web.counts import counts_of
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.jobs import running_job, told_job
from api.web.pages import frame
from api.web.render import page
from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.job import Job, JobState
from assistant.drafting.formats.tree import plain
from assistant.synthesis.outputs.told import change_of
from evals.release import approved_versions, marked_all
from prompts.loader import kinds

router = APIRouter(include_in_schema=False)
_DRAFTS = 50
_PARTS = ("themes-shard", "count", "follow")
"""Kinds of jobs that nobody asked for."""
_JOBS = 20
_SHOWN_JOBS = 5


@page_at(router, "/")
def get_home(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """The newest drafts, what the workspace holds, and what to do next."""
    held = bench.catalog.drafts.newest(workspace, None, _DRAFTS)
    approved = approved_versions(bench)
    drafts = [
        (draft, shown_text(bench.settings, plain(draft, draft.title)), _standing(draft, approved))
        for draft in marked_all(bench, held)
    ]

    def shown() -> Response:
        counts = counts_of(bench)
        overview = counts.overview
        jobs = [told_job(one) for one in service.jobs.newest(workspace, _JOBS) if _is_news(one)]
        return page(
            "home.html",
            **frame(service, workspace, "h"),
            drafts=drafts,
            **counting(service, counts, "/"),
            overview=overview,
            pending=sum(bool(waits) for _, _, waits in drafts),
            finding=running_job(service, workspace, KIND),
            changes=[(one, change_of(one)) for one in overview.changes],
            jobs=jobs[:_SHOWN_JOBS],
            kinds=kinds(),
        )

    return shaped(
        form,
        page=shown,
        data=lambda: {"drafts": [_row(one, title, waits) for one, title, waits in drafts]},
        table=lambda: Table(
            "Drafts",
            ("id", "title", "kind", "version", "verdict", "waits_for"),
            [
                (one.id, title, one.kind, one.version, one.report.verdict.value if one.report else "", waits)
                for one, title, waits in drafts
            ],
        ),
    )


def _is_news(job: Job) -> bool:
    """Whether somebody asked for it, or it brought something."""
    if job.kind == "ticket" and job.state is JobState.done:
        return bool(job.result.get("records"))
    return job.kind not in _PARTS


def _standing(draft: Draft, approved: frozenset[str]) -> str:
    """What a draft waits for, in a word; empty for one that is approved."""
    if draft.stale_reason:
        return "rewriting"
    if draft.status is DraftStatus.stale:
        return "a refresh"
    if f"{draft.id}@{draft.version}" in approved or draft.status is DraftStatus.approved:
        return ""
    return "a check" if draft.report is None else "fixes" if draft.report.standing else "approval"


def _row(draft: Draft, title: str, waits: str) -> dict[str, object]:
    return {
        "id": draft.id,
        "title": title,
        "kind": draft.kind,
        "version": draft.version,
        "verdict": draft.report.verdict.value if draft.report else None,
        "waits_for": waits or None,
    }
