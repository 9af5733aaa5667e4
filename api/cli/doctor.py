"""`voxspec doctor`: what works here and what doesn't, without changing anything of the person's."""

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.errors import VoxspecError
from assistant.llm.port import ModelCall
from assistant.workbench import Workbench
from ingest.web.freshness import FETCHED, STALE_DAYS

_PACKAGES = (
    "voxspec",
    "chromadb",
    "sqlalchemy",
    "dbos",
    "onnxruntime",
    "openai",
    "langchain",
    "fastapi",
    "pydantic",
)
_REPLY_WITHIN_S = 10.0


@dataclass(frozen=True)
class Check:
    """One line of the doctor's answer."""

    name: str
    status: Literal["ok", "warn", "fail"]
    detail: str
    hint: str = ""


def doctor(session: Session) -> ExitCode:
    """Say what works here and what doesn't.

    Exit code 3 where something that the product needs is missing or broken.
    """
    settings = session.settings()
    checks = [python(), packages(), home(settings.home)]
    if checks[-1].status != "fail":
        with session.bench(settings) as bench:
            parts: list[tuple[str, Callable[[Workbench], Check]]] = [
                ("catalog", catalog),
                ("vector index", index),
                ("web pages", web_pages),
                ("embedder", embedder),
                ("model", model),
            ]
            checks += [_guarded(name, part, bench) for name, part in parts]
    healthy = all(check.status != "fail" for check in checks)
    if session.as_json:
        session.output.json({"healthy": healthy, "checks": [asdict(check) for check in checks]})
    else:
        session.output.table(["what", "state", "detail"], [[c.name, c.status, c.detail] for c in checks])
        for check in checks:
            if check.hint:
                session.output.note(f"hint: {check.hint}")
    return ExitCode.ok if healthy else ExitCode.unavailable


def python() -> Check:
    """The interpreter and the machine's kind."""
    fine = sys.version_info >= (3, 11)
    detail = (
        f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    )
    return Check(
        "python", "ok" if fine else "fail", detail, "" if fine else "Voxspec needs Python 3.11 or newer."
    )


def packages() -> Check:
    """Versions of what the product stands on."""
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    hint = f"Install Voxspec again; missing: {', '.join(missing)}." if missing else ""
    return Check("packages", "fail" if missing else "ok", ", ".join(found), hint)


def home(folder: Path) -> Check:
    """Whether the data folder, or the nearest folder above it that exists, may be written."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Check("home", "ok", f"{folder}{'' if folder.exists() else ' (not there yet)'}")
    return Check(
        "home", "fail", f"{folder} can't be written", "Set VOXSPEC_HOME or --home to a folder of yours."
    )


def catalog(bench: Workbench) -> Check:
    """Whether the catalog opens, and what the workspace holds."""
    rows = bench.corpus()
    held = f"{len(rows.record_ids):,} records, {len(rows.passage_ids):,} passages in '{bench.workspace}'"
    return Check(
        "catalog", "ok", f"{held}, embedded with {bench.catalog.pages.embedder(bench.workspace) or 'nothing'}"
    )


def index(bench: Workbench) -> Check:
    """Whether the vector index holds what the catalog holds."""
    opened = bench.index
    if opened is None:
        hint = (
            "If another Voxspec runs, that's fine: search is exact meanwhile. If not: voxspec rebuild-index."
        )
        return Check("vector index", "warn", "in use by another process, or not usable", hint)
    expected = len(bench.corpus().passage_ids)
    behind = bench.catalog.outbox.head(bench.workspace) - opened.applied()
    if opened.count() == expected and behind <= 0:
        return Check("vector index", "ok", f"{expected:,} passages, nothing pending")
    detail = f"{opened.count():,} of {expected:,} passages, {max(behind, 0):,} changes pending"
    return Check("vector index", "warn", detail, "voxspec rebuild-index builds it anew from the catalog.")


def web_pages(bench: Workbench) -> Check:
    """How fresh the pages are that were fetched."""
    switch = "fetching is on" if bench.settings.fetch_urls else "fetching is off"
    days = sorted(segments[FETCHED] for segments in bench.corpus().segments if FETCHED in segments)
    if not days:
        return Check("web pages", "ok", f"none, {switch}")
    detail = f"{len(days):,} pages, read between {days[0]} and {days[-1]}; {switch}"
    limit = (datetime.now(UTC).date() - timedelta(days=STALE_DAYS)).isoformat()
    stale = sum(day < limit for day in days)
    if not stale:
        return Check("web pages", "ok", detail)
    hint = "voxspec ingest with their addresses reads them again; search --filter fetched=DAY finds them."
    return Check("web pages", "warn", f"{detail}; {stale:,} are older than {STALE_DAYS} days", hint)


def embedder(bench: Workbench) -> Check:
    """Whether the embedder's files are those that were released, and whether it embeds."""
    vectors = bench.embedder.embed(["ready"])
    stored = bench.catalog.pages.embedder(bench.workspace)
    if stored not in (None, bench.embedder.identity):
        hint = "Take VOXSPEC_EMBEDDER away: the workspace knows its own. 'voxspec embedder NAME' changes it."
        return Check("embedder", "fail", f"{bench.embedder.identity}, but the workspace has {stored}", hint)
    return Check(
        "embedder", "ok", f"{bench.embedder.identity}, {vectors.shape[1]} dimensions, file hashes checked"
    )


def model(bench: Workbench) -> Check:
    """Whether the configured language model answers."""
    if bench.model is None:
        return Check("model", "ok", "none needed: the extractive writer works alone")
    call = ModelCall(
        purpose="doctor",
        system="Reply with one word.",
        user="ready?",
        max_tokens=4,
        timeout_s=_REPLY_WITHIN_S,
    )
    reply = bench.model.complete(call)
    return Check("model", "ok", f"{bench.model.name} answers ({reply.tokens_out} tokens)")


def _guarded(name: str, part: Callable[[Workbench], Check], bench: Workbench) -> Check:
    try:
        return part(bench)
    except VoxspecError as problem:
        return Check(name, "fail", problem.message, problem.hint)
