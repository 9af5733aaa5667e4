"""Which passages speak of a brief for certain: by words that are rare here, by meaning, or because they say the same as one that does."""

from collections.abc import Mapping

import numpy as np

from assistant.drafting.profile import TOO_FEW
from assistant.drafting.reader import Reader
from assistant.drafting.themes import Space, Vectors
from assistant.search.by_words import best_rows
from assistant.search.cutoffs import cutoffs_of
from assistant.search.exact import cosines
from assistant.search.matrix import Ints
from assistant.search.terms import Terms, terms_for
from assistant.workbench import Workbench

SEEN = 80
"""Passages that are read to find those that speak of the brief for certain."""
_COVERAGE = 0.15
"""What a passage gains that holds every content word of the brief, as in `search.select`."""
_LISTED = 2_000
"""Passages of a word that are counted; a word of more is common."""
_BY_WORDS = 300
"""Passages that the words of the brief bring nearer."""
_HALF, _MOST = 0.5, 0.75
"""Share of the brief's words, by how much they tell, that a passage holds: most of them where its meaning alone isn't relevant."""
_COMMON = 0.1
"""How much nearer than relevant a passage must be that holds half of the brief's words, but the common ones."""
_ALIKE = 0.5
"""Cosine to one that speaks of the brief for certain from which a passage that is relevant does too. Over 24 corpora of 37 banking
questions, people's own questions: 76 % find three or more, 64 % without; of questions whose intent is absent, though others are near it,
13 % do, 10 % without; of questions about other things (clinc150) none."""


def certain_of(bench: Workbench, reader: Reader, question: str, space: Space) -> tuple[Ints, Ints]:
    """Places of the passages that speak of the brief for certain: one of each text, nearest first; and all of them."""
    if not len(space.passages):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    first = cosines(space.vectors, bench.embedder.embed([question])[0])
    terms = terms_for(reader.matrix, question)
    top = _nearest_texts(bench, reader, space, terms, first)
    sayings = reader.read([int(row) for row in space.passages[top]])
    cutoffs = cutoffs_of(bench.embedder.identity)
    background = float(np.median(first))
    relevant, sure_abroad = (cutoffs.lowered(bound, background) for bound in (cutoffs.relevant, cutoffs.sure))
    coverage = [terms.coverage(saying.text, saying.language) for saying in sayings]
    rarity = _rarity(bench, reader, space, terms)
    telling = [terms.coverage(saying.text, saying.language, rarity) for saying in sayings]
    # Where no passage of a language holds half of the brief's words, the brief is in another one: then meaning alone must do.
    told_in = {saying.language for saying, covered in zip(sayings, coverage, strict=True) if covered >= _HALF}
    relevance: dict[int, float] = {}
    sure: list[int] = []
    worded: list[int] = []
    for place, saying, covered, told in zip(top.tolist(), sayings, coverage, telling, strict=True):
        score = round(float(first[place]) + _COVERAGE * covered, 6)
        foreign = saying.language not in told_in | {"en", "und"}
        if saying.usable and score >= relevant:
            relevance[place] = score
            near = float(first[place])
            is_told = told >= (_HALF if near >= relevant else _MOST) or (
                covered >= _HALF and near >= relevant + _COMMON
            )
            if is_told:
                worded.append(place)
            elif first[place] >= (sure_abroad if foreign else cutoffs.sure):
                sure.append(place)
    sure += worded
    # Only what holds the brief's words vouches for others: «invoices should go to accounting» is near to «blockchain tokens for invoices».
    sure += _alike(space, worded, [p for p in relevance if p not in sure and first[p] >= relevant])
    # One word that all share with the brief makes many passages a little relevant; that isn't the brief's subject.
    kept = list(relevance) if len(sure) >= TOO_FEW else sure
    seeds = np.array(sorted(kept, key=lambda place: (-relevance[place], place)), dtype=np.int64)
    return seeds, np.flatnonzero(np.isin(first, first[seeds]))


def _alike(space: Space, sure: list[int], others: list[int]) -> list[int]:
    """Those of the others that say what a certain one says."""
    if not sure or not others:
        return []
    near = np.stack([cosines(space.vectors[others], space.vectors[place]) for place in sure]).max(axis=0)
    return [place for place, cosine in zip(others, near.tolist(), strict=True) if cosine >= _ALIKE]


def _nearest_texts(bench: Workbench, reader: Reader, space: Space, terms: Terms, first: Vectors) -> Ints:
    """Places of the passages nearest to the brief by meaning and words, one of each text."""
    rows, scores = best_rows(
        reader.matrix, *bench.catalog.lexical.scored(bench.workspace, terms.all), _BY_WORDS
    )
    bonus = np.zeros(len(reader.matrix.rows.passage_ids), dtype=np.float32)
    bonus[rows] = scores / scores.max(initial=1e-12)
    bonus = bonus[space.passages]
    ranked = np.argsort(-(first + np.float32(_COVERAGE) * bonus), kind="stable")[: 50 * SEEN]
    # The same text has the same cosine: one of each, or what many people word alike would stand for all of the topic.
    _, distinct = np.unique(first[ranked], return_index=True)
    return ranked[np.sort(distinct)][:SEEN]


def _rarity(bench: Workbench, reader: Reader, space: Space, terms: Terms) -> Mapping[str, float]:
    """How much each word of the brief tells here: log(1 + passages / those that hold it).

    Half of the words of «parking for patients» stand in each third passage about a clinic, and none of them speaks of parking.
    """
    inside = np.zeros(len(reader.matrix.rows.passage_ids), dtype=np.bool_)
    inside[space.passages] = True
    listed = bench.catalog.lexical.scored_apart(bench.workspace, terms.all)
    weights = {}
    for term in terms.all:
        held = 0
        if term in listed:
            rows, _ = best_rows(reader.matrix, *listed[term], _LISTED)
            held = int(inside[rows].sum())
        # A word that nobody uses is as rare as a word can be.
        weights[term] = float(np.log1p(len(space.passages) / max(held, 0.5)))
    return weights
