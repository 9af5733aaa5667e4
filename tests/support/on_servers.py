"""`voxspec` with everything on servers: catalog and queue in Postgres, the index on a Chroma server."""

from dataclasses import dataclass, field

from sqlalchemy.engine import URL

from tests.support.chroma_server import chroma_server
from tests.support.command_line import CommandLine
from tests.support.postgres import postgres_server


def shown(url: URL) -> str:
    """A URL as a setting takes it."""
    return url.render_as_string(hide_password=False)


@dataclass(frozen=True)
class OnServers(CommandLine):
    """A command line whose settings name servers. Catalog and queue share one new database."""

    database: URL = field(default_factory=lambda: postgres_server().new_database())
    with_chroma: bool = True
    """Off: the index lies in the home folder."""

    @property
    def environment(self) -> dict[str, str]:
        """As a person sets it."""
        url = shown(self.database)
        chroma = {"VOXSPEC_CHROMA_URL": chroma_server().url} if self.with_chroma else {}
        return super().environment | {"VOXSPEC_CATALOG_URL": url, "VOXSPEC_JOBS_URL": url} | chroma
