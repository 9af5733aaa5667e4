"""A subject named in another language than the records': the group of theirs that means the same."""

from collections.abc import Sequence

import numpy as np

from assistant.drafting.themes import Group
from assistant.workbench import Workbench

_SAME = 0.6
"""Cosine of the multilingual embedder: `recherche` to `search` 0.90, `precio` to `fair price` 0.81, `preis` 0.70; `bananas`, `weather` and
`blockchain tokens` to the nearest of twelve names at most 0.36."""


def same_in_meaning(bench: Workbench, groups: Sequence[Group], topic: str) -> Group | None:
    """The group whose name means what the topic says; None where none does. Raises: ModelError and UsageError of the embedder."""
    named = [one for one in groups if one.label]
    if not named or not topic.strip():
        return None
    vectors = bench.speech.embed([topic, *(one.label for one in named)]).astype(np.float64)
    near = np.round(vectors[1:] @ vectors[0], 4)
    return named[int(near.argmax())] if near.max() >= _SAME else None
