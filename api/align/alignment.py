"""What comes out when a branch is held against a draft. No judgement is made here; `align` makes it."""

from enum import StrEnum

from pydantic import Field

from api.align.naming import Says
from assistant.domain.base import Frozen
from assistant.domain.finding import Severity


class Stand(StrEnum):
    """What a branch is to a requirement."""

    does = "does"
    """It says so, with the requirement's id or its ticket's key."""
    touches = "touches"
    """It names it without such a promise, or speaks of the same thing."""
    contradicted = "contradicted"
    """It takes it away, or misses its bound, by its own words."""
    unclear = "unclear"
    """Something speaks for it, and not enough; or it says both."""
    absent = "not mentioned"


class Sign(Frozen):
    """Why a branch is thought to speak of something."""

    says: Says
    by: str
    """`id`, `story US-1`, `ticket ABC-12`, `words` or `bound`."""
    where: str
    """`PR text`, `commit`, `path`, `added line` …"""
    place: str = ""
    """Start of a commit's hash, or a path."""
    line: int = 0
    text: str
    """What stands there, on one line, shortened."""
    words: tuple[str, ...] = ()
    """Words that both hold."""
    coverage: float = 0.0
    """Weighted share of the requirement's words that stand there."""
    cosine: float = 0.0
    """Likeness of meaning, where it was compared."""


class ItemAligned(Frozen):
    """A requirement (or a story that none carries) and what the branch is to it."""

    item: str
    text: str
    stand: Stand
    signs: tuple[Sign, ...] = ()
    """The strongest first."""
    stale: tuple[str, ...] = ()
    """Why the evidence that it rests on no longer holds."""


class OutsideTouched(Frozen):
    """Something that the draft won't have, and that the branch comes near to."""

    name: str
    text: str
    is_clear: bool
    signs: tuple[Sign, ...]


class TicketNamed(Frozen):
    """A ticket that the branch names."""

    key: str
    connection: str = ""
    title: str = ""
    items: tuple[str, ...] = ()
    """Items of the draft that it does; empty: none."""
    is_known: bool = True
    elsewhere: tuple[str, ...] = ()
    """Other drafts that it belongs to."""


class Misfit(Frozen):
    """A problem, or something for a person to look at."""

    rule: str
    severity: Severity
    target: str
    message: str
    evidence: str = ""
    fix: str = ""
    path: str = ""
    line: int = 0


class Verdict(StrEnum):
    """The one word on top."""

    aligned = "aligned"
    misaligned = "misaligned"
    unclear = "unclear"


class Alignment(Frozen):
    """A branch, held against a version of a draft."""

    verdict: Verdict
    draft_id: str
    version: int
    title: str
    branch: str
    base: str
    commits: int
    files: int
    items: tuple[ItemAligned, ...]
    non_goals: tuple[OutsideTouched, ...] = ()
    tickets: tuple[TicketNamed, ...] = ()
    unknown: tuple[str, ...] = ()
    """Ids that the branch names and the draft doesn't hold."""
    misfits: tuple[Misfit, ...] = ()
    compared_by: str = Field(default="words and meaning")
    """`words` where no embedder answered."""
    is_stored: bool = True
    """False: the draft came from a file alone, so neither its evidence nor its tickets were looked at."""

    def of(self, stand: Stand) -> list[ItemAligned]:
        """The items of that stand."""
        return [one for one in self.items if one.stand is stand]
