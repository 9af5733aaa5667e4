"""What the service does in the background: import uploads, find themes, write drafts. Handlers run again after a crash."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.bus import Bus
from api.eval_runs import KIND as EVALS
from api.eval_runs import run_job as run_evals
from api.fetching import with_pages
from api.pool import Benches
from api.recorder import Recorder
from api.routes.themes import KIND as THEMES
from api.runs import KIND, point_to_run, told_of
from api.theme_shards import KIND as SHARD
from api.theme_shards import prepare_together, shard_handler
from api.uploads import forget, options_from, plain_result
from assistant.domain.draft import Draft
from assistant.domain.personal.views import masked_mapping
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import working_scope
from assistant.errors import StoreError, VoxspecError
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.synthesis.naming import Naming
from assistant.synthesis.pipeline import synthesize
from assistant.wiring import open_embedder
from assistant.workbench import Workbench
from evals.gate import produce, usage
from ingest.embedders import choose_embedder
from ingest.inputs import RecordLines
from ingest.options import IngestResult
from ingest.pipeline import ingest

if TYPE_CHECKING:
    from ingest.web.guard import Guard


def handlers(benches: Benches, bus: Bus, jobs: Jobs, guard: "Guard | None" = None) -> dict[str, Handler]:
    """Job kind → what does it.

    Args:
        jobs: where a run of themes hands out its shards.
        guard: what a fetch may reach; by default the public internet.
    """

    def run_draft(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        with benches.use(workspace) as bench:
            log = Recorder(bench.catalog.drafts, workspace, payload["run"], ring=bus.ring)
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
                progress(steps, None, str(data.get("step", "writing"))[:200])
                if event_type == "draft.completed":
                    held.update(data)
                elif event_type not in {"draft.created", "draft.failed"}:
                    tell(event_type, data)

            try:
                draft = _saved_before(bench, request, payload) or produce(bench, request, emit)
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
            return outcome

    return {
        "ingest": partial(_run_ingest, benches, guard),
        KIND: run_draft,
        THEMES: partial(_run_themes, benches, jobs),
        SHARD: shard_handler(benches),
        EVALS: partial(run_evals, benches),
    }


def _run_ingest(
    benches: Benches, guard: "Guard | None", workspace: str, payload: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    try:
        with benches.use(workspace) as bench:
            result = _imported(bench, payload, progress, guard)
    except VoxspecError as problem:
        # A store that is away for a moment is tried again, with the same files; what fails for good is swept later.
        if type(problem) is not StoreError:
            forget(_paths(payload))
        raise
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


def _saved_before(bench: Workbench, request: DraftRequest, payload: Mapping[str, Any]) -> Draft | None:
    """The new version that a killed worker of this run saved already; written again, it would be one version more."""
    if request.parent is None:
        return None
    parent_version = payload["parent_version"]
    saved = bench.catalog.drafts.get(bench.workspace, request.parent, parent_version + 1)
    if saved is None or (saved.parent_version, saved.brief) != (parent_version, request.brief):
        return None
    return saved if saved.scope == working_scope(request.scope) else None
