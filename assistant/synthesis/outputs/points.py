"""Every statement as a point of a map: its theme a disc, like themes near each other, what is usual in the middle of its disc.

Discs lie by classical scaling of the centres of themes (`positions`). Inside, the distance from the middle is a statement's rank by
likeness to the centre, and its direction where the rest points on the two axes along which the centres differ most. Single voices
lie in a ring around the theme that they are most like. Code alone decides, so the same records give the same bytes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.domain.theme import Theme
from assistant.search.matrix import Floats, Ints
from assistant.synthesis.material import unit_rows
from assistant.synthesis.outputs.export import Export
from assistant.synthesis.outputs.positions import Circle, centre_of, laid_out, scaled

WIDTH, HEIGHT = 1200.0, 800.0
"""Of the map, in units of circles."""
LONE = 0xFFFF
"""Instead of a theme's place: a single voice, or a theme too small for a disc."""
_MOST_DISCS = 250
_LETTERS = 15.0
_RING = (1.1, 1.7)
"""Where single voices lie around a disc, in its radii."""
_AT_ONCE = 20_000
_FULL = 65_535
_MAGIC = b"VXMAP1\0\0"

Places = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Points:
    """The map: discs, and a point for each statement that is in a theme."""

    discs: tuple[tuple[Theme, Circle], ...]
    """Those of most people first."""
    x: Places
    """Shape (points,), 0 to 65,535 over `WIDTH`."""
    y: Places
    """The same over `HEIGHT`."""
    disc: Places
    """Row of `discs`, or `LONE`."""

    def packed(self) -> bytes:
        """Eight bytes of name, the number of points as uint64, then x, y and disc as columns of uint16, little endian.

        By disc, then from top to bottom: like values beside each other take a third less room once they are compressed.
        """
        order = np.lexsort((self.x, self.y, self.disc))
        columns = (one[order].astype("<u2").tobytes() for one in (self.x, self.y, self.disc))
        return _MAGIC + len(self.x).to_bytes(8, "little") + b"".join(columns)


def points_of(export: Export) -> Points:
    """Place everything. 200,000 statements take some seconds: keep what comes of it."""
    tree, rows = export.tree, export.material.rows
    told = [one for one in export.themes.of_level(2) if not one.is_single_voice and one.id in tree.row]
    told.sort(key=lambda one: (-one.people, -one.records, one.id))
    told = told[:_MOST_DISCS]
    texts = tree.texts_of()
    members = [texts[tree.row[one.id]] for one in told]
    if not told:
        empty: Places = np.empty(0, np.uint16)
        return Points((), empty, empty, empty)
    centres = np.array([centre_of(unit_rows(rows.vectors[some])) for some in members])
    circles = laid_out(
        scaled(centres),
        [float(one.statements) for one in told],
        [export.names[one.id] for one in told],
        WIDTH,
        HEIGHT,
        _LETTERS,
    )
    at = np.full((len(rows.hashes), 2), np.nan)
    disc = np.full(len(rows.hashes), LONE, dtype=np.uint16)
    axes = _axes(centres)
    for place, (some, circle) in enumerate(zip(members, circles, strict=True)):
        at[some] = _inside(rows.vectors[some], centres[place], axes, circle)
        disc[some] = place
    lone = np.flatnonzero((tree.leaf >= 0) & (disc == LONE))
    for first in range(0, len(lone), _AT_ONCE):
        some = lone[first : first + _AT_ONCE]
        at[some] = _around(rows.vectors[some], centres, axes, circles)
    said = rows.text[~np.isnan(at[rows.text, 0])]
    return Points(
        discs=tuple(zip(told, circles, strict=True)),
        x=_whole(at[said, 0] / WIDTH),
        y=_whole(at[said, 1] / HEIGHT),
        disc=disc[said],
    )


def _axes(centres: Floats) -> Floats:
    """The two directions along which the centres differ most, shape (dimension, 2)."""
    spread = np.round(centres - centres.mean(axis=0), 6)
    _, vectors = np.linalg.eigh(np.round(np.einsum("ki,kj->ij", spread, spread), 6))
    found: Floats = np.round(vectors[:, [-1, -2]], 5)
    found *= np.where(found[np.abs(found).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    return found


def _angles(vectors: npt.NDArray[np.float16], centres: Floats, axes: Floats) -> Floats:
    rest = np.round((unit_rows(vectors) - centres) @ axes, 5)
    return np.arctan2(rest[:, 1], rest[:, 0])


def _inside(
    vectors: npt.NDArray[np.float16], centre: Floats, axes: Floats, circle: Circle
) -> npt.NDArray[np.float64]:
    near = np.round(np.einsum("ij,j->i", unit_rows(vectors), centre), 5)
    rank = np.empty(len(near))
    rank[np.argsort(-near, kind="stable")] = np.arange(len(near))
    reach = circle.r * np.sqrt((rank + 0.5) / len(near))
    # By a fixed turn from one to the next, so that the statements of one direction don't lie on a line.
    turn = _angles(vectors, centre, axes) + 0.35 * np.sin(rank * 2.399963)
    return np.column_stack([circle.x + reach * np.cos(turn), circle.y + reach * np.sin(turn)])


def _around(
    vectors: npt.NDArray[np.float16], centres: Floats, axes: Floats, circles: list[Circle]
) -> npt.NDArray[np.float64]:
    near = np.round(unit_rows(vectors) @ centres.T, 4)
    nearest: Ints = near.argmax(axis=1)
    x, y, r = (np.array([getattr(one, name) for one in circles])[nearest] for name in ("x", "y", "r"))
    low, high = _RING
    reach = r * (high - (high - low) * np.clip(near.max(axis=1), 0, 1)) + 2.0
    turn = _angles(vectors, centres[nearest], axes)
    return np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn)])


def _whole(share: Floats) -> Places:
    whole: Places = np.clip(np.round(share * _FULL), 0, _FULL).astype(np.uint16)
    return whole
