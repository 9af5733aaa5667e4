"""What the report says of each theme, and the report itself: one HTML file that opens anywhere, offline.

Size: `MAX_THEMES` themes and areas are told, with `MAX_QUOTES` quoted records in all; the records behind the filters take 24 bytes each up
to `compact.MAX_ROWS`. That bounds a report to some 16 MB; what isn't in it, it counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from assistant.domain.theme import Exemplar, Theme
from assistant.domain.theme_trend import Change
from assistant.search.matrix import Ints
from assistant.search.sentences import LONGEST
from assistant.synthesis.members import Members, members_of
from assistant.synthesis.outputs.charts import spark
from assistant.synthesis.outputs.compact import Compact, compact_of
from assistant.synthesis.outputs.export import Export
from assistant.synthesis.outputs.page import Mapped, Page, filled
from assistant.synthesis.outputs.positions import centre_of, laid_out, scaled
from assistant.synthesis.outputs.told import count_of, counts_of
from assistant.synthesis.trends import Asked, trends_of

MAX_THEMES = 1_500
MAX_QUOTES = 6_000
MOST_QUOTES = 40
"""Of one theme."""
LEAST_QUOTES = 3
MAX_VOICES = 300
"""Single voices that are quoted, over all areas."""
MAX_ON_MAP = 60
MAX_CHANGES = 8
HUES = 10
_WIDE = (960.0, 520.0, 13.0)
_NARROW = (360.0, 460.0, 12.0)
"""Width, height and letters of the two maps: a phone can't shrink the large one and keep it readable."""


@dataclass(frozen=True)
class Said:
    """A record in the words that put it into a theme."""

    row: int
    """Its place among the report's records."""
    role: str
    text: str
    is_cut: bool
    language: str
    source: str
    day: str
    record_id: str
    external_id: str


@dataclass(frozen=True)
class Entry:
    """A theme as the report shows it."""

    number: int
    theme: Theme
    name: str
    language: str
    keywords: str
    summary: str
    trend: tuple[int, ...]
    spark: str
    said: tuple[Said, ...]
    parts: tuple["Entry", ...]
    untold: int
    """Themes in it that the report leaves out."""
    voices: tuple[Said, ...]
    single: int
    """Single voices in it."""


def report_html(export: Export) -> str:
    """The report as one file."""
    compact = compact_of(export)
    told = _told(export)
    reader = _Reader(export, compact, told)
    number = {theme.id: place for place, theme in enumerate(told)}
    entries = [reader.entry(theme, number) for theme in told if theme.level == 1]
    page = Page(
        export=export,
        compact=compact,
        entries=tuple(entries),
        leaves=reader.leaves(told),
        maps=_maps(export, reader.members, told, entries),
        untold=sum(not one.is_single_voice for one in export.themes.themes) - len(told),
        changes=_changes(export, number),
    )
    return filled(page)


def _told(export: Export) -> list[Theme]:
    """Areas and themes with at least three statements, the largest; each with what holds it, in the order of the whole."""
    real = [one for one in export.themes.themes if not one.is_single_voice]
    largest = sorted(real, key=lambda one: (one.level, -one.people, -one.records, one.id))[:MAX_THEMES]
    kept: set[str] = set()
    for one in largest:
        if one.parent is None or one.parent in kept:
            kept.add(one.id)
    return [one for one in real if one.id in kept]


def _changes(export: Export, number: Mapping[str, int]) -> tuple[Change, ...]:
    """What changed in the areas. The day of the last record is today, so that the report is the same tomorrow."""
    trends = trends_of(export.bench, export.themes, Asked(level=1))
    return tuple(one for one in trends.alerts if one.theme in number)[:MAX_CHANGES]


