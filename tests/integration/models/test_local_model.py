"""A real local model through both adapters: schema, streaming, token counts."""

from collections.abc import Callable

import pytest
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, ConfigDict

from assistant.llm.langchain_chat import LangChainChat
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.port import ChatModel, ModelCall
from assistant.llm.structured import ask
from tests.support.local_model import LocalModel

pytestmark = [
    pytest.mark.slow(reason="loads a language model of 135 million parameters and lets it write"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

Open = Callable[[LocalModel], ChatModel]


class Story(BaseModel):
    """What the model is to fill in."""

    model_config = ConfigDict(extra="forbid")
    role: str
    wish: str
    severe: bool


def through_openai(model: LocalModel) -> ChatModel:
    return OpenAIChat(name=model.name, base_url=model.base_url, timeout_s=120)


def through_langchain(model: LocalModel) -> ChatModel:
    chat = ChatOpenAI(model=model.name, base_url=model.base_url, api_key="none", max_retries=0)
    return LangChainChat(chat, "langchain:openai:smollm2-135m", timeout_s=120)


@pytest.fixture(params=[through_openai, through_langchain], ids=["openai", "langchain"])
def chat(request: pytest.FixtureRequest, local_model: LocalModel) -> ChatModel:
    return request.param(local_model)


def test_a_schema_call_gives_an_object_of_the_class(chat: ChatModel) -> None:
    call = ModelCall(
        purpose="test",
        system="You write one user story as JSON. Use few words.",
        user="Feedback: the export to CSV loses the last column since release 4.2.",
        max_tokens=200,
    )
    heard: list[str] = []
    story, replies = ask(chat, call, Story, on_delta=heard.append)
    assert isinstance(story, Story)
    assert "".join(heard).endswith(replies[-1].text)
    assert replies[-1].tokens_in > 20
    assert replies[-1].tokens_out > 5


def test_text_streams_in_several_deltas(chat: ChatModel) -> None:
    heard: list[str] = []
    call = ModelCall(purpose="test", system="Be brief.", user="Name three colours.", max_tokens=40)
    reply = chat.complete(call, heard.append)
    assert "".join(heard) == reply.text
    assert len(heard) > 3


def test_the_same_seed_gives_the_same_words(chat: ChatModel) -> None:
    call = ModelCall(purpose="test", system="Be brief.", user="Name a fruit.", max_tokens=12, seed=3)
    assert chat.complete(call).text == chat.complete(call).text
