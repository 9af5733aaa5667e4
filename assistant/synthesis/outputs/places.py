"""Where each statement stands and in which area, as kept columns: reading all statements for a page takes seconds."""

import gzip
from dataclasses import dataclass

import numpy as np
from pydantic import TypeAdapter

from assistant.search.matrix import Ints
from assistant.synthesis.material import Material
from assistant.synthesis.tree import NOWHERE, Tree

_IDS = TypeAdapter(tuple[str, ...])
_COLUMNS = ("area", "record", "start", "end")


@dataclass(frozen=True, eq=False)
class Places:
    """The statements of a snapshot."""

    snapshot: str
    """Of the records: the rows below are rows of its corpus."""
    ids: tuple[str, ...]
    """Areas."""
    area: Ints
    """Row of `ids` for each statement, or -1."""
    record: Ints
    """Corpus row of each statement."""
    start: Ints
    end: Ints

    def content(self) -> bytes:
        """As bytes that `read_places` reads: 16 a statement before they are packed."""
        head = _IDS.dump_json((self.snapshot, *self.ids))
        columns = (getattr(self, name).astype("<i4").tobytes() for name in _COLUMNS)
        return gzip.compress(len(head).to_bytes(8, "little") + head + b"".join(columns), 1, mtime=0)


def read_places(content: bytes) -> Places:
    """Places from their bytes."""
    plain = gzip.decompress(content)
    end = 8 + int.from_bytes(plain[:8], "little")
    snapshot, *ids = _IDS.validate_json(plain[8:end])
    columns = np.frombuffer(plain, "<i4", offset=end).astype(np.int64).reshape(len(_COLUMNS), -1)
    return Places(snapshot, tuple(ids), *columns)


def places_of(material: Material, tree: Tree) -> Places:
    """Each statement with its area."""
    roots = [node.id for row, node in enumerate(tree.nodes) if tree.parent[row] == NOWHERE]
    return Places(
        material.matrix.rows.snapshot,
        tuple(roots),
        _areas(tree, roots)[tree.leaf[material.rows.text]],
        material.record,
        material.rows.start.astype(np.int64),
        material.rows.end.astype(np.int64),
    )


def _areas(tree: Tree, roots: list[str]) -> Ints:
    """Row of the area that holds each theme, by the theme's row; the last entry is for statements that are in no theme."""
    place = {one: row for row, one in enumerate(roots)}
    found = np.full(len(tree.nodes) + 1, NOWHERE, dtype=np.int64)
    for row in range(len(tree.nodes)):
        at = row
        while (above := int(tree.parent[at])) != NOWHERE:
            at = above
        found[row] = place[tree.nodes[at].id]
    return found
