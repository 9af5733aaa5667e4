"""The shape of OpenAI's errors, for the addresses that speak its protocol. Knows HTTP, nothing of drafts."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

_CODES = {"key-required": "invalid_api_key", "too-many-answers": "rate_limit_exceeded"}
"""Codes that OpenAI's clients know by other words than ours."""
_ELSEWHERE = ("/v1/responses", "/v1/completions", "/v1/embeddings")
"""Addresses of OpenAI's that aren't served; several SDKs take the first where nobody tells them otherwise."""


def speaks_openai(path: str) -> bool:
    """Whether clients of that address expect OpenAI's errors."""
    return path in ("/v1/models", *_ELSEWHERE) or path.startswith(("/v1/models/", "/v1/chat/"))


def hint_of(path: str) -> str:
    """What to do at an address of OpenAI's that isn't served; empty for others."""
    return "Set the client to chat completions: /v1/chat/completions." if path in _ELSEWHERE else ""


def error_body(status: int, code: str, message: str, param: str | None = None) -> dict[str, Any]:
    """For example `{"error": {"message": …, "type": "invalid_request_error", "param": "model", "code": …}}`."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        kind = "rate_limit_error"
    else:
        kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    told = _CODES.get(code, code.replace("-", "_"))
    return {"error": {"message": message, "type": kind, "param": param, "code": told}}


def error_response(
    status: int, code: str, message: str, param: str | None, headers: Mapping[str, str]
) -> Response:
    """The answer; what is 422 elsewhere is 400 here, since OpenAI's clients know that as a bad request."""
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    return JSONResponse(error_body(status, code, message, param), status, dict(headers))


def refusal_of(error: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """What to tell of one failed validation. Returns: code, message, parameter, in OpenAI's words."""
    place: Sequence[str | int] = error["loc"][1:]
    param = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")[:200]
    kind = str(error["type"])
    if kind == "json_invalid" or not param:
        return "invalid_json", "The body of the request can't be read as a JSON object.", None
    if kind == "extra_forbidden":
        return "unknown_parameter", f"Unknown parameter: '{param}'.", param
    if kind == "missing":
        return "missing_required_parameter", f"Missing required parameter: '{param}'.", param
    return "invalid_value", f"Invalid value for '{param}': {str(error['msg'])[:300]}.", param
