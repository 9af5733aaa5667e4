"""Which of the largest themes that a draft is about have a claim. Counted over the themes of now, so it is no part of a stored report."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.domain.draft import Draft, Stance
from assistant.domain.theme import ThemeSet
from assistant.search.matrix import Bools, CorpusMatrix, Ints, columns_of
from assistant.search.scope import record_mask
from assistant.synthesis.outputs.places import Places, places_of
from assistant.synthesis.pipeline import whole
from assistant.synthesis.tree import NOWHERE, remembered
from assistant.workbench import Workbench
from evals.reading.prose import natural

MOST = 5
"""More of them would be a list to work through, no glance."""
_LEAST = 1 / 3
"""Of the people of the largest one. Kanbo sample, PRD on exports: exports 164 people, loading 70, the next (another subject) 34."""
RULE = (
    f"Top: the areas of themes with the most people among the records that this draft is about, at most {MOST}, each with at least a "
    "third of the people of the largest. Covered: a claim cites a statement of that area. Counted by code over the themes of now."
)
"""What `top` and `covered` mean, for the reader."""
_CLAIMS = (Stance.supported, Stance.contradicted)


@dataclass(frozen=True, eq=False)
class Areas:
    """The statements of a workspace with the areas that they are in, as columns."""

    matrix: CorpusMatrix
    ids: tuple[str, ...]
    """Areas that are no single voices, largest first."""
    names: tuple[str, ...]
    area: Ints
    """Row of `ids` for each statement, or -1."""
    record: Ints
    """Corpus row of each statement."""
    start: Ints
    end: Ints

    @property
    def counted(self) -> Literal["people", "records"]:
        """What an area is counted in."""
        return "people" if (self.matrix.person.codes >= 0).any() else "records"


@dataclass(frozen=True)
class TopTheme:
    """One of the largest areas that a draft is about."""

    id: str
    name: str
    count: int
    counted: Literal["people", "records"]
    """Records where no author is known."""
    claims: tuple[str, ...]
    """Claims that cite it, in the order of the draft; empty: it isn't covered."""


def areas_of(bench: Workbench, themes: ThemeSet, kept: Places | None = None) -> Areas | None:
    """The statements with their areas, 28 bytes each.

    Args:
        themes: as `pipeline.themes_of` gives them.
        kept: of the records of now; without them all statements are read, 8 s of CPU for 200,000 records.

    Returns: None before the first run. Raises: StoreError.
    """
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        return None
    if kept is None:
        state, material = whole(bench, state)
        matrix, kept = material.matrix, places_of(material, remembered(state.nodes, material.rows))
    else:
        matrix = columns_of(bench)
    held = [one for one in themes.of_level(1) if not one.is_single_voice]
    row_of = {one.id: row for row, one in enumerate(held)}
    # One place more, for statements that are in no theme.
    rows = np.array([*(row_of.get(one, NOWHERE) for one in kept.ids), NOWHERE], dtype=np.int64)
    return Areas(
        matrix=matrix,
        ids=tuple(one.id for one in held),
        names=tuple(one.name for one in held),
        area=rows[kept.area],
        record=kept.record,
        start=kept.start,
        end=kept.end,
    )


def top_themes(bench: Workbench, draft: Draft, areas: Areas) -> list[TopTheme]:
    """The largest areas among the records that a draft is about, largest first, each with the claims that cite it.

    A draft is about the records of its scope; with a brief, about those of them that it counted. Raises: StoreError.
    """
    counts = _counts(areas, _base(draft, areas.matrix))
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda row: (-int(counts[row]), row))
    least = _LEAST * int(counts.max(initial=0))
    cited = _cited(bench, draft, areas)
    return [
        TopTheme(areas.ids[row], areas.names[row], int(counts[row]), areas.counted, tuple(cited[row]))
        for row in order[:MOST]
        if counts[row] >= least
    ]


def _base(draft: Draft, matrix: CorpusMatrix) -> Bools:
    mask = record_mask(matrix, draft.scope)
    if not draft.brief:
        return mask
    rows = [
        row
        for one in draft.selections.values()
        for name in one.record_ids
        if (row := matrix.record_row.get(name)) is not None
    ]
    counted = np.zeros(len(mask), dtype=np.bool_)
    counted[rows] = True
    return mask & counted


def _counts(areas: Areas, base: Bools) -> Ints:
    """People of each area within the records, or their voices."""
    column = areas.matrix.person if areas.counted == "people" else areas.matrix.voice
    who = column.codes
    kept = (areas.area >= 0) & base[areas.record] & (who[areas.record] >= 0)
    pairs = np.unique(np.stack([areas.area[kept], who[areas.record[kept]]]), axis=1)
    return np.bincount(pairs[0], minlength=len(areas.ids))


def _cited(bench: Workbench, draft: Draft, areas: Areas) -> dict[int, list[str]]:
    """Row of an area → the claims with a quote of it. Quotes of former revisions have no place among the statements of now."""
    rows = areas.matrix.record_row
    held = bench.catalog.records.get(
        bench.workspace, sorted({one.record_id for one in draft.quotes.values()})
    )
    quoted = {
        name: row
        for name, one in draft.quotes.items()
        if (row := rows.get(one.record_id)) is not None
        and (record := held.get(one.record_id)) is not None
        and record.revision == one.revision
    }
    near = np.flatnonzero(np.isin(areas.record, list(quoted.values())))
    found: dict[int, list[str]] = defaultdict(list)
    for claim in sorted(draft.claims.values(), key=lambda one: natural(one.id)):
        if claim.stance not in _CLAIMS:
            continue
        for name in (one for one in claim.quote_ids if one in quoted):
            quote = draft.quotes[name]
            told = near[
                (areas.record[near] == quoted[name])
                & (areas.start[near] < quote.end)
                & (areas.end[near] > quote.start)
            ]
            for area in {int(one) for one in areas.area[told] if one >= 0}:
                if claim.id not in found[area]:
                    found[area].append(claim.id)
    return found
