from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.evidence import Scope
from assistant.errors import EmbedderMismatch, UsageError
from assistant.search.query import search
from assistant.stores.catalog import open_catalog
from assistant.workbench import Workbench
from tests.support.search_corpus import WordEmbedder, a_bench, a_record, add_records

TEXTS = [
    "The CSV export fails above ten thousand rows. We export weekly.",
    "Export to Excel crashes the tab.",
    "Dark mode would be great for night shifts.",
    "Support answered within an hour, lovely people.",
    "Sync between phone and laptop is slow.",
    "The calendar view is missing public holidays.",
]
RECORDS = [
    a_record(
        text,
        f"k{i}",
        author=f"person {i}",
        source="tickets" if i % 2 else "reviews",
        said_at=datetime(2026, 1 + i, 1, tzinfo=UTC),
        segments={"plan": "pro" if i < 3 else "free"},
    )
    for i, text in enumerate(TEXTS)
]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return a_bench(tmp_path, RECORDS)


def test_the_best_sentence_is_quoted_verbatim(bench: Workbench) -> None:
    hits = search(bench, "csv export fails", limit=3)
    assert hits[0].quote.text == "The CSV export fails above ten thousand rows."
    assert hits[0].stance == "problem"
    assert hits[0].score >= hits[1].score >= hits[2].score
    for hit in hits:
        record = bench.catalog.records.get("default", [hit.record_id])[hit.record_id]
        assert hit.quote.text == record.raw[hit.quote.start : hit.quote.end]
        assert hit.quote.revision == record.revision


def test_a_hit_says_how_it_was_found(bench: Workbench) -> None:
    first, *others = search(bench, "dark mode", limit=6)
    assert first.dense is not None
    assert first.dense > 0.5
    assert first.lexical is not None
    assert all(hit.lexical is None for hit in others)


def test_a_scope_restricts_the_hits(bench: Workbench) -> None:
    for scope, kept in (
        (Scope(sources=("tickets",)), {1, 3, 5}),
        (Scope(segments={"plan": ("pro",)}), {0, 1, 2}),
        (Scope(since=datetime(2026, 5, 1, tzinfo=UTC)), {4, 5}),
    ):
        found = {hit.record_id for hit in search(bench, "export", scope, limit=50)}
        assert found == {RECORDS[i].id for i in kept}


def test_a_scope_without_records_finds_nothing(bench: Workbench) -> None:
    assert search(bench, "export", Scope(sources=("nowhere",))) == []


def test_an_empty_workspace_finds_nothing(tmp_path: Path) -> None:
    assert search(a_bench(tmp_path), "export") == []


@pytest.mark.parametrize("question", ["", "  \n", "\u200b"])
def test_an_empty_question_is_refused(bench: Workbench, question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        search(bench, question)


def test_a_limit_below_one_is_refused(bench: Workbench) -> None:
    with pytest.raises(UsageError, match="limit"):
        search(bench, "export", limit=0)


@pytest.mark.parametrize(
    "question", ["the of and", "!!!", "日本語", "x" * 20_000, "a\x00b", "' OR 1=1 --", "*"]
)
def test_any_other_question_is_answered(bench: Workbench, question: str) -> None:
    assert len(search(bench, question, limit=6)) == 6


def test_exact_duplicates_of_one_voice_fold_to_the_smallest_record(tmp_path: Path) -> None:
    copies = [a_record("The export hangs.", f"c{i}", author="Ann", source=f"s{i}") for i in range(250)]
    other = a_record("The export hangs.", "other", author="Bob")
    bench = a_bench(tmp_path, [*copies, other, *RECORDS])
    hits = search(bench, "export hangs", limit=4)
    ids = [hit.record_id for hit in hits]
    assert sorted(ids[:2]) == sorted([min(record.id for record in copies), other.id])
    assert len(set(ids)) == 4
    in_scope = search(bench, "export hangs", Scope(sources=("s7", "s9")), limit=4)
    assert [hit.record_id for hit in in_scope] == [min(copies[7].id, copies[9].id)]


def test_a_record_is_one_hit_even_with_many_passages(bench: Workbench) -> None:
    hits = search(bench, "export", limit=6)
    assert len({hit.record_id for hit in hits}) == len(hits) == 6


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    answers = []
    for turn in range(3):
        (tmp_path / str(turn)).mkdir()
        bench = a_bench(tmp_path / str(turn))
        for i in rng.permutation(len(RECORDS)):
            add_records(bench.catalog, WordEmbedder(), [RECORDS[int(i)]])
        answers.append([hit.model_dump_json() for hit in search(bench, "slow export to excel", limit=6)])
    assert answers[0] == answers[1] == answers[2]


def test_what_was_added_after_the_first_search_is_found(bench: Workbench) -> None:
    search(bench, "gantt chart")
    late = a_record("We need a gantt chart.", "late", author="Zoe")
    add_records(bench.catalog, WordEmbedder(), [late])
    assert search(bench, "gantt chart")[0].record_id == late.id


def test_another_embedder_than_the_workspaces_is_refused(tmp_path: Path) -> None:
    class Other(WordEmbedder):
        identity = "other:1:64"

    a_bench(tmp_path, RECORDS).close()
    with pytest.raises(EmbedderMismatch, match="words:0:64"):
        search(a_bench(tmp_path, embedder=Other()), "export")


def test_workspaces_do_not_see_each_other(tmp_path: Path, bench: Workbench) -> None:
    bench.workspace = "other"
    bench._corpus = None
    assert search(bench, "export") == []
    assert open_catalog(tmp_path / "catalog.db").records.snapshot("default")
