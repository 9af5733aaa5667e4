"""What the words of a record tell: its type by weights over vectors and cues, its tone by the word lists.

The vectors are those that search uses, rounded as they are stored, so that deciding at ingest and deciding from the catalog
give the same. Weights are whole numbers: every sum is exact in float64, whatever the order and the processor.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.domain.facets import RecordType, Sentiment, Wording
from assistant.errors import ModelError, StoreError
from assistant.search.facet_weights import CUES_ONLY, WEIGHTS, WeightsFile, worded_by
from assistant.search.marks import marks_of
from assistant.search.stance import DECIDES, score_of
from assistant.search.type_cues import NAMES, cues_of, without_asking
from assistant.stores.port import Catalog, Uttered
from assistant.telemetry import get_logger

TYPES = tuple(RecordType)
"""In the order of the weights."""
_WEIGHS = {
    RecordType.problem: 1.5,
    RecordType.request: 1.5,
    RecordType.question: 1.0,
    RecordType.praise: 1.0,
    RecordType.other: 0.5,
}
"""Of a record's passages: a greeting and an account of the journey don't outvote the complaint between them."""
_PAGE = 1000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Of one embedder. Whole numbers; `scale` of them make one unit of log-odds."""

    scale: float
    bias: Floats
    """Shape (types,)."""
    cues: Floats
    """Shape (cues, types)."""
    vector: Floats | None
    """Shape (dimension, types); None where the cues decide alone."""

    def probabilities(self, said: Sequence[Uttered]) -> Floats:
        """How likely each passage is of each type, shape (passages, types)."""
        cues = np.array([cues_of(one.text, one.marks) for one in said], dtype=np.float64)
        sums = cues.reshape(len(said), len(NAMES)) @ self.cues + self.bias
        if self.vector is not None and said:
            sums += np.stack([one.vector for one in said]).astype(np.float64) @ self.vector
        odds: Floats = np.exp((sums - sums.max(axis=1, keepdims=True)) / self.scale)
        shares: Floats = odds / odds.sum(axis=1, keepdims=True)
        return shares


def wordings(records: Sequence[Sequence[Uttered]], embedder: str) -> list[Wording]:
    """What the words of records tell, each given as its passages with their cleaned texts and marks.

    Raises: ModelError where the weights are damaged.
    """
    lengths = [len(passages) for passages in records]
    odds = open_weights(embedder).probabilities([one for passages in records for one in passages])
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(int)
    return [
        _wording(passages, odds[start : start + len(passages)])
        for passages, start in zip(records, starts, strict=False)
    ]


def refresh(catalog: Catalog, workspace: str) -> int:
    """Decide the wordings of a workspace anew where others than today's weights and rules did. No embedding is computed.

    Returns: records that were looked at; 0 where all is as it should be.
    """
    decided_by, embedder = catalog.facets.worded_by(workspace)
    if embedder is None or decided_by == worded_by(embedder):
        return 0
    looked_at, after = 0, None
    while page := catalog.facets.uttered(workspace, after, _PAGE):
        told = wordings([[_read(one) for one in passages] for _, passages in page], embedder)
        catalog.facets.put(workspace, dict(zip((record_id for record_id, _ in page), told, strict=True)))
        looked_at, after = looked_at + len(page), page[-1][0]
    catalog.facets.finish(workspace, worded_by(embedder))
    get_logger("facets").info("facets_decided", records=looked_at)
    return looked_at


def refreshed(catalog: Catalog, workspace: str) -> Catalog:
    """The same catalog, once `refresh` has run. What it can't do now, the next open does: nothing else waits for facets."""
    try:
        refresh(catalog, workspace)
    except StoreError as problem:
        get_logger("facets").warning(
            "Types and sentiments of older records can't be stored now.", reason=problem.message
        )
    return catalog


@lru_cache(maxsize=4)
def open_weights(embedder: str) -> Weights:
    """The weights for an embedder's vectors; those of the cues alone where it has none. Raises: ModelError."""
    found = WEIGHTS.get(embedder)
    held = json.loads(_checked(found or CUES_ONLY))
    part = held["with_vectors" if found else "without_vectors"]
    vector = np.array(part["vector"], dtype=np.float64).T if found else None
    return Weights(
        held["scale"], np.array(part["bias"], np.float64), np.array(part["cues"], np.float64).T, vector
    )


def _checked(file: WeightsFile) -> bytes:
    content = resources.files("assistant.models").joinpath(file.name).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != file.sha256:
        raise ModelError(
            f"The file {file.name} is damaged: SHA-256 {sha256[:12]}…, expected {file.sha256[:12]}….",
            hint="Install voxspec again.",
        )
    return content


def _read(stored: Uttered) -> Uttered:
    """A stored passage with the text that was embedded, and with marks."""
    text = clean(stored.text).text
    return Uttered(text, stored.marks or marks_of(text), stored.vector)


def _wording(passages: Sequence[Uttered], odds: Floats) -> Wording:
    if not passages:
        return Wording(RecordType.other, Sentiment.neutral)
    kind = _type(passages, odds)
    return Wording(kind, _tone(kind, passages))


def _type(passages: Sequence[Uttered], odds: Floats) -> RecordType:
    if len(passages) == 1:
        return TYPES[int(odds[0].argmax())]
    lengths = np.array([len(one.text) for one in passages], dtype=np.float64)
    shares = lengths @ odds / lengths.sum() * np.array([_WEIGHS[one] for one in TYPES])
    # Rounded, so that the last bit of an exponential never decides.
    return TYPES[int(shares.round(9).argmax())]


def _tone(kind: RecordType, passages: Sequence[Uttered]) -> Sentiment:
    """By the word lists; where they are silent, a problem is negative and praise positive."""
    score = sum(float(one.marks.partition("|")[0]) for one in passages)
    if kind in (RecordType.request, RecordType.question) and score < 0:
        # Marks count a wish as a complaint.
        score = min(0.0, sum(score_of(without_asking(one.text)) for one in passages))
    if abs(score) >= DECIDES:
        return Sentiment.positive if score > 0 else Sentiment.negative
    if kind is RecordType.problem:
        return Sentiment.negative
    return Sentiment.positive if kind is RecordType.praise else Sentiment.neutral
