"""`/v1/ingest`: files in, a job out."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api import uploads
from api.answers import JOB
from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.fetching import checked_urls, with_pages
from api.idempotency import OnceRoute, answer_once
from api.shown import shown_result
from assistant.domain.base import digest
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from assistant.workbench import Workbench
from ingest.doubts import doubts, refusal
from ingest.pipeline import preview
from ingest.saved import with_saved

_MAX_FILES = 200

router = APIRouter(tags=["ingest"], route_class=OnceRoute)


_Files = Annotated[
    list[UploadFile] | None,
    File(
        description="CSV, TSV, XLSX, JSON, JSONL, EML, MBOX or a Slack ZIP; MD, TXT, HTML, PDF, DOCX or PPTX"
    ),
]
_Urls = Annotated[
    list[str] | None,
    Form(description="A web page, repeatable; only where the server's fetch_urls is switched on"),
]
_Embedder = Annotated[
    Literal["minilm", "use-multilingual"] | None,
    Form(description="Embedder of a workspace that holds nothing yet; see `offer` of a dry run"),
]
_RestoreErased = Annotated[bool, Query(description="Bring back also what was erased on request")]
_SavedName = Annotated[
    str | None, Form(alias="mapping", max_length=80, description="Name of a saved mapping to read by")
]
_SaveAs = Annotated[
    str | None,
    Form(alias="save_mapping", max_length=80, description="Save the file's mapping under this name"),
]
_Sync = Annotated[
    bool, Query(description="The file is complete: records of its source that it lacks leave it")
]
_DryRun = Annotated[
    bool, Query(description="Only look at the files: samples, languages, counts; nothing is stored")
]
_Confirm = Annotated[
    bool,
    Query(
        description="Import also where it isn't certain what the columns of a file hold, "
        "and sync also where more than half of a source would go"
    ),
]


@router.post(
    "/v1/ingest",
    status_code=202,
    summary="Import files",
    responses={
        **JOB,
        200: {"model": dict[str, Any], "description": "With dry_run: what the import would do"},
    },
    form_limits={"max_files": _MAX_FILES, "max_fields": 100, "max_part_size": 64 * 1024},
)
async def post_ingest(
    request: Request,
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    files: _Files = None,
    url: _Urls = None,
    kind: Annotated[RecordKind, Form()] = RecordKind.customer,
    source: Annotated[str | None, Form(max_length=200, description="Default: the file's stem")] = None,
    mapping: Annotated[list[str] | None, Form(alias="map", description="field=column, repeatable")] = None,
    language: Annotated[str | None, Form(max_length=16)] = None,
    embedder: _Embedder = None,
    saved_name: _SavedName = None,
    save_as: _SaveAs = None,
    sync: _Sync = False,
    dry_run: _DryRun = False,
    confirm: _Confirm = False,
    restore_erased: _RestoreErased = False,
) -> Response:
    """Store the files and submit their import. 202 with the job; its result accounts for every row."""
    payload: dict[str, Any] = {
        "kind": kind.value,
        "source": _clean(source),
        "mapping": uploads.mapping_from(mapping or []),
        "language": _clean(language),
        "saved_name": _clean(saved_name),
        "save_as": _clean(save_as),
        "sync": sync,
        "confirmed": confirm,
        "restore_erased": restore_erased,
        "embedder": embedder,
    }
    if urls := checked_urls(service.settings, url or []):
        payload["urls"] = urls
    named = [(file.filename or "upload", file.file) for file in files or []]
    if not named and not urls:
        raise UsageError("There is no file to import.", hint="Send 'files', or a web page as 'url'.")
    upload = await run_in_threadpool(uploads.keep, service.settings.home, workspace, named)

    async def answer() -> Response:
        if upload.paths and not (dry_run or confirm):
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
        result = with_pages(
            bench,
            upload.paths,
            payload.get("urls", []),
            uploads.options_from(payload),
            preview,
            service.guard,
        )
        return JSONResponse(uploads.plain_result(shown_result(bench.settings, result)))
    uploads.options_from(payload)
    job = service.jobs.submit(
        bench.workspace, "ingest", payload | {"paths": [str(path) for path in upload.paths]}, key=upload.key
    )
    return JSONResponse(job.model_dump(mode="json"), 202, {"Location": f"/v1/jobs/{job.id}"})


def _check_certain(bench: Workbench, upload: uploads.Upload, payload: dict[str, Any]) -> None:
    """Raises: NotConfirmed where the columns of a file would only be guessed; NotFound, UsageError: as the import would."""
    options = with_saved(bench, uploads.options_from(payload), len(upload.paths))
    if doubtful := doubts(upload.paths, options, bench.settings):
        raise refusal(doubtful)


def _clean(text: str | None) -> str | None:
    plain = (text or "").strip()
    if any(char < " " for char in plain):
        raise UsageError("A name holds control characters.", hint="Use plain text.")
    return plain or None
