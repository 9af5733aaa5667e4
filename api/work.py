"""What the service does in the background: import uploads, find themes, write drafts. Handlers run again after a crash."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.bus import Ring
from api.counting import KIND as COUNT
from api.counting import count_handler, then_counted
from api.eval_runs import KIND as EVALS
from api.eval_runs import run_job as run_evals
from api.fetching import with_pages
from api.hooks.telling import tell_draft, tell_spikes
from api.pool import Benches
from api.recorder import Recorder
from api.routes.themes import KIND as THEMES
from api.runs import KIND, point_to_run, told_of
from api.theme_shards import KIND as SHARD
from api.theme_shards import prepare_together, shard_handler
from api.tickets.commands import then_answered
from api.tickets.follow import KIND as FOLLOW
from api.tickets.follow import follow_handler, then_followed
from api.tickets.inbox import KIND as TICKET
from api.tickets.incoming import Parts, ticket_handler
from api.turns import KIND as TURN
from api.turns import turn_handler
from api.turnstile import Turnstile
from api.uploads import forget, options_from, plain_result
from api.writing import written_or_saved
from assistant.domain.events import DraftEvent
from assistant.domain.personal.views import masked_mapping
from assistant.domain.request import DraftRequest
from assistant.errors import StoreError, VoxspecError
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.llm.budget import metered
from assistant.synthesis.naming import Naming
from assistant.synthesis.pipeline import synthesize
from assistant.triage.pipeline import triage
from assistant.wiring import open_embedder
from assistant.workbench import Workbench
from evals.gate import usage
from ingest.embedders import choose_embedder
from ingest.inputs import RecordLines
from ingest.options import IngestResult
from ingest.pipeline import ingest

if TYPE_CHECKING:
    from ingest.web.guard import Guard


def handlers(
    benches: Benches,
    ring: Ring,
    jobs: Jobs,
    guard: "Guard | None" = None,
    imported: Callable[[str], None] | None = None,
    sent: Callable[[], None] | None = None,
) -> dict[str, Handler]:
    """Job kind → what does it.

    Args:
        ring: called with the id of a log that grew.
        jobs: where a run of themes hands out its shards.
        guard: what a fetch may reach; by default the public internet.
        imported: called with a workspace each time that an import has saved records, where another process keeps its index.
        sent: called when there is something to send to issue systems, where this process sends.
    """

    turnstile = Turnstile()
    bring_in = then_counted(partial(_run_ingest, benches, guard, imported), benches, jobs)
    return {
        "ingest": then_followed(bring_in, benches, jobs),
        KIND: then_answered(partial(_run_draft, benches, ring, turnstile), benches, sent),
        TICKET: ticket_handler(benches, Parts(jobs, triage, imported, sent)),
        THEMES: then_counted(partial(_run_themes, benches, jobs), benches, jobs),
        COUNT: count_handler(benches),
        FOLLOW: follow_handler(benches),
        SHARD: shard_handler(benches),
        EVALS: partial(run_evals, benches),
        TURN: turn_handler(benches, ring, turnstile),
    }


def _run_draft(
    benches: Benches,
    ring: Ring,
    turnstile: Turnstile,
    workspace: str,
    payload: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    with benches.use(workspace) as bench:
        log = Recorder(bench.catalog.drafts, workspace, payload["run"], event=DraftEvent, ring=ring)
        request = DraftRequest.model_validate(payload["request"])

        def tell(event_type: str, data: Mapping[str, Any]) -> None:
            shown = data if bench.settings.show_personal_data else masked_mapping(data)
            log.emit(event_type, shown)

        tell("draft.created", {"run": payload["run"], "kind": request.kind, "brief": request.brief})
        held: dict[str, Any] = {}
        steps = 0

        def emit(event_type: str, data: Mapping[str, Any]) -> None:
            nonlocal steps
            steps += event_type == "step.completed"
            if event_type == "draft.completed":
                held.update(data)
            elif event_type not in {"draft.created", "draft.failed"}:
                tell(event_type, data)
            # After the event: who reads along waits for nothing else.
            progress(steps, None, str(data.get("step", "writing"))[:200])

        try:
            with metered(bench.settings), turnstile.place(progress) as place:
                told = place.following(emit)
                draft = written_or_saved(bench, request, payload["parent_version"], told)
        except VoxspecError as problem:
            log.emit("draft.failed", told_of(problem))
            raise
        # The pointer stands before the log says that there is a draft to read.
        point_to_run(bench.catalog.drafts, draft, payload["run"])
        verdict = draft.report.verdict.value if draft.report else ""
        outcome = {
            "draft_id": draft.id,
            "version": draft.version,
            "verdict": verdict,
            "usage": usage(draft),
        }
        log.emit("draft.completed", held | outcome)
        tell_draft(bench, draft)
        return outcome


def _run_ingest(
    benches: Benches,
    guard: "Guard | None",
    imported: Callable[[str], None] | None,
    workspace: str,
    payload: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    def told(done: int, total: int | None, message: str) -> None:
        if imported is not None:
            imported(workspace)
        progress(done, total, message)

    try:
        with benches.use(workspace) as bench:
            result = _imported(bench, payload, told, guard)
    except VoxspecError as problem:
        # A store that is away for a moment is tried again, with the same files; what fails for good is swept later.
        if type(problem) is not StoreError:
            forget(_paths(payload))
        raise
    if imported is not None:
        # What left its source was taken out after the last batch.
        imported(workspace)
    # Only now: an import that is killed or given back goes on with the same files.
    forget(_paths(payload))
    return plain_result(result)


def _run_themes(
    benches: Benches, jobs: Jobs, workspace: str, payload: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    naming = Naming(most_tokens=payload.get("tokens"), batch=bool(payload.get("batch")))
    with benches.use(workspace) as bench:
        prepare_together(jobs, bench, progress)
        found = synthesize(bench, afresh=bool(payload.get("afresh")), progress=progress, naming=naming)
        tell_spikes(bench, found)
    return {
        "run": found.run.id,
        "statements": found.statements,
        "themes": sum(not theme.is_single_voice for theme in found.themes),
        "names": asdict(naming.report),
    }


def _paths(payload: Mapping[str, Any]) -> list[Path]:
    return [Path(path) for path in payload["paths"]]


def _imported(
    bench: Workbench, payload: Mapping[str, Any], progress: Progress, guard: "Guard | None"
) -> IngestResult:
    if name := payload.get("embedder"):
        choose_embedder(bench, open_embedder(bench.settings.model_copy(update={"embedder": name})))
    paths, options = _paths(payload), options_from(payload)
    if payload.get("records"):
        return ingest(bench, RecordLines(paths[0]), options, progress)
    run = partial(ingest, progress=progress)
    return with_pages(bench, paths, payload.get("urls", []), options, run, guard)
