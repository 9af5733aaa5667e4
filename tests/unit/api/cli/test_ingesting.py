"""Reading `--map`."""

import pytest

from api.cli.ingesting import parse_mapping
from assistant.errors import UsageError


def test_fields_and_segments_are_mapped_to_columns() -> None:
    pairs = ["text=Comment", "segment.plan = Tier", "url=a=b", "rating="]
    assert parse_mapping(pairs) == {"text": "Comment", "segment.plan": "Tier", "url": "a=b", "rating": ""}


@pytest.mark.parametrize(
    "pairs", [["text"], ["=Comment"], ["body=Comment"], ["segment.=x"], ["text=a", "text=b"]]
)
def test_what_cannot_be_used_is_refused_with_the_fields_there_are(pairs: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        parse_mapping(pairs)
    assert "segment.NAME" in caught.value.hint


def test_the_same_pair_twice_is_one() -> None:
    assert parse_mapping(["text=a", "text=a"]) == {"text": "a"}
