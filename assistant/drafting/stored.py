"""Stored themes as what a draft is about: statements are read and counted where else passages would be.

Themes that are near each other are told as one finding, so that a page isn't spent on variations of a subject.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from assistant.domain.theme import NamedBy, Theme, ThemeSet
from assistant.drafting.needs import Landscape
from assistant.drafting.reader import Heard, Reader, Saying
from assistant.drafting.themes import NAMED_BY, Group, Vector, unit
from assistant.search.marks import marks_of, read_marks
from assistant.search.matrix import Bools, Ints
from assistant.stores.index_port import Vectors
from assistant.synthesis.context import in_context
from assistant.synthesis.labels import Label, labels_of
from assistant.synthesis.material import Material
from assistant.synthesis.members import LEAST_STATEMENTS, Members, members_of, nearness
from assistant.synthesis.pipeline import themes_of, whole
from assistant.synthesis.tree import remembered
from assistant.workbench import Workbench

LARGEST = 400
"""Themes that are looked at, most people first. A page tells of a dozen findings; what stands behind is left to `voxspec themes`."""
_SAME = 0.4
"""Cosine of two themes' centres, each statement seen in its record and from the mean of all, from which they are one finding.
Kanbo sample, 247 themes: the best finding of a planted theme has a mean F1 of 0.36 without, 0.58 from 0.5, 0.64 from 0.4 and from 0.35."""
_ENOUGH = 120
"""Fewer texts have no mean worth taking out, as in `themes.Space`."""
_NAMED = 4
"""Themes that are named beside a finding's own name."""
_SURE = 0.6
"""Share of a theme's statements from which it is in one language."""


@dataclass(frozen=True)
class Stored:
    """What stored themes give a draft in place of a survey of its own."""

    reader: "StatementReader"
    landscape: Landscape
    themes: ThemeSet
    single: Ints
    """Corpus rows of records of which no statement is in a theme of three or more, ascending."""
    waiting: Ints
    """Corpus rows of records of the mask of which nothing is in a theme yet, ascending."""


class StatementReader(Reader):
    """Reads statements too: places from the number of passages on are rows of the statements."""

    def __init__(self, bench: Workbench, material: Material) -> None:
        super().__init__(bench, material.matrix)
        self._material = material
        self._first = len(material.matrix.rows.passage_ids)
        self._marked: dict[int, str] = {}
        self._spoken: dict[int, Saying] = {}

    def places(self, statements: Ints) -> Ints:
        """What this reader knows statements by."""
        return statements + self._first

    def hear(self, passages: Ints) -> Heard:
        if not self._are_statements(passages):
            return super().hear(passages)
        statements = passages - self._first
        missing = [one for one in statements.tolist() if one not in self._marked]
        for spoken in self._material.read(missing):
            self._marked[spoken.statement] = marks_of(spoken.text, spoken.language)
        written = [self._marked[one] for one in statements.tolist()]
        return self._heard(passages, self._material.record[statements], read_marks(written))

    def unit_rows(self, passages: Ints) -> Vectors:
        if not self._are_statements(passages):
            return super().unit_rows(passages)
        rows: Vectors = self._material.vectors_of(self._material.rows.text[passages - self._first])
        return rows

    def read(self, passages: list[int]) -> list[Saying]:
        if not self._are_statements(np.array(passages, dtype=np.int64)):
            return super().read(passages)
        rows = self._material.rows
        missing = [one for one in passages if one not in self._spoken]
        of_records = {one: int(self._material.record[one - self._first]) for one in missing}
        if unread := sorted(set(of_records.values()) - self._records.keys()):
            self._load(unread)
        for one in missing:
            start, end = int(rows.start[one - self._first]), int(rows.end[one - self._first])
            self._spoken[one] = self._said(one, of_records[one], start, end, None)
        return [self._spoken[one] for one in passages]

    def _are_statements(self, places: Ints) -> bool:
        return bool(len(places)) and int(places[0]) >= self._first


def stored_themes(bench: Workbench, mask: Bools) -> Stored | None:
    """The themes of the last run as groups of statements, over the records of a mask; None where there are none.

    Themes of level 2, those that mean the same taken together: areas may be too broad to be a finding, and parts too narrow.

    Args: mask: shape (records of the corpus,). Raises: StoreError.
    """
    themes = themes_of(bench)
    state = bench.catalog.themes.state(bench.workspace)
    if themes is None or state is None:
        return None
    state, material = whole(bench, state, with_passages=True)
    told = {theme.id: theme for theme in themes.of_level(2)}
    held = [
        _Told(told[one.node.id], statements)
        for one in members_of(material, remembered(state.nodes, material.rows))
        if one.node.id in told and len(statements := _inside(material, one, mask)) >= LEAST_STATEMENTS
    ]
    if not held:
        return None
    held.sort(key=lambda one: (-one.theme.people, -len(one.statements), one.theme.id))
    reader = StatementReader(bench, material)
    groups = _groups(material, reader, _together(material, held[:LARGEST]))
    ids = material.matrix.rows.passage_ids
    quoted = {q.quote.record_id for one in held[:20] for q in one.theme.quotes}
    retrieved = tuple(
        ids[passage] for passage, record in enumerate(material.matrix.passage_record.tolist())
        if material.matrix.rows.record_ids[record] in quoted
    )[:200]  # fmt: skip
    return Stored(reader, Landscape(tuple(groups), (), retrieved), themes, *_apart(material, held, mask))


