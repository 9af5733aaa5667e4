"""Sketches: what twins are found by. MinHash over runs of four characters, computed for a batch of texts at once.

The shingles of all texts are hashed in one pass of numpy, and rensa makes the signatures of them: about 20 µs a text, most of
it for normalising. Of each minimum one byte is kept: two unequal ones are equal by chance in 1 of 256 cases, which the estimate
takes into account (`stores.grouping`), for a quarter of the room (Li & König 2010, b-bit minwise hashing).
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import rensa

from assistant.stores.ledger import Sketch
from ingest.clean.duplicates import figures, normalised

_CHARS = 4
"""Of 3, 4 and 5, these told planted edits from other questions of banking77 best."""
_PERMUTATIONS = 128
_SEED = 42
_LEAST_CHARS = 20
"""Shorter texts are nearly alike by accident ("works fine", "works now"): only exact twins of them are linked."""
_NO_WORD = re.compile(r"[\W_]+")

Hashes = npt.NDArray[np.uint64]


def sketches_of(cleaned: Sequence[str]) -> list[Sketch]:
    """One sketch per cleaned text. It depends on its own text alone, not on the batch."""
    plain = [normalised(text) for text in cleaned]
    shingled = [f" {_NO_WORD.sub(' ', text).strip()} " for text in plain]
    long = [row for row, text in enumerate(shingled) if len(text) - 2 >= _LEAST_CHARS]
    signatures = dict(zip(long, _signatures([shingled[row] for row in long]), strict=True))
    return [
        Sketch(
            blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
            figures(text),
            signatures.get(row, b""),
        )
        for row, text in enumerate(plain)
    ]


def _signatures(texts: Sequence[str]) -> list[bytes]:
    if not texts:
        return []
    hashes, offsets = _shingle_hashes(texts)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, offsets, _PERMUTATIONS, _SEED)
    low = np.array(matrix.to_rows(), dtype=np.uint32).astype(np.uint8)
    return [row.tobytes() for row in low]


def _shingle_hashes(texts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """Hashes of the runs of four characters of all texts, and where each text's begin. Every text must have one."""
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, dtype="<u4").astype(np.uint64)
    ends = np.cumsum([len(text) for text in texts])
    hashes = np.zeros(len(codes) - _CHARS + 1, dtype=np.uint64)
    for position in range(_CHARS):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += codes[position : position + len(hashes)]
    # Runs over the end of a text belong to none.
    inside = np.ones(len(codes), dtype=bool)
    for back in range(1, _CHARS):
        inside[ends - back] = False
    offsets = np.concatenate([[0], ends - (_CHARS - 1) * np.arange(1, len(texts) + 1)]).astype(np.uint64)
    return _mixed(hashes[inside[: len(hashes)]]), offsets


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of SplitMix64): rensa takes hashes as they are."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ values >> np.uint64(shift)) * np.uint64(factor)
    return values ^ values >> np.uint64(31)
