"""What running evaluation sets found, as it is kept: by case, with all that it rests on. No time, no place, no chance:
the same sets, prompts and settings give the same bytes.

A case that abstained though it should have answered, and one whose model broke off, are outcomes of their own: neither is a zero in
a recall, and neither passes.
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from math import ceil
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from assistant.domain.base import Frozen, digest
from assistant.domain.finding import Finding, Severity, Verdict
from assistant.errors import InputRejected
from evals.cases.case import FrozenRecord
from evals.grader import Layer

_ROUNDING = 1e-9


class Outcome(StrEnum):
    """How one case went."""

    passed = "passed"
    failed = "failed"
    abstained = "abstained"
    """It says that there is not enough evidence, and there is."""
    error = "error"
    """The model couldn't serve, or the judge left a question open: nothing is known about the case."""


class Gate(StrEnum):
    """How a set or a run went, decided case by case."""

    passed = "passed"
    failed = "failed"
    inconclusive = "inconclusive"


class Recall(Frozen):
    """How many of what was expected are there."""

    found: int
    of: int


class Cited(Frozen):
    """A quote of the draft, by the record's own id."""

    external_id: str
    start: int
    end: int
    text: str


class Problem(Frozen):
    """What broke a case off."""

    code: str
    message: str
    hint: str = ""


class CaseResult(Frozen):
    """One case, what was found in its draft, and what it missed."""

    case_id: str
    asked: str
    """Hash of the case: only results of the same question are compared."""
    ask: str
    about: str = ""
    outcome: Outcome
    verdict: Verdict | None = None
    """The draft's own; None where there is none."""
    misses: tuple[str, ...] = ()
    """A sentence for each blocking finding, then one for each expectation that wasn't met; empty where the case passed."""
    findings: tuple[Finding, ...] = ()
    """With the severity that their grader is gated with in this set."""
    nuggets: Recall | None = None
    """Of what a good answer says; None where there is no answer, or nothing is expected."""
    vital: Recall | None = None
    """Of those that a good answer must say."""
    cited: Recall | None = None
    """Of what must be cited."""
    quotes: tuple[Cited, ...] = ()
    draft: str = ""
    """Hash of the draft."""
    problem: Problem | None = None

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.passed

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity is Severity.block)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The expectations that weren't met."""
        return self.misses[len(self.blocking) :]


class SetRun(Frozen):
    """One execution of a set."""

    name: str
    kind: str
    records: str
    """Hash of the evidence, whatever its order."""
    cases: str
    """Hash of what is asked and expected, whatever its order."""
    gates: str
    """Hash of the set's gates and thresholds."""
    embedder: str
    threshold: float
    """Least share of cases that must pass. A case with a blocking finding fails the set all the same."""
    evidence: dict[str, FrozenRecord] = Field(default_factory=dict)
    """The records that are quoted, by their own ids; nobody's name."""
    results: tuple[CaseResult, ...]

    @property
    def gate(self) -> Gate:
        """Failed where a blocking finding stands or too few cases can pass; inconclusive where one broke off."""
        count = self.counts()
        least = ceil(self.threshold * len(self.results) - _ROUNDING)
        if any(one.blocking for one in self.results) or count[Outcome.passed] + count[Outcome.error] < least:
            return Gate.failed
        return Gate.inconclusive if count[Outcome.error] else Gate.passed

    @property
    def passed(self) -> bool:
        return self.gate is Gate.passed

    def counts(self) -> Counter[Outcome]:
        """How many cases went how."""
        return Counter(one.outcome for one in self.results)


class GraderStamp(Frozen):
    """Which rule, in which wording of its code."""

    layer: Layer
    severity: Severity
    sha256: str


class EvalRun(Frozen):
    """One execution of one set or more by one writer. Its JSON is what `voxspec eval compare` reads."""

    schema_version: Literal[1] = 1
    voxspec: str
    writer: str
    """`extractive`, or the model."""
    judge: str = Field(default="", exclude_if=lambda name: not name)
    """The model that was asked about each draft; empty, and left out, where none was."""
    settings: str
    """Hash of the settings that bear on the results."""
    prompts: dict[str, str]
    """Prompt id and version → SHA-256 of the file, of all that the writers may have used."""
    graders: dict[str, GraderStamp]
    sets: tuple[SetRun, ...]
    """By name."""
    gate: Gate
    """The worst of the sets."""

    @model_validator(mode="after")
    def _says_what_its_cases_say(self) -> Self:
        if self.gate is not worst(one.gate for one in self.sets):
            raise ValueError(f"the gate is '{self.gate}', which the cases don't say")
        return self

    @property
    def id(self) -> str:
        """The same run has the same id."""
        return "run_" + digest(self, size=8)


def worst(gates: Iterable[Gate]) -> Gate:
    """Failed before inconclusive before passed."""
    found = set(gates)
    return next((gate for gate in (Gate.failed, Gate.inconclusive) if gate in found), Gate.passed)


def total(recalls: Iterable[Recall | None]) -> Recall | None:
    """Recalls of several cases as one; those of cases without an answer don't count. None where there is none."""
    held = [one for one in recalls if one is not None]
    return Recall(found=sum(one.found for one in held), of=sum(one.of for one in held)) if held else None


def load_run(text: str, name: str) -> EvalRun:
    """Read a run from its JSON. Raises: InputRejected.

    Args:
        name: the file's, for the message.
    """
    try:
        return EvalRun.model_validate_json(text)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputRejected(
            f"'{name}' is no run of evaluation sets: '{where}': {first['msg'].removeprefix('Value error, ')}.",
            hint="Give a file that 'voxspec eval run … --out FILE.json' wrote.",
        ) from problem
