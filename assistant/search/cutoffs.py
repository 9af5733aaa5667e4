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
    names_it: float
    """Cosine to a need's main words from which praise is praise for it."""
    competitor: float
    """Cosine to the question from which a competitor's passage answers it."""


_MINILM = Cutoffs(relevant=0.42, sure=0.6, topic=Floors(0.42, 0.35), names_it=0.2, competitor=0.42)
# Texts that have nothing to do with each other lie nearer: on banking77, half of the pairs of other intents have 0.26 (MiniLM: 0.20),
# half of the out-of-scope questions 0.41 to their nearest text (0.34); those of the same intent have 0.55 (0.61).
_USE = Cutoffs(relevant=0.46, sure=0.6, topic=Floors(0.46, 0.39), names_it=0.25, competitor=0.46)
_BY_NAME = {"use-multilingual-3": _USE}


def cutoffs_of(identity: str) -> Cutoffs:
    """The bounds for an embedder. Args: identity: as it says itself; one that wasn't measured gets MiniLM's."""
    return _BY_NAME.get(identity.partition(":")[0], _MINILM)
