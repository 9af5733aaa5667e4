"""The gate: write a draft, check it, revise what failed at most twice, keep it with its report."""

from typing import Any

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.events import EventType
from assistant.domain.finding import CheckReport, Verdict
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import Emit
from assistant.drafting.pipeline import draft as write_draft
from assistant.drafting.revise import revise
from assistant.drafting.staleness.mark import mark
from assistant.errors import Conflict
from assistant.tracing import Steps, span
from assistant.workbench import Workbench
from evals.check import check
from evals.opinion import holds_up, judges_drafts, with_opinion

REVISIONS = 2
"""More doesn't help: what two revisions can't mend needs a person."""


def produce(bench: Workbench, request: DraftRequest, emit: Emit | None = None) -> Draft:
    """Write a draft, check it, revise what blocks, have it judged where a judge is set, save it.

    Returns: the saved draft with its report; its status is `ready` where the verdict is, and no judge that may gate left it open.
    Raises: UnknownKind, ModelError, StoreError.
    """
    tell = emit or _silent
    written = _keep(bench, write_and_check(bench, request, tell))
    tell(
        "draft.completed",
        {
            "draft_id": written.id,
            "version": written.version,
            "status": written.status.value,
            "usage": usage(written),
        },
    )
    return written


def usage(draft: Draft) -> dict[str, Any]:
    """What the writing took of the model: calls, tokens, and US dollars where the price is known."""
    of = draft.provenance
    return {
        "calls": len(of.calls),
        "tokens_in": of.tokens_in,
        "tokens_out": of.tokens_out,
        "cost": of.cost if of.calls else 0.0,
    }


def write_and_check(bench: Workbench, request: DraftRequest, emit: Emit | None = None) -> Draft:
    """As `produce`, without saving: what `replay` compares with."""
    outer = emit or _silent
    with (
        span(f"draft {request.kind}", {"voxspec.workspace": bench.workspace}) as noted,
        Steps("draft") as steps,
    ):

        def tell(event: EventType, data: dict[str, Any]) -> None:
            steps.heard(event, data)
            outer(event, data)

        draft = _written(bench, request, tell)
        verdict = draft.report.verdict.value if draft.report else ""
        noted.note(kind=draft.kind, draft=draft.id, verdict=verdict, language=draft.language)
    return draft


def _written(bench: Workbench, request: DraftRequest, tell: Emit) -> Draft:
    held = write_draft(bench, request, tell)
    report = check(bench, held)
    for round_number in range(1, REVISIONS + 1):
        if not report.blocking:
            break
        tell("step.started", {"step": "revise", "round": round_number, "blocking": len(report.blocking)})
        revised = revise(bench, held, report.blocking)
        if canonical_json(revised) == canonical_json(held):
            break
        held, report = revised, check(bench, revised)
        tell("step.completed", {"step": "revise", "round": round_number, "blocking": len(report.blocking)})
    if judges_drafts(bench.settings):
        # After the last revision: what a judge sees is for a person to mend or overrule, and takes nothing out of a draft.
        tell("step.started", {"step": "judge"})
        report = with_opinion(bench, held, report)
        tell("step.completed", {"step": "judge"})
    tell("draft.check.completed", _summary(report))
    is_ready = report.verdict is Verdict.ready and not holds_up(report)
    status = DraftStatus.ready if is_ready else DraftStatus.draft
    return held.model_copy(update={"report": report, "status": status})


def _keep(bench: Workbench, draft: Draft) -> Draft:
    try:
        bench.catalog.drafts.save(draft)
    except Conflict:
        # The same request once gave other bytes, for example under other graders: both stay, as versions.
        latest = bench.catalog.drafts.get(draft.workspace, draft.id)
        if latest is None:
            raise
        draft = draft.model_copy(update={"version": latest.version + 1})
        bench.catalog.drafts.save(draft)
    mark(bench, saved=draft)
    return draft


def _summary(report: CheckReport) -> dict[str, Any]:
    counts = {name: count.model_dump() for name, count in report.counts.items()}
    told = {"judge": report.opinion.summary} if report.opinion else {}
    return {"verdict": report.verdict.value, "counts": counts, "findings": len(report.findings)} | told


def _silent(event: EventType, data: dict[str, Any]) -> None:
    pass
