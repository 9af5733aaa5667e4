"""Passages by the words of a question, as rows of the corpus: no name is looked up that nobody reads."""

import numpy as np

from assistant.search.matrix import CorpusMatrix, Ints
from assistant.stores.lexical_port import Keys, Scores


def best_rows(matrix: CorpusMatrix, keys: Keys, scores: Scores, limit: int) -> tuple[Ints, Scores]:
    """Rows of the passages with the greatest scores and those scores, best first, ties by id.

    Args:
        keys: the catalog's numbers of passages, as the lexical index gives them; those that the snapshot doesn't hold are left out.
    """
    if len(keys) > limit:
        likely = scores >= np.partition(scores, -limit)[-limit]
        keys, scores = keys[likely], scores[likely]
    rows = matrix.rows_of_keys(keys)
    rows, scores = rows[rows >= 0], scores[rows >= 0]
    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]
