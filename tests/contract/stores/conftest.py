"""The adapters that every suite of the stores runs on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.port import Catalog
from assistant.stores.sync import CheckedIndex
from tests.support.exact_index import ExactIndex
from tests.support.postgres import postgres_server

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


@pytest.fixture(params=["exact", "chroma"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CheckedIndex]:
    opened: CheckedIndex = ExactIndex() if request.param == "exact" else open_chroma_index(tmp_path / "index")
    yield opened
    opened.close()
