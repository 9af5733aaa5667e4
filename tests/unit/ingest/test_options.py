"""What a person asks of an import is looked at before anything is read."""

import pytest

from assistant.errors import UsageError
from ingest.options import IngestOptions


@pytest.mark.parametrize(("said", "code"), [("de", "de"), ("pt-BR", "pt"), ("German", "de"), (None, None)])
def test_a_language_is_kept_as_its_code(said: str | None, code: str | None) -> None:
    assert IngestOptions(language=said).language == code


@pytest.mark.parametrize("said", ["zzzzzz", "", "d", "x" * 5000, "de\x00"])
def test_a_language_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="no language"):
        IngestOptions(language=said)


def test_a_source_needs_a_name_that_can_be_read() -> None:
    with pytest.raises(UsageError, match="201 characters"):
        IngestOptions(source="x" * 201)
