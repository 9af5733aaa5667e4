"""Writing a draft through the gate so that a killed worker's saved version is found, not written once more."""

from assistant.domain.draft import Draft
from assistant.domain.request import DraftRequest
from assistant.drafting.pipeline import Emit, working_scope
from assistant.workbench import Workbench
from evals.gate import produce


def written_or_saved(bench: Workbench, request: DraftRequest, parent_version: int, emit: Emit) -> Draft:
    """The draft of a request. Raises: as `evals.gate.produce`.

    Args:
        parent_version: of `request.parent`, which the new one follows.
    """
    return _saved_before(bench, request, parent_version) or produce(bench, request, emit)


def _saved_before(bench: Workbench, request: DraftRequest, parent_version: int) -> Draft | None:
    """The new version that a killed worker of this run saved already; written again, it would be one version more."""
    if request.parent is None:
        return None
    saved = bench.catalog.drafts.get(bench.workspace, request.parent, parent_version + 1)
    if saved is None or (saved.parent_version, saved.brief) != (parent_version, request.brief):
        return None
    return saved if saved.scope == working_scope(request.scope) else None
