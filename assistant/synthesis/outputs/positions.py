"""Where themes lie on a map: like ones near each other, circles beside each other, labels that nothing covers.

Classical scaling (Torgerson 1952) of the centres of themes by cosine. Every sum that decides is rounded, so that the map is the same
whatever the order of the records.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.search.matrix import Floats
from assistant.stores.index_port import Vectors

_Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_GAP = 3.0
_ROUNDS = 160
_LONGEST = 28
"""Characters of a label."""


@dataclass(frozen=True)
class Circle:
    """A theme on the map, in units of the picture."""

    x: float
    y: float
    r: float
    label: str
    """Empty where there was no room."""
    label_x: float
    label_y: float
    """Middle of the label's baseline."""


def centre_of(vectors: Vectors) -> Floats:
    """Unit mean of unit rows, rounded."""
    mean = vectors.astype(np.float64).mean(axis=0).round(7)
    length = float(np.sqrt(np.einsum("i,i->", mean, mean))) or 1.0
    centre: Floats = np.round(mean / length, 6)
    return centre


def scaled(centres: Floats) -> Floats:
    """Two coordinates in [0, 1] for each row of centres, shape (rows, 2)."""
    count = len(centres)
    if count < 3:
        return np.array([[0.3 + 0.4 * row if count > 1 else 0.5, 0.5] for row in range(count)]).reshape(-1, 2)
    gram = np.round(np.einsum("ik,jk->ij", centres, centres), 6)
    middle = gram - gram.mean(axis=0) - gram.mean(axis=1)[:, None] + gram.mean()
    values, vectors = np.linalg.eigh(np.round(middle, 6))
    flat = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 0.0))
    # An eigenvector may point either way.
    flat = np.round(flat, 5)
    flat *= np.where(flat[np.abs(flat).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    return np.column_stack([_spread(flat[:, 0]), _spread(flat[:, 1])])


def laid_out(
    places: Floats, sizes: Sequence[float], labels: Sequence[str], width: float, height: float, text: float
) -> list[Circle]:
    """Circles of areas in proportion to sizes, none over another as long as there is room, with labels where they fit.

    Args:
        places: in [0, 1], shape (circles, 2). sizes: > 0. width, height: of the picture. text: height of letters.
    """
    if not len(labels):
        return []
    share = np.sqrt(np.array(sizes) / max(sizes))
    largest = min(np.sqrt(0.15 * width * height / (np.pi * float((share**2).sum()))), height / 7)
    radius = np.maximum(share * largest, 4.0).round(1)
    edge = radius + 6.0
    at = np.column_stack([places[:, 0] * width, places[:, 1] * height])
    at = _apart(np.clip(at, edge[:, None], np.array([width, height]) - edge[:, None]), radius, width, height)
    boxes: list[_Box] = []
    found: dict[int, Circle] = {}
    for row in np.argsort(-radius, kind="stable").tolist():
        x, y, r = float(at[row, 0]), float(at[row, 1]), float(radius[row])
        words = shortened(labels[row])
        others = np.arange(len(at)) != row
        spot = (0.0, 0.0)
        for cx, cy in _candidates(x, y, r, wide := width_of(words) * text, text):
            box = (cx - wide / 2, cy - text * 0.85, cx + wide / 2, cy + text * 0.3)
            if _fits(box, width, height, boxes) and not _covers(box, at[others], radius[others]):
                boxes.append(box)
                spot = (round(cx, 1), round(cy, 1))
                break
        found[row] = Circle(round(x, 1), round(y, 1), r, words if spot != (0.0, 0.0) else "", *spot)
    return [found[row] for row in range(len(at))]


def width_of(text: str) -> float:
    """Width of a line in units of its letters' height; a generous guess, as no font is at hand."""
    wide = {"W": 1.05, "F": 1.05}
    return sum(
        0.0 if unicodedata.combining(one) else wide.get(unicodedata.east_asian_width(one), 0.58)
        for one in text
    )


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text of at most so many letters' widths, cut behind a whole one."""
    words = " ".join(text.split())
    while width_of(words) > longest * 0.6:
        words = words[:-1]
    return words if len(words) == len(" ".join(text.split())) else f"{words.rstrip()}…"


def _spread(values: Floats) -> Floats:
    """Onto [0.04, 0.96], halfway between distances and ranks: a far outlier leaves room for the others."""
    low, high = float(values.min()), float(values.max())
    straight = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.linspace(0, 1, len(values))
    return np.round(0.04 + 0.92 * (0.5 * straight + 0.5 * ranks), 5)


def _apart(at: Floats, radius: Floats, width: float, height: float) -> Floats:
    """Push circles off each other until none overlaps, or for long enough."""
    count = len(at)
    need = radius[:, None] + radius[None, :] + _GAP
    edge = radius[:, None] + 6.0
    room = np.array([width, height])
    # Circles on one spot part along fixed, different directions.
    turn = np.arange(count) * 2.399963
    at = at + np.column_stack([np.cos(turn), np.sin(turn)]) * 0.01
    for _ in range(_ROUNDS):
        off = at[:, None, :] - at[None, :, :]
        distance = np.sqrt((off**2).sum(axis=2))
        np.fill_diagonal(distance, np.inf)
        overlap = np.maximum(need - distance, 0.0)
        if not overlap.any():
            break
        step = (off / np.maximum(distance, 1e-6)[:, :, None] * overlap[:, :, None]).sum(axis=1) * 0.5
        at = np.clip(np.round(at + step, 6), edge, room - edge)
    return at


def _candidates(x: float, y: float, r: float, wide: float, text: float) -> list[tuple[float, float]]:
    inside = [(x, y + text * 0.33)] if 2 * r >= wide + 4 else []
    around = [
        (x, y + r + text * 1.05),
        (x, y - r - text * 0.45),
        (x + r + wide / 2 + 4, y + text * 0.33),
        (x - r - wide / 2 - 4, y + text * 0.33),
    ]
    return inside + around


def _fits(box: _Box, width: float, height: float, boxes: Sequence[_Box]) -> bool:
    """Whether a label is inside of the picture and off the other labels."""
    left, top, right, bottom = box
    inside = left >= 2 and top >= 2 and right <= width - 2 and bottom <= height - 2
    return inside and not any(
        left < one[2] and one[0] < right and top < one[3] and one[1] < bottom for one in boxes
    )


def _covers(box: _Box, at: Floats, radius: Floats) -> bool:
    """Whether a label touches one of these circles."""
    corner, opposite = np.array(box[:2]), np.array(box[2:])
    off = np.maximum(np.maximum(corner - at, at - opposite), 0.0)
    return bool(((off**2).sum(axis=1) < (radius + 1.0) ** 2).any())
