"""A statement seen with what its record says around it: "It takes me longer than to write it again" is about search, where search is.

Only grouping looks at it so; names, quotes and nearness are the statement's own.
"""

import numpy as np

from assistant.search.matrix import Ints
from assistant.stores.index_port import Vectors
from assistant.synthesis.material import Material

WEIGHT = 0.7
"""Of the mean of the other statements of the record. Kanbo sample: the best area of a planted theme has a mean F1 of 0.49 without
it, 0.58 with 0.5, 0.59 to 0.71 with 0.7, 0.57 to 0.71 with 1 (the lower ones with twice as many themes); where records have
one statement nothing changes."""
MANY = 2_000
"""Texts from which they are seen so. Fewer are grouped by bounds on their own likeness, which what stands around them would raise."""
_RECORDS_AT_ONCE = 20_000
_TEXTS_AT_ONCE = 10_000


def in_context(material: Material) -> Vectors:
    """Unit vectors of the texts, shape (texts, dimension), the caller's own, each with the mean of what stands around it, over all its records.

    A text that many records share, such as a thanks, stands beside something else each time, and is left as it is. So are all where
    they are fewer than `MANY`.
    """
    rows = material.rows
    if len(rows.hashes) < MANY:
        return material.vectors
    text = rows.text.astype(np.int64)
    around = np.zeros(rows.vectors.shape, np.float32)
    # Rows of the statements are in the order of their records.
    starts = np.searchsorted(rows.record, np.arange(len(rows.record_ids) + 1))
    for first in range(0, len(rows.record_ids), _RECORDS_AT_ONCE):
        last = min(first + _RECORDS_AT_ONCE, len(rows.record_ids))
        _add(around, material, text[starts[first] : starts[last]], np.diff(starts[first : last + 1]))
    share = (np.float32(WEIGHT) / np.maximum(np.bincount(text, minlength=len(around)), 1)).astype(np.float32)
    for first in range(0, len(around), _TEXTS_AT_ONCE):
        part = around[first : first + _TEXTS_AT_ONCE]
        part *= share[first : first + len(part), None]
        part += material.vectors_of(np.arange(first, first + len(part)))
        lengths = np.sqrt(np.vecdot(part, part))
        part /= np.where(lengths > 0, lengths, np.float32(1.0))[:, None]
    return around


def _add(around: Vectors, material: Material, text: Ints, counts: Ints) -> None:
    """Add to each text the mean of the other statements of its record. Args: text: by record. counts: statements of each record."""
    several = np.repeat(counts > 1, counts)
    text, counts = text[several], counts[counts > 1]
    if not len(text):
        return
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    said = material.vectors_of(text)
    others = np.repeat(np.add.reduceat(said, begins, axis=0), counts, axis=0) - said
    others /= np.repeat(counts - 1, counts)[:, None].astype(np.float32)
    order = np.argsort(text, kind="stable")
    firsts = np.flatnonzero(np.diff(text[order], prepend=-1))
    around[text[order[firsts]]] += np.add.reduceat(others[order], firsts, axis=0)
