"""A drafting desk over a real catalog of a few records, for tests of whatever writes sentences."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.domain.evidence import Scope
from assistant.domain.fact import Measure
from assistant.domain.record import Record
from assistant.drafting.desk import Desk
from assistant.drafting.facts import FactBook
from assistant.drafting.reader import Reader, Sentence
from assistant.llm.port import Embedder
from assistant.search.matrix import matrix_of
from assistant.workbench import Workbench
from tests.support.search_corpus import a_bench, a_record


def a_desk(
    folder: Path,
    records: Sequence[Record],
    *,
    counts: Measure = Measure.people,
    scope: Scope | None = None,
    embedder: Embedder | None = None,
) -> Desk:
    """A desk whose workbench stays open as long as its folder is there."""
    return desk_of(a_bench(folder, records, embedder=embedder), counts=counts, scope=scope)


def desk_of(bench: Workbench, *, counts: Measure = Measure.people, scope: Scope | None = None) -> Desk:
    """A desk over what a workbench holds."""
    matrix = matrix_of(bench)
    return Desk(Reader(bench, matrix), FactBook(matrix, scope or Scope()), counts)


def sentences_of(desk: Desk) -> list[Sentence]:
    """All sentences of all passages, in the order of the corpus."""
    passages = list(range(len(desk.reader.matrix.rows.passage_ids)))
    return [sentence for saying in desk.reader.read(passages) for sentence in saying.sentences]


_TOPICS = {
    "export": ["The board export to PDF ends {} blank", "PDF export of our board is blank {}", "Export of the {} board gives a blank PDF"],
    "login": ["The login page rejects my {} password", "My password fails at the {} login", "Login with {} password fails again"],
    "calendar": ["The calendar hides my {} meetings", "Meetings vanish from the {} calendar", "Calendar meetings of {} are missing"],
}  # fmt: skip
_FILLERS = [
    "office",
    "summer",
    "client",
    "family",
    "spring",
    "partner",
    "school",
    "garden",
    "harbour",
    "museum",
    "kitchen",
    "train",
]


def three_topics(each: int = 30) -> list[Record]:
    """Records about three things; ids say nothing about the topic, `external_id` does."""
    return [
        a_record(
            f"{templates[number % len(templates)].format(_FILLERS[number % len(_FILLERS)])}.",
            key=f"{topic}-{number}",
            author=f"{topic} person {number}",
            external_id=f"{topic}-{number}",
            said_at=datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=2 * number),
        )
        for topic, templates in _TOPICS.items()
        for number in range(each)
    ]
