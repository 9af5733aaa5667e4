"""Searching every file of a folder for pieces of text that must not be there, without keeping the pieces.

What is kept are hashes under a random key: a polynomial over the bytes modulo 2**64 (Karp and Rabin 1987), whose value for any
span follows from running sums. So thousands of pieces are looked for in one pass, and an erasure that was broken off can be
proven later, when nobody has the texts any more.
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

_HEADS = (20, 6)
"""Bytes by which a piece is recognised first: the most that it has. Shorter forms of pieces aren't looked for."""
_LONGEST = 512
"""Bytes of a piece that are compared; its length has to fit into a chunk."""
_CHUNK = 1 << 19
_BITS = 20
_Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Traces:
    """Hashes of pieces, in every form in which a file may hold them."""

    seed: int
    heads: dict[int, frozenset[int]]
    """Bytes of the head → hashes of the heads of that length."""
    whole: dict[int, frozenset[int]]
    """Length in bytes → hashes of the pieces of that length."""
    pieces: int

    def to_json(self) -> str:
        """As it is kept while an erasure isn't over."""
        held = {
            name: {str(length): sorted(hashes) for length, hashes in sorted(found.items())}
            for name, found in (("heads", self.heads), ("whole", self.whole))
        }
        return json.dumps({"seed": self.seed, "pieces": self.pieces} | held)


@dataclass
class Searched:
    """What a search looked at, and where it found something."""

    files: int = 0
    bytes: int = 0
    left: list[str] = field(default_factory=list)
    """Paths from the folder."""


def traces_of(pieces: Iterable[str]) -> Traces:
    """Hash pieces in UTF-8, UTF-16 and as JSON escapes them."""
    seed = secrets.randbits(63)
    hashing = _Hashing(seed)
    heads: dict[int, set[int]] = {}
    whole: dict[int, set[int]] = {}
    count = 0
    for piece in pieces:
        count += 1
        for form in _forms(piece):
            if (head := _head(len(form))) is not None:
                form = form[:_LONGEST]
                heads.setdefault(head, set()).add(hashing.of(form[:head]))
                whole.setdefault(len(form), set()).add(hashing.of(form))
    return Traces(seed, _frozen(heads), _frozen(whole), count)


def traces_from(text: str) -> Traces:
    """What `Traces.to_json` gave."""
    held = json.loads(text)
    heads, whole = ({int(n): set(found) for n, found in held[name].items()} for name in ("heads", "whole"))
    return Traces(held["seed"], _frozen(heads), _frozen(whole), held["pieces"])


def search_files(folder: Path, traces: Traces) -> Searched:
    """Look into every file below a folder, and at the files' names."""
    found = Searched()
    search = _Search(traces)
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = str(path.relative_to(folder))
        found.files += 1
        try:
            found.bytes += path.stat().st_size
            held = search.hits(path) or search.in_bytes(name.encode("utf-8", "surrogateescape"))
        except FileNotFoundError:
            continue
        if held:
            found.left.append(name)
    return found


def holds(path: Path, traces: Traces) -> bool:
    """Whether a file holds a piece, or is called by one."""
    search = _Search(traces)
    return search.hits(path) or search.in_bytes(path.name.encode("utf-8", "surrogateescape"))


def _head(length: int) -> int | None:
    return next((head for head in _HEADS if head <= length), None)


def _frozen(found: dict[int, set[int]]) -> dict[int, frozenset[int]]:
    return {length: frozenset(hashes) for length, hashes in sorted(found.items())}


def _forms(piece: str) -> Iterator[bytes]:
    forms = [
        piece.encode("utf-8", "surrogatepass"),
        piece.encode("utf-16-le", "surrogatepass"),
        piece.encode("utf-16-be", "surrogatepass"),
        json.dumps(piece)[1:-1].encode(),
        json.dumps(piece, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass"),
    ]
    return iter(dict.fromkeys(forms))


class _Hashing:
    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.of_byte: _Words = random.integers(1, 1 << 63, 256, dtype=np.uint64)
        base = int(random.integers(1, 1 << 62)) * 2 + 1
        room = _CHUNK + _LONGEST
        self.powers = self._running(base, room)
        self.inverses = self._running(pow(base, -1, 1 << 64), room)

    def of(self, piece: bytes) -> int:
        """Hash of a short piece."""
        codes = self.of_byte[np.frombuffer(piece, np.uint8)]
        return int((codes * self.powers[: len(codes)]).sum(dtype=np.uint64))

    @staticmethod
    def _running(base: int, count: int) -> _Words:
        factors = np.full(count, base, dtype=np.uint64)
        factors[0] = 1
        return np.multiply.accumulate(factors)


class _Search:
    def __init__(self, traces: Traces) -> None:
        self._hashing = _Hashing(traces.seed)
        self._heads = {head: _Known(hashes) for head, hashes in traces.heads.items()}
        self._whole = {length: _Known(hashes) for length, hashes in traces.whole.items()}

    def hits(self, path: Path) -> bool:
        """Whether the file holds a piece."""
        before = b""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                # Zeros are what secure deletion leaves; whole chunks of them are common.
                if chunk.count(0) < len(chunk) and self.in_bytes(before + chunk):
                    return True
                before = chunk[-_LONGEST:]
        return False

    def in_bytes(self, data: bytes) -> bool:
        """Whether these at most `_CHUNK + _LONGEST` bytes hold a piece."""
        count = len(data)
        hashing = self._hashing
        sums = np.zeros(count + 1, dtype=np.uint64)
        codes = hashing.of_byte[np.frombuffer(data, np.uint8)]
        np.cumsum(codes * hashing.powers[:count], dtype=np.uint64, out=sums[1:])
        for head, known in self._heads.items():
            if count < head:
                continue
            places = known.places((sums[head:] - sums[:-head]) * hashing.inverses[: count - head + 1])
            if len(places) and any(
                self._at(sums, places, length, whole)
                for length, whole in self._whole.items()
                if _head(length) == head
            ):
                return True
        return False

    def _at(self, sums: _Words, places: npt.NDArray[np.intp], length: int, whole: "_Known") -> bool:
        here = places[places + length < len(sums)]
        return bool(len(whole.places((sums[here + length] - sums[here]) * self._hashing.inverses[here])))


class _Known:
    """A set of hashes that a whole array is compared with: by a table of their first bits, then by search."""

    def __init__(self, hashes: frozenset[int]) -> None:
        self._sorted = np.array(sorted(hashes), dtype=np.uint64)
        self._seen = np.zeros(1 << _BITS, dtype=bool)
        self._seen[self._sorted >> np.uint64(64 - _BITS)] = True

    def places(self, values: _Words) -> npt.NDArray[np.intp]:
        """Where in the array a known hash stands."""
        likely = np.flatnonzero(self._seen[values >> np.uint64(64 - _BITS)])
        found = np.searchsorted(self._sorted, values[likely])
        found[found == len(self._sorted)] = 0
        exact: npt.NDArray[np.intp] = likely[self._sorted[found] == values[likely]]
        return exact
