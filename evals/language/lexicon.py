"""Words that state an amount, a comparison or a trend, found in a text with the rule that says what licenses them."""

import re
from functools import lru_cache

from evals.language.amounts import AMONG_PEOPLE, AMOUNTS, COMPARISONS
from evals.language.amounts_abroad import ABROAD
from evals.language.quantifier import Quantifier
from evals.language.trend_words import REPORTED_CHANGE, TRENDS

_MODAL = re.compile(
    r"\b(?:(?:may|might|could|would|will|should|can|must|könnte|kann|wird|würde)\s+(?:\w+\s+){0,3}|if\b[^.;:!?]*)\Z",
    re.IGNORECASE,
)
"""What comes right after such a word hasn't happened; `as one can see, complaints rise` has."""
_RULES = (*AMOUNTS, *COMPARISONS, *TRENDS, *ABROAD)


@lru_cache(maxsize=8192)
def quantifiers(text: str) -> tuple[tuple[Quantifier, int, int], ...]:
    """Words of amount, comparison and trend of a text with their spans. A trend that may come states nothing.

    Kept: it is the dearest look of a check, and a revised or edited draft is checked again with nearly all of its texts as they were.
    """
    found = [
        (rule, match.start(), match.end())
        for rule in _RULES
        for match in rule.pattern.finditer(text)
        if not (rule.may_come and _MODAL.search(text[: match.start()]))
    ]
    return tuple(sorted(found, key=lambda item: (item[1], item[2], item[0].name)))


def of_the_world(text: str) -> list[tuple[int, int]]:
    """Spans that speak of how many people or reports there are, in a wish or a step, too."""
    return [match.span() for pattern in (AMONG_PEOPLE, REPORTED_CHANGE) for match in pattern.finditer(text)]


class Words:
    """What the texts of one draft hold. Steps and reasons repeat from story to story; each text is read once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[tuple[tuple[Quantifier, int, int], ...], list[tuple[int, int]]]] = {}

    def of(self, text: str) -> tuple[tuple[Quantifier, int, int], ...]:
        """As `quantifiers`."""
        return self._read(text)[0]

    def people_of(self, text: str) -> list[tuple[int, int]]:
        """As `of_the_world`."""
        return self._read(text)[1]

    def _read(self, text: str) -> tuple[tuple[tuple[Quantifier, int, int], ...], list[tuple[int, int]]]:
        if text not in self._found:
            self._found[text] = quantifiers(text), of_the_world(text)
        return self._found[text]
