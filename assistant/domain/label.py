"""What people say about drafts and findings, and what they keep of it as cases: the ground that evaluations stand on."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen, digest

WITHDRAWN = "withdrawn"
"""The question of labels that take a decision back. Their item is `<draft id>@<version>#<key or "draft">#<time of what they take back>`."""


class LabelVerdict(StrEnum):
    """A person's answer to a question."""

    right = "right"
    wrong = "wrong"
    unsure = "unsure"


class Label(Frozen):
    """What one person says to one question about one thing. A later answer of the same person takes its place."""

    question: str = Field(min_length=1, max_length=100)
    """What was asked: `finding:<grader>` (is that finding right), `judge:<question>`, `draft` (is it accepted),
    `withdrawn` (does a decision still hold), `section` and `section-withdrawn` (the same of one section)."""
    item: str = Field(min_length=1, max_length=500)
    """About what: `<draft id>@<version>#<target>`, or `<set>/<case>#<target>`; a finding adds its key."""
    verdict: LabelVerdict
    rater: str = Field(min_length=1, max_length=200)
    reason: str = Field(default="", max_length=2000)
    shown: str = Field(default="", max_length=20_000)
    """What the rater saw, so that the label is worth something when the draft is gone."""
    record_ids: tuple[str, ...] = ()
    """Records whose words `shown` holds; when one of them is erased, `shown` and `reason` are emptied."""
    at: AwareDatetime

    @property
    def id(self) -> str:
        return "lab_" + digest(self.question, self.item, self.rater)


class KeptCase(Frozen):
    """A case that a person kept in a set of the workspace. Its evidence is records of that workspace, in their revisions."""

    set_name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    kind: str
    """Kind of draft that the set is for; all cases of a set have the same."""
    id: str = Field(pattern=r"^[\w.-]{1,100}$")
    body: str
    """The case as JSON (`evals.cases.case.Case`)."""
    records: tuple[tuple[str, str], ...] = ()
    """(record id, revision) of the evidence it rests on. When one is erased, the case goes."""
    by: str
    at: AwareDatetime
