"""The LangChain adapter with models that need no server."""

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from pydantic import BaseModel, SecretStr

from assistant.errors import ModelReplyInvalid, UsageError
from assistant.llm.langchain_chat import LangChainChat, open_langchain
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.port import ModelCall
from assistant.llm.structured import ask
from tests.support.model_server import ModelServer, says

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

CALL = ModelCall(purpose="test", system="s", user="u")


class Answer(BaseModel):
    claim: str


def fake(*texts: str) -> LangChainChat:
    return LangChainChat(
        GenericFakeChatModel(messages=iter([AIMessage(text) for text in texts])), "fake:model"
    )


def test_a_model_that_does_not_say_why_it_stops_is_believed() -> None:
    heard: list[str] = []
    reply = fake("The export breaks.").complete(CALL, heard.append)
    assert reply.text == "".join(heard) == "The export breaks."
    assert reply.model == "fake:model"


def test_a_model_without_structured_output_gets_the_schema_in_the_prompt() -> None:
    answer, _ = ask(fake('Here: {"claim": "It breaks."}'), CALL, Answer)
    assert answer.claim == "It breaks."


def test_an_empty_reply_is_invalid() -> None:
    with pytest.raises(ModelReplyInvalid, match="empty"):
        fake(" ").complete(CALL)


def test_a_missing_provider_package_is_named_for_pip() -> None:
    with pytest.raises(UsageError) as caught:
        open_langchain("mistralai", "mistral-small")
    assert caught.value.hint == "pip install langchain-mistralai"


def test_an_unknown_provider_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        open_langchain("nowhere", "x")


def test_a_missing_key_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(UsageError):
        open_langchain("openai", "gpt-test").complete(CALL)


def test_a_provider_is_opened_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    assert open_langchain("openai", "gpt-test").name == "langchain:openai:gpt-test"


def test_the_base_url_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(says("Local.")) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        assert open_langchain("openai", "any").complete(CALL).text == "Local."


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://127.0.0.1", "http://"])
def test_a_base_url_that_is_none_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="isn't a URL"):
        OpenAIChat(name="x", base_url=url, api_key=SecretStr("k"))


def test_openai_without_key_or_url_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(UsageError, match="key"):
        OpenAIChat(name="x")
