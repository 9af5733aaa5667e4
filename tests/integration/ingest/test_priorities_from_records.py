"""A Kano survey that came in with comments: its answers are segments of records."""

from pathlib import Path

import pytest

from assistant.errors import InputRejected
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.priorities.prioritise import Wishes, prioritise
from ingest.priorities.records import record_rows
from tests.support.ingest_bench import open_bench


def test_answers_are_read_from_segments_and_a_person_counts_once(tmp_path: Path) -> None:
    texts = "id,author,comment,with it,without it,plan\n"
    # Five of the thirty people answer a second time, and say the same.
    for number in range(35):
        answers = (
            f"I expect it,{('I dislike it', 'No me gusta')[number % 2]},{('team', '')[number % 30 > 24]}"
        )
        texts += f"{number},user {number % 30},Board {number} takes an hour to export and it annoys me.,{answers}\n"
    path = tmp_path / "answers.csv"
    path.write_text(texts, encoding="utf-8")
    mapping = {"segment.Export (functional)": "with it", "segment.Export (dysfunctional)": "without it", "segment.plan": "plan"}  # fmt: skip
    with open_bench(tmp_path / "home") as bench:
        with pytest.raises(InputRejected, match="No record of workspace 'default' has a segment"):
            record_rows(bench)
        ingest(bench, [path], IngestOptions(mapping=mapping, confirmed=True))
        table = prioritise(record_rows(bench), Wishes("kano", segments=["plan"]))
    assert table.method == "kano"
    assert [(row.segment, row.feature, row.category, row.pairs) for row in table.rows] == [
        ("", "Export", "M", 30), ("plan=team", "Export", "M", 25), ("plan=unknown", "Export", None, 5),
    ]  # fmt: skip
