"""A turn that a bug stops: its readers are told, its job hears of the bug, and nobody reads a record's words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.bus import Bus
from api.pool import Benches
from api.turns import turn_handler
from api.turnstile import Turnstile
from assistant.domain.thread import Thread, Turn, TurnState, turn_id
from assistant.llm.port import ModelCall
from assistant.llm.scripted import ScriptedModel
from tests.support.desks import three_topics
from tests.support.search_corpus import a_bench

NOW = datetime(2026, 3, 4, tzinfo=UTC)
WORDS = "the words of a record"


def _broken(call: ModelCall) -> str:
    raise RuntimeError(WORDS)


def test_a_bug_ends_the_turn_and_is_raised_on(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, three_topics(12))
    bench.model = ScriptedModel(_broken)
    benches = Benches(bench.settings, lambda _: bench)
    thread = Thread(id="thr_1", workspace="default", created_at=NOW)
    turn = Turn(
        id=turn_id(thread.id, 1),
        thread_id=thread.id,
        seq=1,
        by="person",
        at=NOW,
        text="PRD for blank exports",
    )
    bench.catalog.threads.put(thread)
    bench.catalog.said.add("default", turn)
    answer = turn_handler(benches, Bus().ring, Turnstile())
    with pytest.raises(RuntimeError):
        answer("default", {"thread": thread.id, "turn": turn.id}, lambda *_: None)
    kept = bench.catalog.said.turns("default", thread.id)[0]
    last = bench.catalog.said.events("default", thread.id, 0)[-1]
    assert kept.state is TurnState.failed
    assert last.type == "turn.failed"
    assert "RuntimeError" in last.data["message"]
    assert WORDS not in str(last.data)
    assert answer("default", {"thread": thread.id, "turn": turn.id}, lambda *_: None)["turn"] == turn.id
    benches.close()
