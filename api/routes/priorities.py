"""`/v1/priorities`: rows with numbers or answers in, an ordered table out."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import Response

from api.deps import ServiceDep, WorkspaceDep
from api.idempotency import OnceRoute
from assistant.domain.priority import KanoAnswer, PriorityTable
from assistant.errors import UsageError
from assistant.synthesis.priority.moscow import parse_rule
from assistant.synthesis.priority.render import FORMS, render
from ingest.connectors.json_rows import element_row
from ingest.priorities.prioritise import Rows, Wishes, prioritise

router = APIRouter(tags=["priorities"], route_class=OnceRoute)

_MAX_ROWS = 20_000
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}


class PriorityOrder(BaseModel):
    """What is to be put in order, and how."""

    model_config = ConfigDict(extra="forbid")

    method: str = Field(max_length=40)
    """`rice`, `wsjf`, `ice`, `moscow` or `kano`."""
    rows: list[dict[str, JsonValue]] = Field(min_length=1, max_length=_MAX_ROWS)
    """One object per item with the method's numbers (`reach`, `reach_low`, …), or per person or answer pair for `kano`."""
    map: dict[str, str] = Field(default_factory=dict)
    """Field → key of the rows, where names don't tell."""
    by: str = Field(default="", max_length=200)
    """Who set the numbers."""
    rules: list[str] = Field(default_factory=list, max_length=100)
    """MoSCoW: `must: people >= 50 and rating <= 2.5`."""
    capacity: float | None = None
    """MoSCoW: what can be done, in the unit of the effort."""
    pairs: dict[str, tuple[str, str]] = Field(default_factory=dict)
    """Kano: feature → keys of the answers with it and without it."""
    segments: list[str] = Field(default_factory=list, max_length=20)
    """Kano: keys whose values make groups."""
    answers: dict[str, int] = Field(default_factory=dict)
    """Kano: further wordings → 1 (like) to 5 (dislike)."""


@router.post(
    "/v1/priorities",
    summary="Put items in order",
    response_model=PriorityTable,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in _TYPES.values()}}},
)
def post_priorities(
    service: ServiceDep, workspace: WorkspaceDep, body: PriorityOrder, format: str = "json"
) -> Response:
    """Scores with intervals, ranks and what would flip them; as `json`, `csv`, `xlsx` or `md`. Nothing is stored."""
    if format not in FORMS:
        raise UsageError(f"A table can't be had as '{format[:20]}'.", hint=f"Use one of: {', '.join(FORMS)}.")
    wishes = Wishes(
        method=body.method,
        named=body.map,
        by=body.by,
        rules=[parse_rule(rule) for rule in body.rules],
        capacity=body.capacity,
        pairs=body.pairs,
        segments=body.segments,
        answers={text: _answer(number) for text, number in body.answers.items()},
    )
    table = prioritise(_rows(body.rows, service.settings.max_field_chars), wishes)
    return Response(render(table, format), media_type=_TYPES[format])


def _rows(elements: list[dict[str, Any]], max_field_chars: int) -> Rows:
    rows = [element_row(number, one, max_field_chars) for number, one in enumerate(elements, start=1)]
    return Rows(list(dict.fromkeys(key for row in rows for key in row.cells)), rows)


def _answer(number: int) -> KanoAnswer:
    if not 1 <= number <= len(KanoAnswer):
        raise UsageError(
            f"There is no answer {number}.", hint="The answers are numbered from 1 (like) to 5 (dislike)."
        )
    return KanoAnswer(number)
