"""One service with imported feedback and one draft, shared by the tests that only read."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.service import ingest_feedback, running, write_draft


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home")) as started:
        ingest_feedback(started)
        yield started


@pytest.fixture(scope="module")
def run(client: TestClient) -> dict[str, Any]:
    return write_draft(client)
