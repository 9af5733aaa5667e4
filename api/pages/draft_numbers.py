"""The page of one number of a draft: its query in words, the same counted again now, and the records that it counts."""

from typing import Annotated

import numpy as np
import numpy.typing as npt
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.pages.drafts import proof_link
from api.pages.evidence import PAGE, newest
from api.routes.drafts import VersionQuery, find_draft
from api.shown import shown_draft, shown_text
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import for_readers, frame
from api.web.render import page
from assistant.domain.draft import Draft
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.drafting.formats.describe import describe
from assistant.drafting.formats.tree import plain
from assistant.errors import NotFound
from assistant.search.matrix import CorpusMatrix, columns_of
from assistant.search.scope import record_mask
from evals.recounting.recount import Recount, Unanswerable

router = APIRouter(include_in_schema=False)
_MOST_PAGES = 100_000
_LITERAL = (Measure.constant, Measure.stated)
"""Numbers that count no records."""


@page_at(router, "/drafts/{draft_id}/numbers/{fact_id}")
def get_number_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    draft_id: str,
    fact_id: str,
    version: VersionQuery = None,
    whole: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=_MOST_PAGES)] = 1,
) -> Response:
    """A number and its records. Args: whole: the records that a share is a share of, in place of those that it counts."""
    with for_readers("The first page lists the drafts of the workspace."):
        held = find_draft(service, bench, draft_id, version)
    fact = held.facts.get(fact_id)
    if fact is None:
        raise NotFound(
            f"The draft has no number '{fact_id[:20]}'.", hint="The draft's page lists its numbers."
        )
    matrix = columns_of(bench)
    draft = shown_draft(bench.settings, held)
    shown = draft.facts[fact_id]
    rows = _rows(matrix, held, fact.denominator if whole and fact.denominator else fact.filter, fact)
    ids = [matrix.rows.record_ids[row] for row in rows.tolist()]
    told = {
        "id": fact_id,
        "value": shown.value,
        "shown": shown.display,
        "how": describe(shown, draft.selections),
    }
    return shaped(
        form,
        page=lambda: page(
            "draft_number.html",
            **frame(service, workspace, "h"),
            draft=draft,
            title=plain(draft, draft.title),
            fact=shown,
            how=told["how"],
            again=shown_text(bench.settings, _again(matrix, held, fact)),
            is_literal=fact.measure in _LITERAL,
            has_changed=held.provenance.corpus != matrix.rows.snapshot,
            claims=[
                (one.id, plain(draft, one.text)) for one in draft.claims.values() if fact_id in one.fact_ids
            ],
            quote=fact.param.split(":")[0] if fact.measure is Measure.stated else "",
            proof=proof_link(draft, service.settings.workspace, workspace),
            whole=whole and fact.denominator is not None,
            records=len(rows),
            voices=len(np.unique(matrix.voice.codes[rows])),
            hits=newest(bench, rows, number),
            number=number,
            pages=max(1, -(-len(rows) // PAGE)),
        ),
        data=lambda: told | {"records": ids},
        table=lambda: Table(f"{fact_id}: {shown.display}", ("record_id",), [(one,) for one in ids]),
    )


def _rows(matrix: CorpusMatrix, draft: Draft, where: FactFilter, fact: Fact) -> npt.NDArray[np.int64]:
    """Rows of today's records that the filter leaves; none for a number that counts none."""
    if fact.measure in _LITERAL:
        return np.zeros(0, dtype=np.int64)
    mask = record_mask(matrix, where.scope)
    if where.selection is not None:
        chosen = draft.selections.get(where.selection)
        members = set(chosen.record_ids) if chosen else set()
        mask = mask & np.fromiter((one in members for one in matrix.rows.record_ids), np.bool_, len(mask))
    return np.flatnonzero(mask)


def _again(matrix: CorpusMatrix, draft: Draft, fact: Fact) -> str:
    """The same counted now by other code than wrote it, as it is shown; empty where it can't be."""
    try:
        value = Recount(matrix.rows, draft).answer(fact)
    except Unanswerable:
        return ""
    return fact.model_copy(update={"value": value}).display
