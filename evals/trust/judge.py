"""A language model among the graders that are put to the test: it answers for the defects in which only the meaning is wrong."""

from collections import Counter
from dataclasses import dataclass, field

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.grader import Grader
from evals.judging.judge import SILENT, Answer
from evals.judging.layer4 import judge_draft
from evals.opinion import cards_of
from evals.trust.report import JUDGE
from evals.view import EvidenceView


@dataclass
class Heard:
    """How often the judge answered what."""

    answers: Counter[Answer] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    refused: UsageError | None = None
    """Why it can't be asked at all: a wrong key, a name that its server doesn't know."""

    @property
    def silent(self) -> int:
        """Questions on which it wasn't heard: nothing was measured there."""
        return sum(number for code, number in self.problems.items() if code in SILENT)


def judging(bench: Workbench, heard: Heard) -> Grader:
    """The workspace's judge as one grader, whose findings are named by their question. What it leaves open is no finding: not seen, and not
    let pass either.

    Args: bench: whose model and cards count; nothing is written to it but the call cache.
    """
    model = bench.judge
    assert model is not None
    may_gate = any(card.may_gate for card in cards_of(bench, model.name).values())

    def grade(draft: Draft, _view: EvidenceView) -> list[Finding]:
        if heard.refused is not None:
            return []
        try:
            found = judge_draft(bench, draft)
        except UsageError as problem:
            heard.refused = problem
            return []
        for one in found.judgements:
            heard.answers[one.answer] += 1
            heard.problems.update([one.problem] if one.problem else [])
        return list(found.findings)

    severity = Severity.block if may_gate else Severity.advise
    return Grader(JUDGE, 4, severity, grade, good=lambda draft: draft, bad=lambda draft: draft)
