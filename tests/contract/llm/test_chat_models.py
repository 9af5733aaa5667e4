"""Both chat adapters keep the contract of `ChatModel`, against a server that also misbehaves."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from langchain_openai import ChatOpenAI

from assistant.errors import (
    Cancelled,
    ModelError,
    ModelRateLimited,
    ModelRefused,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    UsageError,
)
from assistant.llm.langchain_chat import LangChainChat
from assistant.llm.openai_chat import OpenAIChat
from assistant.llm.port import ChatModel, ModelCall
from tests.support.broken_servers import cut
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    answers,
    cuts_off,
    drips,
    fails,
    filtered,
    hangs,
    hangs_midway,
    rate_limited,
    refuses,
    rejects,
    says,
    says_json,
    sends_event,
    sends_garbage,
    sends_page,
)

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Open = Callable[..., ChatModel]
SCHEMA = {
    "title": "Answer",
    "type": "object",
    "properties": {"claim": {"type": "string"}},
    "required": ["claim"],
    "additionalProperties": False,
}
CALL = ModelCall(purpose="test", system="Be brief.", user="What breaks?")
JSON_CALL = CALL.model_copy(update={"json_schema": SCHEMA})


def open_openai(base_url: str, *, timeout_s: float = 20.0, retries: int = 2) -> ChatModel:
    return OpenAIChat(name="test-model", base_url=base_url, timeout_s=timeout_s, retries=retries)


def open_langchain_openai(base_url: str, *, timeout_s: float = 20.0, retries: int = 2) -> ChatModel:
    model = ChatOpenAI(
        model="test-model", base_url=base_url, api_key="none", timeout=timeout_s, max_retries=0
    )
    return LangChainChat(model, "langchain:openai:test-model", timeout_s=timeout_s, retries=retries)


@pytest.fixture(params=[open_openai, open_langchain_openai], ids=["openai", "langchain"])
def open_model(request: pytest.FixtureRequest) -> Open:
    return request.param


@pytest.fixture
def within_seconds() -> Iterator[Callable[[float], None]]:
    begun = time.monotonic()
    limits: list[float] = []
    yield limits.append
    assert time.monotonic() - begun < min(limits)


def test_a_reply_arrives_whole_with_its_token_counts(open_model: Open) -> None:
    with ModelServer(says("The export breaks after the update.")) as server:
        reply = open_model(server.base_url).complete(CALL)
    assert reply.text == "The export breaks after the update."
    assert (reply.tokens_in, reply.tokens_out) == (2, 6)
    assert not reply.cached


def test_deltas_are_heard_as_they_arrive_and_add_up_to_the_reply(open_model: Open) -> None:
    heard: list[str] = []
    with ModelServer(drips("Größe 日本語 😀 is broken.", pause_s=0.08)) as server:
        reply = open_model(server.base_url).complete(CALL, heard.append)
    assert "".join(heard) == reply.text == "Größe 日本語 😀 is broken."
    assert len(heard) > 3


def test_the_request_carries_prompts_and_limits_and_no_functions(open_model: Open) -> None:
    with ModelServer(says("Yes.")) as server:
        open_model(server.base_url).complete(CALL.model_copy(update={"max_tokens": 77, "seed": 5}))
    body = server.requests[0].body
    assert [message["content"] for message in body["messages"]] == ["Be brief.", "What breaks?"]
    assert body["stream"] is True
    assert 77 in (body.get("max_tokens"), body.get("max_completion_tokens"))
    assert (body["temperature"], body["seed"]) == (0.0, 5)
    assert not {"tools", "functions", "tool_choice"} & set(body)


def test_a_schema_is_sent_as_response_format(open_model: Open) -> None:
    with ModelServer(says_json({"claim": "Export breaks."})) as server:
        reply = open_model(server.base_url).complete(JSON_CALL)
    assert reply.text == '{"claim": "Export breaks."}'
    sent = server.requests[0].body["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["schema"]["properties"] == SCHEMA["properties"]
    assert not {"tools", "functions", "tool_choice"} & set(server.requests[0].body)


def test_json_streams_too(open_model: Open) -> None:
    heard: list[str] = []
    with ModelServer(drips('{"claim": "Export breaks."}', pause_s=0.08)) as server:
        open_model(server.base_url).complete(JSON_CALL, heard.append)
    assert len(heard) > 3


@pytest.mark.parametrize("parameter", ["stream_options", "seed", "temperature"])
def test_a_parameter_that_the_server_does_not_know_is_left_out(open_model: Open, parameter: str) -> None:
    with ModelServer(rejects(parameter, then=says("Fine."))) as server:
        model = open_model(server.base_url)
        assert model.complete(CALL).text == "Fine."
        assert model.complete(CALL).text == "Fine."
    assert [parameter in request.body for request in server.requests] == [True, False, False]


@pytest.mark.filterwarnings("ignore:.*structured output")
def test_a_server_without_schemas_gets_the_schema_in_the_prompt(open_model: Open) -> None:
    with ModelServer(rejects("response_format", then=says_json({"claim": "x"}))) as server:
        assert open_model(server.base_url).complete(JSON_CALL).text == '{"claim": "x"}'
    assert '"claim"' in server.requests[-1].system


def test_429_is_waited_for_and_tried_again(open_model: Open) -> None:
    with ModelServer([rate_limited("0.3"), says("Now.")]) as server:
        begun = time.monotonic()
        assert open_model(server.base_url).complete(CALL).text == "Now."
        assert time.monotonic() - begun >= 0.3
    assert len(server.requests) == 2


def test_429_that_asks_for_a_long_wait_is_raised_at_once(
    open_model: Open, within_seconds: Callable[[float], None]
) -> None:
    within_seconds(3)
    with ModelServer(rate_limited("90")) as server, pytest.raises(ModelRateLimited) as caught:
        open_model(server.base_url, timeout_s=200).complete(CALL)
    assert caught.value.retry_after_s == 90
    assert len(server.requests) == 1


def test_429_with_a_date_is_understood(open_model: Open) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    with ModelServer(rate_limited(date)) as server, pytest.raises(ModelRateLimited) as caught:
        open_model(server.base_url).complete(CALL)
    assert caught.value.retry_after_s == pytest.approx(300, abs=5)


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_error_is_tried_again_then_raised(open_model: Open, status: int) -> None:
    with ModelServer([fails(status), says("Back.")]) as server:
        assert open_model(server.base_url).complete(CALL).text == "Back."
    with ModelServer(fails(status)) as server, pytest.raises(ModelUnavailable):
        open_model(server.base_url, retries=1).complete(CALL)
    assert len(server.requests) == 2


def test_no_server_at_all_is_unavailable(open_model: Open) -> None:
    with ModelServer(says("never")) as server:
        url = server.base_url
    with pytest.raises(ModelUnavailable, match="can't be reached") as caught:
        open_model(url, retries=0).complete(CALL)
    assert caught.value.hint


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_key_or_model_name_is_a_usage_error_and_not_tried_again(
    open_model: Open, status: int
) -> None:
    with ModelServer(fails(status)) as server, pytest.raises(UsageError) as caught:
        open_model(server.base_url).complete(CALL)
    assert caught.value.hint
    assert len(server.requests) == 1


def test_a_used_up_quota_is_not_tried_again(open_model: Open) -> None:
    behaviour = fails(429, "You exceeded your current quota.", "insufficient_quota")
    with ModelServer(behaviour) as server, pytest.raises(ModelError, match="quota"):
        open_model(server.base_url).complete(CALL)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "behaviour",
    [hangs(), hangs_midway(), drips("The export breaks whenever a board is large. " * 3, pause_s=0.4)],
    ids=["before the head", "midway", "slow drip"],
)
@pytest.mark.parametrize("call", [CALL, JSON_CALL], ids=["text", "json"])
def test_a_server_that_hangs_is_left_at_the_deadline(
    open_model: Open, behaviour: Behaviour, call: ModelCall, within_seconds: Callable[[float], None]
) -> None:
    within_seconds(5)
    with ModelServer(behaviour) as server:
        model = open_model(server.base_url, timeout_s=1.0)
        begun = time.monotonic()
        with pytest.raises(ModelTimeout):
            model.complete(call)
        assert time.monotonic() - begun < 2.5


def test_a_call_may_ask_for_less_time_than_the_model_has(
    open_model: Open, within_seconds: Callable[[float], None]
) -> None:
    within_seconds(5)
    hasty = ModelCall(purpose="test", system="s", user="u", timeout_s=0.4)
    with ModelServer(hangs()) as server, pytest.raises(ModelTimeout):
        open_model(server.base_url, timeout_s=60).complete(hasty)


@pytest.mark.parametrize("behaviour", cut("The export").values(), ids=cut("").keys())
@pytest.mark.parametrize("call", [CALL, JSON_CALL], ids=["text", "json"])
def test_a_cut_stream_is_an_invalid_reply(open_model: Open, behaviour: Behaviour, call: ModelCall) -> None:
    with ModelServer(behaviour) as server, pytest.raises(ModelReplyInvalid, match="cut off"):
        open_model(server.base_url, retries=0).complete(call)


def test_nothing_is_tried_again_once_a_delta_was_handed_out(open_model: Open) -> None:
    heard: list[str] = []
    with ModelServer([cuts_off("The export"), says("Another text.")]) as server:
        with pytest.raises(ModelReplyInvalid):
            open_model(server.base_url).complete(CALL, heard.append)
        assert "".join(heard) == "The export"
        assert len(server.requests) == 1


def test_a_cut_stream_that_nobody_heard_is_tried_again(open_model: Open) -> None:
    with ModelServer([cuts_off("The export"), says("Another text.")]) as server:
        assert open_model(server.base_url).complete(CALL).text == "Another text."


def test_a_refusal_is_told_apart(open_model: Open) -> None:
    with ModelServer(refuses("I won't.")) as server, pytest.raises(ModelRefused, match="won't"):
        open_model(server.base_url).complete(JSON_CALL)
    assert len(server.requests) == 1


def test_a_refusal_of_plain_text_is_an_error_too(open_model: Open) -> None:
    # langchain-openai drops the refusal of a streamed text, so that the reply is empty.
    with ModelServer(refuses("I won't.")) as server, pytest.raises((ModelRefused, ModelReplyInvalid)):
        open_model(server.base_url).complete(CALL)


@pytest.mark.parametrize("call", [CALL, JSON_CALL], ids=["text", "json"])
def test_a_content_filter_is_a_refusal(open_model: Open, call: ModelCall) -> None:
    with ModelServer(filtered()) as server, pytest.raises(ModelRefused):
        open_model(server.base_url).complete(call)


def test_json_that_reached_its_length_limit_is_invalid(open_model: Open) -> None:
    with (
        ModelServer(says('{"claim": "Exp', finish="length")) as server,
        pytest.raises(ModelReplyInvalid, match="length"),
    ):
        open_model(server.base_url).complete(JSON_CALL)


def test_text_that_reached_its_length_limit_is_returned(open_model: Open) -> None:
    with ModelServer(says("The export", finish="length")) as server:
        assert open_model(server.base_url).complete(CALL).text == "The export"


@pytest.mark.parametrize(
    "behaviour", [sends_garbage(), sends_page(), says("")], ids=["not JSON", "page", "empty"]
)
@pytest.mark.parametrize("call", [CALL, JSON_CALL], ids=["text", "json"])
def test_a_response_that_is_no_completion_is_an_invalid_reply(
    open_model: Open, behaviour: Behaviour, call: ModelCall
) -> None:
    with ModelServer(behaviour) as server, pytest.raises(ModelReplyInvalid):
        open_model(server.base_url, retries=0).complete(call)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize(
    "event",
    [
        [],
        {"choices": "none"},
        {"choices": [{"index": 0}]},
        {"choices": [{"index": 0, "delta": "text", "finish_reason": "stop"}]},
        {"choices": [{"index": 0, "delta": {"content": 5}, "finish_reason": "stop"}]},
    ],
    ids=str,
)
def test_an_event_of_another_shape_is_an_invalid_reply(open_model: Open, event: object) -> None:
    with ModelServer(sends_event(event)) as server, pytest.raises(ModelReplyInvalid):
        open_model(server.base_url, retries=0).complete(CALL)


def test_an_error_inside_the_stream_is_an_error(open_model: Open) -> None:
    behaviour = sends_event({"error": {"message": "out of memory"}})
    with ModelServer(behaviour) as server, pytest.raises(ModelUnavailable, match="out of memory"):
        open_model(server.base_url, retries=0).complete(CALL)


def test_whatever_the_listener_raises_ends_the_call(
    open_model: Open, within_seconds: Callable[[float], None]
) -> None:
    within_seconds(3)

    def stop(_: str) -> None:
        raise Cancelled("Stopped.")

    with ModelServer(hangs_midway()) as server, pytest.raises(Cancelled):
        open_model(server.base_url).complete(CALL, stop)


def test_the_reply_may_be_worked_out_from_the_request(open_model: Open) -> None:
    with ModelServer(answers(lambda request: request.user.upper())) as server:
        assert open_model(server.base_url).complete(CALL).text == "WHAT BREAKS?"


def test_a_local_server_is_reached_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(fails(502)) as proxy, ModelServer(says("Direct.")) as server:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(variable, proxy.base_url.removesuffix("/v1"))
        for variable in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(variable, raising=False)
        assert open_openai(server.base_url).complete(CALL).text == "Direct."


def test_prompts_are_not_traced_even_where_tracing_is_configured(
    open_model: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(says("traced")) as collector, ModelServer(says("Fine.")) as server:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_pt_test")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", collector.base_url)
        assert open_model(server.base_url).complete(CALL).text == "Fine."
    assert collector.requests == []
