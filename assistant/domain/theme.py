"""Themes: named groups of statements, their hierarchy, who says them, and how they came about."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen
from assistant.domain.evidence import Quote
from assistant.domain.ids import text_hash
from assistant.domain.lineage import ThemeChanges

Level = Literal[1, 2, 3]
"""1: areas; 2: themes; 3: what a large theme consists of."""


class Statement(Frozen):
    """One thing that a record says: a sentence, with short ones beside it. The unit that themes group."""

    ordinal: int
    """Place in its record, from 0."""
    start: int
    """Offset into `Record.raw`, code points."""
    end: int
    text_hash: str
    """Key of its vector: hash of the cleaned text."""

    @classmethod
    def of(cls, ordinal: int, start: int, end: int, cleaned: str) -> "Statement":
        """Args: cleaned: the text that is embedded for it."""
        return cls(ordinal=ordinal, start=start, end=end, text_hash=text_hash(cleaned))


class NamedBy(StrEnum):
    """Where a theme's name comes from."""

    keywords = "keywords"
    model = "model"
    person = "person"


class ExemplarRole(StrEnum):
    """What an exemplar shows of its theme."""

    typical = "typical"
    extreme = "extreme"
    dissenting = "dissenting"
    newest = "newest"


class Exemplar(Frozen):
    """A statement that stands for its theme, verbatim."""

    role: ExemplarRole
    quote: Quote


class ThemeNode(Frozen):
    """A theme as it is remembered from run to run. What it consists of lies beside the statements."""

    id: str
    level: Level
    parent: str | None = None
    """The theme of the next smaller level that holds it; areas have none."""
    born: str
    """Id of the run that found it."""
    name: str = ""
    """What a person or a model called it; empty: by its keywords."""
    named_by: NamedBy = NamedBy.keywords
    cites: tuple[str, ...] = ()
    """Records that a model's name rests on."""
    summary: str = ""
    """What a model wrote of it; empty without one."""


class ThemeRun(Frozen):
    """One execution of the synthesis, and what it looked at."""

    id: str
    """Hash of everything that it was made from."""
    snapshot: str
    embedder: str
    settings: str
    """Hash of what the themes were made with, besides the statements."""
    how: Literal["afresh", "grown"]
    """Clustered as a whole, or new statements brought to themes that there were."""
    as_of: AwareDatetime | None = None
    """Latest `said_at` of the workspace's records."""
    statements: int
    records: int


class Theme(Frozen):
    """A theme as a person reads it: counted, named and quoted over the records of now."""

    id: str
    level: Level
    parent: str | None = None
    name: str
    named_by: NamedBy = NamedBy.keywords
    summary: str = ""
    keywords: tuple[str, ...] = ()
    statements: int
    records: int
    """Distinct voices, as everywhere: twins of one person count once."""
    people: int
    share: float
    """Of the people of `ThemeSet.people`, in [0, 1]."""
    is_single_voice: bool = False
    """Fewer than three statements: shown, but no theme to build on."""
    quotes: tuple[Exemplar, ...] = ()


class ThemeSet(Frozen):
    """All themes of a workspace, largest first within their parent, and what they are shares of."""

    run: ThemeRun
    stamp: str
    """Hash of the records, ledgers and themes that were counted."""
    statements: int
    """Of current customer records."""
    waiting: int
    """Records that came in since the run: nothing of them is in a theme yet."""
    records: int
    people: int
    changes: ThemeChanges = ThemeChanges()
    """What the run did to the themes that there were."""
    themes: tuple[Theme, ...] = Field(default=())

    def of_level(self, level: Level) -> tuple[Theme, ...]:
        """The themes of one level, in order."""
        return tuple(theme for theme in self.themes if theme.level == level)
