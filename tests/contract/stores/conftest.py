"""The adapters that every suite of the stores runs on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.chroma_server import ChromaServer, ChromaServerIndex
from assistant.stores.port import Catalog
from assistant.stores.sync import CheckedIndex
from tests.support.chroma_server import chroma_server
from tests.support.exact_index import ExactIndex
from tests.support.postgres import postgres_server
from tests.support.store_samples import WORKSPACE

OpenIndex = Callable[[], CheckedIndex]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | URL:
    """Where an empty catalog lies."""
    if request.param == "postgres":
        return postgres_server().new_catalog()
    return tmp_path / "catalog.sqlite3"


@pytest.fixture
def catalog(place: Path | URL) -> Iterator[Catalog]:
    opened = open_catalog(place)
    yield opened
    opened.close()


@pytest.fixture(params=["exact", "chroma", "chroma server"])
def index(request: pytest.FixtureRequest, tmp_path: Path, catalog: Catalog) -> Iterator[CheckedIndex]:
    opened: CheckedIndex
    if request.param == "exact":
        opened = ExactIndex()
    elif request.param == "chroma":
        opened = open_chroma_index(tmp_path / "index")
    else:
        opened = ChromaServerIndex(ChromaServer(chroma_server().url), catalog, WORKSPACE)
    yield opened
    opened.close()
