"""Reading `--map`."""

import pytest

from api.cli.import_report import told_of
from api.cli.ingesting import parse_mapping
from assistant.errors import UsageError
from ingest.options import IngestResult
from ingest.port import FileReport


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


@pytest.mark.parametrize(
    ("records", "why"),
    [(148, ""), (149, "More than the 148 rows kept"), (140, "Fewer than the 148 rows kept")],
)
def test_the_records_of_an_import_agree_with_its_rows_or_it_is_said_why_not(records: int, why: str) -> None:
    line = told_of(IngestResult((FileReport("a.csv", rows=150, kept=148, duplicate=2),), records), "default")
    assert line.startswith(f"{records} new or changed records in workspace 'default'.")
    assert (why in line) if why else line.endswith("'default'.")
