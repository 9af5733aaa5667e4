"""What a check says: findings, counts, a verdict."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen, digest


class Severity(StrEnum):
    """Whether a finding stops a draft from being ready."""

    block = "block"
    advise = "advise"


class Verdict(StrEnum):
    """The one word on top of a draft."""

    ready = "ready"
    needs_fixes = "needs fixes"
    not_enough_evidence = "not enough evidence"


class Edit(Frozen):
    """A change of one text of a draft that a machine can make: `evals.mend` applies it."""

    field: str
    """Of the finding's target: `role`, `want`, `benefit`, `text`; `criterion` is the step of that wording."""
    before: str
    """The whole text; where it reads differently by now, nothing is changed."""
    after: str


class Overruling(Frozen):
    """That a person dismissed a finding, and why. It stays in sight."""

    by: str
    reason: str
    at: AwareDatetime


class Finding(Frozen):
    """A problem that a grader saw in a draft."""

    grader: str
    severity: Severity
    target: str
    """Id of the claim, story, requirement, quote, fact or section; or `draft`."""
    span: tuple[int, int] | None = None
    """Offsets into the target's text."""
    message: str
    evidence: str = ""
    """What the grader compared with."""
    fix: str = ""
    """What would mend it."""
    edit: Edit | None = Field(default=None, exclude_if=lambda edit: edit is None)
    """The same for a machine, where code can make it. Left out of the JSON where it can't, so that reports keep their bytes."""
    overruled: Overruling | None = Field(default=None, exclude_if=lambda one: one is None)
    """Set when it is shown, from the labels of the workspace; never stored with the draft."""


def finding_key(finding: Finding) -> str:
    """Names a finding within its draft's version, whenever it is found again: twelve hex digits."""
    return digest(finding.grader, finding.target, finding.span, finding.message, size=6)


class Count(Frozen):
    """n of m, for example quotes verified."""

    ok: int = 0
    total: int = 0


class Opinion(Frozen):
    """How the judge of a draft got on, in numbers; what it found are findings. None of its words are here."""

    model: str
    """Who judged, as in provenance."""
    judges: dict[str, str]
    """Question → model with prompt and hash: a card of exactly that judge tells what its findings are worth."""
    gates: tuple[str, ...] = ()
    """Questions for which its card lets its findings block."""
    asked: int = Field(ge=0)
    unsure: int = Field(default=0, ge=0)
    errors: int = Field(default=0, ge=0)
    open: tuple[str, ...] = ()
    """Questions that it left open for a part of the draft at least."""
    problems: tuple[str, ...] = ()
    """Codes of the errors that kept it from answering."""

    @property
    def is_conclusive(self) -> bool:
        """Whether it said yes or no to all that it was asked. Unsure and error are neither a pass nor a zero."""
        return not (self.unsure or self.errors)

    @property
    def summary(self) -> str:
        """One sentence for the person."""
        if not self.asked:
            return f"nothing to ask {self.model} about"
        left = ", ".join(
            part
            for part, number in ((f"{self.unsure} unsure", self.unsure), (f"{self.errors} without an answer", self.errors))
            if number
        )  # fmt: skip
        why = f" ({', '.join(self.problems)})" if self.problems else ""
        answered = self.asked - self.unsure - self.errors
        worth = f"may gate on {', '.join(self.gates)}" if self.gates else "advises only"
        state = "inconclusive" if left else "judged"
        return f"{state}: {answered} of {self.asked} questions answered{', ' + left if left else ''}{why}; {self.model} {worth}"


class CheckReport(Frozen):
    """All findings, the four counts and the verdict."""

    verdict: Verdict
    counts: dict[str, Count] = Field(default_factory=dict)
    """`claims_supported`, `quotes_verified`, `numbers_recomputed`, `criteria_parsed`."""
    findings: tuple[Finding, ...] = ()
    opinion: Opinion | None = Field(default=None, exclude_if=lambda one: one is None)
    """Of the judge, where one was asked. Left out of the JSON where none was, so that reports keep their bytes."""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.block)

    @property
    def standing(self) -> tuple[Finding, ...]:
        """Those that block and that nobody overruled."""
        return tuple(f for f in self.blocking if f.overruled is None)
