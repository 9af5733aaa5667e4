"""Typed answers: what is let through, what is sent back, what is refused."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import ModelReplyInvalid, ModelTimeout
from assistant.llm.port import ModelCall
from assistant.llm.scripted import ScriptedModel
from assistant.llm.structured import ask, parse, reply_schema

CALL = ModelCall(purpose="test", system="s", user="Which sentences matter?")


class Mood(StrEnum):
    good = "good"
    bad = "bad"


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["step"] = "step"
    title: str = Field(description="Few words.")


class Gap(BaseModel):
    kind: Literal["gap"] = "gap"


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ids: list[str] = Field(max_length=3)
    mood: Mood = Mood.good
    steps: tuple[Annotated[Step | Gap, Field(discriminator="kind")], ...] = ()


GOOD = '{"ids": ["S1", "S2"], "mood": "bad", "steps": [{"kind": "step", "title": "t"}]}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        f"```json\n{GOOD}\n```",
        f"Sure! Here it is:\n```\r\n{GOOD}\n```\nAnything else about {{F3}}?",
        f"  \n{GOOD}\n\n",
        f"<think>{{hm}}</think>{GOOD}",
    ],
)
def test_one_object_is_found_in_what_stands_around_it(text: str) -> None:
    answer = parse(text, Answer)
    assert answer.ids == ["S1", "S2"]
    assert answer.mood is Mood.bad


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "no JSON object"),
        ("I think S1 matters.", "no JSON object"),
        ('["S1"]', "no JSON object"),
        ('{"ids": ["S1"', "not JSON"),
        ('{"ids": [{"ids": ["S1"]}', "not JSON"),
        ("{'ids': ['S1']}", "no JSON object"),
        (GOOD + GOOD, "2 JSON objects"),
        ('{"ids": [NaN]}', "NaN"),
        ('{"ids": [1]}', "ids.0: Input should be a valid string"),
        ('{"ids": "S1"}', "ids: "),
        ('{"ids": [], "extra": 1}', "extra: "),
        ('{"ids": ["a","b","c","d"]}', "ids: "),
        ('{"ids": ["\\ud800"]}', "can't be used"),
        ('{"ids": ' + "[" * 100_000, "can't be used"),
        ('{"a":' * 100_000, "can't be used"),
        ('{"ids": [' + "1" * 10_000 + "]}", "can't be used"),
    ],
)
def test_anything_else_is_refused_with_what_is_wrong(text: str, wrong: str) -> None:
    with pytest.raises(ModelReplyInvalid) as caught:
        parse(text, Answer)
    assert wrong in caught.value.message
    assert len(caught.value.message) < 600


def test_a_schema_stands_alone_requires_all_and_allows_no_more() -> None:
    schema = reply_schema(Answer)
    assert "$ref" not in str(schema)
    assert "$defs" not in schema
    assert schema["required"] == ["ids", "mood", "steps"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["mood"] == {"enum": ["good", "bad"], "type": "string"}
    step, gap = schema["properties"]["steps"]["items"]["anyOf"]
    assert step["properties"]["title"] == {"description": "Few words.", "type": "string"}
    assert step["required"] == ["kind", "title"]
    assert gap["additionalProperties"] is False


def test_a_field_may_be_called_like_a_schema_word() -> None:
    class Odd(BaseModel):
        title: str
        default: int
        properties: str

    assert list(reply_schema(Odd)["properties"]) == ["title", "default", "properties"]


def test_a_class_that_contains_itself_is_refused() -> None:
    class Tree(BaseModel):
        children: list["Tree"]

    Tree.model_rebuild(_types_namespace={"Tree": Tree})
    with pytest.raises(ValueError, match="contains itself"):
        reply_schema(Tree)


def test_a_good_reply_is_asked_for_once_with_the_schema() -> None:
    model = ScriptedModel([GOOD])
    heard: list[str] = []
    answer, replies = ask(model, CALL, Answer, on_delta=heard.append)
    assert answer.ids == ["S1", "S2"]
    assert [reply.text for reply in replies] == [GOOD]
    assert "".join(heard) == GOOD
    assert model.calls[0].json_schema == reply_schema(Answer)


def test_a_bad_reply_is_sent_back_with_what_is_wrong() -> None:
    model = ScriptedModel(['{"ids": "S1"}', GOOD])
    answer, replies = ask(model, CALL, Answer)
    assert answer.mood is Mood.bad
    assert len(replies) == 2
    assert model.calls[1].user.startswith(CALL.user)
    assert "ids: Input should be a valid array" in model.calls[1].user


def test_a_cut_reply_is_asked_for_again() -> None:
    answer, replies = ask(ScriptedModel([ModelReplyInvalid("cut off"), GOOD]), CALL, Answer)
    assert answer.ids == ["S1", "S2"]
    assert len(replies) == 1


def test_after_the_last_attempt_the_reply_is_invalid() -> None:
    model = ScriptedModel(["nonsense", "more nonsense", GOOD])
    with pytest.raises(ModelReplyInvalid):
        ask(model, CALL, Answer)
    assert len(model.calls) == 2


def test_other_errors_are_not_asked_away() -> None:
    model = ScriptedModel([ModelTimeout("slow"), GOOD])
    with pytest.raises(ModelTimeout):
        ask(model, CALL, Answer)
    assert len(model.calls) == 1
