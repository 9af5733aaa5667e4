"""What a method that scores is made of: its inputs, its formula, and that formula solved for each input."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Values = Mapping[str, float]
"""Input's name → number, for all inputs of a method."""


@dataclass(frozen=True)
class Parameter:
    """An input that a method asks for. It is never negative."""

    name: str
    meaning: str
    """In words, for the documentation and the spreadsheet's header."""
    also: tuple[str, ...] = ()
    """Other names that columns have for it, normalised as by `ingest.names`."""
    divides: bool = False
    """Whether the score is divided by it: then it is above 0, and the score falls when it rises."""
    top: float | None = None
    """What it can't exceed."""
    scales: tuple[float, ...] = ()
    """Usual tops of the scale it is given on; the smallest one that a whole table keeps to holds for that table."""


@dataclass(frozen=True)
class Method:
    """A way to score. All functions take finite numbers that fit the parameters."""

    name: Literal["rice", "wsjf", "ice"]
    title: str
    parameters: tuple[Parameter, ...]
    score: Callable[[Values], float]
    solve: Callable[[Values, str, float], float | None]
    """The value of one input at which the score is the target, the others as they are; None where no value does it.
    It may lie outside of what the input can be."""
    formula: str
    """The score as a spreadsheet's formula without `=`; `{name}` stands for an input's cell."""
    solved: Mapping[str, str]
    """Input → `solve` as such a formula; `{target}` stands for the cell of the score to reach."""

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name."""
        return next(one for one in self.parameters if one.name == name)

    def ends(self, low: Values, high: Values) -> tuple[float, float]:
        """Lowest and highest score when every input moves from `low` to `high` on its own.

        Each input stands once in the formula and the score rises or falls with it throughout, so the ends are exact.
        """
        falls = {one.name for one in self.parameters if one.divides}
        worst = {name: high[name] if name in falls else low[name] for name in low}
        best = {name: low[name] if name in falls else high[name] for name in low}
        return self.score(worst), self.score(best)
