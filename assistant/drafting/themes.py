"""Groups of passages that say the same, over the corpus in the order of its ids: no order of arrival changes them."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from graspologic_native import leiden

from assistant.drafting.reader import Reader
from assistant.search.cutoffs import cutoffs_of
from assistant.search.exact import cosines
from assistant.search.matrix import Bools, Ints
from assistant.stores.moved import Moved
from assistant.stores.port import CorpusRows
from assistant.synthesis.labels import labels_of

CLUSTERED = 2_400
"""Passages that are clustered; the rest joins the nearest group. Comparing all with all takes n² memory and time."""
NEIGHBOURS = 12
"""Edges of a passage in the graph. On app feedback and banking questions 10 to 15 differ by less than 0.02 in NMI."""
JOINS = 0.3
"""Least cosine to a group's centroid for a passage to count as speaking of it."""
SAME = 0.5
"""Cosine of two groups' centroids from which they are one theme."""
NAMED_BY = 120
"""Most central passages of a group that its name is taken from."""
_SHARED, _ALL_THE_SAME = 0.6, 0.9
"""Lengths of the mean between which it is taken out of a small corpus in a language that the embedder doesn't know: it is the language
that they share. MiniLM: 0.67 to 0.82 over 69 records in five languages; purity of the themes 0.33 with it, 0.80 to 0.97 without."""
Vectors = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Passages that say the same."""

    passages: Ints
    """Rows of passages in the corpus, ascending."""
    central: tuple[int, ...]
    """The same, most central first."""
    keywords: tuple[str, ...] = ()
    label: str = ""
    told: float = 1.0
    """Share of its central passages that hold one of its first four keywords: low where it has no one subject."""
    nearness: float = 0.0
    """Mean cosine of its passages to the brief; 0 where there is no brief."""
    where: str = ""
    """In words, which statements it holds; empty where it holds passages close to its name."""
    themes: tuple[str, ...] = ()
    """Ids of the stored themes that it is."""


@dataclass(frozen=True)
class Space:
    """Unit vectors seen from their mean: what all passages share, such as the product's name, tells no needs apart."""

    passages: Ints
    vectors: Vectors
    is_foreign: bool = False
    """Whether most of it is in languages that the embedder doesn't know."""

    def at(self, passages: Ints) -> "Space":
        """The same vectors, whose passages have other rows now."""
        moved = replace(self, passages=passages)
        vars(moved).update({name: held for name, held in vars(self).items() if name in ("mean", "lengths")})
        return moved

    @cached_property
    def mean(self) -> Vector:
        """Zero where the passages are too few to have a mean worth taking out, unless it is a language."""
        if not len(self.passages):
            return np.zeros(self.vectors.shape[1])
        mean: Vector = self.vectors.astype(np.float64).mean(axis=0).round(7)
        if len(self.passages) >= 10 * NEIGHBOURS:
            return mean
        if len(self.passages) < 2 * NEIGHBOURS:
            # What a handful shares is their subject.
            return np.zeros_like(mean)
        is_language = self.is_foreign and _SHARED**2 <= mean @ mean <= _ALL_THE_SAME**2
        return mean if is_language else np.zeros_like(mean)

    @cached_property
    def lengths(self) -> Vector:
        """Length of each row once the mean is taken out."""
        along = cosines(self.vectors, self.mean.astype(np.float32)).astype(np.float64)
        squares: Vector = np.maximum(1.0 - 2.0 * along + float(self.mean @ self.mean), 1e-9)
        lengths: Vector = np.sqrt(squares)
        return lengths

    def toward(self, aim: Vector) -> Vectors:
        """Cosine of every row to a unit vector of this space, shape (rows,)."""
        along = cosines(self.vectors, aim.astype(np.float32)).astype(np.float64)
        near: Vectors = np.round((along - float(self.mean @ aim)) / self.lengths, 6).astype(np.float32)
        return near

    def rows(self, places: Ints) -> Vector:
        """Some rows as unit vectors of this space."""
        moved: Vector = self.vectors[places].astype(np.float64) - self.mean
        return (moved / self.lengths[places, None]).round(6)

    def aim(self, vector: Vectors) -> Vector:
        """A unit vector from outside, seen in this space."""
        return unit(vector.astype(np.float64) - self.mean)


def unit(vector: Vector) -> Vector:
    """Scale to length 1; a zero vector stays zero."""
    length = float(np.sqrt(vector @ vector))
    return vector / length if length else vector


@dataclass(frozen=True)
class ThemeMap:
    """A scope's space and its groups."""

    space: Space
    groups: tuple[Group, ...]


_MAPS = "maps of themes"


@dataclass(frozen=True)
class _KeptMaps:
    """Maps by the mask and the resolution that they are of."""

    maps: dict[tuple[bytes, float], ThemeMap]

    def moved(self, moved: Moved, rows: CorpusRows) -> "_KeptMaps":
        """Those whose records are the same as before: a map of customers' feedback, when an internal ticket came."""
        found: dict[tuple[bytes, float], ThemeMap] = {}
        for (written, resolution), one in list(self.maps.items()):
            mask = np.frombuffer(written, dtype=np.bool_)
            if not mask[moved.records_gone].any():
                now = moved.passage_now
                space = one.space.at(now[one.space.passages])
                groups = tuple(
                    replace(
                        group, passages=now[group.passages], central=tuple(now[list(group.central)].tolist())
                    )
                    for group in one.groups
                )
                found[moved.mask(mask).tobytes(), resolution] = ThemeMap(space, groups)
        return _KeptMaps(found)


