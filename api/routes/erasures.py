"""`/v1/erasures`: what a person has the right to, and the receipts."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.erasure import ErasureOrder, owning, plan, prove, remove
from assistant.domain.erasure import ErasureState, Receipt
from assistant.errors import NotFound
from assistant.wiring import open_workbench

router = APIRouter(tags=["erasures"])
_MOST = 1000
_HINT = 'For example {"author": "Ada Lovelace"}.'


class Erasing(BaseModel):
    """Exactly one of the three."""

    model_config = ConfigDict(extra="forbid")

    author: str | None = Field(default=None, max_length=1000)
    """The name as it stands in the source."""
    account: str | None = Field(default=None, max_length=1000)
    record_ids: list[str] = Field(default_factory=list, max_length=_MOST)
    dry_run: bool = False
    """Only count."""


class ReceiptList(BaseModel):
    """Receipts, newest first."""

    items: list[Receipt]


@router.post(
    "/v1/erasures",
    summary="Erase an author, an account or records",
    responses={200: {"model": Receipt}, 202: {"model": Receipt, "description": "Something was left"}},
)
async def post_erasure(service: ServiceDep, workspace: WorkspaceDep, body: Erasing) -> Response:
    """Removes every trace, builds the index anew and searches every file, before it answers with the receipt.

    Nothing of the request is stored, so it takes no Idempotency-Key: the same request again gives the receipt, or goes on where
    the first one was broken off. Requests for the workspace wait meanwhile. 202 where it isn't over: `left` names the files that still hold something.
    """
    order = ErasureOrder.of(body.author, body.account, body.record_ids, _HINT)
    if body.dry_run:
        return JSONResponse({"counts": await run_in_threadpool(_counted, service, workspace, order)})
    receipt = await run_in_threadpool(_erase, service, workspace, order)
    return JSONResponse(receipt.model_dump(mode="json"), 200 if receipt.state is ErasureState.done else 202)


@router.get("/v1/erasures", summary="List receipts")
def get_erasures(bench: BenchDep, limit: Annotated[int, Query(ge=1, le=_MOST)] = 100) -> ReceiptList:
    """What was erased in the workspace: counts and pseudonyms, no names."""
    return ReceiptList(items=bench.catalog.erasures.newest(bench.workspace, limit))


@router.get("/v1/erasures/{receipt_id}", summary="One receipt")
def get_erasure(bench: BenchDep, receipt_id: str) -> Receipt:
    """The receipt. `pending`: it was broken off, or something was left; ask for the same again."""
    for one in bench.catalog.erasures.newest(bench.workspace, _MOST):
        if one.id == receipt_id:
            return one
    raise NotFound(f"There is no receipt {receipt_id[:60]}.", hint="GET /v1/erasures lists them.")


def _counted(service: Service, workspace: str, order: ErasureOrder) -> dict[str, int]:
    with service.benches.use(workspace) as bench:
        return plan(bench, order).counts


def _erase(service: Service, workspace: str, order: ErasureOrder) -> Receipt:
    # A bench of its own: the shared one has Chroma open, which must be closed before its files go.
    with (
        service.without_workers(),
        service.benches.alone(workspace) as settings,
        open_workbench(settings) as bench,
    ):
        with owning(bench):
            receipt = remove(bench, plan(bench, order))
        return prove(bench, receipt)
