"""How alike texts are spelled, as vectors: the rare names and words that an embedder blurs. For a thousand texts."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from assistant.synthesis.grid import Floats, Vectors

_DIMENSION = 4096
_LENGTHS = (3, 4, 5)
"""Letters of a piece, within a word and the spaces around it: inflections and misspellings share most of theirs."""
_WORD = re.compile(r"\w+")


def spelling(texts: Sequence[str]) -> Vectors:
    """Hashed TF-IDF of the pieces of words, sublinear. Unit rows, or zeros where a text shares no piece with another.

    Args: texts: any language; case is folded. Returns: shape (texts, 4096), float32.
    """
    counts: Floats = np.zeros((len(texts), _DIMENSION))
    for row, text in enumerate(texts):
        for piece, count in Counter(_pieces(text)).items():
            counts[row, crc32(piece.encode("utf-8", "surrogatepass")) % _DIMENSION] += count
    texts_with = np.count_nonzero(counts, axis=0)
    weight = np.where(texts_with > 1, np.log((1 + len(texts)) / (1 + texts_with)) + 1.0, 0.0)
    np.log1p(counts, out=counts)
    counts *= weight
    counts /= np.maximum(np.sqrt(np.einsum("ij,ij->i", counts, counts)), 1e-9)[:, None]
    return counts.astype(np.float32)


def _pieces(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        padded = f" {word} "
        for length in _LENGTHS:
            for start in range(max(len(padded) - length + 1, 1)):
                yield padded[start : start + length]
