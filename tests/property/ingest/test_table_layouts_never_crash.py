"""Whatever a cell of a known export holds, its file is read to the last row or refused with a hint."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.record import RecordKind
from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.build import Origin, build_rows
from ingest.columns import map_table
from ingest.options import IngestOptions
from ingest.recognise import open_file
from tests.support.layouts import LAYOUTS, save, table

TABLES = {path.name: table(path.name) for path in sorted(LAYOUTS.glob("*.csv"))}
ODD_CELLS = st.text(max_size=12) | st.sampled_from(
    ["", "2024-13-45", "99999999999", '{"ImportId":', '{"ImportId":[1]}', "午後", "12/Mar/99 99:99 PM", "=1+1", "#", "Timestamp"]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.integers(0, 3) | st.integers(0, 22), st.integers(0, 30), ODD_CELLS), max_size=12
)


ROWS = st.integers(0, 3) | st.integers(0, 22)
CUTS = st.lists(st.tuples(ROWS, st.booleans()), max_size=4)


@given(name=st.sampled_from(sorted(TABLES)), edits=EDITS, cuts=CUTS)
@settings(max_examples=120, deadline=None)
def test_an_export_with_odd_cells_is_read_or_refused(
    name: str, edits: list[tuple[int, int, str]], cuts: list[tuple[int, bool]]
) -> None:
    rows = [list(row) for row in TABLES[name]]
    for number, place, cell in edits:
        if number < len(rows):
            rows[number][place % len(rows[number])] = cell
    for number, longer in cuts:
        if number < len(rows):
            rows[number] = [*rows[number], "{}"] if longer else rows[number][: len(rows[number]) // 2 + 1]
    with tempfile.TemporaryDirectory() as folder:
        refused = refusal(save(rows, Path(folder, "a.csv"), encoding="utf-16"))
        assert refused is None or refused.hint


def refusal(path: Path) -> InputRejected | None:
    try:
        opened = open_file(path, Settings(home=path.parent))
        assert opened.connector is not None
        mapping, total = map_table(opened, opened.connector, IngestOptions())
    except InputRejected as refused:
        return refused
    rows = list(opened.connector.rows())
    assert [row.number for row in rows] == list(range(1, total + 1))
    for row in rows:
        for candidate in next(build_rows([row], mapping, Origin("w", "s", RecordKind.customer))).candidates:
            assert candidate.record.raw
            assert candidate.record.segments.keys() <= {*mapping.segments, "question", "polarity"}
    return None