def theme_map(reader: Reader, mask: Bools, resolution: float) -> ThemeMap:
    """The groups of everything that the records of the mask say; kept as long as those records are the same.

    Args:
        mask: shape (records,).
        resolution: of the communities (Leiden); greater gives more and smaller groups.
    """
    held = reader.matrix.kept.setdefault(_MAPS, _KeptMaps({}))
    assert isinstance(held, _KeptMaps)
    key = mask.tobytes(), resolution
    if key not in held.maps:
        passages = np.flatnonzero(mask[reader.matrix.passage_record])
        space = Space(passages, reader.matrix.unit_rows(passages), _is_foreign(reader, passages))
        held.maps[key] = ThemeMap(space, group(reader, space, resolution))
    return held.maps[key]


def _is_foreign(reader: Reader, passages: Ints) -> bool:
    if cutoffs_of(reader.bench.embedder.identity).above is not None or not len(passages):
        return False
    language, records = reader.matrix.language, reader.matrix.passage_record[passages]
    known = [code for name, code in language.known.items() if name in {"en", "und"}]
    return float(np.isin(language.codes[records], known).mean()) < 0.5


def group(reader: Reader, space: Space, resolution: float) -> tuple[Group, ...]:
    """Group the rows of a space, largest group first; a passage near no group is in none."""
    if not len(space.passages):
        return ()
    # Ids are hashes: the first ones are a random sample, the same on every machine.
    sample = np.arange(min(CLUSTERED, len(space.passages)))
    vectors = space.rows(sample)
    labels = _communities(vectors, resolution)
    found = [sample[labels == label] for label in np.unique(labels)]
    kept = _merged(vectors, [places for places in found if len(places) >= 3] or [max(found, key=len)])
    affinity = np.stack([space.toward(unit(vectors[places].mean(axis=0))) for places in kept], axis=1)
    nearest = affinity.argmax(axis=1)
    joins = affinity[np.arange(len(nearest)), nearest] >= JOINS
    groups = []
    for index in range(len(kept)):
        places = np.flatnonzero(joins & (nearest == index))
        if len(places):
            order = np.argsort(-affinity[places, index], kind="stable")
            central = tuple(int(row) for row in space.passages[places[order]])
            groups.append(Group(space.passages[places], central))
    groups.sort(key=lambda one: (-len(one.passages), reader.matrix.rows.passage_ids[one.passages[0]]))
    return _named(reader, groups)


def _merged(vectors: Vector, members: list[Ints]) -> list[Ints]:
    """Join groups that mean the same though they share few neighbours, nearest pair first."""
    members = list(members)
    while len(members) > 1:
        centres = np.stack([unit(vectors[places].mean(axis=0)) for places in members])
        likeness = np.round(centres @ centres.T, 5)
        np.fill_diagonal(likeness, -1.0)
        one, other = divmod(int(likeness.argmax()), len(members))
        if likeness[one, other] < SAME:
            break
        joined = np.sort(np.concatenate([members[one], members[other]]))
        members = [places for place, places in enumerate(members) if place not in {one, other}] + [joined]
    return members


def _communities(vectors: Vector, resolution: float) -> Ints:
    """Leiden communities (Traag et al. 2019) of the graph of nearest neighbours, shape (rows,)."""
    if len(vectors) < 3:
        return np.zeros(len(vectors), dtype=np.int64)
    # Rounded, since a matrix product's last bits depend on where a row stands.
    likeness = np.round(vectors @ vectors.T, 5)
    np.fill_diagonal(likeness, -1.0)
    count = min(NEIGHBOURS, len(vectors) - 1)
    neighbours = np.argpartition(-likeness, count, axis=1)[:, :count]
    edges = {
        (min(row, other), max(row, other)): float(likeness[row, other])
        for row, others in enumerate(neighbours.tolist())
        for other in others
        if likeness[row, other] > 0
    }
    if not edges:
        return np.arange(len(vectors))
    named = [(str(one), str(other), weight) for (one, other), weight in sorted(edges.items())]
    _, found = leiden(
        edges=named, starting_communities=None, resolution=resolution, randomness=0.001, iterations=5,
        use_modularity=True, seed=7, trials=1,
    )  # fmt: skip
    alone = len(vectors)
    return np.array([found.get(str(row), alone + row) for row in range(len(vectors))], dtype=np.int64)


def _named(reader: Reader, groups: list[Group]) -> tuple[Group, ...]:
    read = [reader.read(list(one.central[:NAMED_BY])) for one in groups]
    return tuple(
        replace(one, keywords=label.keywords, label=label.name, told=label.told)
        for one, label in zip(groups, labels_of(read), strict=True)
    )
