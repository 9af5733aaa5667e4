"""From a brief to the needs behind it: which themes it is about, and which lie beside it."""

from dataclasses import dataclass, replace

import numpy as np

from assistant.domain.text import index_terms
from assistant.drafting.reader import Reader
from assistant.drafting.themes import Group, Space, ThemeMap, Vectors, group, theme_map, unit
from assistant.search.matrix import Bools, Ints
from assistant.workbench import Workbench

COARSE, FINE = 1.2, 1.0
"""Resolution of the themes of a corpus, and of the needs inside a topic."""
ON_TOPIC = 0.36
"""Least cosine of the best passage to a brief of which no word occurs."""
NEAR = 0.25
"""Least cosine to the topic for a passage of another theme."""
INSIDE = 0.1
"""Least cosine to the topic for a passage of a theme that the brief is about."""


@dataclass(frozen=True)
class Landscape:
    """What a brief is about, and what lies beside it."""

    groups: tuple[Group, ...]
    """On topic, most passages first."""
    beside: tuple[Group, ...]
    """Themes near the topic, nearest first."""
    retrieved: tuple[str, ...]
    """Passage ids, nearest first, for provenance."""


def survey(bench: Workbench, reader: Reader, question: str, mask: Bools) -> Landscape:
    """Find what the records of the mask say about the question, or about anything where it is empty."""
    themes = theme_map(reader, mask, COARSE)
    ids = reader.matrix.rows.passage_ids
    if not question.strip():
        return Landscape(
            themes.groups, (), tuple(ids[row] for one in themes.groups for row in one.central[:10])
        )
    near = _near(bench, reader, question, themes.space)
    if near is None:
        return Landscape((), (), ())
    about, beside = _choose(themes, near)
    places = _topic(themes, near, about)
    if not len(places):
        return Landscape((), beside, ())
    inside = Space(themes.space.passages[places], themes.space.vectors[places])
    groups = tuple(
        replace(one, nearness=_mean_near(themes, near, one)) for one in group(reader, inside, FINE)
    )
    order = places[np.argsort(-near[places], kind="stable")][:200]
    return Landscape(groups, beside, tuple(ids[row] for row in themes.space.passages[order]))


def _near(bench: Workbench, reader: Reader, question: str, space: Space) -> Vectors | None:
    """Cosine to what the passages nearest to the brief have in common (Rocchio 1971); None where nothing is near.

    Measured on 77 intents and 11 briefs: 0.05 to 0.12 better in F1 than the cosine to the brief alone.
    """
    if not len(space.passages):
        return None
    vector = bench.embedder.embed([question])[0]
    found = dict(bench.catalog.lexical.search(bench.workspace, index_terms(question), 300))
    best = max(found.values(), default=1.0)
    ids = reader.matrix.rows.passage_ids
    bonus = np.array([found.get(ids[row], 0.0) / best for row in space.passages], dtype=np.float32)
    aim = space.aim(vector)
    first = space.toward(aim)
    top = np.argsort(-(first + np.float32(0.1) * bonus), kind="stable")[:20]
    if not bonus.any() and float((space.vectors[top] @ vector).max()) < ON_TOPIC:
        return None
    moved = unit(0.4 * aim + 0.6 * unit(space.rows(top).mean(axis=0)))
    near: Vectors = space.toward(moved) + np.float32(0.05) * bonus
    return near.round(6)


def _choose(themes: ThemeMap, near: Vectors) -> tuple[list[Group], tuple[Group, ...]]:
    """Themes that the brief is about, and those beside it, nearest first."""
    ranked = sorted(
        (replace(one, nearness=_mean_near(themes, near, one)) for one in themes.groups),
        key=lambda one: (-one.nearness, -len(one.passages), one.central[0]),
    )
    best = ranked[0].nearness if ranked else 0.0
    least = max(NEAR, 0.6 * best)
    about = [one for one in ranked if one.nearness >= least]
    beside = [one for one in ranked if 0.0 < one.nearness < least]
    return about, tuple(beside[:4])


def _mean_near(themes: ThemeMap, near: Vectors, one: Group) -> float:
    places = np.searchsorted(themes.space.passages, one.passages)
    return round(float(near[places].astype(np.float64).mean()), 6)


def _topic(themes: ThemeMap, near: Vectors, about: list[Group]) -> Ints:
    """Places in the space that speak of the topic: those near it, the nearer the less their theme is about it."""
    floor = np.full(len(near), max(NEAR, 0.5 * _top(near)))
    for one in about:
        floor[np.searchsorted(themes.space.passages, one.passages)] = INSIDE
    return np.flatnonzero(near >= floor)


def _top(near: Vectors) -> float:
    return float(np.sort(near.astype(np.float64))[::-1][:10].mean())
