"""The addresses of the API, from the OpenAPI document; no script, no CDN."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import ServiceDep, WorkspaceDep
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import frame
from api.web.render import page

router = APIRouter(include_in_schema=False)


@page_at(router, "/docs")
def get_docs(request: Request, service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """Every address with its method and what it does."""
    paths = request.app.openapi()["paths"]
    rows = [
        (method.upper(), path, str(operation.get("summary", "")))
        for path in sorted(paths)
        for method, operation in sorted(paths[path].items())
    ]
    return shaped(
        form,
        page=lambda: page("docs.html", **frame(service, workspace, "a"), rows=rows),
        data=lambda: [{"method": method, "path": path, "summary": told} for method, path, told in rows],
        table=lambda: Table("API", ("method", "path", "summary"), rows),
    )
