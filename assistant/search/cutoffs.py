"""What a cosine means depends on the embedder: the least ones that decide, measured for each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Floors:
    """Least cosine to the topic: for a passage of another theme, and of a theme that the brief is about."""

    outside: float
    inside: float


@dataclass(frozen=True)
class Cutoffs:
    """The bounds of one embedder."""

    relevant: float
    """Least relevance of a passage (cosine, and what its words add). Banking77 against its own test questions and out-of-scope ones
    of clinc150: every own question finds evidence, 6 of 10 foreign ones find none."""
    sure: float
    """Cosine to the brief from which a passage speaks of it, whatever words it uses: 1 % of the passages of other intents reach it."""
    topic: Floors
    """Where the corpus is too small for its shared part to be taken out; with it taken out, embedders differ little."""
    above: float | None
    """Where a corpus lies farther from the brief than banking questions do from each other: how much nearer than the median passage
    an answer is. None: the embedder isn't made to compare across languages. Third-nearest passage of 150 own questions of banking77: at
    least 0.32 nearer (1st percentile); of 150 out-of-scope ones 0.25 (median) and 0.28 (75th). English briefs over the planted corpora in
    five languages: 0.27 to 0.62; foreign ones at most 0.20."""
    names_it: float
    """Cosine to a need's main words from which praise is praise for it."""
    competitor: float
    """Cosine to the question from which a competitor's passage answers it."""

    def lowered(self, bound: float, background: float) -> float:
        """A bound for a corpus whose median passage has the cosine `background` to the brief."""
        return bound if self.above is None else min(bound, background + self.above)


_MINILM = Cutoffs(
    relevant=0.42, sure=0.6, topic=Floors(0.42, 0.35), above=None, names_it=0.2, competitor=0.42
)
# Texts that have nothing to do with each other lie nearer: on banking77, half of the pairs of other intents have 0.26 (MiniLM: 0.20),
# half of the out-of-scope questions 0.41 to their nearest text (0.34); those of the same intent have 0.55 (0.61).
_USE = Cutoffs(relevant=0.46, sure=0.6, topic=Floors(0.46, 0.39), above=0.26, names_it=0.25, competitor=0.46)
_BY_NAME = {"use-multilingual-3": _USE}


def cutoffs_of(identity: str) -> Cutoffs:
    """The bounds for an embedder. Args: identity: as it says itself; one that wasn't measured gets MiniLM's."""
    return _BY_NAME.get(identity.partition(":")[0], _MINILM)
