"""How themes came about: what each run and each edit did to them. Ids and counts only, no word of a record."""

from enum import StrEnum

from pydantic import AwareDatetime

from assistant.domain.base import Frozen


class EventKind(StrEnum):
    """What happened to a theme."""

    born = "born"
    splitting = "split"
    merged = "merged"
    renamed = "renamed"
    faded = "faded"
    moved = "moved"


class ThemeEvent(Frozen):
    """One thing that happened to themes."""

    kind: EventKind
    run: str = ""
    """Id of the run that did it; empty where an edit did."""
    edit: int | None = None
    """Number of the edit that did it."""
    as_of: AwareDatetime | None = None
    """Of a run: its latest `said_at`. Of an edit: when it was made."""
    before: tuple[str, ...] = ()
    """Ids of the themes that it happened to."""
    after: tuple[str, ...] = ()
    """Ids of the themes that there are for them since."""
    statements: int = 0
    """How many it concerned."""


class Fate(Frozen):
    """What a run made of one theme."""

    id: str
    """The theme of before; of a born one, the theme of now."""
    level: int
    statements: int
    """Before the run; of a born one, since."""
    into: tuple[str, ...] = ()
    """Themes of now that hold a tenth of it or more, most of it first."""
    stayed: int = 0
    """Statements that are still in the first of these."""


class ThemeChanges(Frozen):
    """The themes after a run against those before: every theme of before is kept, split, merged or gone."""

    kept: tuple[Fate, ...] = ()
    """Has its id still."""
    split: tuple[Fate, ...] = ()
    """In several themes now; where the first of them has its id, that one took its name and edits on."""
    merged: tuple[Fate, ...] = ()
    """In another theme now, which was there before or is new."""
    born: tuple[Fate, ...] = ()
    """Was not there before."""
    gone: tuple[Fate, ...] = ()
    """Scattered over so many themes that none has a tenth of it, or its statements are no longer there."""
    statements: int = 0
    """Statements that were in a theme before and are still there."""
    moved: int = 0
    """Those of them that are in a theme of another id now (level 2)."""
    new: int = 0
    """Statements that came into a theme for the first time."""
    lost_edits: tuple[int, ...] = ()
    """Numbers of edits that hold no longer, because the theme or record they name is gone. They are kept, and tried in each run."""
