"""Themes over time as columns of counts: what many themes take little room in, and each is spelled out from when it is looked at.

10,500 themes over 40 months are 3 MB; spelled out, with an interval for each of 420,000 counts, they are 550 MB and 7 s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from assistant.domain.base import Frozen
from assistant.domain.theme import Level
from assistant.domain.theme_trend import Grain, Point, ThemeTrend, Trends
from assistant.synthesis.intervals import count_interval, share_interval

_POINT = ("records", "low", "high", "people", "share", "share_low", "share_high")
_KINDS: tuple[Literal["spike", "fade"], ...] = ("spike", "fade")
Counts = npt.NDArray[np.int32]


class _Head(Frozen):
    """What is kept of a table beside its counts."""

    trends: Trends
    ids: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TrendTable:
    """The themes of one level, largest first, by period."""

    head: Trends
    """Without its themes."""
    ids: tuple[str, ...]
    names: tuple[str, ...]
    totals: Counts
    """Shape (themes, 3): distinct voices in all, of them undated, and outside of all periods."""
    records: Counts
    """Shape (themes, periods): distinct voices."""
    people: Counts
    """The same: distinct known people."""
    changed: Mapping[tuple[int, int], Literal["spike", "fade"]]
    """(theme, period) → what it is against the periods before it."""

    @cached_property
    def row(self) -> dict[str, int]:
        """Theme id → its row."""
        return {one: row for row, one in enumerate(self.ids)}

    @cached_property
    def shares(self) -> npt.NDArray[np.float64]:
        """Of the period's records, shape (themes, periods)."""
        return self.records / np.maximum(1, self._whole)

    @cached_property
    def _whole(self) -> npt.NDArray[np.int64]:
        return np.array([one.records for one in self.head.periods], dtype=np.int64)

    def trend(self, theme_id: str) -> ThemeTrend | None:
        """One theme, spelled out; None where the table doesn't have it."""
        row = self.row.get(theme_id)
        return None if row is None else self._spelled(row)

    def spelled(self) -> Trends:
        """All themes, spelled out."""
        return self.head.model_copy(
            update={"themes": tuple(self._spelled(row) for row in range(len(self.ids)))}
        )

    def packed(self) -> bytes:
        """As bytes that `unpacked` reads; the same table gives the same ones."""
        head = _Head(trends=self.head, ids=self.ids, names=self.names).model_dump_json().encode()
        changed = [(row, place, _KINDS.index(kind)) for (row, place), kind in sorted(self.changed.items())]
        file = BytesIO()
        np.savez_compressed(
            file,
            head=np.frombuffer(head, dtype=np.uint8),
            totals=self.totals,
            records=self.records,
            people=self.people,
            changed=np.array(changed, dtype=np.int32).reshape(-1, 3),
        )
        return file.getvalue()

    def _spelled(self, row: int) -> ThemeTrend:
        records = self.records[row]
        columns = [
            column.tolist()
            for column in (
                records,
                *count_interval(records),
                self.people[row],
                records / np.maximum(1, self._whole),
                *share_interval(records, self._whole),
            )
        ]
        in_all, undated, outside = self.totals[row].tolist()
        return ThemeTrend(
            id=self.ids[row],
            name=self.names[row],
            level=self.head.level,
            records=in_all,
            points=tuple(
                Point.model_validate(
                    dict(zip(_POINT, values, strict=True)) | {"change": self.changed.get((row, place))}
                )
                for place, values in enumerate(zip(*columns, strict=True))
            ),
            undated=undated,
            outside=outside,
        )


def empty_table(level: Level) -> TrendTable:
    """A table of no theme in no period."""
    nothing = np.zeros((0, 0), dtype=np.int32)
    head = Trends(
        grain=Grain.month,
        today=None,
        periods=(),
        window=1,
        level=level,
        looked_at=0,
        records=0,
        themes=(),
        alerts=(),
        undated=0,
        future=0,
        strays=0,
    )
    return TrendTable(head, (), (), np.zeros((0, 3), dtype=np.int32), nothing, nothing, {})


def unpacked(content: bytes) -> TrendTable:
    """A table from its bytes."""
    with np.load(BytesIO(content), allow_pickle=False) as file:
        columns: dict[str, Counts] = {name: file[name] for name in ("totals", "records", "people", "changed")}
        head = _Head.model_validate_json(file["head"].tobytes())
    changed = cast(Sequence[Sequence[int]], columns["changed"].tolist())
    return TrendTable(
        head=head.trends,
        ids=head.ids,
        names=head.names,
        totals=columns["totals"],
        records=columns["records"],
        people=columns["people"],
        changed={(row, place): _KINDS[kind] for row, place, kind in changed},
    )
