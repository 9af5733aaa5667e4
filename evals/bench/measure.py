"""The words of a measurement: what it is given, and what it hands back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.domain.base import Frozen


@dataclass(frozen=True)
class Setting:
    """Where a measurement finds its data, and how thorough it is."""

    data: Path
    """Folder of public data sets: `banking77`, `clinc150`, `gitbugs`, `minibar`, `skytrax`."""
    cache: Path
    """Kept between runs: embeddings and the large workspaces. May be deleted at any time."""
    quick: bool = False
    """Small inputs: shows that everything runs; its figures mean nothing."""


class Target(Frozen):
    """What a figure must reach."""

    sense: Literal["at most", "at least"]
    bound: float

    def holds(self, value: float) -> bool:
        """Whether the value reaches the bound."""
        return value <= self.bound if self.sense == "at most" else value >= self.bound


class Result(Frozen):
    """One row of the table: a figure, and whether it reached its target."""

    bench: str
    """Name of the measurement; `--only` takes it."""
    what: str
    value: float | None
    """None: the measurement broke off, and `note` says how."""
    unit: str = ""
    """Written after the figure: `x`, `ms`, `s`, `%`, `records/s`; empty for bare numbers."""
    target: Target | None = None
    """None: shown for comparison."""
    note: str = ""
    measured: str = ""
    """UTC date of the run."""
    quick: bool = False

    @property
    def reached(self) -> bool | None:
        """None where there is no target."""
        if self.target is None:
            return None
        return self.value is not None and self.target.holds(self.value)


def at_most(bound: float) -> Target:
    """A figure that must not be greater."""
    return Target(sense="at most", bound=bound)


def at_least(bound: float) -> Target:
    """A figure that must not be smaller."""
    return Target(sense="at least", bound=bound)
