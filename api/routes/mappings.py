"""`/v1/mappings`: what people said that the columns of their exports mean."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from api.deps import BenchDep
from assistant.stores.decisions import SavedMapping
from ingest.saved import named_mapping

router = APIRouter(tags=["ingest"])


class MappingView(BaseModel):
    """A saved mapping."""

    name: str
    layout: str
    columns: list[str]
    """The header that calls for it, without case, spaces and punctuation."""
    fields: dict[str, str]
    """`map` field → column."""


class MappingList(BaseModel):
    """All saved mappings, by name."""

    items: list[MappingView]


@router.get("/v1/mappings", summary="List saved mappings")
def get_mappings(bench: BenchDep) -> MappingList:
    """The saved mappings of the workspace; `save_mapping` of POST /v1/ingest saves one."""
    return MappingList(items=[_view(one) for one in bench.catalog.mappings.saved(bench.workspace)])


@router.delete("/v1/mappings/{name}", status_code=204, summary="Forget a saved mapping")
def delete_mapping(bench: BenchDep, name: str) -> Response:
    """Forget it. What was imported with it stays as it is."""
    named_mapping(bench.catalog.mappings.saved(bench.workspace), name)
    bench.catalog.mappings.forget(bench.workspace, name)
    return Response(status_code=204)


def _view(one: SavedMapping) -> MappingView:
    return MappingView(name=one.name, layout=one.layout, columns=list(one.columns), fields=dict(one.fields))
