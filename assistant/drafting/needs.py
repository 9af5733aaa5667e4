"""From a brief to the needs behind it: groups of passages that say the same, found by exact similarity.

Everything here works over the corpus in the order of its ids, so the result doesn't depend on the order of arrival.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage

from assistant.domain.text import content_words, index_terms
from assistant.drafting.reader import Reader, Saying
from assistant.search.exact import cosines
from assistant.search.matrix import CorpusMatrix, Ints
from assistant.workbench import Workbench

CLUSTERED = 900
"""Passages that are clustered; the rest joins the nearest group. Average linkage takes n² memory and time."""
LIKE = 0.46
"""Least average cosine inside a group (MiniLM; measured on app reviews, where 0.5 splits by wording)."""
JOINS = 0.45
"""Least cosine to a group's centroid for a passage that joins it later."""
ON_TOPIC = 0.36
"""Least cosine to the brief, whatever the best passage has."""
Vectors = npt.NDArray[np.float32]


@dataclass
class Group:
    """Passages that say the same."""

    passages: Ints
    """Rows of passages, ascending."""
    centroid: Vectors
    nearness: float
    """Mean cosine of its passages to the brief; 0 where there is no brief."""
    keywords: tuple[str, ...] = ()
    label: str = ""
    sayings: list[Saying] = field(default_factory=list)
    """Its passages as read, most central first."""


@dataclass(frozen=True)
class Landscape:
    """What a brief is about, and what lies beside it."""

    groups: tuple[Group, ...]
    """On topic, most records first."""
    beside: tuple[Group, ...]
    """Near the topic, but another need."""
    retrieved: tuple[str, ...]
    """Passage ids, nearest first, for provenance."""


def survey(bench: Workbench, reader: Reader, question: str, mask: npt.NDArray[np.bool_]) -> Landscape:
    """Group what the records of the mask say about the question, or about anything where it is empty."""
    matrix = reader.matrix
    passages = np.flatnonzero(mask[matrix.passage_record])
    if not len(passages):
        return Landscape((), (), ())
    if question.strip():
        near = _near(bench, matrix, question, passages)
    else:
        near = np.zeros(len(passages), dtype=np.float32)
    if question.strip():
        kept = np.flatnonzero(near >= _floor(near))
        order = kept[np.argsort(-near[kept], kind="stable")]
        rule_first = passages[order[:CLUSTERED]]
    else:
        # Ids are hashes: the first ones are a random sample that is the same on every machine.
        order = np.arange(len(passages))
        rule_first = passages[: 2 * CLUSTERED]
    if not len(order):
        return Landscape((), (), ())
    groups = _groups(
        matrix, np.sort(rule_first), passages[order], dict(zip(passages.tolist(), near.tolist(), strict=True))
    )
    for group in groups:
        group.sayings = reader.read(_central(matrix, group))
    _name(groups)
    on_topic, beside = _split(groups, bool(question.strip()))
    return Landscape(on_topic, beside, tuple(matrix.rows.passage_ids[p] for p in passages[order[:200]]))


def _near(bench: Workbench, matrix: CorpusMatrix, question: str, passages: Ints) -> Vectors:
    """Cosine to the brief, moved a little towards what the nearest passages say (Rocchio 1971, β = 0.5)."""
    vector = bench.embedder.embed([question])[0]
    first = cosines(matrix.unit_rows(passages), vector)
    top = np.argsort(-first, kind="stable")[:10]
    if first[top[0]] < ON_TOPIC:
        return first
    moved = vector + 0.5 * matrix.unit_rows(passages[top]).mean(axis=0)
    near = cosines(matrix.unit_rows(passages), (moved / np.linalg.norm(moved)).astype(np.float32))
    found = dict(bench.catalog.lexical.search(bench.workspace, index_terms(question), 300))
    if found:
        best = max(found.values())
        bonus = np.array(
            [found.get(matrix.rows.passage_ids[p], 0.0) / best for p in passages], dtype=np.float32
        )
        near = near + np.float32(0.08) * bonus
    return np.round(near, 6)


def _floor(near: Vectors) -> float:
    top = np.sort(near)[::-1][:10]
    return max(ON_TOPIC, 0.62 * float(top.mean()))


