"""From ranked hits to Evidence: relevant, for and against, from different people, within a budget."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.domain.evidence import Evidence, Hit, Scope, Stance
from assistant.search.candidates import Ranking, rank
from assistant.search.cutoffs import cutoffs_of
from assistant.search.instructions import is_instruction_like
from assistant.search.matrix import CorpusMatrix
from assistant.search.query import Found, cut
from assistant.workbench import Workbench

_SHARE_OF_BEST = 0.5
"""Least relevance in relation to the best hit; what opposes is worded differently, so it needs the floor only."""
_REPETITION = 0.95
"""Cosine from which a hit adds nothing to a chosen one but another voice; it waits until there's nothing else."""
_COVERAGE = 0.15
"""What a passage gains that holds every content word of the question."""
_POOL, _LEAST_POOL = 5, 100
"""Candidates looked at for each one wanted; at least so many."""
_LAMBDA = 0.7
"""Relevance against novelty (maximal marginal relevance, Carbonell and Goldstein 1998)."""
_SPREAD = 0.1
"""Most that a hit loses where every chosen one is from its source."""
_OPPOSING_SHARE = 4
"""At most a quarter of the hits and of the tokens speak against."""
_CHARS_PER_TOKEN = 4
_OPPOSITE: dict[Stance, Stance] = {"problem": "praise", "praise": "problem"}


@dataclass(frozen=True)
class _Relevant:
    found: Found
    relevance: float

    @property
    def hit(self) -> Hit:
        return self.found.hit

    @property
    def tokens(self) -> int:
        return -(-len(self.hit.quote.text) // _CHARS_PER_TOKEN)

    @property
    def who(self) -> str:
        """The person, or the record where nobody is known."""
        return self.hit.quote.person or self.hit.record_id


def gather(
    bench: Workbench, question: str, scope: Scope, *, limit: int = 40, token_budget: int = 6000
) -> Evidence:
    """Choose the evidence for a question.

    The stance of most people among the relevant hits is the one supported (complaint, if as many praise); hits of the
    opposite stance oppose. A question that the corpus says nothing of gets little or none. Text that instructs a machine is
    left out. The same corpus gives the same evidence, whatever order it arrived in.

    Args:
        limit: most hits, both sides together.
        token_budget: most tokens of quotes, estimated at 4 characters each.

    Raises: UsageError for an empty question, EmbedderMismatch, StoreError, ModelError.
    """
    ranking = rank(bench, question, scope, max(_LEAST_POOL, limit * _POOL))
    found = _relevant(bench, ranking)
    against = _OPPOSITE[_majority(found)]
    enough = _SHARE_OF_BEST * found[0].relevance if found else 0.0
    opposing = _choose(
        ranking.matrix,
        [each for each in found if each.hit.stance == against],
        limit // _OPPOSING_SHARE,
        token_budget // _OPPOSING_SHARE,
    )
    supporting = _choose(
        ranking.matrix,
        [each for each in found if each.hit.stance != against and each.relevance >= enough],
        limit - len(opposing),
        token_budget - sum(each.tokens for each in opposing),
    )
    return Evidence(
        question=question,
        scope=scope,
        supporting=tuple(each.hit for each in supporting),
        opposing=tuple(each.hit for each in opposing),
        candidates=ranking.looked_at,
    )


def _relevant(bench: Workbench, ranking: Ranking) -> list[_Relevant]:
    """Hits over the floor whose passage doesn't instruct a machine, quoted or not; by relevance."""
    # Cutting a quote costs more than all the rest, so what can't reach the floor isn't cut.
    floor = cutoffs_of(bench.embedder.identity).relevant
    hopeful = tuple(each for each in ranking.candidates if each.cosine >= floor - _COVERAGE)
    everything = [
        _Relevant(found, found.candidate.cosine + _COVERAGE * _coverage(found, ranking))
        for found in cut(bench, replace(ranking, candidates=hopeful))
    ]
    kept = [
        each
        for each in everything
        if each.relevance >= floor and not is_instruction_like(_passage_text(each.found))
    ]
    return sorted(kept, key=_best_first)


def _best_first(each: _Relevant) -> tuple[float, str]:
    return -each.relevance, each.hit.passage_id


def _passage_text(found: Found) -> str:
    return found.record.raw[found.passage.start : found.passage.end]


def _coverage(found: Found, ranking: Ranking) -> float:
    return ranking.terms.coverage(found.hit.quote.text, found.record.language)


def _majority(found: Sequence[_Relevant]) -> Stance:
    people = Counter(stance for stance, _ in {(each.hit.stance, each.who) for each in found})
    return "praise" if people["praise"] > people["problem"] else "problem"


def _choose(matrix: CorpusMatrix, found: Sequence[_Relevant], limit: int, tokens: int) -> list[_Relevant]:
    """Pick by maximal marginal relevance; new people with something new first, then new people, then the rest."""
    vectors = matrix.unit_rows(np.array([each.found.candidate.passage for each in found], dtype=np.int64))
    nearest = np.zeros(len(found), dtype=np.float64)
    open_, chosen = set(range(len(found))), list[_Relevant]()
    people, sources = set[str](), Counter[str]()
    while open_ and len(chosen) < limit:
        new_people = [i for i in sorted(open_) if found[i].who not in people]
        new = [i for i in new_people if nearest[i] < _REPETITION]
        worth = {i: _worth(found[i], float(nearest[i]), sources) for i in new or new_people or sorted(open_)}
        pick = max(worth, key=lambda i: (worth[i], -i))
        open_.discard(pick)
        each = found[pick]
        if each.tokens > tokens:
            continue
        tokens -= each.tokens
        chosen.append(each)
        people.add(each.who)
        sources[each.hit.quote.source] += 1
        nearest = np.maximum(nearest, _similarity(vectors, pick))
    return sorted(chosen, key=_best_first)


def _worth(each: _Relevant, nearest: float, sources: Counter[str]) -> float:
    crowd = sources[each.hit.quote.source] / sources.total() if sources else 0.0
    return round(_LAMBDA * each.relevance - (1 - _LAMBDA) * nearest - _SPREAD * crowd, 6)


def _similarity(vectors: npt.NDArray[np.float32], pick: int) -> npt.NDArray[np.float64]:
    # Row by row, so that bits don't depend on which other hits there are.
    return np.asarray(np.vecdot(vectors, vectors[pick]), dtype=np.float64)
