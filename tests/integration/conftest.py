"""The Kanbo sample, ingested once for all tests of these folders, and its themes."""

from collections.abc import Iterator

import pytest

from assistant.domain.theme import ThemeSet
from assistant.synthesis.pipeline import synthesize
from tests.support.kanbo_workspace import Kanbo, open_kanbo


@pytest.fixture(scope="session")
def kanbo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kanbo]:
    folder = tmp_path_factory.mktemp("kanbo")
    opened = open_kanbo(folder / "sample", folder / "home")
    yield opened
    opened.bench.close()


@pytest.fixture(scope="session")
def kanbo_themes(kanbo: Kanbo) -> ThemeSet:
    return synthesize(kanbo.bench)