def _groups(matrix: CorpusMatrix, first: Ints, candidates: Ints, near: dict[int, float]) -> list[Group]:
    vectors = matrix.unit_rows(first)
    labels = _average_linkage(vectors)
    centroids = [_centroid(vectors[labels == label]) for label in np.unique(labels)]
    members = [first[labels == label] for label in np.unique(labels)]
    kept = [i for i, rows in enumerate(members) if len(rows) >= 3] or [
        int(np.argmax([len(r) for r in members]))
    ]
    stacked = np.stack([centroids[i] for i in kept])
    everything = matrix.unit_rows(candidates)
    affinity = np.stack([cosines(everything, centroid) for centroid in stacked], axis=1)
    nearest = affinity.argmax(axis=1)
    joins = affinity[np.arange(len(candidates)), nearest] >= JOINS
    groups = []
    for index in range(len(kept)):
        rows = np.sort(candidates[joins & (nearest == index)])
        if len(rows):
            nearness = float(np.mean([near[int(row)] for row in rows]))
            groups.append(Group(rows, stacked[index], round(nearness, 6)))
    return sorted(
        groups, key=lambda group: (-len(group.passages), matrix.rows.passage_ids[group.passages[0]])
    )


def _average_linkage(vectors: Vectors) -> npt.NDArray[np.int32]:
    if len(vectors) == 1:
        return np.ones(1, dtype=np.int32)
    wide = vectors.astype(np.float64)
    # Rounded, since a matrix product's last bits depend on where a row stands.
    distance = np.round(1.0 - wide @ wide.T, 6)
    condensed = distance[np.triu_indices(len(vectors), 1)].clip(0.0, 2.0)
    labels: npt.NDArray[np.int32] = fcluster(linkage(condensed, "average"), 1.0 - LIKE, "distance")
    return labels


def _centroid(vectors: Vectors) -> Vectors:
    mean = vectors.astype(np.float64).mean(axis=0)
    return np.round(mean / np.linalg.norm(mean), 7).astype(np.float32)


def _central(matrix: CorpusMatrix, group: Group) -> list[int]:
    affinity = cosines(matrix.unit_rows(group.passages), group.centroid)
    return [int(group.passages[i]) for i in np.argsort(-affinity, kind="stable")]


def _split(groups: list[Group], has_brief: bool) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    if not has_brief or not groups:
        return tuple(groups), ()
    best = max(group.nearness for group in groups)
    on_topic = tuple(group for group in groups if group.nearness >= 0.8 * best)
    return on_topic, tuple(group for group in groups if group.nearness < 0.8 * best)


def _name(groups: list[Group]) -> None:
    """Name each group by the words that are frequent in it and rare in the others (c-TF-IDF, Grootendorst 2022)."""
    counted = [_phrase_counts(group.sayings[:120]) for group in groups]
    total: Counter[str] = Counter()
    for counts in counted:
        total.update(counts)
    size = sum(total.values()) / max(1, len(groups))
    for group, counts in zip(groups, counted, strict=True):
        scored = {
            term: count * float(np.log1p(size / total[term])) * (1.0 + 0.5 * term.count(" "))
            for term, count in counts.items()
            if count >= max(2, len(group.sayings[:120]) // 25)
        }
        ranked = sorted(scored, key=lambda term: (-scored[term], term))
        group.keywords = tuple(_without_parts(ranked)[:6])
        group.label = group.keywords[0] if group.keywords else _first_words(group)


def _phrase_counts(sayings: list[Saying]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for saying in sayings:
        seen: set[str] = set()
        for sentence in saying.sentences:
            tokens = [
                word for word in content_words(sentence.text) if not any(letter.isdigit() for letter in word)
            ]
            seen.update(tokens)
            seen.update(
                " ".join(pair) for pair in pairwise(tokens) if " ".join(pair) in sentence.text.casefold()
            )
        counts.update(seen)
    return counts


def _without_parts(ranked: list[str]) -> list[str]:
    kept: list[str] = []
    for term in ranked:
        if not any(term in other or other in term for other in kept):
            kept.append(term)
    return kept


def _first_words(group: Group) -> str:
    text = group.sayings[0].text if group.sayings else ""
    return " ".join(content_words(text)[:4]) or "unnamed"
