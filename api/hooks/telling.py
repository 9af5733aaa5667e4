"""What happened, put into the outbox of the hooks that listen: ids and counts, never a word of a record."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.finding import CheckReport, Verdict, finding_key
from assistant.domain.hook import Data, Hook, HookEvent, HookMessage, message_id
from assistant.domain.staleness import StaleClaim
from assistant.domain.theme import ThemeSet
from assistant.domain.theme_trend import ChangeKind
from assistant.errors import VoxspecError
from assistant.settings import Settings
from assistant.synthesis.trends import Asked, trends_of
from assistant.telemetry import get_logger
from assistant.workbench import Workbench

_log = get_logger("hooks")
_MOST_NAMED = 100


def tell(bench: Workbench, event: HookEvent, about: str, data: Data) -> None:
    """Put one event into the outbox, once for each hook that listens. Args: about: what happened; the same is told once."""
    for hook in bench.catalog.hooks.hooks(bench.workspace):
        if event in hook.events:
            put_message(bench, hook, event, about, data)


def put_message(bench: Workbench, hook: Hook, event: HookEvent, about: str, data: Data) -> HookMessage:
    """Put one message for one hook into the outbox. Returns: it, or what is there under its id already."""
    made = HookMessage(
        id=message_id(bench.workspace, hook.name, event, about),
        hook=hook.name,
        event=event,
        data={"workspace": bench.workspace, **data},
        made_at=datetime.now(UTC),
    )
    bench.catalog.hook_outbox.add(bench.workspace, [made])
    return bench.catalog.hook_outbox.get(bench.workspace, made.id) or made


def tell_draft(bench: Workbench, draft: Draft) -> None:
    """A version was written and checked."""
    told: Data = {
        "draft_id": draft.id,
        "version": draft.version,
        "verdict": draft.report.verdict.value if draft.report else "",
        "kind": draft.kind,
        "claims": len(draft.claims),
        "quotes": len(draft.quotes),
        "facts": len(draft.facts),
    }
    tell(bench, HookEvent.draft_completed, f"{draft.id}/{draft.version}", told)
    if draft.report is not None:
        tell_check(bench, draft.report, draft)


def tell_of_draft(bench: Workbench, draft: Draft) -> None:
    """As `tell_draft`; who asked for a draft has it, also where the outbox can't be written."""
    try:
        tell_draft(bench, draft)
    except VoxspecError as problem:
        _log.warning("Hooks aren't told of a draft.", problem=problem.code)


def tell_check(bench: Workbench, report: CheckReport, draft: Draft | None, document: str = "") -> None:
    """A check is over: told where it failed, once for each outcome, however often the same is checked.

    Args:
        draft: the stored version that was checked; None: something that isn't stored here.
        document: the text that was checked, of which a hash is told.
    """
    standing = report.standing
    if report.verdict is Verdict.ready or (report.verdict is Verdict.needs_fixes and not standing):
        return
    told: Data = {"verdict": report.verdict.value, "blocking": len(standing)}
    told["graders"] = sorted({one.grader for one in standing})
    if draft is not None:
        told |= {"draft_id": draft.id, "version": draft.version}
    if document:
        told["document"] = digest(document)
    about = digest(told, sorted(finding_key(one) for one in standing))
    tell(bench, HookEvent.check_failed, about, told)


def tell_of_check(bench: Workbench, report: CheckReport, draft: Draft | None, document: str = "") -> None:
    """As `tell_check`; who only asked for a check gets it, also where the outbox can't be written."""
    try:
        tell_check(bench, report, draft, document)
    except VoxspecError as problem:
        _log.warning("Hooks aren't told of a check.", problem=problem.code)


def tell_spikes(bench: Workbench, themes: ThemeSet) -> None:
    """A run of themes is over. Nothing is counted where no hook listens. A spike is told once, however many runs see it."""
    if not any(HookEvent.theme_spiked in one.events for one in bench.catalog.hooks.hooks(bench.workspace)):
        return
    for level in (1, 2):
        for one in trends_of(bench, themes, Asked(level=1 if level == 1 else 2)).alerts:
            if one.kind is ChangeKind.spike:
                told: Data = {"theme_id": one.theme, "level": level, "since": one.since.isoformat(), "people_before": one.before.told, "people_after": one.after.told}  # fmt: skip
                tell(bench, HookEvent.theme_spiked, f"{one.theme}/{one.since.isoformat()}", told)


def tell_stale(bench: Workbench, claims: Sequence[StaleClaim]) -> None:
    """Claims became stale: one message for each draft."""
    drafts: dict[tuple[str, int], list[StaleClaim]] = {}
    for claim in claims:
        drafts.setdefault((claim.draft_id, claim.version), []).append(claim)
    for (draft_id, version), held in drafts.items():
        names = sorted({one.claim_id for one in held})
        about = f"{draft_id}/{version}/{digest([one.model_dump(mode='json') for one in held], size=8)}"
        told: Data = {"draft_id": draft_id, "version": version, "claims": len(names), "claim_ids": names[:_MOST_NAMED]}  # fmt: skip
        tell(bench, HookEvent.claim_stale, about, told)


def listening(open_bench: Callable[[Settings], Workbench]) -> Callable[[Settings], Workbench]:
    """What opens a workbench, and has its hooks told of claims that become stale."""

    def opened(settings: Settings) -> Workbench:
        bench = open_bench(settings)

        def heard(claims: Sequence[StaleClaim]) -> None:
            try:
                tell_stale(bench, claims)
            except VoxspecError as problem:
                # An import isn't broken by what others are told of it.
                _log.warning("Hooks aren't told of stale claims.", problem=problem.code)

        bench.stale_listeners.append(heard)
        return bench

    return opened
