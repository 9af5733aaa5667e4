"""Bringing files in: dropped, recognised, looked at, and only then imported.

What was dropped waits on disk under a key until it is imported, or swept an hour later.
"""

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api import uploads
from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.shown import shown_result
from api.web.forms import FormDep, page_at, shaped
from api.web.jobs import told_job
from api.web.pages import frame, link
from api.web.render import page
from assistant.domain.record import RecordKind
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.jobs.ledger import job_id
from assistant.settings import Settings
from assistant.workbench import Workbench
from ingest.options import IngestResult
from ingest.pipeline import preview
from ingest.port import MAP_FIELDS, FileReport
from ingest.recognise import open_file

router = APIRouter(include_in_schema=False)
_MAX_FILES = 200
_JOBS = 10
_MULTILINGUAL = "use-multilingual"

_Map = Annotated[list[str] | None, Query(alias="map", max_length=60)]
_FormMap = Annotated[list[str] | None, Form(alias="map", max_length=60)]


class Asked(NamedTuple):
    """How the files are to be read."""

    kind: RecordKind
    source: str
    language: str
    mapping: dict[str, str]

    @property
    def payload(self) -> dict[str, Any]:
        """As the job of an import has it."""
        return {
            "kind": self.kind.value,
            "source": self.source.strip() or None,
            "mapping": self.mapping,
            "language": self.language.strip() or None,
            "confirmed": True,
        }


@router.get("/import")
def get_import(service: ServiceDep, workspace: WorkspaceDep) -> Response:
    """A place to drop files, and what was imported last."""
    jobs = [told_job(one) for one in service.jobs.newest(workspace, 50) if one.kind == "ingest"]
    return page(
        "import.html",
        **frame(service, workspace, "i"),
        jobs=jobs[:_JOBS],
        kinds=[kind.value for kind in RecordKind],
        max_mb=service.settings.max_upload_mb,
    )


@router.post("/import")
async def post_import(
    service: ServiceDep,
    workspace: WorkspaceDep,
    files: Annotated[list[UploadFile], File(max_length=_MAX_FILES)],
    kind: Annotated[RecordKind, Form()] = RecordKind.customer,
) -> Response:
    """Keep the files and show what they would bring. Nothing is imported."""
    named = [(file.filename, file.file) for file in files if file.filename]
    if not named:
        raise UsageError("No file was chosen.", hint="Choose one or more files, or drop them on the page.")
    home = service.settings.home
    await run_in_threadpool(uploads.sweep, home, service.jobs)
    upload = await run_in_threadpool(uploads.keep, home, workspace, named)
    more = "" if kind is RecordKind.customer else f"?kind={kind.value}"
    return _to(service, workspace, f"/import/{upload.key}{more}")


@page_at(router, "/import/{key}")
def get_look(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    key: str,
    kind: RecordKind = RecordKind.customer,
    source: Annotated[str, Query(max_length=200)] = "",
    language: Annotated[str, Query(max_length=16)] = "",
    mapping: _Map = None,
    multilingual: bool = False,
) -> Response:
    """What the import would do: the layout of each file, its columns, its first records, every row accounted for."""
    if service.jobs.get(workspace, job_id(workspace, "ingest", key)) is not None:
        return _to(service, workspace, f"/jobs/{job_id(workspace, 'ingest', key)}")
    paths = _waiting(service, workspace, key)
    asked = Asked(kind, source, language, _chosen(mapping))
    found, told = _looked(bench, paths, asked)
    return shaped(
        form,
        page=lambda: page(
            "import_look.html",
            **frame(service, workspace, "i"),
            key=key,
            asked=asked,
            multilingual=multilingual,
            result=found,
            problem=told,
            columns=_columns(paths, service.settings),
            fields=MAP_FIELDS,
            kinds=[one.value for one in RecordKind],
        ),
        data=lambda: uploads.plain_result(found),
    )


@router.post("/import/{key}")
def post_look(
    service: ServiceDep,
    workspace: WorkspaceDep,
    key: str,
    kind: Annotated[RecordKind, Form()] = RecordKind.customer,
    source: Annotated[str, Form(max_length=200)] = "",
    language: Annotated[str, Form(max_length=16)] = "",
    mapping: _FormMap = None,
    multilingual: Annotated[bool, Form()] = False,
) -> Response:
    """Import what was looked at. Sent twice, it is one import."""
    paths = _waiting(service, workspace, key)
    payload = Asked(kind, source, language, _chosen(mapping)).payload
    uploads.options_from(payload)
    payload |= {"paths": [str(path) for path in paths]}
    payload |= {"embedder": _MULTILINGUAL} if multilingual else {}
    job = service.jobs.submit(workspace, "ingest", payload, key=key)
    return _to(service, workspace, f"/jobs/{job.id}")


@router.post("/import/{key}/forget")
def post_forget(service: ServiceDep, workspace: WorkspaceDep, key: str) -> Response:
    """Remove what was dropped; nothing of it was imported."""
    if service.jobs.get(workspace, job_id(workspace, "ingest", key)) is None:
        uploads.forget(uploads.waiting(service.settings.home, workspace, key))
    return _to(service, workspace, "/import")


def _looked(bench: Workbench, paths: tuple[Path, ...], asked: Asked) -> tuple[IngestResult, str]:
    """What the import would do, and why it can't be told."""
    try:
        result = preview(bench, list(paths), uploads.options_from(asked.payload))
    except (UsageError, InputRejected) as problem:
        return IngestResult((), 0), f"{problem.message} {problem.hint}".strip()
    shown = shown_result(bench.settings, result)
    # Where the service keeps them is nobody's business.
    files = tuple(replace(one, path=Path(one.path).name, reasons=_unplaced(one)) for one in shown.files)
    return replace(shown, files=files), ""


def _unplaced(report: FileReport) -> list[str]:
    return [reason.replace(report.path, Path(report.path).name) for reason in report.reasons]


def _chosen(pairs: list[str] | None) -> dict[str, str]:
    """Fields that a person put on a column; a field without one is left to the detection."""
    return uploads.mapping_from([pair for pair in pairs or () if pair.partition("=")[2].strip()])


def _columns(paths: tuple[Path, ...], settings: Settings) -> list[str]:
    """The columns that can be chosen: of one table, as the fields of several would mean something else in each."""
    if len(paths) != 1:
        return []
    try:
        opened = open_file(paths[0], settings)
    except InputRejected:
        return []
    return list(opened.connector.columns()) if opened.connector is not None else []


def _waiting(service: Service, workspace: str, key: str) -> tuple[Path, ...]:
    paths = uploads.waiting(service.settings.home, workspace, key)
    if not paths:
        raise NotFound(
            "These files are no longer here.",
            hint="Files that nobody imports are removed after an hour. Drop them again.",
        )
    return paths


def _to(service: Service, workspace: str, path: str) -> Response:
    return RedirectResponse(link(path, service.settings.workspace, workspace), HTTPStatus.SEE_OTHER)
