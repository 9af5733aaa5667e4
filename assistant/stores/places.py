"""Where the catalog lies, as the settings say: a SQLite file in the home folder, or a Postgres database."""

from pathlib import Path
from typing import TYPE_CHECKING

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