@dataclass(frozen=True)
class _Told:
    theme: Theme
    statements: Ints
    """Of the mask, nearest to the centre first."""


def _inside(material: Material, one: Members, mask: Bools) -> Ints:
    return one.central[mask[material.record[one.central]]]


def _apart(material: Material, held: list[_Told], mask: Bools) -> tuple[Ints, Ints]:
    """Records of single voices alone, and records that wait for the next run."""
    in_theme = np.zeros(len(mask), dtype=bool)
    for one in held:
        in_theme[material.record[one.statements]] = True
    spoken = np.zeros(len(mask), dtype=bool)
    spoken[material.record[material.rows.theme >= 0]] = True
    if material.excluded is not None:
        mask = mask & ~material.excluded
    return np.flatnonzero(mask & spoken & ~in_theme), np.flatnonzero(mask & ~spoken)


def _together(material: Material, held: list[_Told]) -> list[list[_Told]]:
    """Themes whose centres are near each other, nearest pair first; most people first in each.

    Themes in different languages stay apart: an embedder that doesn't know them puts all that is foreign in one place.
    """
    vectors = in_context(material)
    mean = vectors.mean(axis=0, dtype=np.float64).round(7)
    if len(vectors) < _ENOUGH:
        mean = np.zeros_like(mean)
    sums = [_sum(vectors[np.unique(material.rows.text[one.statements])], mean) for one in held]
    languages = np.array([_language(material, one.statements) for one in held])
    centres = np.stack([unit(one) for one in sums]).round(6)
    likeness = np.where(languages[:, None] == languages, np.round(centres @ centres.T, 5), -1.0)
    np.fill_diagonal(likeness, -1.0)
    joined: dict[int, list[_Told]] = {place: [one] for place, one in enumerate(held)}
    while likeness.max() >= _SAME:
        one, other = sorted(divmod(int(likeness.argmax()), len(held)))
        joined[one] += joined.pop(other)
        sums[one] = sums[one] + sums[other]
        centres[one] = unit(sums[one]).round(6)
        likeness[other], likeness[:, other] = -1.0, -1.0
        there = [place for place in joined if place != one and languages[place] == languages[one]]
        likeness[one, there] = likeness[there, one] = np.round(centres[there] @ centres[one], 5)
    found = list(joined.values())
    for some in found:
        some.sort(key=lambda one: (-one.theme.people, one.theme.id))
    return found


def _language(material: Material, statements: Ints) -> str:
    """The language of a theme; `en` where it isn't surely another."""
    codes = Counter(material.matrix.rows.language[row] for row in material.record[statements].tolist())
    code, count = min(codes.items(), key=lambda item: (-item[1], item[0]))
    return code if code != "und" and count >= _SURE * len(statements) else "en"


def _sum(rows: Vectors, mean: Vector) -> Vector:
    moved = rows.astype(np.float64) - mean
    lengths = np.sqrt(np.einsum("ij,ij->i", moved, moved))
    total: Vector = (moved / np.maximum(lengths, 1e-9)[:, None]).sum(axis=0).round(6)
    return total


def _groups(material: Material, reader: StatementReader, findings: list[list[_Told]]) -> list[Group]:
    central = [_central(material, themes) for themes in findings]
    labels = labels_of([material.read(one[:NAMED_BY].tolist()) for one in central])
    return [
        _group(themes, reader.places(statements), label)
        for themes, statements, label in zip(findings, central, labels, strict=True)
    ]


def _central(material: Material, themes: list[_Told]) -> Ints:
    """The statements of themes, nearest to their common centre first."""
    if len(themes) == 1:
        return themes[0].statements
    statements = np.unique(np.concatenate([one.statements for one in themes]))
    texts = np.unique(material.rows.text[statements]).astype(np.int64)
    near = nearness(material, texts)[np.searchsorted(texts, material.rows.text[statements])]
    ordered: Ints = statements[np.argsort(-near, kind="stable")]
    return ordered


def _group(themes: list[_Told], places: Ints, label: Label) -> Group:
    """What one theme is called, or a person or a model called the largest, is its name; others are named anew, being several."""
    named = [one.theme for one in themes if len(themes) == 1 or one.theme.named_by is not NamedBy.keywords]
    name = named[0].name if named else label.name
    parts = list(dict.fromkeys(one.theme.name for one in themes if one.theme.name != name))[:_NAMED]
    more = f" (with {', '.join(f'«{one}»' for one in parts)})" if parts else ""
    return Group(
        passages=np.sort(places),
        central=tuple(places.tolist()),
        keywords=themes[0].theme.keywords if len(themes) == 1 else label.keywords,
        label=name,
        told=label.told,
        where=f"in the theme «{name}»{more}",
        themes=tuple(one.theme.id for one in themes),
    )
