"""Spans of an import, a draft with a model and an effect: named after the conventions, and without a word of any record."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
from opentelemetry.trace import SpanKind, StatusCode

from api.trackers.courier import deliver_all
from assistant.domain.request import DraftRequest
from assistant.domain.ticket import Action, Effect, TicketText
from assistant.errors import NotFound, TrackerRefused
from assistant.llm.traced import PROVIDERS
from assistant.settings import Settings
from assistant.tracing import span, start_tracing, stop_tracing
from assistant.wiring import open_workbench
from assistant.workbench import Workbench
from evals.gate import produce
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.memory_tracker import MemoryTracker
from tests.support.model_server import ModelServer, says

CANARY = "zanzibarian"


@pytest.fixture(autouse=True)
def _untraced_after() -> Iterator[None]:
    stop_tracing()
    yield
    stop_tracing()


def _collecting(settings: Settings) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    start_tracing(settings, provider)
    return exporter


def _work(folder: Path, settings: Settings) -> None:
    lines = [
        {"text": f"The export of our {CANARY} boards is slow, it took {n} hours.", "author": f"{CANARY} {n}"}
        for n in range(8)
    ]
    path = folder / f"{CANARY}.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    with open_workbench(settings) as bench:
        ingest(bench, [path], IngestOptions(mapping={"text": "text", "author": "author"}))
        produce(bench, DraftRequest(kind="prd", brief=f"slow {CANARY} export"))
        _send(bench)


def _send(bench: Workbench) -> None:
    text = TicketText(title=f"{CANARY} title", body=f"{CANARY} body")
    for key in ("one", "two"):
        effect = Effect(
            key=key,
            connection="desk",
            action=Action.create,
            subject=f"{CANARY} {key}",
            made_at=datetime.now(UTC),
            text=text,
        )
        bench.catalog.effects.add(bench.workspace, [effect])
    tracker = MemoryTracker(before=[None, TrackerRefused(f"No {CANARY}.")])
    asyncio.run(deliver_all(bench.catalog, bench.workspace, "desk", tracker))


def _settings(folder: Path, server: ModelServer, **more: bool) -> Settings:
    return Settings.load(
        home=folder / "home", model="openai:test-model", openai_base_url=server.base_url, traces=True, **more
    )


def _words_of(spans: tuple[ReadableSpan, ...]) -> str:
    return "\n".join(one.to_json() for one in spans)


def test_spans_are_named_after_the_conventions_and_hold_no_text(tmp_path: Path) -> None:
    with ModelServer(says('{"text": "Exports are slow."}')) as server:
        settings = _settings(tmp_path, server)
        exporter = _collecting(settings)
        _work(tmp_path, settings)
        assert CANARY in server.requests[0].user
    spans = exporter.get_finished_spans()
    names = {one.name for one in spans}
    assert {"import", "draft prd", "draft survey", "draft write", "chat test-model", "effect create"} <= names
    assert CANARY not in _words_of(spans)

    (imported,) = [one for one in spans if one.name == "import"]
    assert imported.attributes is not None
    assert (imported.attributes["voxspec.records"], imported.attributes["voxspec.files"]) == (8, 1)
    effects = [one for one in spans if one.name == "effect create"]
    assert [dict(one.attributes or {})["voxspec.effect.state"] for one in effects] == ["done", "dead"]


def test_a_call_of_a_model_is_told_as_the_conventions_say(tmp_path: Path) -> None:
    with ModelServer(says("{}")) as server:
        settings = _settings(tmp_path, server)
        exporter = _collecting(settings)
        _work(tmp_path, settings)
        asked = len(server.requests)
    spans = exporter.get_finished_spans()
    calls = [one for one in spans if one.name == "chat test-model"]
    assert len(calls) == asked > 0
    told = dict(calls[0].attributes or {})
    assert calls[0].kind is SpanKind.CLIENT
    assert told["gen_ai.operation.name"] == "chat"
    assert told["gen_ai.provider.name"] == "openai"
    assert told["gen_ai.request.model"] == "test-model"
    assert {"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.output.type"} <= told.keys()
    assert not {"gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions"} & told.keys()
    by_id = {one.context.span_id: one for one in spans if one.context}
    assert calls[0].parent is not None
    assert by_id[calls[0].parent.span_id].name.startswith("draft ")


def test_every_name_is_one_of_the_conventions_as_they_are_now(tmp_path: Path) -> None:
    source = Path(str(gen_ai_attributes.__file__)).read_text(encoding="utf-8")
    given_up = set(re.findall(r'"(gen_ai\.[a-z_.]+)"\n"""\nDeprecated: (?:Replaced|Removed)', source))
    assert "gen_ai.system" in given_up or "gen_ai.prompt" in given_up
    current = {one for name, one in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_")} - given_up
    with ModelServer(says("{}")) as server:
        settings = _settings(tmp_path, server, trace_content=True)
        exporter = _collecting(settings)
        _work(tmp_path, settings)
    names = {name for one in exporter.get_finished_spans() for name in one.attributes or {}}
    told = {name for name in names if name.startswith("gen_ai.")}
    assert len(told) > 10
    assert told <= current
    assert {name for name in names - told if not name.startswith("voxspec.")} <= {"error.type"}
    providers = {one.value for one in gen_ai_attributes.GenAiProviderNameValues}
    assert set(PROVIDERS.values()) <= providers
    assert "openai" in providers


def test_prompts_are_noted_where_the_setting_says_so(tmp_path: Path) -> None:
    with ModelServer(says("{}")) as server:
        settings = _settings(tmp_path, server, trace_content=True)
        exporter = _collecting(settings)
        _work(tmp_path, settings)
    told = next(
        dict(one.attributes or {}) for one in exporter.get_finished_spans() if one.name == "chat test-model"
    )
    (message,) = json.loads(str(told["gen_ai.input.messages"]))
    assert message["role"] == "user"
    assert CANARY in message["parts"][0]["content"]
    assert json.loads(str(told["gen_ai.output.messages"]))[0]["role"] == "assistant"


def test_an_error_is_noted_by_its_code_and_not_by_its_words(tmp_path: Path) -> None:
    exporter = _collecting(Settings.load(home=tmp_path, traces=True))
    with pytest.raises(NotFound), span("look"):
        raise NotFound(f"There is no {CANARY}.")
    (held,) = exporter.get_finished_spans()
    assert dict(held.attributes or {})["error.type"] == "not-found"
    assert held.status.status_code is StatusCode.ERROR
    assert CANARY not in held.to_json()


def test_nothing_is_traced_unless_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    exporter = _collecting(Settings.load(home=tmp_path))
    with span("look") as noted:
        noted.note(records=1)
    assert exporter.get_finished_spans() == ()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    exporter = _collecting(Settings.load(home=tmp_path, traces=False))
    with span("look"):
        pass
    assert exporter.get_finished_spans() == ()
    exporter = _collecting(Settings.load(home=tmp_path))
    with span("look"):
        pass
    assert [one.name for one in exporter.get_finished_spans()] == ["look"]
