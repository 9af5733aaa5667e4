"""What pages show of a whole workspace, counted once and kept in the catalog, so that nobody who opens a page waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.base import Frozen, digest
from assistant.domain.theme import Level, ThemeSet
from assistant.domain.theme_trend import Change, Trends
from assistant.errors import NotFound
from assistant.jobs.port import Progress
from assistant.stores.port import CorpusRows
from assistant.synthesis.outputs.export import Export
from assistant.synthesis.outputs.kept_map import KeptMap, map_of
from assistant.synthesis.outputs.places import places_of
from assistant.synthesis.outputs.points import points_of
from assistant.synthesis.pipeline import silent, themes_of, whole
from assistant.synthesis.tree import remembered
from assistant.synthesis.trend_table import TrendTable
from assistant.synthesis.trends import Asked, tabled, told_of
from assistant.workbench import Workbench

OVERVIEW, MAP, PLACES = "overview", "map", "places"
_SHOWN = 3
"""Goes up when the same records would be shown differently."""
_TRIES = 3
_LEVELS: tuple[Level, ...] = (1, 2, 3)
TOLD: tuple[Level, ...] = (1, 2)
"""Levels whose changes the first page tells."""
_CHANGES = 5


class Overview(Frozen):
    """What the first page tells of a workspace."""

    records: int
    people: int
    sources: tuple[str, ...]
    has_themes: bool = False
    areas: int = 0
    """Without single voices."""
    waiting: int = 0
    """Records that are in no theme yet."""
    changes: tuple[Change, ...] = ()
    """The newest among areas, then among themes whose area tells nothing."""


def trends_name(level: Level) -> str:
    """Under which the trends of a level are kept."""
    return f"trends-{level}"


def stamp_of_now(bench: Workbench) -> str:
    """What tells that counts are of the records and themes of now. Two indexed reads."""
    mark = bench.catalog.themes.mark(bench.workspace)
    snapshot = bench.catalog.records.snapshot(bench.workspace)
    return digest(_SHOWN, snapshot, mark.state if mark else "", bench.settings.show_personal_data)


def count(bench: Workbench, progress: Progress = silent) -> bool:
    """Count what pages show, and keep it. Nothing happens where that is done.

    Returns: whether what is kept is of now; False where records come in as fast as they are counted.
    Raises: Cancelled by the progress; StoreError.
    """
    for _ in range(_TRIES):
        stamp = stamp_of_now(bench)
        if bench.catalog.counted.stamp(bench.workspace) == stamp:
            return True
        contents = _counted(bench, progress)
        if stamp_of_now(bench) == stamp:
            bench.catalog.counted.keep(bench.workspace, stamp, contents)
            return True
    return False


def overview_of(rows: CorpusRows, themes: ThemeSet | None, heads: Sequence[Trends]) -> Overview:
    """The overview of a workspace. Args: heads: the trends of levels 1 and 2; what they have of single themes isn't looked at."""
    there = {one.id for one in themes.of_level(1) if not one.is_single_voice} if themes else set()
    return Overview(
        records=len(rows.record_ids),
        people=len({one for one in rows.person if one is not None}),
        sources=tuple(sorted(set(rows.source))),
        has_themes=themes is not None,
        areas=len(there),
        waiting=themes.waiting if themes else 0,
        changes=_changes(themes, heads)[:_CHANGES] if themes else (),
    )


def _changes(themes: ThemeSet, heads: Sequence[Trends]) -> tuple[Change, ...]:
    area = {theme.id: theme.parent or theme.id for theme in themes.themes if not theme.is_single_voice}
    told: tuple[Change, ...] = ()
    for head in heads:
        # A theme that jumps may be too small a part of its area to be heard there; what its area tells isn't told twice.
        known = {one.theme for one in told}
        told += tuple(one for one in head.alerts if one.theme in area and area[one.theme] not in known)
    return told


@dataclass(frozen=True)
class Behind:
    """Themes with what they are counted over."""

    export: Export

    def table(self, level: Level) -> TrendTable:
        """The themes of a level over time, up to the day of the last record."""
        material = self.export.material
        told = told_of(material, self.export.tree, self.export.themes, level)
        return tabled(material.matrix, told, material.customers, Asked(level=level))

    def map(self) -> KeptMap:
        """Every statement as a point."""
        return map_of(self.export.themes, points_of(self.export))


def behind(bench: Workbench, themes: ThemeSet) -> Behind:
    """Read what themes are counted over. 8 s of CPU for 200,000 records. Raises: NotFound where there are none."""
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        raise NotFound("There are no themes yet.", hint="Find them: voxspec themes run")
    state, material = whole(bench, state)
    return Behind(Export(bench, themes, material, remembered(state.nodes, material.rows)))


def _counted(bench: Workbench, progress: Progress) -> dict[str, bytes]:
    themes = themes_of(bench, progress)
    held = None if themes is None else behind(bench, themes)
    contents: dict[str, bytes] = {}
    heads: list[Trends] = []
    if held is not None:
        for done, level in enumerate(_LEVELS):
            progress(done, len(_LEVELS) + 1, "counting themes over time")
            table = held.table(level)
            heads += [table.head] if level in TOLD else []
            contents[trends_name(level)] = table.packed()
        progress(len(_LEVELS), len(_LEVELS) + 1, "placing themes on the map")
        contents[MAP] = held.map().content()
        contents[PLACES] = places_of(held.export.material, held.export.tree).content()
    contents[OVERVIEW] = overview_of(bench.columns(), themes, heads).model_dump_json().encode()
    return contents
