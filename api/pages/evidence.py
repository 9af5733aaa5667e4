"""Searching what was said: a question, filters with counts, passages with the best sentence marked; or all records, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.routes.search import MAX_QUESTION
from api.scopes import known_filters
from api.shown import shown_hits
from api.web.facets import facets_of, search_link
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.marks import Parts, cut_at
from api.web.pages import frame
from api.web.render import page
from assistant.domain.evidence import Scope
from assistant.search.candidates import rank
from assistant.search.matrix import columns_of
from assistant.search.query import cut
from assistant.search.scope import record_mask
from assistant.workbench import Workbench

router = APIRouter(include_in_schema=False)
_FOUND = 20
_MOST_FOUND = 100
PAGE = 25
"""Records of a list."""
_MOST_PAGES = 100_000
_EXCERPT = 420
"""Characters of a record in a list."""
_COLUMNS = ("record_id", "start", "end", "text", "source", "said_at", "stance")


@dataclass(frozen=True)
class Seen:
    """A passage or a record in the list."""

    record_id: str
    revision: str
    start: int
    end: int
    """Of the marked sentence; 0 where none is marked."""
    parts: Parts
    language: str
    source: str
    said_at: datetime | None
    stance: str
    anchor: str

    @property
    def path(self) -> str:
        """Where it is read in full; the mark there is `#quote`."""
        if not self.end:
            return f"/records/{self.record_id}"
        return f"/records/{self.record_id}?quote={self.start}-{self.end}&revision={self.revision}"


@page_at(router, "/search")
def get_search_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    q: Annotated[str, Query(max_length=MAX_QUESTION)] = "",
    filters: Annotated[list[str] | None, Query(alias="filter", max_length=50)] = None,
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST_FOUND)] = _FOUND,
    number: Annotated[int, Query(alias="page", ge=1, le=_MOST_PAGES)] = 1,
) -> Response:
    """Quotes that answer a question; without one, the records that the filters leave."""
    question = q.strip()
    chosen = list(dict.fromkeys(one for one in filters or () if one.strip()))
    days = [f"{name}={day}" for name, day in (("since", since), ("until", until)) if day]
    scope = known_filters(bench, [*chosen, *days])
    matrix = columns_of(bench)
    kept = int(record_mask(matrix, scope).sum())
    seen = _found(bench, question, scope, limit) if question else _listed(bench, scope, number)
    more = {"since": since, "until": until}
    return shaped(
        form,
        page=lambda: page(
            "search.html",
            **frame(service, workspace, "e") | {"query": question},
            hits=seen,
            kept=kept,
            records=len(matrix.rows.record_ids),
            facets=facets_of(matrix, scope, chosen),
            chosen=[(one, search_link(question, [o for o in chosen if o != one], **more)) for one in chosen],
            since=since,
            until=until,
            today=date.today().isoformat(),
            wider=search_link(question, chosen, limit=min(_MOST_FOUND, 2 * limit), **more)
            if question and len(seen) == limit < _MOST_FOUND
            else "",
            earlier=search_link("", chosen, page=number - 1, **more) if number > 1 and not question else "",
            later=search_link("", chosen, page=number + 1, **more)
            if not question and number * PAGE < kept
            else "",
            number=number,
            pages=max(1, -(-kept // PAGE)),
            draft=_draft_link(question, [*chosen, *days]),
        ),
        data=lambda: {"items": [_row(one) for one in seen], "records": kept},
        table=lambda: Table("Evidence", _COLUMNS, [tuple(_row(one).values()) for one in seen]),
    )


def _found(bench: Workbench, question: str, scope: Scope, limit: int) -> list[Seen]:
    """Passages that answer, best first, each with its best sentence marked."""
    found = cut(bench, rank(bench, question, scope, limit))
    shown = shown_hits(bench.settings, [one.hit for one in found])
    masks = not bench.settings.show_personal_data
    seen = []
    for one, hit in zip(found, shown, strict=True):
        quote, passage = one.hit.quote, one.passage
        # A sentence may begin before its passage where a passage was cut by length.
        start, end = min(passage.start, quote.start), max(passage.end, quote.end)
        raw = one.record.raw[start:end]
        seen.append(
            Seen(
                record_id=one.record.id,
                revision=quote.revision,
                start=quote.start,
                end=quote.end,
                parts=cut_at(raw, quote.start - start, quote.end - start, masks=masks),
                language=quote.language,
                source=quote.source,
                said_at=quote.said_at,
                stance=hit.stance,
                anchor=hit.quote.anchor or "",
            )
        )
    return seen


def _listed(bench: Workbench, scope: Scope, number: int) -> list[Seen]:
    """A page of the records that the filters leave."""
    return newest(bench, np.flatnonzero(record_mask(columns_of(bench), scope)), number)


def newest(bench: Workbench, rows: npt.NDArray[np.int64], number: int) -> list[Seen]:
    """A page of some records, newest first, undated ones last. Args: rows: of the corpus. number: 1 is the first page."""
    matrix = columns_of(bench)
    order = rows[np.argsort(-np.nan_to_num(matrix.said_at[rows], nan=-np.inf), kind="stable")]
    ids = [matrix.rows.record_ids[row] for row in order[(number - 1) * PAGE : number * PAGE].tolist()]
    held = bench.catalog.records.get(bench.workspace, ids)
    masks = not bench.settings.show_personal_data
    return [
        Seen(
            record_id=record.id,
            revision=record.revision,
            start=0,
            end=0,
            parts=cut_at(record.raw[:_EXCERPT], 0, min(len(record.raw), _EXCERPT), masks=masks),
            language=record.language,
            source=record.source,
            said_at=record.said_at,
            stance="neutral",
            anchor="",
        )
        for one in ids
        if (record := held.get(one)) is not None
    ]


def _row(one: Seen) -> dict[str, Any]:
    at = one.said_at.isoformat() if one.said_at else ""
    values = (one.record_id, one.start, one.end, one.parts.marked, one.source, at, one.stance)
    return dict(zip(_COLUMNS, values, strict=True))


def _draft_link(question: str, filters: Sequence[str]) -> str:
    rest = search_link("", filters).partition("?")[2]
    brief = search_link(question, ()).partition("?")[2].replace("q=", "brief=", 1)
    return "/drafts/new?" + "&".join(part for part in (brief, rest) if part)
