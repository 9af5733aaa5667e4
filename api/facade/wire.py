"""A chat completion as it comes in, and what of it Voxspec refuses."""

from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.errors import HttpProblem

MAX_MESSAGES = 1000
_Unused = Annotated[JsonValue, Field(default=None, description="Taken, without effect")]


class Message(BaseModel):
    """One message; fields of other servers are let through."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, JsonValue]] | None = None


class StreamOptions(BaseModel):
    """What a stream is to hold beside the text."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = False


class Completion(BaseModel):
    """What OpenAI's `POST /chat/completions` takes. Unknown parameters are refused, as there."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=1, ge=1, le=128)
    tools: list[JsonValue] | None = None
    functions: list[JsonValue] | None = None
    tool_choice: JsonValue = None
    function_call: JsonValue = None
    response_format: dict[str, JsonValue] | None = None
    modalities: list[str] | None = None
    logprobs: bool | None = False
    audio: JsonValue = None
    web_search_options: JsonValue = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    logit_bias: _Unused
    metadata: _Unused
    moderation: _Unused
    parallel_tool_calls: _Unused
    prediction: _Unused
    prompt_cache_key: _Unused
    prompt_cache_options: _Unused
    prompt_cache_retention: _Unused
    reasoning_effort: _Unused
    safety_identifier: _Unused
    seed: _Unused
    service_tier: _Unused
    stop: _Unused
    store: _Unused
    top_logprobs: _Unused
    user: _Unused
    verbosity: _Unused
    # Not OpenAI's: other servers take them, so chat clients send them to every address that they are given.
    chat_template_kwargs: _Unused
    min_p: _Unused
    min_tokens: _Unused
    reasoning: _Unused
    repetition_penalty: _Unused
    thinking: _Unused
    top_k: _Unused
    typical_p: _Unused

    def refuse(self) -> None:
        """Raises: HttpProblem for what a draft can't be: several at once, a call of a tool, JSON, sound.

        Tools that are only offered are let be: open-webui 0.12 offers 36 with every message, and a model may answer with words.
        """
        if (self.n or 1) > 1:
            raise refused("n", "There is one draft for a request: the same request gives the same bytes.")
        for param, choice in (("tool_choice", self.tool_choice), ("function_call", self.function_call)):
            if choice not in (None, "none", "auto"):
                raise refused(param, "Voxspec answers with a draft; it calls no tools.")
        if self.response_format is not None and self.response_format.get("type", "text") != "text":
            raise refused(
                "response_format", "The answer is Markdown. GET /v1/drafts/{id}.json has the draft as JSON."
            )
        if self.audio is not None or set(self.modalities or ()) - {"text"}:
            raise refused("modalities", "The answer is text.")
        if self.logprobs:
            raise refused("logprobs", "The words of a draft are chosen by code; they have no probabilities.")
        if self.web_search_options is not None:
            raise refused("web_search_options", "Drafts rest on the imported records, not on the web.")

    def said_by_the_person(self) -> list[str]:
        """The texts of the person's messages, in order. Raises: HttpProblem for parts that are no text, or where there is none."""
        texts = [
            _text_of(message, place) for place, message in enumerate(self.messages) if message.role == "user"
        ]
        if not any(text.strip() for text in texts):
            raise refused("messages", "There is no message of a user. Its text is the brief of the draft.")
        return texts


def refused(param: str, why: str) -> HttpProblem:
    """A parameter whose value can't be served."""
    return HttpProblem(HTTPStatus.BAD_REQUEST, "unsupported_value", why, "", param=param)


def _text_of(message: Message, place: int) -> str:
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    texts = []
    for number, part in enumerate(message.content):
        text = part.get("text")
        if part.get("type") != "text" or not isinstance(text, str):
            where = f"messages[{place}].content[{number}]"
            raise refused(where, "Only text is read. Import documents and images' texts as records first.")
        texts.append(text)
    return "\n".join(texts)
