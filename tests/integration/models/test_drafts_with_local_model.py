"""A whole draft with a real, small language model through both adapters: whatever it writes, the draft is proven."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.render import render
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.check import check
from evals.gate import produce
from evals.replay import replay
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.local_model import LocalModel
from tests.support.voices import write_voices

pytestmark = [
    pytest.mark.slow(reason="loads a language model of 135 million parameters and lets it write two drafts"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

REQUEST = DraftRequest(kind="user_stories", brief="export large boards", max_items=2)
Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module", params=["openai", "langchain:openai"])
def written(
    request: pytest.FixtureRequest, local_model: LocalModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workbench, Draft, Told]]:
    """A draft by the model that the setting names, its events, and the workbench."""
    folder = tmp_path_factory.mktemp("local-model")
    write_voices(folder / "voices.csv", rows=60)
    with pytest.MonkeyPatch.context() as patch:
        # LangChain's providers read their own variables; ours reads the same two.
        patch.setenv("OPENAI_BASE_URL", local_model.base_url)
        patch.setenv("OPENAI_API_KEY", "none")
        model = f"{request.param}:{local_model.name}"
        settings = Settings.load(home=folder / "home", model=model, model_timeout_s=120)
        with open_workbench(settings) as bench:
            ingest(bench, [folder / "voices.csv"], IngestOptions())
            told: Told = []
            draft = produce(bench, REQUEST, lambda event, data: told.append((event, data)))
            yield bench, draft, told


def test_the_draft_is_checked_and_every_quote_and_number_is_proven(
    written: tuple[Workbench, Draft, Told],
) -> None:
    bench, draft, _ = written
    assert draft.status is DraftStatus.ready
    assert draft.report is not None
    assert check(bench, draft) == draft.report
    for name in ("quotes_verified", "numbers_recomputed", "claims_supported"):
        assert 0 < draft.report.counts[name].ok == draft.report.counts[name].total
    raw = bench.catalog.records.get("default", [quote.record_id for quote in draft.quotes.values()])
    assert draft.quotes
    for quote in draft.quotes.values():
        assert raw[quote.record_id].raw[quote.start : quote.end] == quote.text
    for form in ("md", "html", "docx"):
        assert render(draft, form, raw)


def test_the_model_was_asked_and_every_call_is_stored_and_counted(
    written: tuple[Workbench, Draft, Told],
) -> None:
    bench, draft, _ = written
    assert draft.provenance.writer == bench.settings.model
    assert len(draft.provenance.calls) >= 2
    assert all(bench.catalog.calls.get("default", key) for key in draft.provenance.calls)
    assert draft.provenance.tokens_in > 100
    assert draft.provenance.tokens_out > 10


def test_the_words_arrive_as_they_are_written(written: tuple[Workbench, Draft, Told]) -> None:
    _, _, told = written
    pieces: dict[str, list[str]] = defaultdict(list)
    for event, data in told:
        if event == "draft.text.delta" and "target" in data:
            pieces[data["target"]].append(data["text"])
    assert pieces
    assert max(map(len, pieces.values())) > 3
    assert [event for event, _ in told][-1] == "draft.completed"


def test_the_stored_replies_give_the_same_bytes_again(written: tuple[Workbench, Draft, Told]) -> None:
    bench, draft, _ = written
    assert replay(bench, draft).same
