"""The next state of the themes: clustered afresh or grown, with what people decided done again on top, saved as one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from assistant.domain.lineage import ThemeChanges
from assistant.domain.theme import NamedBy, ThemeNode, ThemeRun
from assistant.domain.theme_edit import EditAction, EditResult, LoggedEdit
from assistant.jobs.port import Progress
from assistant.stores.index_port import Vectors
from assistant.stores.theme_port import ThemeState
from assistant.synthesis.context import in_context
from assistant.synthesis.grid import Ints, on_grid
from assistant.synthesis.grow import grown
from assistant.synthesis.hierarchy import cluster
from assistant.synthesis.lineage import changes_between, compacted, emptied, events_of, modelled, rematched
from assistant.synthesis.material import Material, replace_rows
from assistant.synthesis.partition import FEW
from assistant.synthesis.steer import Sight, steered, steering_hash, tracked_id
from assistant.synthesis.tree import Tree, found, planted, relocated, relocated_rows, remembered
from assistant.workbench import Workbench


def afresh(
    bench: Workbench, material: Material, run: ThemeRun, progress: Progress
) -> tuple[ThemeState, Material]:
    """Cluster everything, and give themes that were there before their ids back.

    Args: material: of everyone. Returns: what was saved, and the material in its new places. Raises: Cancelled; ModelError; StoreError.
    """
    progress(0, None, "comparing statements")
    texts = material.texts() if len(material.rows.hashes) < FEW else None
    fresh = planted(cluster(in_context(material), texts, overwrite=True), material.rows.hashes, run.id)
    before = bench.catalog.themes.state(bench.workspace)
    edits = bench.catalog.themes.edits(bench.workspace)
    if before is None:
        return _kept(bench, material, Step(run, fresh, edits))
    was, was_found = remembered(before.nodes, material.rows), found(before, material.rows)
    tracked = {tracked_id(one.edit) for one in edits if one.edit.action is EditAction.track}
    match = rematched(fresh, (was_found, was), weights_of(material), tracked)
    return _kept(bench, material, Step(run, match.tree, edits, before, was, dict(match.heirs)))


def brought_in(
    bench: Workbench, material: Material, run: ThemeRun, progress: Progress
) -> tuple[ThemeState, Material]:
    """Put what is new into the themes that there are. Args, Returns, Raises: as `afresh`."""
    before = bench.catalog.themes.state(bench.workspace)
    if before is None:
        return afresh(bench, material, run, progress)
    progress(0, None, "bringing new statements in")
    base = grown(found(before, material.rows), in_context(material), material.rows.hashes, run.id)
    edits = bench.catalog.themes.edits(bench.workspace)
    return _kept(bench, material, Step(run, base, edits, before, remembered(before.nodes, material.rows)))


def is_settled(material: Material, state: ThemeState, edits: Sequence[LoggedEdit]) -> bool:
    """Whether the last run saw these records and these edits: another one would change nothing. Args: material: of everyone."""
    placed = bool((material.rows.theme >= 0).all())
    return (
        placed
        and state.run.snapshot == material.matrix.rows.snapshot
        and state.steered == steering_hash(edits)
    )


class Step:
    """From the themes of before to those of now.

    Args:
        base: the themes as clustering has them now.
        edits: the whole log.
        before, was: what was remembered, and its tree over the texts of now; None where nothing was.
        heirs: themes that are gone → the one that took their place.
    """

    def __init__(
        self,
        run: ThemeRun,
        base: Tree,
        edits: Sequence[LoggedEdit],
        before: ThemeState | None = None,
        was: Tree | None = None,
        heirs: dict[str, str] | None = None,
    ) -> None:
        self.run, self.base, self.edits, self.before, self.was = run, base, tuple(edits), before, was
        named = {
            one
            for logged in edits
            for one in (logged.edit.theme, *logged.edit.themes, logged.edit.parent)
            if one and one not in base.row
        }
        known = {**(before.became if before else {}), **(heirs or {})}
        # Along chains: what an heir became in turn.
        self.became = {
            one: heir for one, heir in sorted(known.items()) if one in named or one in known.values()
        }


class MaterialSight:
    """What edits look at, of a material of everyone; what they don't ask for isn't computed."""

    def __init__(self, bench: Workbench, material: Material) -> None:
        self._bench, self._material = bench, material

    @cached_property
    def sight(self) -> Sight:
        material, rows = self._material, self._material.rows
        places = {one: place for place, one in enumerate(rows.record_ids)}
        authors = frozenset(material.matrix.rows.authors or material.matrix.rows.person)

        def texts_of(record_id: str) -> Ints:
            place = places.get(record_id, -1)
            return np.unique(rows.text[rows.record == place]).astype(np.int64)

        def vector_of(phrase: str) -> Vectors:
            vector = np.asarray(self._bench.embedder.embed([phrase])[0], dtype=np.float32)
            length = float(np.sqrt(vector @ vector)) or 1.0
            return on_grid(vector / np.float32(length))

        return Sight(
            text={one: row for row, one in enumerate(rows.hashes)},
            steps=on_grid(material.vectors),
            texts_of=texts_of,
            wrote=lambda person: person in authors,
            vector_of=vector_of,
        )


def weights_of(material: Material) -> Ints:
    """Statements of each text."""
    return np.bincount(material.rows.text, minlength=len(material.rows.hashes)).astype(np.int64)


def decided(bench: Workbench, material: Material, step: Step) -> tuple[Tree, tuple[EditResult, ...]]:
    """The themes of a step with all edits done, and what a model had called them."""
    if any(one.is_in_force for one in step.edits):
        sight = MaterialSight(bench, material).sight
        tree, results = steered(step.base, step.edits, sight, step.became)
    else:
        tree, results = step.base, ()
    return _named(material, tree, step.was), results


def saved(
    bench: Workbench,
    material: Material,
    step: Step,
    state: ThemeState,
    tree: Tree,
    edit: LoggedEdit | None = None,
) -> ThemeState:
    """Save a state with where every statement is, in one transaction."""
    steering = steering_hash(step.edits)
    state = replace(
        state,
        nodes=_ordered(tree.nodes),
        found=_ordered(step.base.nodes) if steering else (),
        became=step.became,
        steered=steering,
    )
    moved, elsewhere = relocated(step.base, tree, material.rows)
    bench.catalog.themes.save(bench.workspace, state, moved, elsewhere, edit)
    return state


def _kept(bench: Workbench, material: Material, step: Step) -> tuple[ThemeState, Material]:
    tree, results = decided(bench, material, step)
    events = step.before.events if step.before else ()
    changes = ThemeChanges()
    if step.was is not None:
        changes = changes_between(step.was, tree, weights_of(material), results)
        events = (*events, *events_of(changes, step.run))
        events = compacted((*events, *emptied(tree, events, step.run)), tree)
    state = ThemeState(step.run, (), events=events, changes=changes, results=results)
    state = saved(bench, material, step, state, tree)
    return state, replace_rows(material, relocated_rows(step.base, tree, material.rows))


def _named(material: Material, tree: Tree, was: Tree | None) -> Tree:
    """With the names that a model gave, as long as the records that it rested on are in the theme."""
    known = {node.id: node for node in (was.nodes if was else ())}
    texts: dict[str, Ints] = {}
    nodes = []
    for node in tree.nodes:
        old = known.get(node.id)
        told = modelled(old) if old is not None else {}
        if node.named_by is NamedBy.person:
            told = {name: value for name, value in told.items() if name not in ("name", "named_by")}
        node = node.model_copy(update=told)
        if node.cites:
            texts = texts or {one.id: held for one, held in zip(tree.nodes, tree.texts_of(), strict=True)}
            if not _holds(material, texts[node.id], node.cites):
                is_persons = node.named_by is NamedBy.person
                name = {} if is_persons else {"name": "", "named_by": NamedBy.keywords}
                node = node.model_copy(
                    update={"cites": (), "summary": "", "removed": (), "asked": "", **name}
                )
        nodes.append(node)
    return Tree(tuple(nodes), tree.leaf)


def _holds(material: Material, texts: Ints, cites: Sequence[str]) -> bool:
    rows = material.rows
    records = {rows.record_ids[one] for one in np.unique(rows.record[np.isin(rows.text, texts)]).tolist()}
    return records.issuperset(cites)


def _ordered(nodes: Sequence[ThemeNode]) -> tuple[ThemeNode, ...]:
    return tuple(sorted(nodes, key=lambda node: (node.level, node.id)))
