"""What a person decided about themes: kept as a log, and done again in every later run."""

from enum import StrEnum

from pydantic import AwareDatetime

from assistant.domain.base import Frozen
from assistant.domain.evidence import Quote


class EditAction(StrEnum):
    """What an edit does."""

    rename = "rename"
    merge = "merge"
    splitting = "split"
    move = "move"
    pin = "pin"
    exclude = "exclude"
    track = "track"


class ThemeEdit(Frozen):
    """One edit: ids, and what the person typed. No text of a record."""

    action: EditAction
    theme: str = ""
    """The theme that is renamed, split, moved, or into which others are merged or statements moved."""
    themes: tuple[str, ...] = ()
    """merge: those that end in `theme`."""
    parent: str = ""
    """move of a theme: the one it goes under. track: the area it hangs under."""
    name: str = ""
    """rename, and track: what the person typed."""
    record: str = ""
    """move, pin: whose statements; track: the example."""
    text_hash: str = ""
    """move, pin: one statement of the record only; track: the example's."""
    person: str = ""
    """exclude: a pseudonym."""
    phrase: str = ""
    """track: what the person typed."""
    near: float = 0.0
    """track: least cosine of a statement to the phrase or example."""
    seeds: tuple[tuple[str, ...], ...] = ()
    """split: hashes of the most central texts of each part, the part that keeps the theme's id first."""

    @property
    def names_records(self) -> bool:
        """Whether it holds anything that goes when records are erased."""
        return bool(self.record or self.person or self.seeds)


class LoggedEdit(Frozen):
    """An edit in the log of its workspace."""

    number: int
    """From 1, never used twice."""
    edit: ThemeEdit
    by: str
    at: AwareDatetime
    undone: bool = False
    erased: bool = False
    """What it named was erased: it does nothing any more."""

    @property
    def is_in_force(self) -> bool:
        """Whether runs do it."""
        return not self.undone and not self.erased


class Outcome(StrEnum):
    """What became of an edit in a run."""

    done = "done"
    holds = "holds"
    """It is so already."""
    lost = "lost"
    """The theme or record that it names is gone."""


class EditResult(Frozen):
    """What became of one edit in a run."""

    number: int
    outcome: Outcome
    told: str = ""
    """Of a lost one: what is gone, as ids."""


class Tally(Frozen):
    """How much a theme holds."""

    statements: int = 0
    records: int = 0
    """Distinct voices."""
    people: int = 0


class ThemeShift(Frozen):
    """A theme before and after an edit."""

    id: str
    name: str
    """As it is called after the edit; of one that goes, before."""
    level: int
    parent: str = ""
    """Name of the theme above it after the edit; empty for areas and what goes."""
    before: Tally | None = None
    """None where the edit makes it."""
    after: Tally | None = None
    """None where the edit ends it."""
    quotes: tuple[Quote, ...] = ()
    """Of statements that come in; of a theme that only changes its name or place, of what is in it."""


class EditPreview(Frozen):
    """What an edit, its undoing or redoing changes over the records of now."""

    logged: LoggedEdit
    applied: bool
    """Whether it is kept; else nothing was changed."""
    statements: int
    """How many come into another theme, or are no longer counted."""
    themes: tuple[ThemeShift, ...]
    """Those that change, themes before areas and parts, largest first."""
    lost: tuple[int, ...] = ()
    """Edits in force that would find nothing any more."""
    notes: tuple[str, ...] = ()
    """What a person may not expect."""
