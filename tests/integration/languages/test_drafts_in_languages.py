"""From a corpus in German, French, Spanish, Chinese or Japanese to search hits and drafts: quotes stay in the original."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assistant.domain.draft import ClaimsBlock, Draft, StoryBlock
from assistant.domain.evidence import Scope
from assistant.domain.finding import Verdict
from assistant.domain.request import DraftRequest
from assistant.search.query import search
from assistant.workbench import Workbench
from evals.gate import produce
from evals.planted.corpus import LANGUAGES, Topic, corpus
from tests.support.planted import open_planted

KINDS = ("user_stories", "prd", "insight_summary")
CASES = [(language, topic) for language in LANGUAGES for topic in corpus(language).topics]
NAMED = [f"{language}-{topic.name}" for language, topic in CASES]


@cache
def bench_of(*languages: str, embedder: str = "use-multilingual") -> Workbench:
    folder = TemporaryDirectory()
    bench = open_planted(Path(folder.name), *languages, embedder=embedder)
    _open.append((bench, folder))
    return bench


_open: list[tuple[Workbench, TemporaryDirectory[str]]] = []


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    yield
    for bench, folder in _open:
        bench.close()
        folder.cleanup()
    _open.clear()
    bench_of.cache_clear()


def topic_of(bench: Workbench, record_id: str) -> str:
    record = bench.catalog.records.get(bench.workspace, [record_id])[record_id]
    language, _, number = (record.external_id or "").partition("-")
    return corpus(language).records[int(number)].topic


def assert_proven(bench: Workbench, draft: Draft) -> None:
    """Every quote is the record's own text, and no check is broken."""
    assert draft.report is not None
    assert draft.report.verdict is Verdict.ready, [f.message for f in draft.report.findings]
    records = bench.catalog.records.get(bench.workspace, [q.record_id for q in draft.quotes.values()])
    assert draft.quotes
    for quote in draft.quotes.values():
        assert records[quote.record_id].raw[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(("language", "topic"), CASES, ids=NAMED)
def test_questions_find_the_records_of_their_topic(language: str, topic: Topic) -> None:
    bench = bench_of(language)
    asked = (topic.brief, *topic.questions)
    right = []
    for question in asked:
        hits = search(bench, question, limit=10)
        right.append(sum(topic_of(bench, hit.record_id) == topic.name for hit in hits))
        assert right[-1] >= 6, (question, [hit.quote.text for hit in hits])
    assert sum(right) >= 9 * len(asked)


@pytest.mark.parametrize(("language", "topic"), CASES, ids=NAMED)
def test_an_english_question_finds_them_too(language: str, topic: Topic) -> None:
    bench = bench_of(language)
    hits = search(bench, topic.english, limit=10)
    right = sum(topic_of(bench, hit.record_id) == topic.name for hit in hits)
    assert right >= 8, [hit.quote.text for hit in hits]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "topic"), CASES, ids=NAMED)
def test_a_brief_in_the_language_gives_a_proven_draft_about_its_topic(
    language: str, topic: Topic, kind: str
) -> None:
    bench = bench_of(language)
    draft = produce(bench, DraftRequest(kind=kind, brief=topic.brief))
    assert_proven(bench, draft)
    assert {topic_of(bench, quote.record_id) for quote in draft.quotes.values()} == {topic.name}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "topic"), CASES, ids=NAMED)
def test_an_english_brief_gives_a_proven_draft_about_its_topic(
    language: str, topic: Topic, kind: str
) -> None:
    bench = bench_of(language)
    draft = produce(bench, DraftRequest(kind=kind, brief=topic.english))
    assert_proven(bench, draft)
    assert {topic_of(bench, quote.record_id) for quote in draft.quotes.values()} == {topic.name}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "topic"), CASES, ids=NAMED)
def test_with_the_english_embedder_a_draft_is_proven_too_and_in_european_languages_about_its_topic(
    language: str, topic: Topic, kind: str
) -> None:
    bench = bench_of(language, embedder="minilm")
    draft = produce(bench, DraftRequest(kind=kind, brief=topic.brief))
    assert_proven(bench, draft)
    told = [topic_of(bench, quote.record_id) for quote in draft.quotes.values()]
    # Of Chinese and Japanese it sees single characters: that is why the other one is offered.
    assert language in {"ja", "zh"} or 3 * told.count(topic.name) >= 2 * len(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_without_a_brief_tells_each_planted_topic_in_its_own_section(language: str) -> None:
    bench = bench_of(language)
    draft = produce(bench, DraftRequest(kind="insight_summary", brief=""))
    assert_proven(bench, draft)
    told = []
    for section in draft.sections:
        if section.id.startswith("theme-"):
            names = [
                name for block in section.blocks if isinstance(block, ClaimsBlock) for name in block.claim_ids
            ]
            quotes = [draft.quotes[quote] for name in names for quote in draft.claims[name].quote_ids]
            told.append({topic_of(bench, quote.record_id) for quote in quotes})
    assert all(len(topics) == 1 for topics in told)
    assert set().union(*told) == {topic.name for topic in corpus(language).topics}


@pytest.mark.parametrize("language", LANGUAGES)
def test_stories_word_wants_and_benefits_in_the_original(language: str) -> None:
    bench = bench_of(language)
    draft = produce(bench, DraftRequest(kind="user_stories", brief=""))
    stories = [block for block in draft.blocks() if isinstance(block, StoryBlock)]
    assert stories
    raws = [record.raw for record in bench.catalog.pages.page(bench.workspace, None, 100)]
    parts = [
        (story, name) for story in stories for name in ("want", "benefit") if name not in story.assumptions
    ]
    cited = [getattr(story, name).partition("“")[2].partition("”")[0] for story, name in parts]
    assert cited
    for words in cited:
        assert words
        assert any(words in raw for raw in raws), words


@pytest.mark.parametrize(
    "brief", ["the weather in Lisbon", "shares of a railway company", "寿司の作り方", "recetas de arroz"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_that_the_corpus_says_nothing_of_gets_no_draft(language: str, brief: str) -> None:
    draft = produce(bench_of(language), DraftRequest(kind="prd", brief=brief))
    assert draft.report is not None
    assert draft.report.verdict is Verdict.not_enough_evidence


def test_a_corpus_of_all_five_languages_gives_themes_across_them() -> None:
    bench = bench_of(*LANGUAGES)
    hits = search(bench, "exporting to PDF", limit=50)
    found = {hit.quote.language for hit in hits if topic_of(bench, hit.record_id) == "export"}
    assert found == set(LANGUAGES)
    assert_proven(bench, produce(bench, DraftRequest(kind="prd", brief="exporting to PDF")))


def test_a_scope_of_one_language_quotes_that_language_only() -> None:
    bench = bench_of(*LANGUAGES)
    draft = produce(
        bench,
        DraftRequest(kind="user_stories", brief="signing in and passwords", scope=Scope(languages=("ja",))),
    )
    assert_proven(bench, draft)
    assert {quote.language for quote in draft.quotes.values()} == {"ja"}
