"""Every other chat model: any LangChain `BaseChatModel`, streamed, with its own structured output and no tracing.

No function calling, no agents: local models fail at them, and control flow is ours.
"""

import inspect
from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableSequence
from langsmith import tracing_context

from assistant.errors import UsageError
from assistant.llm.failures import Kept, finish_of
from assistant.llm.port import ModelCall, ModelReply, OnDelta
from assistant.llm.stream import Piece, reply_from, time_limit, with_schema

_SAY_WHY_THEY_STOP = frozenset({"BaseChatOpenAI", "ChatAnthropic", "ChatGroq", "ChatMistralAI", "ChatOllama"})
"""Classes (or bases of them) whose stream always ends with a finish reason; without one it was cut."""
_PARAMETERS = {
    "max_tokens": ("max_tokens", "num_predict", "max_output_tokens"),
    "temperature": ("temperature",),
    "seed": ("seed",),
}
"""What a call asks for, and what the providers call it."""
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason")


class LangChainChat:
    """A LangChain chat model.

    Example:
        >>> model = LangChainChat(ChatOllama(model="qwen3"), "ollama:qwen3")
    """

    def __init__(self, model: BaseChatModel, name: str, *, timeout_s: float = 60.0, retries: int = 2) -> None:
        """Take a model as it is; it should not retry on its own.

        Args:
            model: any LangChain chat model.
            name: as it is to stand in provenance.
            timeout_s: limit for a whole call, retries included.
            retries: further tries after 429, 5xx and lost connections.
        """
        self._model = model
        self._name = name
        self._timeout_s = timeout_s
        self._retries = retries
        self._left_out: frozenset[str] = frozenset()
        self._says_finish = not _SAY_WHY_THEY_STOP.isdisjoint(kind.__name__ for kind in type(model).__mro__)

    @property
    def name(self) -> str:
        """The name that was given."""
        return self._name

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """Answer. Raises: as `ChatModel.complete`, and UsageError for a refused key or an unknown model."""
        return reply_from(
            lambda _: self._pieces(call),
            call,
            name=self._name,
            timeout_s=time_limit(call, self._timeout_s),
            retries=self._retries,
            on_delta=on_delta,
            says_finish=self._says_finish,
        )

    def _pieces(self, call: ModelCall) -> Iterator[Piece]:
        # LangSmith would send every prompt away where its variables happen to be set.
        with tracing_context(enabled=False):
            while True:
                left_out = self._left_out
                begun = False
                with Kept() as kept:
                    for chunk in self._stream(call, left_out):
                        begun = True
                        yield _piece(chunk)
                if kept.problem is None:
                    return
                unknown = None if begun else _unknown_parameter(kept.problem, left_out)
                if unknown is None:
                    raise kept.problem
                self._left_out |= {unknown}

    def _stream(self, call: ModelCall, left_out: frozenset[str]) -> Iterator[BaseMessage]:
        model = _with_parameters(self._model, call, left_out)
        options: dict[str, Any] = {}
        if "stream_usage" in type(model).model_fields and "stream_usage" not in left_out:
            options["stream_usage"] = True
        structured = None
        if call.json_schema is not None and "response_format" not in left_out:
            structured = _structured(model, call.json_schema)
        system = call.system
        if call.json_schema is not None and structured is None:
            system = with_schema(system, call.json_schema)
        messages = [SystemMessage(system), HumanMessage(call.user)]
        yield from (structured or model).stream(messages, **options)


def open_langchain(provider: str, name: str, *, timeout_s: float = 60.0, retries: int = 2) -> LangChainChat:
    """Open a model of one of LangChain's providers. Keys and URLs come from the provider's own environment variables.

    Args:
        provider: for example `anthropic`, `ollama`, `openai`.
        name: the model, as its provider calls it.
        timeout_s: limit for a whole call, retries included.
        retries: further tries after 429, 5xx and lost connections.

    Raises: UsageError where the provider is unknown, its package is missing or it can't be set up.
    """
    from langchain.chat_models import init_chat_model

    with Kept() as kept, tracing_context(enabled=False):
        model = init_chat_model(name, model_provider=provider, timeout=timeout_s, max_retries=0)
    if isinstance(kept.problem, ImportError):
        raise UsageError(
            f"The package of LangChain's provider '{provider}' isn't installed.",
            hint=f"pip install {_package(kept.problem, provider)}",
        ) from kept.problem
    if kept.problem is not None:
        said = " ".join(str(kept.problem).split())[:300]
        raise UsageError(
            f"LangChain's provider '{provider}' can't be set up: {said}",
            hint="Write the model as langchain:<provider>:<name>, and set the provider's key in the environment.",
        ) from kept.problem
    return LangChainChat(model, f"langchain:{provider}:{name}", timeout_s=timeout_s, retries=retries)


def _package(problem: ImportError, provider: str) -> str:
    cause = problem.__cause__
    module = cause.name if isinstance(cause, ImportError) and cause.name else f"langchain_{provider}"
    return module.partition(".")[0].replace("_", "-")


def _with_parameters(model: BaseChatModel, call: ModelCall, left_out: frozenset[str]) -> BaseChatModel:
    fields = type(model).model_fields
    update = {
        field: getattr(call, parameter)
        for parameter, names in _PARAMETERS.items()
        for field in names
        if field in fields and parameter not in left_out
    }
    return model.model_copy(update=update)


def _structured(
    model: BaseChatModel, schema: dict[str, Any]
) -> "Runnable[LanguageModelInput, AIMessageChunk] | None":
    """The model bound to a JSON schema where its class offers that, not by a function call; else None."""
    method = inspect.signature(type(model).with_structured_output).parameters.get("method")
    if method is None or "json_schema" not in str(method.annotation):
        return None
    named = {"title": "reply", "description": "The reply.", **schema}
    bound = model.with_structured_output(named, method="json_schema")
    # The first step is the bound model; what follows would parse, but the words themselves are wanted.
    first = bound.first if isinstance(bound, RunnableSequence) else None
    # Old OpenAI models fall back to function calling by themselves.
    return None if first is None or "tools" in getattr(first, "kwargs", {}) else first


def _unknown_parameter(problem: Exception, left_out: frozenset[str]) -> str | None:
    """The part of the request that the provider doesn't know, where it says so (400, 422, 501)."""
    if getattr(problem, "status_code", None) not in (400, 422, 501):
        return None
    said = str(problem).replace("stream_options", "stream_usage").replace("json_schema", "response_format")
    known = ("stream_usage", "response_format", "temperature", "seed")
    return next((one for one in known if one in said and one not in left_out), None)


def _piece(chunk: BaseMessage) -> Piece:
    usage = chunk.usage_metadata if isinstance(chunk, AIMessageChunk) else None
    reasons = (chunk.response_metadata.get(key) for key in _FINISH_KEYS)
    reason = next((str(one) for one in reasons if one), None)
    return Piece(
        text=str(chunk.text),
        refusal=str(chunk.additional_kwargs.get("refusal") or ""),
        finish=finish_of(reason),
        tokens_in=usage["input_tokens"] if usage else 0,
        tokens_out=usage["output_tokens"] if usage else 0,
    )
