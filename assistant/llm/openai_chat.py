"""Chat models behind any OpenAI-compatible URL, through the openai SDK. The embedder beside it is `openai_embed`."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.errors import UsageError
from assistant.llm.failures import Kept, finish_of, unreadable
from assistant.llm.port import ModelCall, ModelReply, OnDelta
from assistant.llm.stream import Piece, reply_from, time_limit, with_schema

if TYPE_CHECKING:
    from openai import OpenAI, Stream, Timeout

_CONNECT_S = 10.0
_NOT_ALL_SERVERS_TAKE = ("stream_options", "response_format", "max_tokens", "temperature", "seed")


class OpenAIChat:
    """A chat model of an OpenAI-compatible server. Always streams; never calls functions.

    What a server doesn't know of `stream_options`, `response_format`, `max_tokens`, `temperature` and `seed` is left out
    from then on; the schema then stands in the prompt.
    """

    def __init__(
        self,
        *,
        name: str,
        base_url: str | None = None,
        api_key: SecretStr | str | None = None,
        timeout_s: float = 60.0,
        retries: int = 2,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            name: the model, as its server calls it.
            base_url: for example `http://127.0.0.1:8080/v1`; None is OpenAI.
            api_key: may be missing where the base URL's server asks for none.
            timeout_s: limit for a whole call, retries included.
            retries: further tries after 429, 5xx and lost connections.

        Raises: UsageError for a base URL that isn't one, and for no key where OpenAI needs one.
        """
        self._client = open_client(base_url, api_key)
        self._model = name
        self._timeout_s = timeout_s
        self._retries = retries
        self._left_out: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """`openai:` and the model."""
        return f"openai:{self._model}"

    def complete(self, call: ModelCall, on_delta: OnDelta | None = None) -> ModelReply:
        """Answer. Raises: as `ChatModel.complete`, and UsageError for a refused key or an unknown model."""
        return reply_from(
            lambda seconds: self._pieces(call, seconds),
            call,
            name=self.name,
            timeout_s=time_limit(call, self._timeout_s),
            retries=self._retries,
            on_delta=on_delta,
        )

    def _pieces(self, call: ModelCall, seconds: float) -> Iterator[Piece]:
        while True:
            left_out = self._left_out
            with Kept() as kept:
                stream = self._open(request_of(call, self._model, left_out), seconds)
            if kept.problem is None:
                break
            unknown = _unknown_parameter(kept.problem, left_out)
            if unknown is None:
                raise kept.problem
            self._left_out |= {unknown}
        with stream:
            for event in stream:
                yield self._piece(event)

    def _open(self, request: dict[str, Any], seconds: float) -> "Stream[object]":
        from openai import Stream

        # Not `chat.completions.create`: the object that it builds of each event takes 90 us of the 147 us that a token costs
        # (reading the line and its JSON takes 8), and nothing looks at its types.
        return self._client.post(
            "/chat/completions",
            body=request,
            options={"timeout": time_to_wait(seconds)},
            cast_to=object,
            stream=True,
            stream_cls=Stream[object],
        )

    def _piece(self, event: Any) -> Piece:
        try:
            choice = event["choices"][0] if event["choices"] else {}
            delta = choice.get("delta") or {}
            usage = event.get("usage") or {}
            return Piece(
                text=_text(delta.get("content")),
                refusal=_text(delta.get("refusal")),
                finish=finish_of(_text(choice.get("finish_reason"))),
                tokens_in=int(usage.get("prompt_tokens") or 0),
                tokens_out=int(usage.get("completion_tokens") or 0),
            )
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
            raise unreadable(self.name, "an event of another shape.") from problem


def open_client(base_url: str | None, api_key: SecretStr | str | None) -> "OpenAI":
    """A client without retries of its own. A local server is reached directly, whatever proxy is set.

    Raises: UsageError.
    """
    from openai import DefaultHttpxClient, OpenAI

    key = api_key.get_secret_value() if isinstance(api_key, SecretStr) else api_key
    if base_url is None:
        if not key:
            raise UsageError(
                "OpenAI needs a key.", hint="Set OPENAI_API_KEY, or OPENAI_BASE_URL for your own server."
            )
        return OpenAI(api_key=key, max_retries=0)
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"The base URL '{base_url}' isn't a URL.", hint="Write it like http://127.0.0.1:8080/v1."
        )
    return OpenAI(
        base_url=base_url,
        api_key=key or "not-needed",
        max_retries=0,
        http_client=DefaultHttpxClient(trust_env=not _is_loopback(parts.hostname)),
    )


def time_to_wait(seconds: float) -> "Timeout":
    """The limits of one request: less for a server that isn't there than for one that takes its time."""
    from openai import Timeout

    return Timeout(seconds, connect=min(seconds, _CONNECT_S))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def request_of(call: ModelCall, model: str, left_out: frozenset[str]) -> dict[str, Any]:
    """The body of a request for a streamed chat completion. Args: left_out: parts that the server doesn't know."""
    system = call.system
    if call.json_schema is not None and "response_format" in left_out:
        system = with_schema(system, call.json_schema)
    request: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": call.user}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": call.temperature,
        "seed": call.seed,
        "max_tokens": call.max_tokens,
    }
    if call.json_schema is not None:
        request["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": call.json_schema, "strict": True},
        }
    if "max_tokens" in left_out:
        request["max_completion_tokens"] = call.max_tokens
    return {key: value for key, value in request.items() if key not in left_out}


def _unknown_parameter(problem: Exception, left_out: frozenset[str]) -> str | None:
    """The part of the request that the server doesn't know, where it says so (400, 422, 501)."""
    if getattr(problem, "status_code", None) not in (400, 422, 501):
        return None
    said = f"{getattr(problem, 'param', '')} {problem}".replace("json_schema", "response_format")
    return next((one for one in _NOT_ALL_SERVERS_TAKE if one in said and one not in left_out), None)


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("not a text")
    return value or ""
