"""The records of a workspace as the rows of a survey: answers that came in with a comment are its segments."""

from assistant.errors import InputRejected
from assistant.workbench import Workbench
from ingest.port import Row
from ingest.priorities.prioritise import Rows

_PAGE = 1_000


def record_rows(bench: Workbench) -> Rows:
    """One row per record that has segments: their values by name, and `person`, with merged pseudonyms as one.

    Raises: InputRejected where no record has a segment.
    """
    corpus = bench.corpus()
    people = dict(zip(corpus.record_ids, corpus.person, strict=True))
    rows: list[Row] = []
    after: str | None = None
    while page := bench.catalog.pages.page(bench.workspace, after, _PAGE):
        for record in page:
            if record.segments:
                person = people.get(record.id) or record.person or ""
                rows.append(Row(len(rows) + 1, {**record.segments, "person": person}))
        after = page[-1].id
    if not rows:
        raise InputRejected(
            f"No record of workspace '{bench.workspace}' has a segment.",
            hint="Bring answers in as segments, voxspec ingest FILE --map 'segment.Export (functional)=Q3' …, or name the survey's file.",
        )
    return Rows(sorted({name for row in rows for name in row.cells}), rows)
