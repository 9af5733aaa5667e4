"""Talking HTTP to an issue system: one client per connection, every answer that isn't one becomes an error of our tree."""

import ssl
from collections.abc import Container, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx

from assistant.errors import (
    Conflict,
    NotFound,
    TrackerError,
    TrackerRateLimited,
    TrackerRefused,
    TrackerUnavailable,
)

TIMEOUT_S = 20.0
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_CHANGED = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})
_MOST_SHOWN = 200
_RATE_LIMIT = "rate limit"
_UNSAID_S = 60.0
"""To wait at a limit that doesn't say how long: what GitHub asks for at its secondary ones."""


def client(
    base_url: str, headers: Mapping[str, str], auth: tuple[str, str] | None = None
) -> httpx.AsyncClient:
    """A client that follows no redirect (a token would go with it) and reads no proxy or password from the environment."""
    return httpx.AsyncClient(
        base_url=base_url,
        headers={"user-agent": "voxspec", **headers},
        auth=auth,
        timeout=TIMEOUT_S,
        follow_redirects=False,
        trust_env=False,
        verify=_certificates(),
    )


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes 22 ms of CPU time, and each round of the courier makes a client per connection.
    return httpx.create_ssl_context(trust_env=False)


async def send(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    what: str,
    limited: bool = False,
    also: Container[int] = (),
    **given: Any,
) -> httpx.Response:
    """Send one request and return its answer, which is 2xx or `also`.

    Args:
        what: what is asked for, as a person says it: `ticket 42`.
        limited: whether a 403 means "too much" where it carries `Retry-After` or a spent limit, or says so, as GitHub's does.
        also: other statuses whose answer says what is wrong better than they do.

    Raises: TrackerUnavailable, TrackerRateLimited, TrackerRefused, NotFound, Conflict.
    """
    try:
        answer = await http.request(method, path, **given)
    except httpx.TimeoutException as problem:
        raise TrackerUnavailable(
            f"{http.base_url.host} gave no answer in time.", hint="It is tried again."
        ) from problem
    except httpx.HTTPError as problem:
        raise TrackerUnavailable(
            f"{http.base_url.host} can't be reached: {problem or type(problem).__name__}.",
            hint="Check the connection's address, and whether the system is up. It is tried again.",
        ) from problem
    if answer.is_success or answer.status_code in also:
        return answer
    raise problem_of(answer, what, limited=limited)


def problem_of(answer: httpx.Response, what: str, *, limited: bool = False) -> Exception:
    """The error of our tree for an answer that isn't 2xx."""
    status, host = answer.status_code, answer.request.url.host
    wait = retry_after_s(answer.headers)
    if limited and status in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS) and wait is None:
        wait = _UNSAID_S if _RATE_LIMIT in said(answer).lower() or _is_spent(answer.headers) else None
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        limited and status == HTTPStatus.FORBIDDEN and wait is not None
    ):
        reason = answer.headers.get("ratelimit-reason", "")
        return TrackerRateLimited(
            f"{host} asks to slow down{f' ({reason})' if reason else ''}.",
            hint="It is tried again when it says so.",
            retry_after_s=wait,
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return TrackerUnavailable(f"{host} answered {status} for {what}.", hint="It is tried again.")
    if status in _GONE:
        return NotFound(f"{host} has no {what}.", hint="Check the project, the key, and the token's rights.")
    if status in _CHANGED:
        return Conflict(f"Somebody changed {what} meanwhile.", hint="Read it again.")
    if status == HTTPStatus.UNAUTHORIZED:
        return TrackerRefused(
            f"{host} doesn't accept the token.", hint="Check the variable or file that the connection names."
        )
    return TrackerRefused(
        f"{host} refused {what} ({status}): {said(answer)}", hint="Check the token's rights and the project."
    )


def read_json(answer: httpx.Response) -> Any:
    """What an answer holds. Raises: TrackerError where it is no JSON."""
    try:
        return answer.json()
    except ValueError as problem:
        raise TrackerError(
            f"{answer.request.url.host} answered something that isn't JSON.",
            hint="Is the connection's address that of its API?",
        ) from problem


def said(answer: httpx.Response) -> str:
    """What the system says of it, shortened."""
    return " ".join(answer.text.split())[:_MOST_SHOWN] or "without a word"


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds to wait, from `Retry-After` (seconds or a date, RFC 9110) or a spent limit's `X-RateLimit-Reset`
    (seconds since 1970, or a time); None where neither says it."""
    now = now or datetime.now(UTC)
    if given := headers.get("retry-after"):
        try:
            return max(0.0, float(given))
        except ValueError:
            pass
        try:
            return max(0.0, (parsedate_to_datetime(given) - now).total_seconds())
        except (ValueError, TypeError):
            return None
    reset = headers.get("x-ratelimit-reset", "") if _is_spent(headers) else ""
    if reset.isdigit():
        return max(0.0, int(reset) - now.timestamp())
    try:
        return max(0.0, (datetime.fromisoformat(reset).astimezone(UTC) - now).total_seconds())
    except ValueError:
        return None


def _is_spent(headers: Mapping[str, str]) -> bool:
    return headers.get("x-ratelimit-remaining") == "0"
