"""The typed document that Voxspec writes: sections of blocks over claims, quotes and facts.

Texts hold placeholders: `{F3}` is filled with a fact's value, `{Q2}` with a quote's verbatim text.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.evidence import Quote, Scope
from assistant.domain.fact import Fact, Selection
from assistant.domain.finding import CheckReport

PLACEHOLDER = re.compile(r"\{([FQ]\d+)\}")
"""Matches a placeholder; group 1 is the id."""


class Stance(StrEnum):
    """On what a claim rests."""

    supported = "supported"
    contradicted = "contradicted"
    assumption = "assumption"
    target = "target"


class Claim(Frozen):
    """One statement with its proof or its label."""

    id: str
    text: str
    stance: Stance
    quote_ids: tuple[str, ...] = ()
    counter_quote_ids: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()


class TextBlock(Frozen):
    """Connecting words that state nothing about the world."""

    type: Literal["text"] = "text"
    text: str


class ClaimsBlock(Frozen):
    """Claims as one paragraph, or as a list."""

    type: Literal["claims"] = "claims"
    claim_ids: tuple[str, ...]
    style: Literal["paragraph", "list"] = "paragraph"
    lead: str = ""
    """Bold words before the first claim, for example `Against:`."""


class Criterion(Frozen):
    """One Gherkin scenario. Steps carry no keyword; further steps of a list become `And`."""

    title: str
    given: tuple[str, ...] = Field(min_length=1)
    when: tuple[str, ...] = Field(min_length=1)
    then: tuple[str, ...] = Field(min_length=1)
    path: Literal["happy", "failure"] = "happy"
    note: str = ""
    """Why a bound is what it is, for example `target, proposed`."""


class StoryBlock(Frozen):
    """A user story with its acceptance criteria."""

    type: Literal["story"] = "story"
    id: str
    """`US-1`, stable across versions."""
    title: str
    role: str
    want: str
    benefit: str
    claim_ids: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    size_hint: str = ""
    depends_on: tuple[str, ...] = ()
    assumptions: tuple[Literal["role", "want", "benefit"], ...] = ()
    """Parts that the evidence doesn't say; they are marked for the reader."""


class Priority(StrEnum):
    """MoSCoW."""

    must = "must"
    should = "should"
    could = "could"
    wont = "won't"


class RequirementBlock(Frozen):
    """A shall-sentence. A non-functional one has a bound with a unit."""

    type: Literal["requirement"] = "requirement"
    id: str
    """`FR-1` or `NFR-1`, stable across versions."""
    text: str
    bound: str = ""
    unit: str = ""
    bound_proposed: bool = False
    """True where the bound is a target that a person must confirm."""
    claim_ids: tuple[str, ...] = ()
    story_ids: tuple[str, ...] = ()
    priority: Priority = Priority.should
    reason: str = ""
    """Why this priority; may hold placeholders."""


class MetricBlock(Frozen):
    """A goal. The target is a person's to set; the draft proposes."""

    type: Literal["metric"] = "metric"
    id: str
    name: str
    baseline: str
    """A placeholder, or `unknown` (listed under assumptions)."""
    target: str
    """A proposal, shown as such."""
    unit: str
    window: str
    guardrail: str = ""


class TableBlock(Frozen):
    """Cells may hold placeholders."""

    type: Literal["table"] = "table"
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class QuestionBlock(Frozen):
    """Something the evidence leaves open, and whom to ask."""

    type: Literal["question"] = "question"
    id: str
    text: str
    ask: str = ""
    claim_ids: tuple[str, ...] = ()


class RiskBlock(Frozen):
    """What may go wrong, and what to do about it."""

    type: Literal["risk"] = "risk"
    id: str
    text: str
    mitigation: str = ""
    claim_ids: tuple[str, ...] = ()


class DecisionBlock(Frozen):
    """A choice that was made or is to be made."""

    type: Literal["decision"] = "decision"
    id: str
    text: str
    claim_ids: tuple[str, ...] = ()


class ScoreBlock(Frozen):
    """A prioritisation score whose inputs are facts or a person's numbers."""

    type: Literal["score"] = "score"
    id: str
    name: str
    inputs: dict[str, str]
    value: str


class QuotesBlock(Frozen):
    """Quotes as a list with their source: the evidence appendix."""

    type: Literal["quotes"] = "quotes"
    lead: str = ""
    quote_ids: tuple[str, ...]


Block = Annotated[
    TextBlock
    | ClaimsBlock
    | StoryBlock
    | RequirementBlock
    | MetricBlock
    | TableBlock
    | QuestionBlock
    | RiskBlock
    | DecisionBlock
    | ScoreBlock
    | QuotesBlock,
    Field(discriminator="type"),
]


class Section(Frozen):
    """A titled run of blocks. `id` is the section's name in the kind's front matter."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    level: Literal[2, 3] = 2


class Removal(Frozen):
    """A wording that was refused, and why."""

    where: str
    text: str
    reason: str


class Provenance(Frozen):
    """Enough to write the same bytes again."""

    prompt_id: str
    prompt_sha256: str
    writer: str
    """`extractive`, or the model's name."""
    parameters: dict[str, str | int | float | bool] = Field(default_factory=dict)
    corpus: str
    """Snapshot hash of the workspace's records."""
    settings: str
    """Hash of the settings that bear on the text."""
    embedder: str = ""
    retrieved: tuple[str, ...] = ()
    """Passage ids in the order they were found."""
    calls: tuple[str, ...] = ()
    """Keys of the model calls in the call cache."""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """US dollars, where the price is known."""
    seed: int = 0
    removed: tuple[Removal, ...] = ()


class DraftStatus(StrEnum):
    """Where a draft stands in its life."""

    draft = "draft"
    ready = "ready"
    approved = "approved"
    stale = "stale"


class Draft(Frozen):
    """A document whose every quote and number is proven by code."""

    schema_version: Literal[1] = 1
    id: str
    workspace: str
    kind: str
    title: str
    version: int = 1
    parent_version: int | None = None
    language: str = "en"
    status: DraftStatus = DraftStatus.draft
    stale_reason: str = Field(default="", exclude_if=lambda reason: not reason)
    """Why it is stale. Left out of the JSON where there is none, so that other drafts keep their bytes."""
    brief: str
    scope: Scope
    max_items: int = 10
    assumptions: tuple[str, ...] = Field(default=(), exclude_if=lambda assumed: not assumed)
    """What the request took for granted; each stands as a claim, too."""
    sections: tuple[Section, ...] = ()
    claims: dict[str, Claim] = Field(default_factory=dict)
    quotes: dict[str, Quote] = Field(default_factory=dict)
    facts: dict[str, Fact] = Field(default_factory=dict)
    selections: dict[str, Selection] = Field(default_factory=dict)
    provenance: Provenance
    report: CheckReport | None = None
    locks: tuple[str, ...] = Field(default=(), exclude_if=lambda locks: not locks)
    """Targets (`domain.edit`) of what a person typed or locked: nothing writes it anew. Left out of the JSON where there are none."""

    def blocks(self) -> tuple[Block, ...]:
        """All blocks, in reading order."""
        return tuple(block for section in self.sections for block in section.blocks)
