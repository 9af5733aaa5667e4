"""What the words of a batch's records tell, from the passages and vectors that are there anyway."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant.domain.facets import Wording
from assistant.domain.record import Record
from assistant.search.facets import wordings
from assistant.stores.port import Uttered
from ingest.passages import Slice


def wordings_of(
    records: Sequence[Record],
    slices: Sequence[Slice],
    vectors: Mapping[str, npt.NDArray[np.float32]],
    embedder: str,
) -> dict[str, Wording]:
    """Decide type and tone of each record by its passages, which hold the author's own words only.

    Args:
        slices: of all records, those of one record in their order.
        vectors: text hash → vector, of all slices.

    Returns: record id → wording. Raises: ModelError where the weights are damaged.
    """
    said: dict[str, list[Uttered]] = {record.id: [] for record in records}
    for piece in slices:
        # Rounded as the catalog will hold it: whoever decides again from there must see the same.
        vector = vectors[piece.passage.text_hash].astype(np.float16)
        said[piece.passage.record_id].append(Uttered(piece.text, piece.passage.marks, vector))
    return dict(zip(said, wordings(list(said.values()), embedder), strict=True)) if said else {}
