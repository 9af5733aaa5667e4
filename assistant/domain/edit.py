"""What a person changes in a draft: edits by target. How they are made is `assistant.drafting.editing.apply`.

A target names one text or block, in the words of findings: `C3` (a claim), `US-1.want`, `FR-2.text`, `G1.target`,
`US-1.criteria.2.then.1` (numbers from 1), `section:problem.title`, `draft.title`. What has no id is named by its place in its section:
`section:problem.blocks.1.text`, `.lead`, `.rows.2.3`, `.header.1`. Without the field it names the whole: `US-1`,
`US-1.criteria.2`, `section:problem.blocks.1`.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.draft import Block, Priority, Stance

MOST_EDITS = 200
"""At a time."""
LONGEST_TEXT = 20_000
"""Of one text, in characters."""

Target = Annotated[str, Field(min_length=1, max_length=200)]
Place = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=LONGEST_TEXT)]


class Style(StrEnum):
    """How a passage is to be worded anew."""

    shorter = "shorter"
    for_sales = "for_sales"
    less_jargon = "less_jargon"


class Replace(Frozen):
    """A person types over a text, or over a part of it. It is locked from then on."""

    type: Literal["replace"] = "replace"
    target: Target
    text: Words
    span: tuple[int, int] | None = None
    """Offsets into the target's text, placeholders as they stand (`{F1}`); None: the whole."""
    before: Words | None = None
    """What stood there; where it reads differently by now, nothing is changed."""
    filled: bool = False
    """The text is as a reader sees it: numbers and quotes that still stand in it become placeholders again. Without a span."""


class InsertBlock(Frozen):
    """A person adds a block. It is locked."""

    type: Literal["insert"] = "insert"
    section: Target
    block: Block
    """An empty `id` is given the next number of its sort."""
    after: Place = ""
    """Target of the block that it follows; empty: it comes first."""


class InsertClaim(Frozen):
    """A person adds a statement behind another one: without evidence it is an assumption or a target, and says so."""

    type: Literal["insert_claim"] = "insert_claim"
    after: Target
    """The claim that it follows."""
    text: Words
    stance: Literal[Stance.assumption, Stance.target] = Stance.assumption


class Remove(Frozen):
    """A block, claim, criterion, step or section goes; references to it go with it."""

    type: Literal["remove"] = "remove"
    target: Target


class Move(Frozen):
    """A block stands elsewhere."""

    type: Literal["move"] = "move"
    target: Target
    section: Place = ""
    """Empty: its own."""
    after: Place = ""
    """Target of the block that it follows; empty: it comes first."""


class SplitStory(Frozen):
    """A story becomes several; the first keeps the id."""

    type: Literal["split_story"] = "split_story"
    target: Target
    wants: tuple[Words, ...] = Field(default=(), max_length=10)
    """What each is to want; empty: the wish is cut where it joins two things."""


class AddFailurePath(Frozen):
    """A story gets a scenario in which it can't be finished."""

    type: Literal["add_failure_path"] = "add_failure_path"
    target: Target


class SetPriority(Frozen):
    """A person decides how urgent a requirement is."""

    type: Literal["set_priority"] = "set_priority"
    target: Target
    priority: Priority
    reason: Words | None = None
    """None leaves the reason that stands there."""


class SetTarget(Frozen):
    """A person sets the number of a goal (metric) or the bound of a requirement."""

    type: Literal["set_target"] = "set_target"
    target: Target
    value: Annotated[str, Field(min_length=1, max_length=200)]
    unit: Annotated[str, Field(max_length=60)] | None = None
    """None leaves the unit."""


class SetStance(Frozen):
    """A person calls a statement what it is: an assumption, or a target. Support comes from evidence alone."""

    type: Literal["set_stance"] = "set_stance"
    target: Target
    stance: Literal[Stance.assumption, Stance.target]


class Lock(Frozen):
    """A passage stays as it is, whatever is written anew."""

    type: Literal["lock"] = "lock"
    target: Target


class Unlock(Frozen):
    """A passage may be written anew."""

    type: Literal["unlock"] = "unlock"
    target: Target


class Reword(Frozen):
    """A passage is worded anew: by rules that only cut or choose, or by a model, whose wording is shown before it is taken."""

    type: Literal["reword"] = "reword"
    target: Target
    style: Style


Edit = Annotated[
    Replace
    | InsertBlock
    | InsertClaim
    | Remove
    | Move
    | SplitStory
    | AddFailurePath
    | SetPriority
    | SetTarget
    | SetStance
    | Lock
    | Unlock
    | Reword,
    Field(discriminator="type"),
]
