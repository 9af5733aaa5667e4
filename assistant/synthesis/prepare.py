"""Cutting records into statements and embedding the new ones, batch by batch: what is finished is never done again."""

import numpy as np
import numpy.typing as npt

from assistant.domain.theme import Statement
from assistant.jobs.port import Progress
from assistant.synthesis.cut import statements_of
from assistant.workbench import Workbench

RECORDS_PER_SHARD = 2_048
"""Large enough that the embedder finds texts of equal length; small enough that a kill costs seconds."""
_TEXTS_AT_ONCE = 1_024


def prepare(bench: Workbench, progress: Progress) -> int:
    """See to it that every current customer record has statements, and every statement a vector.

    Each shard is one transaction, so a run that is stopped goes on behind it. Returns: statements that were new.
    Raises: Cancelled from `progress`; ModelError; DiskFull, StoreError.
    """
    total = sum(bench.catalog.pages.languages(bench.workspace).values())
    added = done = 0
    after: str | None = None
    while shard := bench.catalog.statements.uncut(
        bench.workspace, bench.embedder.identity, after, RECORDS_PER_SHARD
    ):
        said: dict[str, list[Statement]] = {}
        texts: dict[str, str] = {}
        for record in shard:
            cuts = statements_of(record)
            said[record.record_id] = [cut.statement for cut in cuts]
            texts |= {cut.statement.text_hash: cut.text for cut in cuts}
        vectors = _embedded(bench, texts)
        added += bench.catalog.statements.add(bench.workspace, bench.embedder.identity, said, vectors)
        after = shard[-1].record_id
        done += len(shard)
        progress(done, max(total, done), "reading what each record says")
    return added


def _embedded(bench: Workbench, texts: dict[str, str]) -> dict[str, npt.NDArray[np.float32]]:
    missing = bench.catalog.statements.without_vector(bench.workspace, bench.embedder.identity, sorted(texts))
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    for first in range(0, len(missing), _TEXTS_AT_ONCE):
        some = missing[first : first + _TEXTS_AT_ONCE]
        vectors |= dict(zip(some, bench.embedder.embed([texts[one] for one in some]), strict=True))
    return vectors
