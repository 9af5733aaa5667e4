"""Finished calls are stored before they are used and never paid twice."""

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.errors import DiskFull, ModelError, ModelRefused, ModelTimeout, ModelUnavailable
from assistant.llm.cache import CachedModel
from assistant.llm.failures import ReplyUnusable
from assistant.llm.port import ModelCall
from assistant.llm.scripted import ScriptedModel

CALL = ModelCall(purpose="test", system="s", user="u")


class Shelf:
    """A call store in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], dict[str, Any]] = {}

    def get(self, workspace: str, key: str) -> dict[str, Any] | None:
        return self.kept.get((workspace, key))

    def put(self, workspace: str, key: str, reply: Mapping[str, Any]) -> None:
        self.kept[workspace, key] = dict(reply)


class FullShelf(Shelf):
    def put(self, workspace: str, key: str, reply: Mapping[str, Any]) -> None:
        raise DiskFull("No space left.")


def test_the_second_call_is_answered_from_the_store_in_one_piece() -> None:
    model = ScriptedModel(["Two words."])
    cached = CachedModel(model, Shelf(), "default")
    first = cached.complete(CALL)
    heard: list[str] = []
    second = cached.complete(CALL, heard.append)
    assert (first.cached, second.cached) == (False, True)
    assert heard == [second.text] == ["Two words."]
    assert second.tokens_out == first.tokens_out == 2
    assert len(model.calls) == 1
    assert cached.name == "scripted"


def test_another_question_workspace_or_model_is_another_call() -> None:
    shelf = Shelf()
    model = ScriptedModel(["1", "2", "3"])
    CachedModel(model, shelf, "default").complete(CALL)
    CachedModel(model, shelf, "default").complete(CALL.model_copy(update={"user": "v"}))
    CachedModel(model, shelf, "other").complete(CALL)
    CachedModel(ScriptedModel(["4"], "another"), shelf, "default").complete(CALL)
    assert len(shelf.kept) == 4


def test_the_time_limit_is_no_part_of_the_question() -> None:
    cached = CachedModel(ScriptedModel(["once"]), Shelf(), "default")
    cached.complete(CALL)
    assert cached.complete(CALL.model_copy(update={"timeout_s": 1.0})).cached


def test_errors_are_not_stored() -> None:
    cached = CachedModel(ScriptedModel([ModelTimeout("slow"), "now"]), Shelf(), "default")
    with pytest.raises(ModelTimeout):
        cached.complete(CALL)
    assert cached.complete(CALL).text == "now"


@pytest.mark.parametrize(
    "problem", [ModelRefused("No.", hint="Ask else."), ReplyUnusable("Too long.", hint="Less.")]
)
def test_a_finished_reply_that_is_of_no_use_is_stored_too(problem: ModelError) -> None:
    store, model = Shelf(), ScriptedModel([problem, "A second answer."])
    for _ in range(2):
        with pytest.raises(type(problem)) as caught:
            CachedModel(model, store, "acme").complete(CALL)
        assert (caught.value.message, caught.value.hint) == (problem.message, problem.hint)
    assert len(model.calls) == 1


def test_a_reply_that_cannot_be_stored_is_not_used() -> None:
    with pytest.raises(DiskFull):
        CachedModel(ScriptedModel(["paid"]), FullShelf(), "default").complete(CALL)


def test_a_stored_reply_of_another_shape_is_asked_for_again() -> None:
    shelf = Shelf()
    shelf.put("default", CALL.key("scripted"), {"words": "old"})
    assert CachedModel(ScriptedModel(["new"]), shelf, "default").complete(CALL).text == "new"


def test_a_scripted_model_runs_out_with_a_typed_error() -> None:
    model = ScriptedModel([])
    with pytest.raises(ModelUnavailable):
        model.complete(CALL)


def test_a_scripted_model_answers_from_the_call_word_by_word() -> None:
    heard: list[str] = []
    reply = ScriptedModel(lambda call: f"  you said\n{call.user} ").complete(CALL, heard.append)
    assert "".join(heard) == reply.text == "  you said\nu "
    assert len(heard) == 3
