"""Steering themes: look at what an edit would change, make it, undo it, make it again. Each in one transaction."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from assistant.domain.theme_edit import EditAction, EditPreview, EditResult, LoggedEdit, Outcome
from assistant.errors import NotFound, UsageError
from assistant.jobs.port import Progress
from assistant.jobs.turns import own_turn
from assistant.synthesis.ask_edit import EditRequest, edit_of
from assistant.synthesis.pipeline import silent
from assistant.synthesis.renew import decided, saved
from assistant.synthesis.scene import Scene, scene_of
from assistant.synthesis.shifts import View, moved_between, shifts_between
from assistant.synthesis.tree import Tree
from assistant.workbench import Workbench


def steer(
    bench: Workbench, asked: EditRequest, *, by: str, dry_run: bool, progress: Progress = silent
) -> EditPreview:
    """Make an edit, or only see what it would change.

    Args: by: who asks, as the log is to have it.
    Raises: UsageError, NotFound where it can't be done; StoreError.
    """
    with _turn(bench, progress, dry_run=dry_run):
        scene = scene_of(bench)
        number = max((one.number for one in scene.edits), default=0) + 1
        logged = LoggedEdit(number=number, edit=edit_of(scene, asked), by=by, at=_now())
        return _tried(scene, logged, (*scene.edits, logged), dry_run=dry_run)


def undo(
    bench: Workbench, number: int, *, redo: bool = False, dry_run: bool = False, progress: Progress = silent
) -> EditPreview:
    """Take an edit back, or make it again: the other ones stay as they are.

    Raises: NotFound; UsageError where it is so already; StoreError.
    """
    with _turn(bench, progress, dry_run=dry_run):
        scene = scene_of(bench)
        held = next((one for one in scene.edits if one.number == number), None)
        if held is None:
            raise NotFound(f"There is no edit {number}.", hint="See: voxspec themes edit list")
        if held.erased:
            raise UsageError(f"What edit {number} named was erased; it does nothing any more.")
        if held.undone is not redo:
            raise UsageError(
                f"Edit {number} is {'in force' if redo else 'undone'} already; nothing was changed."
            )
        changed = held.model_copy(update={"undone": not redo})
        edits = [changed if one.number == number else one for one in scene.edits]
        return _tried(scene, changed, edits, dry_run=dry_run)


def edits_of(bench: Workbench) -> list[tuple[LoggedEdit, EditResult | None]]:
    """The log, each with what became of it when the edits were done last."""
    state = bench.catalog.themes.state(bench.workspace)
    results = {one.number: one for one in state.results} if state else {}
    return [(one, results.get(one.number)) for one in bench.catalog.themes.edits(bench.workspace)]


def _turn(bench: Workbench, progress: Progress, *, dry_run: bool) -> AbstractContextManager[None]:
    if dry_run:
        return nullcontext()
    return own_turn(
        bench.catalog.turns.take, bench.workspace, progress, of="themes", told="another run of themes"
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _tried(scene: Scene, logged: LoggedEdit, edits: Sequence[LoggedEdit], *, dry_run: bool) -> EditPreview:
    step = scene.step(edits)
    tree, results = decided(scene.bench, scene.material, step)
    own = next((one for one in results if one.number == logged.number), None)
    if own is not None and own.outcome is not Outcome.done:
        raise UsageError(
            "That is so already; nothing was changed."
            if own.outcome is Outcome.holds
            else "The theme or record that this edit names is no longer there.",
            hint="See: voxspec themes list, voxspec themes edit list",
        )
    before = {one.number for one in scene.state.results if one.outcome is Outcome.lost}
    lost = [one.number for one in results if one.outcome is Outcome.lost and one.number not in before]
    preview = _preview(scene, logged, edits, tree).model_copy(
        update={"applied": not dry_run, "lost": tuple(lost)}
    )
    if not dry_run:
        saved(scene.bench, scene.material, step, replace(scene.state, results=results), tree, logged)
    return preview


def _preview(scene: Scene, logged: LoggedEdit, edits: Sequence[LoggedEdit], tree: Tree) -> EditPreview:
    was, now = View.of(scene.material, scene.tree, scene.edits), View.of(scene.material, tree, edits)
    names = {one.id: one.name for one in scene.themes.themes}
    notes = []
    if logged.edit.record and logged.edit.action is not EditAction.track:
        rows, texts = scene.material.rows, scene.texts_of(logged.edit.record)
        if logged.edit.text_hash:
            texts = texts[texts == scene.sight.text[logged.edit.text_hash]]
        alike = np.isin(rows.text, texts) & (rows.record != rows.record_ids.index(logged.edit.record))
        if alike.any():
            notes.append(
                f"{int(alike.sum()):,} statements of other records say the same words and go with it."
            )
    return EditPreview(
        logged=logged,
        applied=False,
        statements=moved_between(scene.material, was, now),
        themes=shifts_between(was, now, names),
        notes=tuple(notes),
    )
