"""`POST /v1/records`: records as lines of JSON, of any number; a job out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api import uploads
from api.answers import JOB
from api.content import demand_lines
from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.idempotency import answer_once
from api.spool import spool
from assistant.domain.base import digest
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from ingest.connectors.json_source import line_limit
from ingest.inputs import open_records

router = APIRouter(tags=["records"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"text": "The export hangs.", "external_id": "T-1", "said_at": "2026-03-04", "rating": 2, '
                '"segments": {"plan": "pro"}}\n',
            }
        },
    }
}


@router.post("/v1/records", status_code=202, summary="Add records", openapi_extra=_BODY, responses=JOB)
async def post_records(
    request: Request,
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    kind: RecordKind = RecordKind.customer,
    source: Annotated[str | None, Query(max_length=200, description="Default: records")] = None,
    mapping: Annotated[
        list[str] | None, Query(alias="map", max_length=50, description="field=name, repeatable")
    ] = None,
    language: Annotated[str | None, Query(max_length=16)] = None,
) -> Response:
    """One JSON object per line: `text`, and if known `external_id, said_at, author, account, rating, language, url, title`, `segments`.

    Other fields are read as in a file of JSON Lines. The lines are stored as they come in, however many, and 202 names the job that
    imports them; its result accounts for every line. A line has at most four bytes per character of the longest field; what limits the
    whole is free disk space. Nothing is imported of a request that breaks off: send it again.
    """
    demand_lines(request.headers)
    payload: dict[str, Any] = {
        "kind": kind.value,
        "source": _plain(source),
        "mapping": uploads.mapping_from(mapping or []),
        "language": _plain(language),
        "records": True,
    }
    # What can't be used is said before anything is read.
    uploads.options_from(payload)
    uploads.options_from(payload)
    settings = bench.settings
    upload = await spool(
        service.settings.home, workspace, request.stream(), line_limit(settings.max_field_chars)
    )

    async def answer() -> Response:
        await run_in_threadpool(open_records, upload.paths[0], settings)
        paths = [str(path) for path in upload.paths]
        job = await run_in_threadpool(
            service.jobs.submit, bench.workspace, "ingest", payload | {"paths": paths}, key=upload.key
        )
        return JSONResponse(job.model_dump(mode="json"), 202, {"Location": f"/v1/jobs/{job.id}"})

    answered = False
    try:
        response = await answer_once(request, service.once, digest(upload.fingerprint, payload), answer)
        answered = "idempotency-replayed" not in response.headers
        return response
    finally:
        if not answered:
            await run_in_threadpool(uploads.forget, upload.paths)


def _plain(text: str | None) -> str | None:
    plain = (text or "").strip()
    if any(char < " " for char in plain):
        raise UsageError("A name holds control characters.", hint="Use plain text.")
    return plain or None
