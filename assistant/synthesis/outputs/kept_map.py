"""The map of themes as it is kept: its discs as rows, its points packed."""

import gzip
from dataclasses import dataclass

from pydantic import TypeAdapter

from assistant.domain.base import Frozen
from assistant.domain.theme import ThemeSet
from assistant.synthesis.outputs.points import Points

_TURN = 137.508
"""The golden angle: neighbours in the list of areas never look alike."""


class Disc(Frozen):
    """A theme on the map. Names are as they are stored; whoever shows them masks them."""

    id: str
    name: str
    area: str
    people: int
    records: int
    statements: int
    x: float
    y: float
    r: float
    label: str
    label_x: float
    label_y: float
    hue: int


_DISCS = TypeAdapter(tuple[Disc, ...])


@dataclass(frozen=True)
class KeptMap:
    """The map."""

    discs: tuple[Disc, ...]
    count: int
    """Points."""
    packed: bytes
    """`Points.packed`, gzipped."""

    def content(self) -> bytes:
        """As bytes that `read_map` reads."""
        discs = _DISCS.dump_json(self.discs)
        head = len(discs).to_bytes(8, "little") + self.count.to_bytes(8, "little")
        return head + discs + self.packed


def read_map(content: bytes) -> KeptMap:
    """A map from its bytes."""
    end = 16 + int.from_bytes(content[:8], "little")
    count = int.from_bytes(content[8:16], "little")
    return KeptMap(_DISCS.validate_json(content[16:end]), count, content[end:])


def map_of(themes: ThemeSet, points: Points) -> KeptMap:
    """Points with what is told of each disc."""
    areas = {one.id: (place, one.name) for place, one in enumerate(themes.of_level(1))}
    discs = []
    for theme, circle in points.discs:
        place, area = areas.get(theme.parent or "", (0, ""))
        discs.append(
            Disc(
                id=theme.id,
                name=theme.name,
                area=area,
                people=theme.people,
                records=theme.records,
                statements=theme.statements,
                x=circle.x,
                y=circle.y,
                r=circle.r,
                label=circle.label,
                label_x=circle.label_x,
                label_y=circle.label_y,
                hue=round(place * _TURN % 360),
            )
        )
    return KeptMap(tuple(discs), len(points.x), packed_points(points))


def packed_points(points: Points) -> bytes:
    """The points as they are kept and sent."""
    return gzip.compress(points.packed(), 1, mtime=0)
