"""Where catalog and index lie, as the settings say: in the home folder, or on servers."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import UsageError
from assistant.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

CATALOG = "catalog.sqlite3"
"""In VOXSPEC_HOME."""


def catalog_place(settings: Settings) -> "Path | URL":
    """What `open_catalog` takes. Raises: UsageError where `catalog_url` is no URL of a Postgres database."""
    if settings.catalog_url is None:
        return settings.home / CATALOG
    from assistant.postgres import checked_url

    return checked_url(settings.catalog_url.get_secret_value(), "VOXSPEC_CATALOG_URL")


def chroma_url(settings: Settings) -> str | None:
    """Where the Chroma server is; None: the index lies in the home folder. Raises: UsageError where it is no address of a server."""
    url = settings.chroma_url
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        fine = False
    if not fine or parts.path.strip("/") or parts.username:
        raise UsageError(
            "VOXSPEC_CHROMA_URL is no address of a Chroma server.",
            hint="Set it to http://HOST:PORT of 'chroma run', or leave it out for an index in VOXSPEC_HOME.",
        )
    return url.rstrip("/")
