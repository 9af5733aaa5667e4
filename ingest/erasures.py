"""Rows of people, accounts and records that were erased on request: they don't come back unasked."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.workbench import Workbench
from ingest.build import Built

ERASED = "erased on request; --restore-erased brings it back"


def without_erased(bench: Workbench, rows: Iterator[Built], *, restore: bool) -> Iterator[Built]:
    """The rows, those that were erased as rejected ones; every row stays accounted for. Args: restore: let them all pass."""
    known = bench.catalog.erasures.erased(bench.workspace)
    if restore or not known.digests:
        yield from rows
        return
    for row in rows:
        left = [candidate for candidate in row.candidates if not known.holds(candidate.record)]
        if len(left) == len(row.candidates):
            yield row
        elif left:
            yield replace(row, candidates=left, remarks=[*row.remarks, ERASED])
        else:
            # Its remarks may repeat what the row says.
            yield Built(row.number, problem=ERASED)
