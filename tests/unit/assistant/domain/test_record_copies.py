import pytest

from assistant.domain.record import Record


@pytest.mark.parametrize("deep", [False, True])
def test_a_changed_copy_of_a_record_has_a_revision_of_its_own(deep: bool) -> None:
    record = Record(workspace="w", id="rec_1", source="s", raw="It fails.", voice="v")
    before = record.revision
    changed = record.model_copy(update={"raw": "It works."}, deep=deep)
    assert changed.revision == Record(**changed.model_dump()).revision != before
    assert record.revision == before
