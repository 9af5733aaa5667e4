"""Which weights decide the type of a record, for which embedder. Small, since every open of a catalog asks."""

from collections.abc import Mapping
from typing import NamedTuple

VERSION = 2
"""To be raised where cues, word lists or rules change what comes out; stored wordings are then decided anew."""


class WeightsFile(NamedTuple):
    """A file of `assistant/models`, made by `python -m evals.facets.train`."""

    name: str
    sha256: str


WEIGHTS: Mapping[str, WeightsFile] = {
    "minilm-int8:8199be6f:384": WeightsFile(
        "facets.minilm.json", "55a233cf6cbbd6f24690ae5cf1ede3436a630484d81818b88e4a556b59df7298"
    ),
}
"""Identity of an embedder → weights over its vectors and the cues of the wording."""
CUES_ONLY = WEIGHTS["minilm-int8:8199be6f:384"]
"""Holds the weights of the cues alone too, for embedders without weights of their own."""


def worded_by(embedder: str) -> str:
    """What decides the wordings of a workspace with that embedder, for example `1:9f3c2a10`."""
    weights = WEIGHTS.get(embedder)
    return f"{VERSION}:{weights.sha256[:8]}" if weights else f"{VERSION}:cues:{CUES_ONLY.sha256[:8]}"
