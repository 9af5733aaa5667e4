"""Writing the stale parts of a draft again, over the records of now: the next version, graded. All other sections keep their bytes."""

from assistant.domain.draft_diff import Cause, VersionNote
from assistant.domain.request import another_version
from assistant.drafting.editing.compare import diff
from assistant.drafting.editing.renew import renewed
from assistant.drafting.staleness.evaluate import counted_again, stale_in
from assistant.drafting.staleness.standing import Standing
from assistant.search.matrix import columns_of
from assistant.workbench import Workbench
from evals.editing.amend import Amended, Stale, graded, keep, now, stale
from evals.editing.history import version_of
from evals.gate import write_and_check


def refresh(
    bench: Workbench, draft_id: str, *, version: int, by: str, dry_run: bool = False
) -> Amended | Stale:
    """Write again what no longer holds. Ids stay; what a person typed or locked stays, and is stale still where its evidence went.

    A draft of which evidence was erased is written again as a whole: a mark may stand anywhere in it.

    Args:
        version: the newest one, as the person sees it.
        dry_run: nothing is kept.

    Returns: the new version; the newest one, not kept, where all of it holds; or what stands in the way.
    Raises: NotFound; ModelError; StoreError.
    """
    newest = version_of(bench, draft_id)
    if newest.version != version:
        return stale(version_of(bench, draft_id, version), newest)
    standing = Standing(columns_of(bench))
    claims = stale_in(bench, newest, standing)
    if not claims and not newest.stale_reason:
        return Amended(newest, diff(newest, newest), kept=False)
    written = write_and_check(bench, another_version(newest))
    draft = written if newest.stale_reason else renewed(newest, written, [one.claim_id for one in claims])
    draft = graded(bench, counted_again(draft, Standing(columns_of(bench))))
    note = VersionNote(version=draft.version, cause=Cause.refresh, by=by, at=now(), base=version)
    done = keep(bench, newest, draft, note, dry_run=dry_run)
    if done is None:
        return stale(newest, version_of(bench, draft_id))
    return done
