"""The words of two tickets, compared: BM25 as a share of what the ticket would score against itself."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain.text import index_terms
from assistant.workbench import Workbench

K1, B = 1.2, 0.75
_TYPICAL_WORDS = 60
"""Of a ticket: the median of gitbugs' 3,579."""
_READ = 12_000
"""Characters of a ticket whose words are compared; 98 % of gitbugs' are shorter."""
_RAREST = 64


@dataclass(frozen=True)
class Wording:
    """The stems of a ticket with their rarity."""

    rarity: Mapping[str, float]
    """Stems of title and text."""
    title: frozenset[str]
    own: float
    """What title and text score against themselves."""
    own_title: float
    """What the title scores against both."""

    @property
    def rarest(self) -> list[str]:
        """The stems that tell most, for the lexical index."""
        return sorted(self.rarity, key=lambda stem: (-self.rarity[stem], stem))[:_RAREST]

    def shared(self, title: str, raw: str, language: str) -> tuple[float, float]:
        """What another ticket holds of the words, and of the title's; each in [0, 1]."""
        held = index_terms(whole_text(title, raw), language)
        whole = _bm25(self.rarity, self.rarity, held)
        of_title = _bm25(self.rarity, self.title, held)
        return min(1.0, whole / self.own), min(1.0, of_title / self.own_title)


def whole_text(title: str, raw: str) -> str:
    """Title and text, the title once."""
    return raw[:_READ] if raw.startswith(title) else f"{title}\n\n{raw[:_READ]}"


def worded(bench: Workbench, title: str, body: str) -> Wording:
    """The wording of a ticket; rarity is counted over the passages of the workspace."""
    words = index_terms(f"{title}\n\n{body[:_READ]}")
    of_title = frozenset(index_terms(title))
    total, counts = bench.catalog.lexical.frequencies(bench.workspace, words)
    rarity = {
        word: float(np.log1p(max(total - counts.get(word, 0), 0) + 0.5) - np.log(counts.get(word, 0) + 0.5))
        for word in dict.fromkeys(words)
    }
    rarity = {word: max(value, 0.01) for word, value in rarity.items()}
    own = _bm25(rarity, rarity, words)
    return Wording(rarity, of_title, max(own, 1e-9), max(_bm25(rarity, of_title, words), 1e-9))


def _bm25(rarity: Mapping[str, float], asked: Collection[str], words: Sequence[str]) -> float:
    norm = K1 * (1 - B + B * len(words) / _TYPICAL_WORDS)
    held = Counter(words)
    # In the order of the ticket's own words, so that a sum has the same bits for every candidate order.
    return sum(
        rarity[word] * held[word] * (K1 + 1) / (held[word] + norm) for word in sorted(asked) if word in held
    )
