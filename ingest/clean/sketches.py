"""Sketches: what twins are found by. MinHash over runs of four characters, computed for a batch of texts at once.

The shingles of all texts are hashed in one pass of numpy, and rensa makes the signatures of them: about 10 µs a text. Of each minimum one byte is kept: two unequal ones are equal by chance in 1 of 256 cases, which the estimate
takes into account (`stores.grouping`), for a quarter of the room (Li & König 2010, b-bit minwise hashing).
"""

import re
from array import array
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import rensa

from assistant.domain.base import digest
from assistant.stores.ledger import Sketch
from ingest.clean.duplicates import normalised

_CHARS = 4
"""Of 3, 4 and 5, these told planted edits from other questions of banking77 best."""
_PERMUTATIONS = 128
_SEED = 42
_LEAST_CHARS = 12
"""Shorter texts are nearly alike by accident ("works fine", "works now"): only exact twins of them are linked."""
_AT_ONCE = 256
"""Texts whose signatures are unpacked together: larger ones fall out of the processor's cache."""
_FIGURE = re.compile(r"\d+")
_NO_WORD = re.compile(r"[^\w ]|_")
_IS_WORD = np.array([chr(code).isalnum() for code in range(128)] + [True])
"""By code point; of those beyond ASCII, `_NO_WORD` leaves only what stands in words."""

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


def sketches_of(cleaned: Sequence[str]) -> list[Sketch]:
    """One sketch per cleaned text. It depends on its own text alone, not on the batch."""
    found: list[Sketch] = []
    for start in range(0, len(cleaned), _AT_ONCE):
        texts = list(map(normalised, cleaned[start : start + _AT_ONCE]))
        found += map(Sketch, map(_text_key, texts), _figures_of(texts), _signatures(texts))
    return found


def _text_key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _figures_of(texts: Sequence[str]) -> list[str]:
    """Hash of the figures in each text, in their order; empty where there are none."""
    # Most texts have none: a search of all at once is cheaper than one each.
    if not _FIGURE.search("".join(texts)):
        return [""] * len(texts)
    return [digest(*_FIGURE.findall(text), size=6) if _FIGURE.search(text) else "" for text in texts]


def _signatures(texts: Sequence[str]) -> list[bytes]:
    """A signature per normalised text; empty where it is too short for one."""
    codes, lengths = _words_of(texts)
    long = lengths >= _LEAST_CHARS + 2
    if not long.any():
        return [b""] * len(texts)
    hashes, offsets = _shingle_hashes(codes[np.repeat(long, lengths)], lengths[long])
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, _PERMUTATIONS, _SEED)
    # array() takes a row of integers in half the time of numpy.
    wide = np.frombuffer(b"".join([array("I", row) for row in matrix.to_rows()]), dtype=np.uint32)
    rows = iter(wide.astype(np.uint8).view(f"V{_PERMUTATIONS}").tolist())
    return [next(rows) if is_long else b"" for is_long in long.tolist()]


def _words_of(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The words of all texts, one blank around each: code points of all, and how many each text has."""
    padded = [f" {text} " for text in texts]
    joined = "".join(padded)
    if not joined.isascii():
        joined = _NO_WORD.sub(" ", joined)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    sizes = np.array([len(text) for text in padded], dtype=np.int64)
    is_word = _IS_WORD[np.minimum(codes, _IS_WORD.size - 1)]
    codes = np.where(is_word, codes, np.uint64(32))
    kept = is_word.copy()
    kept[1:] |= is_word[:-1]
    starts = np.cumsum(sizes) - sizes
    kept[starts] = True
    return codes[kept], np.add.reduceat(kept.astype(np.int64), starts)


def _shingle_hashes(codes: Hashes, lengths: Ints) -> tuple[Hashes, Hashes]:
    """Hashes of the runs of four characters of all texts, and where each text's begin. Every text must have one."""
    ends = np.cumsum(lengths)
    hashes = np.zeros(len(codes) - _CHARS + 1, dtype=np.uint64)
    for position in range(_CHARS):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += codes[position : position + len(hashes)]
    # Runs over the end of a text belong to none.
    inside = np.ones(len(codes), dtype=bool)
    for back in range(1, _CHARS):
        inside[ends - back] = False
    offsets = np.concatenate([[0], ends - (_CHARS - 1) * np.arange(1, len(ends) + 1)]).astype(np.uint64)
    return _mixed(hashes[inside[: len(hashes)]]), offsets


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of SplitMix64): rensa takes hashes as they are."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ values >> np.uint64(shift)) * np.uint64(factor)
    return values ^ values >> np.uint64(31)
