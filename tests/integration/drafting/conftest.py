"""The Kanbo sample, ingested once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.support.kanbo_workspace import Kanbo, open_kanbo


@pytest.fixture(scope="session")
def kanbo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kanbo]:
    folder = tmp_path_factory.mktemp("kanbo")
    opened = open_kanbo(folder / "sample", folder / "home")
    yield opened
    opened.bench.close()
