"""Who and what is in each theme: statements by nearness to its centre, records, voices, people."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from assistant.domain.theme import ThemeNode
from assistant.search.matrix import Ints
from assistant.synthesis.material import Material
from assistant.synthesis.tree import Tree

_TEXTS_AT_ONCE = 10_000
LEAST_STATEMENTS = 3
"""Fewer are single voices."""


@dataclass(frozen=True)
class Members:
    """One theme over the statements of now."""

    node: ThemeNode
    statements: Ints
    """Rows of the statements, ascending."""
    central: Ints
    """The same, nearest to the centre first; equal ones by place."""
    records: Ints
    """Corpus rows of the first record of each voice, ascending: what is counted."""
    people: Ints
    """Codes of the known people, ascending."""


def members_of(material: Material, tree: Tree) -> list[Members]:
    """The members of each theme, in the order of the tree's nodes. Themes may have none."""
    by_text = _by_text(material)
    return [
        _members(material, node, texts, by_text)
        for node, texts in zip(tree.nodes, tree.texts_of(), strict=True)
    ]


def some_members(material: Material, tree: Tree, wanted: Collection[str]) -> dict[str, Members]:
    """The same of some themes only, by id."""
    by_text = _by_text(material)
    return {
        node.id: _members(material, node, texts, by_text)
        for node, texts in zip(tree.nodes, tree.texts_of(), strict=True)
        if node.id in wanted
    }


def records_of(material: Material, tree: Tree, wanted: Collection[str]) -> dict[str, Ints]:
    """Corpus rows in which some themes are spoken of, ascending, by theme id. Without what `Members` says of who is central."""
    order, starts = _by_text(material)
    record = material.record[order]
    return {
        node.id: np.unique(
            np.concatenate(
                [np.empty(0, np.int64), *(record[starts[one] : starts[one + 1]] for one in texts.tolist())]
            )
        )
        for node, texts in zip(tree.nodes, tree.texts_of(), strict=True)
        if node.id in wanted
    }


def counted(material: Material, records: Ints) -> tuple[Ints, Ints]:
    """Corpus rows (any order, repeats allowed) as the first record of each voice, and the codes of their known people."""
    rows = np.unique(records)
    _, first = np.unique(material.matrix.voice.codes[rows], return_index=True)
    kept = np.sort(rows[first])
    people = np.unique(material.matrix.person.codes[kept])
    return kept, people[people >= 0]


def _by_text(material: Material) -> tuple[Ints, Ints]:
    text = material.rows.text.astype(np.int64)
    order = np.argsort(text, kind="stable")
    return order, np.searchsorted(text[order], np.arange(len(material.rows.hashes) + 1))


def _members(material: Material, node: ThemeNode, texts: Ints, by_text: tuple[Ints, Ints]) -> Members:
    order, starts = by_text
    held = [order[starts[text] : starts[text + 1]] for text in texts.tolist()]
    statements = np.sort(np.concatenate(held)) if held else np.empty(0, np.int64)
    records, people = counted(material, material.record[statements])
    near = nearness(material, texts)
    place = np.searchsorted(texts, material.rows.text[statements])
    central = statements[np.argsort(-near[place], kind="stable")] if len(statements) else statements
    return Members(node, statements, central, records, people)


def nearness(material: Material, texts: Ints) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Cosine of each text to the mean of all of them, shape (texts,); rounded, since a sum's last bits depend on its order."""
    if not len(texts):
        return np.empty(0)
    parts = [texts[start : start + _TEXTS_AT_ONCE] for start in range(0, len(texts), _TEXTS_AT_ONCE)]
    total = np.zeros(material.rows.vectors.shape[1])
    for part in parts:
        total += material.vectors_of(part).astype(np.float64).sum(axis=0)
    centre = (total / len(texts)).round(7)
    length = float(np.sqrt(centre @ centre)) or 1.0
    near: np.ndarray[tuple[int], np.dtype[np.float64]] = np.round(
        np.concatenate(
            [
                np.einsum("ij,j->i", material.vectors_of(part).astype(np.float64), centre / length)
                for part in parts
            ]
        ),
        6,
    )
    return near
