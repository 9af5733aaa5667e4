"""`/v1/records`: the raw text, what is known about it, and paging through all of it."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import BenchDep
from api.gone import Read, read_record, read_view
from api.scopes import known_filters
from api.views import viewed
from assistant.domain.record import Record
from assistant.errors import NotFound, UsageError
from assistant.search.scope import record_mask
from assistant.workbench import Workbench

_CURSOR = re.compile(r"rec_[0-9a-f]{1,64}\Z")

router = APIRouter(tags=["records"])

FilterQuery = Annotated[
    list[str],
    Query(
        alias="filter",
        max_length=50,
        description="field=value, repeatable, for example kind=customer or rating>=4",
    ),
]


class RecordPage(BaseModel):
    """Records in the order of their ids."""

    items: list[dict[str, Any]]
    next: str | None
    """Cursor of the next page; null at the end."""


@router.get("/v1/records", summary="List records")
def get_records(
    bench: BenchDep,
    filters: FilterQuery = [],  # noqa: B006 - FastAPI copies defaults
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RecordPage:
    """Current records of the workspace, filtered, with cursor paging."""
    if cursor is not None and not _CURSOR.match(cursor):
        raise UsageError("The cursor is none that this list gave out.", hint="Use 'next' of the page before.")
    if filters:
        found = _filtered(bench, filters, cursor, limit + 1)
    else:
        found = bench.catalog.pages.page(bench.workspace, cursor, limit + 1)
    return RecordPage(
        items=viewed(bench, found[:limit]),
        next=found[limit - 1].id if len(found) > limit else None,
    )


@router.get("/v1/records/{record_id}", summary="One record")
def get_record(
    bench: BenchDep, record_id: str, revision: Annotated[str | None, Query(max_length=64)] = None
) -> dict[str, Any]:
    """The record with its raw text, byte for byte, its metadata and its revision; `gone_since` where it left its source."""
    return read_view(bench, find_record(bench, record_id, revision), revision)


def find_record(bench: Workbench, record_id: str, revision: str | None = None) -> Read:
    """The record (current, or that revision; the last one where it left its source). Raises: NotFound."""
    read = read_record(bench, record_id, revision)
    if read is None:
        what = f"record {record_id[:60]}" if revision is None else f"revision {revision[:60]} of that record"
        raise NotFound(f"There is no {what}.", hint="GET /v1/records lists the records of the workspace.")
    return read


def _filtered(bench: Workbench, filters: Sequence[str], after: str | None, limit: int) -> list[Record]:
    rows = bench.corpus()
    places = np.flatnonzero(record_mask(rows, known_filters(bench, filters)))
    ids = [rows.record_ids[place] for place in places]
    # The list is in the order of the ids, so a cursor still holds when its record is gone.
    start = bisect_right(ids, after) if after else 0
    found = bench.catalog.records.get(bench.workspace, ids[start : start + limit])
    return [found[record_id] for record_id in ids[start : start + limit] if record_id in found]
