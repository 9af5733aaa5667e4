"""`/v1/search`: a question in, quotes out."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import BenchDep
from api.idempotency import OnceRoute
from api.routes.records import FilterQuery
from api.scopes import join_scope
from api.shown import shown_hits
from assistant.domain.evidence import Hit, Scope
from assistant.search.query import search

MAX_QUESTION = 2000

router = APIRouter(tags=["search"], route_class=OnceRoute)


class SearchRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    scope: Scope | None = None
    filters: list[str] = Field(default_factory=list, max_length=50)
    """`field=value`, in addition to the scope."""
    limit: int = Field(default=10, ge=1, le=100)


class Hits(BaseModel):
    """What was found, best first."""

    hits: list[Hit]


@router.post("/v1/search", summary="Find quotes")
def post_search(bench: BenchDep, body: SearchRequest) -> Hits:
    """Passages that answer the question, each with its best sentence as a verbatim quote."""
    hits = search(bench, body.question, join_scope(bench, body.scope, body.filters), body.limit)
    return Hits.model_construct(hits=shown_hits(bench.settings, hits))


@router.get("/v1/search", summary="Find quotes")
def get_search(
    bench: BenchDep,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUESTION)],
    filters: FilterQuery = [],  # noqa: B006 - FastAPI copies defaults
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> Hits:
    """The same by address."""
    hits = search(bench, q, join_scope(bench, None, filters), limit)
    return Hits.model_construct(hits=shown_hits(bench.settings, hits))
