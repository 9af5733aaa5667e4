"""`/v1/ingest`: files in, a job out."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api import uploads
from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.idempotency import OnceRoute, answer_once
from assistant.domain.base import digest
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from assistant.workbench import Workbench
from ingest.doubts import doubts, refusal
from ingest.pipeline import preview

_MAX_FILES = 200

router = APIRouter(tags=["ingest"], route_class=OnceRoute)


@router.post(
    "/v1/ingest",
    status_code=202,
    summary="Import files",
    responses={200: {"description": "With dry_run: what the import would do"}},
    form_limits={"max_files": _MAX_FILES, "max_fields": 100, "max_part_size": 64 * 1024},
)
async def post_ingest(
    request: Request,
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    files: Annotated[
        list[UploadFile],
        File(description="CSV, TSV, XLSX, JSON, JSONL, MD, TXT, HTML, PDF, DOCX or a Slack ZIP"),
    ],
    kind: Annotated[RecordKind, Form()] = RecordKind.customer,
    source: Annotated[str | None, Form(max_length=200, description="Default: the file's stem")] = None,
    mapping: Annotated[list[str] | None, Form(alias="map", description="field=column, repeatable")] = None,
    language: Annotated[str | None, Form(max_length=16)] = None,
    embedder: Annotated[
        Literal["minilm", "use-multilingual"] | None,
        Form(description="Embedder of a workspace that holds nothing yet; see `offer` of a dry run"),
    ] = None,
    dry_run: Annotated[bool, Query(description="Only look at the files")] = False,
    confirm: Annotated[
        bool, Query(description="Import also where it isn't certain what the columns of a file hold")
    ] = False,
) -> Response:
    """Store the files and submit their import. 202 with the job; its result accounts for every row."""
    payload: dict[str, Any] = {
        "kind": kind.value,
        "source": _clean(source),
        "mapping": uploads.mapping_from(mapping or []),
        "language": _clean(language),
        "embedder": embedder,
    }
    named = [(file.filename or "upload", file.file) for file in files]
    upload = await run_in_threadpool(uploads.keep, service.settings.home, workspace, named)

    async def answer() -> Response:
        if not (dry_run or confirm):
            await run_in_threadpool(_check_certain, bench, upload, payload)
        return await run_in_threadpool(_answer, service, bench, upload, payload, dry_run)

    answered = False
    try:
        response = await answer_once(
            request, service.once, digest(upload.fingerprint, payload, dry_run), answer
        )
        answered = response.status_code == 202 and "idempotency-replayed" not in response.headers
        return response
    finally:
        # What no job waits for is not kept: a dry run, a replayed answer, a refusal.
        if not answered:
            await run_in_threadpool(uploads.forget, upload.paths)


def _answer(
    service: Service, bench: Workbench, upload: uploads.Upload, payload: dict[str, Any], dry_run: bool
) -> Response:
    if dry_run:
        result = preview(bench, list(upload.paths), uploads.options_from(payload))
        return JSONResponse(uploads.plain_result(result))
    job = service.jobs.submit(
        bench.workspace, "ingest", payload | {"paths": [str(path) for path in upload.paths]}, key=upload.key
    )
    return JSONResponse(job.model_dump(mode="json"), 202, {"Location": f"/v1/jobs/{job.id}"})


def _check_certain(bench: Workbench, upload: uploads.Upload, payload: dict[str, Any]) -> None:
    """Raises: NotConfirmed where the columns of a file would only be guessed."""
    if doubtful := doubts(upload.paths, uploads.options_from(payload), bench.settings):
        raise refusal(doubtful)


def _clean(text: str | None) -> str | None:
    plain = (text or "").strip()
    if any(char < " " for char in plain):
        raise UsageError("A name holds control characters.", hint="Use plain text.")
    return plain or None
