"""Small batches of records for the suites of the stores. Vectors are drawn from the hash of the text."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.domain.ids import passage_id, record_id, text_hash
from assistant.domain.record import Passage, Record
from assistant.domain.text import index_terms
from assistant.stores.port import Checkpoint, RecordBatch

WORKSPACE = "acme"
EMBEDDER = "sample:0:32"
DIMENSION = 32


def vector_of(text: str) -> npt.NDArray[np.float32]:
    """A unit vector that depends on the text alone."""
    rng = np.random.default_rng(int(text_hash(text)[:15], 16))
    vector = rng.standard_normal(DIMENSION).astype(np.float32)
    return vector / np.linalg.norm(vector)


def record(key: str, raw: str, workspace: str = WORKSPACE, **fields: object) -> Record:
    """A record of the source `sample`."""
    values = {"voice": text_hash(raw), **fields}
    return Record.model_validate(
        {"workspace": workspace, "id": record_id(workspace, "sample", key), "source": "sample", "raw": raw}
        | values
    )


def batch(
    records: Sequence[Record], *, embedder: str = EMBEDDER, checkpoint: Checkpoint | None = None
) -> RecordBatch:
    """One passage per record, over its whole text."""
    passages = [
        Passage(id=passage_id(r.id, 0), record_id=r.id, start=0, end=len(r.raw), text_hash=text_hash(r.raw))
        for r in records
    ]
    return RecordBatch(
        records=records,
        passages=passages,
        vectors={text_hash(r.raw): vector_of(r.raw) for r in records},
        terms={passage_id(r.id, 0): " ".join(index_terms(r.raw)) for r in records},
        embedder=embedder,
        checkpoint=checkpoint,
    )


def numbered(count: int, start: int = 0, workspace: str = WORKSPACE) -> list[Record]:
    """Records that each hold a word of their own, `only<number>`."""
    return [
        record(str(i), f"The export fails, report only{i}", workspace) for i in range(start, start + count)
    ]


def ids(records: Sequence[Record]) -> list[str]:
    """Ids of records, in order."""
    return [r.id for r in records]
