"""What many people say of what was found is in the draft: quoted, or counted among those who have a need."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.view import EvidenceView, abstains

_NAME = "theme_coverage"
_TOP = 60
"""Passages of the retrieval list that are looked at, best first."""
_NEAR = 0.6
"""Cosine from which two passages say the same."""
_PEOPLE = 3


@dataclass
class _Group:
    centre: "np.ndarray[tuple[int], np.dtype[np.float32]]"
    rows: list[int]


def theme_coverage(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise where three people or more say alike things among what was found first, and the draft quotes and counts none of them.

    Passages are grouped by the cosine of their vectors, each joining the first group that is near enough, in the order of the
    retrieval list. Nothing is said where the corpus has no vectors.
    """
    if abstains(draft):
        return []
    covered = {quote.record_id for quote in draft.quotes.values()}
    covered |= {name for chosen in draft.selections.values() for name in chosen.record_ids}
    missed = list(_missed(draft, view, covered))
    if not missed:
        return []
    people, names = max(missed, key=lambda group: (group[0], group[1]))
    others = f", and {len(missed) - 1} smaller groups" if len(missed) > 1 else ""
    return [
        Finding(
            grader=_NAME,
            severity=Severity.advise,
            target="draft",
            message=f"{people} people who say alike things were found{others}; the draft quotes and counts none of them.",
            evidence=", ".join(names[:5]),
            fix="Take up what they say, or put it under the non-goals.",
        )
    ]


def _missed(draft: Draft, view: EvidenceView, covered: set[str]) -> Iterator[tuple[int, list[str]]]:
    """(people, record ids) of each group that is missed."""
    corpus = view.corpus
    for group in _groups(draft, view):
        names = {corpus.record_ids[row] for row in group.rows}
        people = {corpus.person[row] or corpus.record_ids[row] for row in group.rows}
        if len(people) >= _PEOPLE and not names & covered:
            yield len(people), sorted(names)


def _groups(draft: Draft, view: EvidenceView) -> list[_Group]:
    corpus, groups = view.corpus, list[_Group]()
    for name in draft.provenance.retrieved[:_TOP]:
        place = bisect_left(corpus.passage_ids, name)
        if place >= len(corpus.passage_ids) or corpus.passage_ids[place] != name:
            continue
        row = int(corpus.passage_record[place])
        vector = corpus.stack.at(corpus.places[[place]])[0].astype(np.float32)
        norm = float(np.linalg.norm(vector))
        if not norm or corpus.kind[row] != "customer":
            continue
        vector = vector / norm
        near = next((group for group in groups if float(group.centre @ vector) >= _NEAR), None)
        if near is None:
            groups.append(_Group(vector, [row]))
        else:
            near.rows.append(row)
    return groups


def _good(draft: Draft) -> Draft:
    return _found(draft)


def _bad(draft: Draft) -> Draft:
    return _found(draft).model_copy(update={"quotes": {}, "selections": {}})


def _found(draft: Draft) -> Draft:
    retrieved = ("pas_rec_a", "pas_rec_b", "pas_rec_c", "pas_rec_d")
    return draft.model_copy(
        update={"provenance": draft.provenance.model_copy(update={"retrieved": retrieved})}
    )


GRADER = Grader(_NAME, 2, Severity.advise, theme_coverage, _good, _bad)
