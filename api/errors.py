"""Problems over HTTP (RFC 9457). The only place that knows which error has which status code."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.facade.shape import error_response, hint_of, refusal_of, speaks_openai
from api.web.render import error_page, wants_html
from assistant import errors

_STATUS: tuple[tuple[type[errors.VoxspecError], HTTPStatus], ...] = (
    (errors.EmbedderMismatch, HTTPStatus.CONFLICT),
    (errors.UsageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.BudgetExceeded, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.StoreCorrupt, HTTPStatus.INTERNAL_SERVER_ERROR),
    (errors.DiskFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (errors.StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.ModelTimeout, HTTPStatus.GATEWAY_TIMEOUT),
    (errors.ModelUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.ModelRateLimited, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.ModelError, HTTPStatus.BAD_GATEWAY),
    (errors.TrackerUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.TrackerRateLimited, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.TrackerError, HTTPStatus.BAD_GATEWAY),
    (errors.Cancelled, HTTPStatus.CONFLICT),
)
"""The first class that fits decides; the tree is drawn in `assistant/errors.py`."""

_HINTS = {
    400: "Look at /docs for what this address takes.",
    404: "Look at /docs for the addresses there are.",
    405: "Look at /docs for the methods of this address.",
    408: "Send the request again, faster.",
    413: "Send less at a time.",
    415: "Look at /docs for what this address takes.",
}
_RETRY_AFTER_S = 2
_MAX_FIELDS = 20


class HttpProblem(Exception):
    """A refusal that only HTTP knows, for example a foreign origin."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        hint: str,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
        *,
        param: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.hint = hint
        self.headers = dict(headers or {})
        self.param = param
        """The parameter that is at fault; told where OpenAI's protocol is spoken."""
        self.more = dict(more or {})
        """Members of this kind of problem alone."""


def status_of(problem: errors.VoxspecError) -> HTTPStatus:
    """Status code of an error of ours."""
    for kind, status in _STATUS:
        if isinstance(problem, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def respond(
    problem: HttpProblem,
    path: str,
    *,
    fields: Sequence[Mapping[str, str]] = (),
    more: Mapping[str, Any] | None = None,
) -> Response:
    """`application/problem+json`, or OpenAI's error where its protocol is spoken; 429 and 503 carry Retry-After.

    Args:
        more: members of this kind of problem alone.
    """
    headers = dict(problem.headers)
    if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers.setdefault("Retry-After", str(_RETRY_AFTER_S))
    if speaks_openai(path):
        told = f"{problem.detail} {problem.hint}".strip()
        return error_response(problem.status.value, problem.code, told, problem.param, headers)
    body: dict[str, Any] = {
        "type": f"urn:voxspec:problem:{problem.code}",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "detail": problem.detail,
        "hint": problem.hint,
        "code": problem.code,
        "instance": path,
    }
    if fields:
        body["errors"] = list(fields)
    body |= problem.more | dict(more or {})
    return JSONResponse(body, problem.status.value, headers, media_type="application/problem+json")


def from_voxspec(problem: errors.VoxspecError) -> HttpProblem:
    """An error of ours as a problem."""
    headers = {}
    if (
        isinstance(problem, errors.ModelRateLimited | errors.TrackerRateLimited)
        and problem.retry_after_s is not None
    ):
        headers["Retry-After"] = str(max(1, round(problem.retry_after_s)))
    if isinstance(problem, errors.BudgetExceeded):
        now = datetime.now(UTC)
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        headers["Retry-After"] = str(max(1, round((midnight - now).total_seconds())))
    return HttpProblem(status_of(problem), problem.code, problem.message, problem.hint, headers)


def status_of_code(code: str) -> HTTPStatus:
    """Status code of an error of which only the code is kept, as of a job that failed."""
    return next((status for kind, status in _STATUS if kind.code == code), HTTPStatus.INTERNAL_SERVER_ERROR)


def internal(kind: str) -> HttpProblem:
    """What a caller hears of an error that nobody foresaw: its class, nothing of what it held."""
    return HttpProblem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        f"The server stopped on an unexpected error ({kind}).",
        "The server's log says where it happened. Please report it.",
    )


def answer(request: Request, problem: HttpProblem, fields: Sequence[Mapping[str, str]] = ()) -> Response:
    """A problem as its asker reads it: as a page in a browser, else as JSON."""
    if wants_html(request):
        return error_page(request, problem.status.value, problem.detail, problem.hint)
    return respond(problem, request.url.path, fields=fields)


def install(app: FastAPI) -> None:
    """Answer every error of the app with a problem, or with a page where a browser asked for one."""

    async def of_voxspec(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, errors.VoxspecError)
        return answer(request, from_voxspec(problem))

    async def of_http(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        status = HTTPStatus(problem.status_code)
        code = status.phrase.lower().replace(" ", "-")
        hint = hint_of(request.url.path) or _HINTS.get(status.value, "")
        told = HttpProblem(status, code, _sentence(status, request), hint, problem.headers)
        return answer(request, told)

    async def of_validation(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        if speaks_openai(request.url.path):
            code, sentence, param = refusal_of(problem.errors()[0])
            return respond(
                HttpProblem(HTTPStatus.BAD_REQUEST, code, sentence, "", param=param), request.url.path
            )
        fields = [_field(error) for error in problem.errors()[:_MAX_FIELDS]]
        first = fields[0]
        detail = f"The request can't be used: {first['where']}: {first['message']}."
        told = HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid-request",
            detail,
            "Look at /docs for what this address takes.",
        )
        return answer(request, told, fields)

    async def of_problem(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HttpProblem)
        return answer(request, problem)

    app.add_exception_handler(errors.VoxspecError, of_voxspec)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_validation)
    app.add_exception_handler(HttpProblem, of_problem)


def _sentence(status: HTTPStatus, request: Request) -> str:
    sentences = {
        400: "The request's body can't be read.",
        404: f"There is nothing at {request.url.path[:200]}.",
        405: f"{request.url.path[:200]} doesn't take {request.method}.",
        408: "The request's body came too slowly.",
        413: "The request's body is too large.",
    }
    return sentences.get(status.value, f"{status.phrase}.")


def _field(error: Mapping[str, Any]) -> dict[str, str]:
    # The input itself is left out: it may be a record's text, or no JSON at all (NaN).
    return {"where": ".".join(str(part) for part in error["loc"])[:200], "message": str(error["msg"])[:300]}
