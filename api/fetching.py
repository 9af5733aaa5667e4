"""Imports that name web pages beside files: what the request is told at once, and what is done with its addresses."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from api.errors import HttpProblem
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.workbench import Workbench
from ingest.options import NOTHING, IngestOptions, IngestResult
from ingest.web.pages import SWITCH_HINT, SWITCHED_OFF, fetched_pages

if TYPE_CHECKING:
    from ingest.web.guard import Guard

MAX_URLS = 20
"""Of one request; each may take half a minute."""
Run = Callable[[Workbench, Sequence[Path], IngestOptions], IngestResult]


def checked_urls(settings: Settings, urls: Sequence[str]) -> list[str]:
    """The addresses of a request, each once.

    Raises: HttpProblem 403 where fetching is switched off; UsageError for too many; InputRejected for one that isn't a web address.
    """
    named = [url for url in dict.fromkeys(url.strip() for url in urls) if url]
    if named and not settings.fetch_urls:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "fetching-off", SWITCHED_OFF, SWITCH_HINT)
    if len(named) > MAX_URLS:
        raise UsageError(
            f"The request names {len(named)} web pages; {MAX_URLS} are allowed.",
            hint="Send them in several requests.",
        )
    if named:
        # Imported here: a service that fetches nothing loads no network code.
        from ingest.web.fetch import checked_url

        for url in named:
            checked_url(url)
    return named


def with_pages(
    bench: Workbench,
    paths: Sequence[Path],
    urls: Sequence[str],
    options: IngestOptions,
    run: Run,
    guard: "Guard | None" = None,
) -> IngestResult:
    """Run an import, or a look at one, over files and pages. Raises: as `fetched_pages` and `ingest`."""
    with fetched_pages(bench.settings, urls, guard) as fetched:
        found = [*paths, *fetched.pages]
        result = run(bench, found, replace(options, pages=fetched.pages)) if found else NOTHING
    return replace(result, files=(*result.files, *fetched.refused))
