"""Uploaded files on disk: kept under their own name until their import is over."""

import re
import shutil
import time
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from assistant.domain.job import JobState
from assistant.domain.record import RecordKind
from assistant.errors import DiskFull, UsageError
from assistant.jobs.ledger import job_id
from assistant.jobs.port import Jobs
from ingest.options import IngestOptions, IngestResult
from ingest.web.pages import is_url

_CHUNK = 1024 * 1024
_MAX_NAME_BYTES = 120
_MAX_FOLDERS = 4
_KEY = re.compile("[0-9a-f]{32}")
_CONTENT_DIGITS = 12
_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class Upload:
    """Files of one request, in a folder of their own."""

    key: str
    """Key of the import job."""
    paths: tuple[Path, ...]
    fingerprint: str
    """Hash of the names and the contents."""


def keep(home: Path, workspace: str, files: Sequence[tuple[str, BinaryIO]]) -> Upload:
    """Copy files to `<home>/uploads/<workspace>/<key>/<content>/<name>`, with the folders that a name comes with.

    The content stands in the path, so that files of one name are told apart in the same way whatever their order.
    Raises: DiskFull.
    """
    key = uuid.uuid4().hex
    folder = home / "uploads" / workspace / key
    seen = sha256()
    paths = []
    try:
        for place, (name, stream) in enumerate(files):
            inside = _safe_path(name)
            seen.update(inside.as_posix().encode() + b"\0")
            arriving = folder / str(place)
            arriving.parent.mkdir(parents=True, exist_ok=True)
            content = sha256()
            with arriving.open("wb") as out:
                while chunk := stream.read(_CHUNK):
                    seen.update(chunk)
                    content.update(chunk)
                    out.write(chunk)
            path = folder / content.hexdigest()[:_CONTENT_DIGITS] / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            paths.append(arriving.replace(path))
    except OSError as problem:
        shutil.rmtree(folder, ignore_errors=True)
        raise DiskFull(
            "The upload can't be stored.", hint="Free some space where VOXSPEC_HOME is, and send it again."
        ) from problem
    return Upload(key=key, paths=tuple(paths), fingerprint=seen.hexdigest())


def forget(paths: Sequence[Path]) -> None:
    """Remove the folder of an upload."""
    if paths:
        shutil.rmtree(next(filter(_is_upload, paths[0].parents)), ignore_errors=True)


def waiting(home: Path, workspace: str, key: str) -> tuple[Path, ...]:
    """The files of an upload that was kept to be looked at first, in the order of their names; none where it is gone."""
    folder = home / "uploads" / workspace / key
    if not _KEY.fullmatch(key) or not folder.is_dir():
        return ()
    return tuple(sorted((one for one in folder.rglob("*") if one.is_file()), key=lambda one: (one.name, one)))


def _is_upload(folder: Path) -> bool:
    return bool(_KEY.fullmatch(folder.name)) and folder.parents[1].name == "uploads"


def kept_uploads(home: Path, workspace: str) -> dict[str, Path]:
    """Import job → the folder of the files that it reads or was to read."""
    folders = sorted((home / "uploads" / workspace).glob("*"))
    return {job_id(workspace, "ingest", one.name): one for one in folders if _KEY.fullmatch(one.name)}


def sweep(home: Path, jobs: Jobs, *, clock: Callable[[], float] = time.time) -> None:
    """Remove uploads whose import is over or was never submitted. For the start of the service.

    Another service on the same home may be receiving an upload right now, so only old ones count as never submitted.
    """
    for folder in (home / "uploads").glob("*/*"):
        job = jobs.get(folder.parent.name, job_id(folder.parent.name, "ingest", folder.name))
        abandoned = job is None and clock() - folder.stat().st_mtime > _ABANDONED_S
        if abandoned or (
            job is not None and job.state in (JobState.done, JobState.failed, JobState.cancelled)
        ):
            shutil.rmtree(folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """The last part of a client's file name, without anything that a file system could stumble over."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C").strip().lstrip(".")
    suffix = PurePosixPath(plain).suffix[:16]
    stem = plain[: len(plain) - len(PurePosixPath(plain).suffix)]
    room = _MAX_NAME_BYTES - len(suffix.encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore")
    return f"{stem}{suffix}" or "upload"


def _safe_path(name: str) -> PurePosixPath:
    """A client's file name with the last of the folders before it, each part as `safe_name`."""
    *folders, last = name.replace("\\", "/").split("/")
    kept = [safe_name(part) for part in folders if part.strip(". ") and not part.endswith(":")]
    return PurePosixPath(*kept[-_MAX_FOLDERS:], safe_name(last))


def mapping_from(pairs: Sequence[str]) -> dict[str, str]:
    """`field=column` pairs. Raises: UsageError for anything else."""
    mapping = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise UsageError(
                f"The mapping '{pair[:80]}' is not of the form field=column.",
                hint="For example map=text=Comment.",
            )
        mapping[field.strip()] = column.strip()
    return mapping


def options_from(payload: Mapping[str, Any]) -> IngestOptions:
    """The import's options from a job's payload."""
    return IngestOptions(
        kind=RecordKind(payload["kind"]),
        source=payload["source"],
        mapping=payload["mapping"],
        language=payload["language"],
        saved_name=payload.get("saved_name"),
        save_as=payload.get("save_as"),
        sync=payload.get("sync", False),
        confirmed=payload.get("confirmed", False),
        restore_erased=payload.get("restore_erased", False),
    )


def plain_result(result: IngestResult) -> dict[str, Any]:
    """The result as JSON values. Files are named as they were sent, not where they were kept."""
    plain: dict[str, Any] = TypeAdapter(IngestResult).dump_python(result, mode="json")
    for report in plain["files"]:
        report["path"] = report["path"] if is_url(report["path"]) else Path(report["path"]).name
    return plain
