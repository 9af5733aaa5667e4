"""Counter-evidence: the praise that is about the same thing as the trouble."""

import numpy as np

from assistant.drafting.reader import Heard, Reader
from assistant.drafting.themes import unit
from assistant.search.cutoffs import cutoffs_of
from assistant.search.exact import cosines

_FARTHEST, _BESIDE = 5, 0.1
"""Praise is about the need if it is no farther from its middle than this percentile of the troubled, and so much more."""
_MAIN_WORDS = 2
"""Or if its cosine to the main words is at least `Cutoffs.names_it`. Sample of four needs: praise for another thing has at most 0.10,
short praise for the thing itself, such as «fair», 0.22 and more."""


def on_subject(reader: Reader, praise: Heard, troubled: Heard, keywords: tuple[str, ...]) -> Heard:
    """Leave out praise for something else: what is far from the trouble and from its main words.

    Args:
        keywords: of the need, the main ones first.
    """
    if not len(praise) or not len(troubled):
        return praise
    hurting = reader.unit_rows(troubled.passages)
    aim = unit(hurting.mean(axis=0, dtype=np.float64).astype(np.float32)).astype(np.float32)
    least = float(np.percentile(cosines(hurting, aim), _FARTHEST)) - _BESIDE
    near = cosines(reader.unit_rows(praise.passages), aim) >= least
    words = reader.bench.embedder.embed([" ".join(keywords[:_MAIN_WORDS])])[0]
    names_it = (
        cosines(reader.unit_rows(praise.passages), words)
        >= cutoffs_of(reader.bench.embedder.identity).names_it
    )
    return praise.where(near | names_it)
