"""What a grader is: a named pure function with its layer, its severity and its two examples."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.view import EvidenceView

Grade = Callable[[Draft, EvidenceView], list[Finding]]
Mutation = Callable[[Draft], Draft]
Layer = Literal[0, 1, 2, 3, 4]
"""0 structure, 1 evidence, 2 the set as a whole, 3 safety, 4 a judge's opinion."""


@dataclass(frozen=True)
class Grader:
    """One rule.

    Example:
        >>> def no_shouting(draft, view):
        ...     return [Finding(grader="no_shouting", …)] if draft.title.isupper() else []
        >>> GRADER = Grader("no_shouting", 0, Severity.advise, no_shouting, good=lambda d: d, bad=shout)
    """

    name: str
    layer: Layer
    severity: Severity
    """The gravest severity that it gives."""
    grade: Grade
    good: Mutation
    """Changes the sample draft (`evals.sample`) in a way that must raise nothing."""
    bad: Mutation
    """Breaks the sample draft in the way that this grader is for."""
