"""A question's words as the lexical index holds them: stems depend on the language of the passage, which a question can't know."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest

from assistant.domain.languages import is_filler
from assistant.domain.text import index_terms
from assistant.search.matrix import CorpusMatrix


@dataclass(frozen=True)
class Terms:
    """Stems of a question's content words by language."""

    by_language: Mapping[str, tuple[str, ...]]
    """Language of a passage → the question's stems in it, each once. English is always there."""

    @property
    def all(self) -> tuple[str, ...]:
        """The stems of all languages, each once, the question's first words first."""
        rounds = zip_longest(*self.by_language.values())
        return tuple(dict.fromkeys(term for term in chain.from_iterable(rounds) if term is not None))

    def of(self, language: str) -> frozenset[str]:
        """The stems as they stand in passages of a language, without what is only grammar."""
        stems = frozenset(self.by_language.get(language, self.by_language["en"]))
        return frozenset(term for term in stems if not is_filler(term, language)) or stems

    def coverage(self, text: str, language: str, weights: Mapping[str, float] | None = None) -> float:
        """Share of the question's words that a text of that language holds; 0 where the question has none.

        Args:
            weights: of the stems, positive; without them all count the same.
        """
        wanted = self.of(language)
        held = wanted.intersection(index_terms(text, language))
        if weights is None:
            return len(held) / len(wanted) if wanted else 0.0
        total = sum(weights[term] for term in sorted(wanted))
        return sum(weights[term] for term in sorted(held)) / total if total else 0.0


def terms_for(matrix: CorpusMatrix, question: str) -> Terms:
    """The question's stems in English and in every language that records of the workspace are in."""
    held = sorted({str(code) for code in matrix.language.known} - {"en", "und"})
    return Terms({code: tuple(dict.fromkeys(index_terms(question, code))) for code in ("en", *held)})
