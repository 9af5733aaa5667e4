"""A drafting desk over a real catalog of a few records, for tests of whatever writes sentences."""

from collections.abc import Sequence
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
from tests.support.search_corpus import a_bench


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
