"""Whose word a record is, as the corpus counts people."""

from bisect import bisect_left

from evals.view import EvidenceView


def person_of(record_id: str, view: EvidenceView, otherwise: str | None = None) -> str:
    """Who wrote a record, pseudonyms of one person taken together; of nobody known, each voice is somebody's.

    Args:
        otherwise: the person where the corpus doesn't hold the record.
    """
    ids, corpus = view.corpus.record_ids, view.corpus
    row = bisect_left(ids, record_id)
    if ids[row : row + 1] == (record_id,):
        return corpus.person[row] or f"voice {corpus.voice[row]}"
    return otherwise or f"record {record_id}"
