"""Cutting records into statements and embedding the new ones, batch by batch: what is finished is never done again."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assistant.domain.theme import Statement
from assistant.jobs.port import Progress
from assistant.synthesis.cut import statements_of
from assistant.workbench import Workbench

RECORDS_PER_BATCH = 2_048
"""Large enough that the embedder finds texts of equal length; small enough that a kill costs seconds."""
RECORDS_PER_SHARD = 8_192
_TEXTS_AT_ONCE = 1_024
_IDS_BEGIN = "rec_"


@dataclass(frozen=True)
class Shard:
    """A range of record ids, for one worker. Ids are hashes, so that even ranges hold about equally many."""

    after: str | None = None
    """Greatest id before it; None: from the first."""
    until: str | None = None
    """Least id behind it; None: to the last."""


WHOLE = Shard()


def shards_of(records: int) -> tuple[Shard, ...]:
    """Ranges that hold about `RECORDS_PER_SHARD` records each, and together all. Args: records: in the workspace."""
    count = max(1, round(records / RECORDS_PER_SHARD))
    borders = [f"{_IDS_BEGIN}{65_536 * one // count:04x}" for one in range(1, count)]
    return tuple(Shard(after, until) for after, until in pairwise([None, *borders, None]))


def prepare(bench: Workbench, progress: Progress, shard: Shard = WHOLE) -> int:
    """See to it that every current customer record of a shard has statements, and every statement a vector.

    Each batch is one transaction, so a run that is stopped goes on behind it. Returns: statements that were new.
    Raises: Cancelled from `progress`; Conflict, ModelError, DiskFull, StoreError.
    """
    total = sum(bench.catalog.pages.languages(bench.workspace).values())
    added = done = 0
    after = shard.after
    missing = partial(bench.catalog.statements.uncut, bench.workspace, bench.embedder.identity)
    while batch := missing(after, RECORDS_PER_BATCH, shard.until):
        said: dict[str, list[Statement]] = {}
        texts: dict[str, str] = {}
        for record in batch:
            cuts = statements_of(record)
            said[record.record_id] = [cut.statement for cut in cuts]
            texts |= {cut.statement.text_hash: cut.text for cut in cuts}
        vectors = _embedded(bench, texts)
        added += bench.catalog.statements.add(bench.workspace, bench.embedder.identity, said, vectors)
        after = batch[-1].record_id
        done += len(batch)
        progress(done, max(total, done), "reading what each record says")
    return added


def _embedded(bench: Workbench, texts: dict[str, str]) -> dict[str, npt.NDArray[np.float32]]:
    missing = bench.catalog.statements.without_vector(bench.workspace, bench.embedder.identity, sorted(texts))
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    for first in range(0, len(missing), _TEXTS_AT_ONCE):
        some = missing[first : first + _TEXTS_AT_ONCE]
        vectors |= dict(zip(some, bench.embedder.embed([texts[one] for one in some]), strict=True))
    return vectors
