"""The page on which a document that was written elsewhere is checked."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.shown import shown_report
from api.web.pages import counted, frame
from api.web.render import page
from assistant.domain.finding import CheckReport
from assistant.workbench import Workbench
from evals.documents.foreign import check_document

router = APIRouter(include_in_schema=False)
_LONGEST = 500_000


@router.get("/check")
def get_check_page(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep) -> Response:
    """An empty form."""
    return _page(bench, service, workspace, "", None)


@router.post("/check")
def post_check_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    markdown: Annotated[str, Form(max_length=_LONGEST)],
) -> Response:
    """The findings, and the text again, to be mended and sent once more. Nothing is kept."""
    report = shown_report(bench.settings, check_document(bench, markdown))
    return _page(bench, service, workspace, markdown, report)


def _page(
    bench: Workbench, service: Service, workspace: str, text: str, report: CheckReport | None
) -> Response:
    return page(
        "check.html",
        **frame(service, workspace, "k"),
        text=text,
        report=report,
        counts=counted(report),
        records=len(bench.columns().record_ids),
    )
