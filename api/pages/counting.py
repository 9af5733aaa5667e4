"""The line that says that a page shows earlier counts: it asks again until the new ones are there, then brings them in."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.counting import count_soon
from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.web.counts import Counts, counts_of, is_large
from api.web.pages import frame
from api.web.render import part

router = APIRouter(include_in_schema=False)
Showing = Literal["/", "/themes"]
"""Pages that bring new counts in by themselves. The others would lose what a person is doing there."""


def counting(service: Service, counts: Counts, showing: Showing | None = None) -> dict[str, Any]:
    """Values for `counting.html`: what a page says of the age of its counts, and a job where they are of earlier."""
    if counts.is_current:
        if not counts.kept and is_large(counts.bench):
            # Who opens this page waited; nobody else shall.
            count_soon(service.jobs, counts.bench)
        return {"counting": None, "showing": showing, "is_asked_again": False}
    job = count_soon(service.jobs, counts.bench)
    return {"counting": job, "showing": showing, "is_asked_again": False}


@router.get("/counting")
def get_counting(
    bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, showing: Annotated[Showing, Query()]
) -> Response:
    """The line of now."""
    values = counting(service, counts_of(bench), showing)
    return HTMLResponse(
        part("counting.html", **frame(service, workspace), **values | {"is_asked_again": True})
    )
