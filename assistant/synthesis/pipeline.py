"""Records to themes: each step one function, the whole of it on one page.

What takes long is kept as soon as it is done (statements and vectors, shard by shard); what is computed again after a kill gives
the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Literal
from weakref import WeakKeyDictionary, WeakValueDictionary, ref

import numpy as np

from assistant.domain.base import digest
from assistant.domain.theme import ThemeRun, ThemeSet
from assistant.errors import StoreError, UsageError
from assistant.jobs.port import Progress
from assistant.jobs.turns import own_turn
from assistant.stores.port import CorpusRows
from assistant.stores.theme_port import ThemeMark, ThemeState
from assistant.synthesis import renew
from assistant.synthesis.describe import described, stamp_of
from assistant.synthesis.material import Material, excluded_records, material_of, without
from assistant.synthesis.naming import Naming, demand_batches, worded
from assistant.synthesis.prepare import prepare
from assistant.workbench import Workbench

_RECIPE = 2
"""Goes up when the same statements would be grouped differently."""
_TRIES = 5


def silent(done: int, total: int | None, message: str) -> None:
    """A progress that nobody looks at."""


def synthesize(
    bench: Workbench, *, afresh: bool = False, progress: Progress = silent, naming: Naming | None = None
) -> ThemeSet:
    """Find the themes of everything that customers said, or bring what is new to the themes that there are.

    Args:
        afresh: cluster all statements again.
        progress: raises `Cancelled` to stop; the same call goes on where it was.
        naming: how a model names themes, where there is one; it then holds what came of it.

    Raises: UsageError where the workspace holds no text, or changed its embedder; Cancelled; ModelError; StoreError.
    """
    # Opened first: a key that is missing should be heard of before an hour of work, not after it.
    model, naming = bench.model, naming or Naming()
    if naming.batch:
        demand_batches(bench)
    with own_turn(
        bench.catalog.turns.take, bench.workspace, progress, of="themes", told="another run of themes"
    ):
        state = bench.catalog.themes.state(bench.workspace)
        _check(bench, state, afresh=afresh)
        prepare(bench, progress)
        material = material_of(bench, everyone=True)
        if not len(material.rows.keys):
            raise UsageError(
                f"Workspace '{bench.workspace}' holds nothing that customers said.",
                hint="Bring some in first: voxspec ingest FILE.",
            )
        edits = bench.catalog.themes.edits(bench.workspace)
        identity = bench.embedder.identity
        if state is None or afresh:
            state, material = renew.afresh(bench, material, run_of(material, identity, "afresh"), progress)
        elif not renew.is_settled(material, state, edits):
            state, material = renew.brought_in(bench, material, run_of(material, identity, "grown"), progress)
        themes = show(bench, without(material, excluded_records(material.matrix, edits)), state, progress)
        return themes if model is None else worded(bench, model, state, themes, progress, naming)


def themes_of(bench: Workbench, progress: Progress = silent) -> ThemeSet | None:
    """The themes as of the last run, counted over the records of now; None before the first run.

    Read once: asking again gives the same object until a record, a link or a theme changed.
    """
    with _keep.setdefault(bench, _Keep()).lock:
        return _held(bench, _keep[bench], progress)


@dataclass
class _Keep:
    """The themes that a workbench read last."""

    lock: RLock = field(default_factory=RLock)
    """Of those who ask at once, one reads."""
    mark: ThemeMark | None = None
    rows: Callable[[], CorpusRows | None] = lambda: None
    themes: ThemeSet | None = None


_keep: WeakKeyDictionary[Workbench, _Keep] = WeakKeyDictionary()


def last_shown(bench: Workbench) -> ThemeSet | None:
    """The themes as they were shown last, whatever has changed since; None where they never were, or something of them was erased."""
    shown = bench.catalog.themes.shown(bench.workspace)
    if shown is not None:
        # 10,000 themes are 320 MB: whoever asks for those of now gets the same ones.
        _shown.setdefault(bench, WeakValueDictionary())[shown.stamp] = shown
    return shown


_shown: WeakKeyDictionary[Workbench, WeakValueDictionary[str, ThemeSet]] = WeakKeyDictionary()


def _held(bench: Workbench, keep: _Keep, progress: Progress) -> ThemeSet | None:
    before, rows = bench.catalog.themes.mark(bench.workspace), bench.columns()
    if before is None:
        return None
    if before.is_shown and before == keep.mark and keep.rows() is rows:
        return keep.themes
    themes = _read(bench, progress)
    after = bench.catalog.themes.mark(bench.workspace)
    # What changed while it was read is read again by whoever asks next.
    whole = after is not None and after.state == before.state and bench.columns() is rows
    keep.mark, keep.rows, keep.themes = (after, ref(rows), themes) if whole else (None, keep.rows, None)
    return themes


def _read(bench: Workbench, progress: Progress) -> ThemeSet | None:
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        return None
    stamp = stamp_of(bench.columns(), state)
    known = _shown.setdefault(bench, WeakValueDictionary()).get(stamp) or last_shown(bench)
    if known is not None and known.stamp == stamp:
        return known
    state, material = whole(bench, state)
    return show(bench, material, state, progress)


def whole(bench: Workbench, state: ThemeState, *, with_passages: bool = False) -> tuple[ThemeState, Material]:
    """A state with the material that belongs to it, also while another process saves themes.

    Args: with_passages: as `material_of` has it. Raises: StoreError where they change as fast as they are read.
    """
    for _ in range(_TRIES):
        material = material_of(bench, with_passages=with_passages)
        now = bench.catalog.themes.state(bench.workspace)
        if now is None or now == state:
            return state, material
        state = now
    raise StoreError("The themes of this workspace change all the time.", hint="Try again in a moment.")


def show(bench: Workbench, material: Material, state: ThemeState, progress: Progress) -> ThemeSet:
    """Describe the themes, and keep what people read."""
    themes = described(material, state, progress)
    bench.catalog.themes.show(bench.workspace, themes)
    return themes


def _check(bench: Workbench, state: ThemeState | None, *, afresh: bool) -> None:
    if state is not None and state.run.embedder != bench.embedder.identity and not afresh:
        raise UsageError(
            f"The themes of workspace '{bench.workspace}' were made with the embedder {state.run.embedder.partition(':')[0]}, "
            f"which is now {bench.embedder.identity.partition(':')[0]}.",
            hint="Find them afresh: voxspec themes run --afresh. Names and edits of people are kept where the themes are found again.",
        )


def run_of(material: Material, embedder: str, how: Literal["afresh", "grown"]) -> ThemeRun:
    """What a run looks at, before it is done."""
    snapshot, settings = material.matrix.rows.snapshot, digest(_RECIPE, size=8)
    dates = material.matrix.said_at[~np.isnan(material.matrix.said_at)]
    return ThemeRun(
        id="run_" + digest(snapshot, embedder, settings, how, size=8),
        snapshot=snapshot,
        embedder=embedder,
        settings=settings,
        how=how,
        as_of=datetime.fromtimestamp(float(dates.max()), UTC) if len(dates) else None,
        statements=len(material.rows.keys),
        records=len(material.rows.record_ids),
    )