class _Reader:
    """Reads the records that entries quote, each at most once."""

    def __init__(self, export: Export, compact: Compact, told: list[Theme]) -> None:
        self._export, self._compact = export, compact
        self._below: dict[str | None, list[Theme]] = {}
        for theme in export.themes.themes:
            self._below.setdefault(theme.parent, []).append(theme)
        self.members = {one.node.id: one for one in members_of(export.material, export.tree)}
        self._told = {one.id for one in told}
        self._most = _budget([one.records for one in told])
        self._voices_left = MAX_VOICES

    def entry(self, theme: Theme, number: dict[str, int]) -> Entry:
        """A theme with all that is told in it."""
        export = self._export
        below = self._below.get(theme.id, [])
        parts = tuple(self.entry(one, number) for one in below if one.id in self._told)
        single = [one for one in below if one.is_single_voice]
        voices = [said for one in single[: max(self._voices_left, 0)] for said in self._said(one, 1)]
        self._voices_left -= len(voices)
        trend = self._trend(theme)
        languages = Counter(one.quote.language for one in theme.quotes)
        usual = min(languages, key=lambda one: (-languages[one], one), default="und")
        return Entry(
            number=number[theme.id],
            theme=theme,
            name=export.names[theme.id] or "(no words)",
            language="" if usual == "und" else usual,
            keywords=export.shown(" · ".join(theme.keywords)),
            summary=export.shown(theme.summary),
            trend=trend,
            spark=spark(trend[:-1] if self._compact.periods.is_last_open else trend),
            said=tuple(self._said(theme, self._most)),
            parts=parts,
            untold=sum(not one.is_single_voice for one in below) - len(parts),
            voices=tuple(voices),
            single=len(single),
        )

    def leaves(self, told: list[Theme]) -> list[list[int]]:
        """For each theme that is told, the places of the themes without parts that it consists of."""
        place = {leaf: at for at, leaf in enumerate(self._compact.members)}

        def below(theme_id: str) -> list[int]:
            own = [place[theme_id]] if theme_id in place else []
            return own + [one for part in self._below.get(theme_id, []) for one in below(part.id)]

        return [below(theme.id) for theme in told]

    def _trend(self, theme: Theme) -> tuple[int, ...]:
        """People (or records, where no author is known) per period."""
        compact = self._compact
        rows = compact.place(self.members[theme.id].records)
        period, person = compact.periods.of[rows], compact.person[rows]
        if counts_of(self._export.themes) == "people":
            pairs = np.unique(np.column_stack([period, person])[(period >= 0) & (person >= 0)], axis=0)
            period = pairs[:, 0]
        return tuple(np.bincount(period[period >= 0], minlength=len(compact.periods.names)).tolist())

    def _said(self, theme: Theme, most: int) -> list[Said]:
        """Its exemplars, then its most central statements, each of another voice."""
        material = self._export.material
        corpus, voice = material.matrix, material.matrix.voice.codes
        found: list[Said] = []
        seen: set[int] = set()
        for one in theme.quotes:
            row = corpus.record_row.get(one.quote.record_id)
            if row is not None and int(voice[row]) not in seen and len(found) < most:
                seen.add(int(voice[row]))
                found.append(self._exemplar(row, one))
        chosen: list[int] = []
        for statement in self.members[theme.id].central.tolist():
            if len(found) + len(chosen) >= most:
                break
            row = int(material.record[statement])
            if int(voice[row]) not in seen:
                seen.add(int(voice[row]))
                chosen.append(statement)
        # All at once, so that records are read in few queries.
        material.read(chosen)
        return found + [self._statement(one) for one in chosen]

    def _exemplar(self, row: int, one: Exemplar) -> Said:
        return self._words(row, one.role.value, one.quote.start, one.quote.end)

    def _statement(self, statement: int) -> Said:
        rows = self._export.material.rows
        row = int(self._export.material.record[statement])
        return self._words(row, "", int(rows.start[statement]), int(rows.end[statement]))

    def _words(self, row: int, role: str, start: int, end: int) -> Said:
        record = self._export.material.at(row)
        stop = end
        if end - start > LONGEST:
            space = record.raw.rfind(" ", start + LONGEST // 2, start + LONGEST)
            stop = space if space > 0 else start + LONGEST
        return Said(
            row=int(self._compact.place(np.array([row]))[0]),
            role=role,
            text=self._export.shown(record.raw[start:stop]),
            is_cut=stop < end,
            language="" if record.language == "und" else record.language,
            source=record.source.replace("_", " "),
            day=record.said_at.date().isoformat() if record.said_at else "",
            record_id=record.id,
            external_id=self._export.shown(record.external_id or ""),
        )


def _budget(records: Iterable[int]) -> int:
    """Quotes of one theme, such that all themes together keep to `MAX_QUOTES`."""
    sizes = np.array(list(records), dtype=np.int64)
    most = MOST_QUOTES
    while most > LEAST_QUOTES and int(np.minimum(sizes, most).sum()) > MAX_QUOTES:
        most -= 1
    return most


def _maps(
    export: Export, members: dict[str, Members], told: list[Theme], entries: list[Entry]
) -> tuple[Mapped, ...]:
    """The map for wide and for narrow windows: themes, or areas where there are too many themes."""
    middle = [one for one in told if one.level == 2]
    level = 2 if len(middle) <= 2 * MAX_ON_MAP else 1
    shown = [one for one in told if one.level == level]
    shown.sort(key=lambda one: (-one.people, -one.records, one.id))
    all_shown = len(shown)
    maps = []
    areas = [one.theme.id for one in entries[:HUES]]
    for width, height, text in (_WIDE, _NARROW):
        most = MAX_ON_MAP if width > 500 else MAX_ON_MAP // 2
        some = shown[:most]
        centres = [centre_of(export.material.vectors_of(_texts(export, members[one.id]))) for one in some]
        circles = laid_out(
            scaled(np.array(centres)),
            [max(count_of(export.themes, one), 1) for one in some],
            [export.names[one.id] or "(no words)" for one in some],
            width,
            height,
            text,
        )
        hues = [areas.index(one.parent) if one.parent in areas else HUES * (level > 1) for one in some]
        maps.append(
            Mapped(
                width,
                height,
                text,
                tuple(zip(some, circles, hues, strict=True)),
                level,
                all_shown - len(some),
            )
        )
    return tuple(maps)


def _texts(export: Export, theme: Members) -> Ints:
    return np.unique(export.material.rows.text[theme.statements]).astype(np.int64)
