"""Counter-evidence: the praise that is about the same thing as the trouble."""

import numpy as np

from assistant.domain.text import index_terms
from assistant.drafting.reader import Heard, Reader
from assistant.drafting.themes import unit
from assistant.search.exact import cosines

_FARTHEST, _BESIDE = 5, 0.1
"""Praise is about the need if it is no farther from its middle than this percentile of the troubled, and so much more."""
_MAIN_WORDS = 2


def on_subject(reader: Reader, praise: Heard, troubled: Heard, keywords: tuple[str, ...]) -> Heard:
    """Leave out praise for something else: what is far from the trouble and holds none of its main words.

    Args:
        keywords: of the need, the main ones first.
    """
    if not len(praise) or not len(troubled):
        return praise
    matrix = reader.matrix
    hurting = matrix.unit_rows(troubled.passages)
    aim = unit(hurting.mean(axis=0, dtype=np.float64).astype(np.float32)).astype(np.float32)
    least = float(np.percentile(cosines(hurting, aim), _FARTHEST)) - _BESIDE
    near = cosines(matrix.unit_rows(praise.passages), aim) >= least
    words = index_terms(" ".join(keywords[:_MAIN_WORDS]))
    holding = reader.bench.catalog.lexical.search(reader.bench.workspace, words, len(matrix.rows.passage_ids))
    rows = [matrix.passage_row[passage] for passage, _ in holding if passage in matrix.passage_row]
    return praise.where(near | np.isin(praise.passages, rows))
