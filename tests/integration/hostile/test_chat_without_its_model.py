"""A chat whose model hangs: the same intents by rules, in bounded time."""

import time
from pathlib import Path

import pytest

from tests.support.chat import Chat, only, words
from tests.support.model_server import ModelServer, hangs
from tests.support.service import ingest_feedback, running


def test_a_model_that_hangs_holds_up_no_answer_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(hangs()) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        with running(tmp_path, model="openai:test-model", model_timeout_s=0.5, model_retries=0) as client:
            ingest_feedback(client)
            chat = Chat(client)
            began = time.monotonic()
            heard = chat.say("slow exports, hmm, tell me more of these")
            assert heard[-1]["type"] == "turn.completed"
            found = chat.say("What do people say about slow exports?")
            assert (found[-1]["type"], found[-1]["intent"]) == ("turn.completed", "evidence")
            assert only(found, "turn.citation.added")
            assert "people" in words(found)
            assert time.monotonic() - began < 20
