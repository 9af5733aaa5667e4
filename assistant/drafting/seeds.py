"""What stories are written about: families of symptoms inside a need, and wishes that several people share."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.domain.text import content_words, stem
from assistant.drafting.desk import Desk
from assistant.drafting.profile import READ, TOO_FEW, Facet, Profile
from assistant.drafting.reader import Saying
from assistant.search.phrases import Phrase, Symptom

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("done", ("empty", "timeout", "slow", "crash", "loss", "broken")),
    ("progress", ("unknown", "double")),
    ("reason", ("silent",)),
    ("notice", ("late", "flood")),
)
"""Symptoms that one story can answer together."""


@dataclass(frozen=True)
class Seed:
    """What a story is made from: a need, or those in it who name one family of symptoms."""

    need: Profile
    family: str
    symptom: Symptom | None
    selection: str
    people: int
    sayings: tuple[Saying, ...]


def seeds(desk: Desk, needs: list[Profile], limit: int) -> list[Seed]:
    """What to write stories about, most people first: families of symptoms, then wishes that several people share."""
    found: list[Seed] = []
    for need in needs:
        if need.people < TOO_FEW or not (need.is_problem or need.split or need.is_topic):
            continue
        own = [seed for seed in (_family_seed(desk, need, family, ids) for family, ids in FAMILIES) if seed]
        wishes = wish_seeds(desk, need)
        found.extend(
            [*own, *wishes] or [Seed(need, "request", None, need.hurts, need.people, tuple(need.sayings))]
        )
    found.sort(key=lambda seed: (-seed.people, seed.need.label, seed.family))
    return found[:limit]


def wish_seeds(desk: Desk, need: Profile) -> list[Seed]:
    """Wishes that share their words, as far as they are worded by enough people."""
    wishes: list[tuple[frozenset[str], list[Saying]]] = []
    for saying in need.sayings:
        worded = (wish_stems(phrase) for sentence in saying.sentences for phrase in sentence.phrases)
        # In the order of the text: the order of a set differs from process to process.
        for stems in dict.fromkeys(stems for stems in worded if stems):
            near = [members for leader, members in wishes if 2 * len(stems & leader) >= len(stems | leader)]
            if near:
                near[0].append(saying)
            else:
                wishes.append((stems, [saying]))
    seeds_found = []
    for _, members in wishes:
        distinct = tuple({saying.passage: saying for saying in members}.values())
        rows = np.array(sorted({saying.row for saying in distinct}), dtype=np.int64)
        if len(rows) < TOO_FEW:
            continue
        selection = desk.book.select(
            rows, f"of those close to «{need.label}»: the ones that word the same wish"
        )
        people = desk.how_many(selection)
        if people >= TOO_FEW:
            seeds_found.append(Seed(need, "request", None, selection, people, distinct))
    return seeds_found


def wish_stems(phrase: Phrase) -> frozenset[str]:
    """Stems of a wish, without its numbers; empty for what is no wish or says too little."""
    if phrase.kind not in {"want", "thing"}:
        return frozenset()
    return _stems(phrase.text)


@lru_cache(maxsize=50_000)
def _stems(text: str) -> frozenset[str]:
    stems = {stem(word) for word in content_words(text) if not any(letter.isdigit() for letter in word)}
    return frozenset(stems) if len(stems) >= 2 else frozenset()


def _family_seed(desk: Desk, need: Profile, family: str, ids: tuple[str, ...]) -> Seed | None:
    facets: list[Facet] = [facet for facet in need.facets if facet.symptom.id in ids]
    if not facets:
        return None
    members = np.unique(np.concatenate([facet.passages for facet in facets]))
    central = [passage for facet in facets for passage in facet.passages[: READ // 2].tolist()]
    ordered = tuple(desk.reader.read(list(dict.fromkeys(central))))
    rows = desk.reader.matrix.passage_record[members]
    nouns = " or ".join(facet.symptom.noun for facet in facets)
    selection = desk.book.select(
        rows, f"of those close to «{need.label}»: the ones whose passage names {nouns}"
    )
    people = desk.how_many(selection)
    least = max(TOO_FEW, 0.1 * need.people)
    return Seed(need, family, facets[0].symptom, selection, people, ordered) if people >= least else None
