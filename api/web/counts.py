"""The counts that pages show: of a small workspace those of now; of a large one those that were counted last, which the catalog keeps.

A page never waits for the counting of a large workspace, except where nothing was ever counted. Who counts again: `api.counting`.
"""

import gzip
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from api.web.kept import once
from assistant.domain.theme import Level, ThemeSet
from assistant.errors import NotFound
from assistant.synthesis.counting import (
    MAP,
    OVERVIEW,
    PLACES,
    TOLD,
    Overview,
    behind,
    count,
    overview_of,
    stamp_of_now,
    trends_name,
)
from assistant.synthesis.outputs.kept_map import KeptMap, read_map
from assistant.synthesis.outputs.places import Places, read_places
from assistant.synthesis.pipeline import last_shown, themes_of
from assistant.synthesis.trend_table import TrendTable, empty_table, unpacked
from assistant.workbench import Workbench

_NOTHING = gzip.compress(b"", mtime=0)
AT_ONCE = 5_000
"""Passages of a workspace whose themes are counted while a page waits: some tenths of a second."""
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Counts:
    """What pages show of a workspace."""

    bench: Workbench
    kept: str
    """Stamp of the kept counts; empty: they are counted while the page waits."""
    now: str

    @property
    def is_current(self) -> bool:
        """Whether they are of the records and themes of now."""
        return self.kept in ("", self.now)

    @property
    def themes(self) -> ThemeSet | None:
        """The themes, as they were shown last; None before the first run."""
        if not self.kept:
            return themes_of(self.bench)
        return self.once("themes", lambda: last_shown(self.bench)) or themes_of(self.bench)

    @property
    def overview(self) -> Overview:
        """What the first page tells."""
        if self.kept and (held := self.once(OVERVIEW, lambda: self._kept(OVERVIEW, _overview))):
            return held
        themes = self.themes
        heads = [self.table(level).head for level in TOLD] if themes else []
        return self.once(OVERVIEW, lambda: overview_of(self.bench.columns(), themes, heads))

    def table(self, level: Level) -> TrendTable:
        """The themes of a level over time; empty where they were counted before the first run. Raises: NotFound before it."""
        name = trends_name(level)
        if self.kept:
            return self.once(name, lambda: self._kept(name, unpacked) or empty_table(level))
        return self.once(name, lambda: behind(self.bench, self._demanded()).table(level))

    def map(self) -> KeptMap:
        """The map; empty where it was drawn before the first run. Raises: NotFound before it."""
        if self.kept:
            return self.once(MAP, lambda: self._kept(MAP, read_map) or KeptMap((), 0, _NOTHING))
        return self.once(MAP, lambda: behind(self.bench, self._demanded()).map())

    def places(self) -> Places | None:
        """Where each statement of the records of now stands; None where that isn't kept."""
        held = self._kept(PLACES, read_places) if self.kept and self.is_current else None
        return held if held and held.snapshot == self.bench.columns().snapshot else None

    def once(self, name: Hashable, make: Callable[[], _Made]) -> _Made:
        """What is made of these counts, made once. Args: name: tells everything that `make` depends on besides."""
        return once(self.bench, self.kept or self.now, name, make)

    def _demanded(self) -> ThemeSet:
        if (themes := self.themes) is None:
            raise NotFound("There are no themes yet.", hint="Start a run on the page of themes.")
        return themes

    def _kept(self, name: str, read: Callable[[bytes], _Made]) -> _Made | None:
        content = self.bench.catalog.counted.read(self.bench.workspace, name)
        return None if content is None else read(content)


def counts_of(bench: Workbench) -> Counts:
    """The counts to show. Three indexed reads."""
    now, kept = stamp_of_now(bench), bench.catalog.counted.stamp(bench.workspace)
    if kept is None or (kept != now and not is_large(bench)):
        return Counts(bench, "", now)
    return Counts(bench, kept, now)


def is_large(bench: Workbench) -> bool:
    """Whether counting takes longer than a page may."""
    return bench.catalog.outbox.count(bench.workspace) > AT_ONCE


def warm(bench: Workbench) -> None:
    """Read what the first pages show. Where a large workspace was never counted, count it."""
    if is_large(bench) and bench.catalog.counted.stamp(bench.workspace) is None:
        count(bench)
    counts = counts_of(bench)
    if counts.overview.areas:
        for level in (1, 2):
            counts.table(level)


def _overview(content: bytes) -> Overview:
    return Overview.model_validate_json(content)
