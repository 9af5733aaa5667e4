"""Web pages as files for an import."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.options import WebPage
from ingest.port import FileReport

if TYPE_CHECKING:
    from ingest.web.guard import Guard


SWITCHED_OFF = "Fetching web pages is switched off."
SWITCH_HINT = "Set VOXSPEC_FETCH_URLS=true (or fetch_urls = true in voxspec.toml), or save the page and import the file."


@dataclass(frozen=True)
class Fetched:
    """What became of addresses."""

    pages: Mapping[Path, WebPage]
    """Files that are there as long as the block lasts."""
    refused: tuple[FileReport, ...]


def is_url(name: str) -> bool:
    """Whether a person means a web page, rather than a file."""
    return name.casefold().startswith(("http://", "https://"))


@contextmanager
def fetched_pages(
    settings: Settings, urls: Sequence[str], guard: "Guard | None" = None, today: date | None = None
) -> Iterator[Fetched]:
    """Fetch pages into files. One that can't be fetched doesn't stop the others, unless it is the only one.

    Args:
        settings: `fetch_urls` must be on.
        urls: each once.
        guard: what may be reached; by default the public internet.
        today: day of the fetch in UTC.

    Raises: InputRejected where fetching is switched off, or the only page can't be fetched.
    """
    if not urls:
        yield Fetched({}, ())
        return
    if not settings.fetch_urls:
        raise InputRejected(SWITCHED_OFF, hint=SWITCH_HINT)
    # Imported here: a run that fetches nothing loads no network code.
    from ingest.web.fetch import fetch

    day = today or datetime.now(UTC).date()
    pages: dict[Path, WebPage] = {}
    refused: list[FileReport] = []
    with tempfile.TemporaryDirectory(prefix="voxspec-pages-") as folder:
        for place, url in enumerate(dict.fromkeys(urls)):
            try:
                page = fetch(url, guard)
            except InputRejected as problem:
                if len(urls) == 1:
                    raise
                refused.append(FileReport(path=url, error=problem.message, hint=problem.hint))
                continue
            path = Path(folder, f"{place:04}", f"page{page.suffix}")
            path.parent.mkdir()
            path.write_bytes(page.content)
            pages[path] = WebPage(url, day)
        yield Fetched(pages, tuple(refused))
