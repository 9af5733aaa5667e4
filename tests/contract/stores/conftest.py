"""The adapters that every suite of the stores runs on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.port import Catalog
from assistant.stores.sync import CheckedIndex
from tests.support.exact_index import ExactIndex

OpenIndex = Callable[[], CheckedIndex]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(params=["exact", "chroma"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CheckedIndex]:
    opened: CheckedIndex = ExactIndex() if request.param == "exact" else open_chroma_index(tmp_path / "index")
    yield opened
    opened.close()
