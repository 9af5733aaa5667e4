"""Search with the real local embedder."""

import csv
import json
from functools import cache
from pathlib import Path

import pytest

from assistant.domain.evidence import Scope
from assistant.llm.minilm import open_minilm
from assistant.llm.port import Embedder
from assistant.search.query import search
from assistant.search.select import gather
from tests.support.search_corpus import a_bench, a_record

DATA = Path(__file__).parents[4] / "shared" / "data"


@cache
def minilm() -> Embedder:
    return open_minilm()


def test_other_words_for_the_same_thing_are_found(tmp_path: Path) -> None:
    texts = [
        "Saving a spreadsheet of all tasks ends in an error page.",
        "The colours are too bright in the evening.",
        "My subscription was charged twice this month.",
        "Typing feels laggy on my old tablet.",
    ]
    bench = a_bench(
        tmp_path, [a_record(text, str(i), author=str(i)) for i, text in enumerate(texts)], embedder=minilm()
    )
    assert search(bench, "Excel export broken")[0].quote.text == texts[0]
    assert search(bench, "dark mode at night")[0].quote.text == texts[1]
    assert search(bench, "billing problem, paid double")[0].quote.text == texts[2]


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data (../shared/data) is not here")
def test_own_questions_find_evidence_and_foreign_ones_mostly_do_not(tmp_path: Path) -> None:
    with (DATA / "banking77" / "train.csv").open(encoding="utf-8") as file:
        corpus = [row["text"] for row in csv.DictReader(file)][::20]
    with (DATA / "banking77" / "test.csv").open(encoding="utf-8") as file:
        own = [row["text"] for row in csv.DictReader(file)][::120]
    foreign = [
        text for text, _ in json.loads((DATA / "clinc150" / "data_full.json").read_text())["oos_test"][::20]
    ]
    records = [a_record(text, str(i), author=str(i)) for i, text in enumerate(corpus)]
    bench = a_bench(tmp_path, records, embedder=minilm())

    def found(questions: list[str]) -> list[int]:
        return [len(gather(bench, question, Scope(), limit=10).supporting) for question in questions]

    assert all(found(own))
    assert sum(count <= 2 for count in found(foreign)) / len(foreign) >= 0.6
