"""Built rows to batches: looked up, counted, cut into passages; then embedded and saved, each batch in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from assistant.domain.record import Record
from assistant.search.facet_weights import worded_by
from assistant.stores.ledger import Identity, Sketch
from assistant.stores.port import Checkpoint, RecordBatch
from assistant.workbench import Workbench
from ingest.build import Built, Candidate
from ingest.clean.sketches import sketches_of
from ingest.facets import wordings_of
from ingest.passages import Slice, slices_of
from ingest.seen import ALREADY, NEWER, OLDER, OTHER_VERSION, REPEATED, SAME_VOICE, STORED, Seen, Verdict
from ingest.tally import Tally

ROWS_PER_BATCH = 2048
"""Large enough that the embedder finds texts of equal length; small enough that a kill costs seconds."""
_CHARS_PER_BATCH = 600_000
"""Ends a batch of long texts earlier, for the same reason."""
_SLICES_PER_EMBEDDING = 1024


@dataclass
class Prepared:
    """A batch that is ready to be embedded and saved."""

    tally: Mapping[str, int]
    """Counts of the file up to and with this batch."""
    rows_done: int
    records: list[Record] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    sketches: dict[str, Sketch] = field(default_factory=dict)
    """Record id → what its twins are found by."""
    identities: frozenset[Identity] = frozenset()
    kept: list[tuple[str, ...]] = field(default_factory=list)
    """Per row that is kept, the ids of its records that are neither stored already nor an echo."""


def prepare(
    bench: Workbench, built: Iterator[Built], seen: Seen, tally: Tally, *, stores: bool = True
) -> Iterator[Prepared]:
    """Decide about rows, batch by batch. The tally counts every row exactly once.

    Without `stores`, no text is cut into passages: that is two fifths of the work, and a dry run has no use for them.
    """
    while rows := _next_rows(built):
        ids = list({candidate.record.id for row in rows for candidate in row.candidates})
        stored = bench.catalog.records.known(bench.workspace, ids)
        kept: dict[str, Candidate] = {}
        fresh: list[tuple[str, ...]] = []
        for row in rows:
            judged = _judged(row, seen, stored, tally)
            kept |= {candidate.record.id: candidate for candidate, verdict in judged if verdict in STORED}
            if new := tuple(
                candidate.record.id for candidate, verdict in judged if verdict in {"new", "newer"}
            ):
                fresh.append(new)
        batch = Prepared(tally.stored(), tally.rows, kept=fresh)
        found = sketches_of([candidate.cleaned.text for candidate in kept.values()])
        batch.sketches = dict(zip(kept, found, strict=True))
        batch.identities = frozenset[Identity]().union(*(one.identities for one in kept.values()))
        for candidate in kept.values():
            batch.records.append(candidate.record)
            if stores:
                batch.slices.extend(_slices(candidate))
        yield batch


def _slices(candidate: Candidate) -> Sequence[Slice]:
    return slices_of(
        candidate.record, candidate.cleaned, is_document=candidate.is_document, own=candidate.own
    )


def _next_rows(built: Iterator[Built]) -> list[Built]:
    rows: list[Built] = []
    chars = 0
    for row in islice(built, ROWS_PER_BATCH):
        rows.append(row)
        chars += sum(len(candidate.cleaned.text) for candidate in row.candidates)
        if chars >= _CHARS_PER_BATCH:
            break
    return rows


def _judged(
    row: Built, seen: Seen, stored: Mapping[str, str], tally: Tally
) -> list[tuple[Candidate, Verdict]]:
    for remark in row.remarks:
        tally.remark(row.number, remark)
    if row.problem:
        tally.count("rejected", row.number, row.problem)
        return []
    if not row.candidates:
        tally.count("empty", row.number, "no text")
        return []
    for candidate in row.candidates:
        tally.found_personal(candidate.record.raw)
        tally.found_language(candidate.record.language)
    judged = [(candidate, seen.judge(candidate.record, stored)) for candidate in row.candidates]
    verdicts = {verdict for _, verdict in judged}
    if "newer" in verdicts:
        tally.remark(row.number, NEWER)
    if verdicts & {"new", "newer"}:
        tally.count("kept", row.number)
    else:
        why = next(reason for verdict, reason in _REPEATS.items() if verdict in verdicts)
        tally.count("duplicate", row.number, why)
    return judged


_REPEATS: Mapping[Verdict, str] = {
    "other": OTHER_VERSION,
    "unused": OTHER_VERSION,
    "echo": SAME_VOICE,
    "older": OLDER,
    "same": ALREADY,
    "repeat": REPEATED,
}
"""Why a row without anything new is a duplicate; the first that holds is said."""

Vectors = Mapping[str, npt.NDArray[np.float32]]
"""Text hash → vector."""


def embedded(bench: Workbench, batches: Iterator[Prepared]) -> Iterator[tuple[Prepared, Vectors]]:
    """The same batches with their vectors; those that the catalog lacks are embedded in a thread while the next is prepared.

    Preparing and saving share a thread on purpose: side by side they hand the interpreter's lock to and fro for each row that
    SQLite takes, which cost 0.25 ms a record.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="embed") as pool:
        current = next(batches, None)
        while current is not None:
            vectors = pool.submit(_vectors, bench, current.slices)
            upcoming = next(batches, None)
            # Only once this one is saved is the next embedded: a stop in between then loses no finished embedding.
            yield current, vectors.result()
            current = upcoming


def save(
    bench: Workbench,
    batch: Prepared,
    vectors: Vectors,
    import_key: str,
    *,
    finished: bool,
    restores_erased: bool = False,
) -> int:
    """Save records, passages, vectors and checkpoint in one transaction.

    Args:
        import_key: of the file; empty where it is none that could be gone on with.

    Returns: records that were new or changed.
    Raises: EmbedderMismatch, DiskFull, StoreError; nothing of the batch is saved then.
    """
    checkpoint = Checkpoint(import_key, batch.rows_done, batch.tally, finished) if import_key else None
    embedder = bench.embedder.identity if batch.slices else ""
    told = wordings_of(batch.records, batch.slices, vectors, embedder)
    return bench.catalog.records.add(
        bench.workspace,
        RecordBatch(
            records=batch.records,
            passages=[piece.passage for piece in batch.slices],
            vectors=vectors,
            terms={piece.passage.id: piece.terms for piece in batch.slices},
            embedder=embedder,
            checkpoint=checkpoint,
            wordings=told,
            worded_by=worded_by(embedder),
            sketches=batch.sketches,
            identities=batch.identities,
            restores_erased=restores_erased,
        ),
    )


def _vectors(bench: Workbench, slices: Sequence[Slice]) -> Vectors:
    if not slices:
        return {}
    texts = {piece.passage.text_hash: piece.text for piece in slices}
    stored = bench.catalog.vectors.get(bench.workspace, bench.embedder.identity, list(texts))
    missing = sorted(texts.keys() - stored.keys())
    vectors = dict(stored)
    for first in range(0, len(missing), _SLICES_PER_EMBEDDING):
        hashes = missing[first : first + _SLICES_PER_EMBEDDING]
        embedded = bench.embedder.embed([texts[text_hash] for text_hash in hashes])
        vectors.update(zip(hashes, embedded, strict=True))
    return vectors
