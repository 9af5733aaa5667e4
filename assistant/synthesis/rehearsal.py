"""A run over a part of the records: themes with quotes to look at, and nothing of it is stored."""

from dataclasses import replace

import numpy as np

from assistant.domain.theme import ThemeSet
from assistant.errors import UsageError
from assistant.jobs.port import Progress
from assistant.search.matrix import matrix_of
from assistant.stores.theme_port import StatementRows, ThemeState
from assistant.synthesis.cut import Cut
from assistant.synthesis.describe import described
from assistant.synthesis.hierarchy import cluster
from assistant.synthesis.material import Material, replace_rows
from assistant.synthesis.partition import FEW
from assistant.synthesis.pipeline import run_of
from assistant.synthesis.sample import customers_of, cuts_of
from assistant.synthesis.tree import Tree, planted
from assistant.workbench import Workbench

SHARE = 0.01
FEWEST = 200
"""Statements, where there are so many."""
_TEXTS_AT_ONCE = 256


def rehearse(bench: Workbench, progress: Progress) -> ThemeSet:
    """The themes of one record in a hundred, or of 200 statements where that is more, named by keywords.

    Raises: UsageError where the workspace holds nothing that customers said; Cancelled from `progress`; ModelError, StoreError.
    """
    matrix = matrix_of(bench)
    customers = customers_of(matrix)
    least = int(np.ceil(SHARE * len(customers)))
    taken: list[tuple[str, list[Cut]]] = []
    statements = 0
    for record_id, cuts in cuts_of(bench, matrix, customers.tolist()):
        if len(taken) >= least and statements >= FEWEST:
            break
        taken.append((record_id, cuts))
        statements += len(cuts)
    if not statements:
        raise UsageError(
            f"Workspace '{bench.workspace}' holds nothing that customers said.",
            hint="Bring some in first: voxspec ingest FILE.",
        )
    material = Material(bench, _rows(bench, taken, progress), matrix)
    progress(0, None, "comparing statements")
    run = run_of(material, bench.embedder.identity, "afresh")
    texts = material.texts() if len(material.rows.hashes) < FEW else None
    tree = planted(cluster(material.vectors, texts), material.rows.hashes, run.id)
    state = ThemeState(run, tuple(sorted(tree.nodes, key=lambda node: (node.level, node.id))))
    return described(replace_rows(material, _themed(material.rows, tree)), state, progress)


def _rows(bench: Workbench, taken: list[tuple[str, list[Cut]]], progress: Progress) -> StatementRows:
    texts = {cut.statement.text_hash: cut.text for _, cuts in taken for cut in cuts}
    hashes = tuple(sorted(texts))
    parts = []
    for first in range(0, len(hashes), _TEXTS_AT_ONCE):
        progress(first, len(hashes), "embedding a sample")
        parts.append(bench.embedder.embed([texts[one] for one in hashes[first : first + _TEXTS_AT_ONCE]]))
    place = {one: row for row, one in enumerate(hashes)}
    said = sorted((record_id, cuts) for record_id, cuts in taken if cuts)
    held = [(row, cut.statement) for row, (_, cuts) in enumerate(said) for cut in cuts]
    return StatementRows(
        record_ids=tuple(record_id for record_id, _ in said),
        keys=np.arange(len(held), dtype=np.int64),
        record=np.array([row for row, _ in held], dtype=np.int32),
        start=np.array([one.start for _, one in held], dtype=np.int64),
        end=np.array([one.end for _, one in held], dtype=np.int64),
        text=np.array([place[one.text_hash] for _, one in held], dtype=np.int32),
        hashes=hashes,
        vectors=np.concatenate(parts).astype(np.float16),
        theme=np.full(len(held), -1, dtype=np.int32),
        found=np.full(len(held), -1, dtype=np.int32),
        theme_ids=(),
    )


def _themed(rows: StatementRows, tree: Tree) -> StatementRows:
    """The rows, put into the themes of the tree."""
    ids = tuple(sorted(node.id for node in tree.nodes))
    row_of = {one: row for row, one in enumerate(ids)}
    places = np.array([row_of[node.id] for node in tree.nodes] + [-1], dtype=np.int32)
    themes = places[tree.leaf[rows.text]]
    return replace(rows, theme=themes, found=themes, theme_ids=ids)
