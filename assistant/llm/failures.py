"""What a provider's exception means for Voxspec. Judged by status code and class name, so no vendor is imported here."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Literal

from assistant.errors import (
    ModelError,
    ModelRateLimited,
    ModelRefused,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
    UsageError,
    VoxspecError,
)

_BUGS = (AssertionError, AttributeError, KeyError, IndexError, NameError, TypeError, NotImplementedError)
"""What Python raises for wrong code. From a vendor's client it means a reply that the client couldn't read; from ours it is a bug and
stays what it is."""
_SHOWN = 200


class Kept:
    """Keeps the exception that a vendor's code raises, whatever its class, so that it can be judged.

    Example:
        >>> with Kept() as kept:
        ...     answer = vendor_call()
        >>> if kept.problem:
        ...     raise meaning(kept.problem, "openai:gpt") from kept.problem
    """

    problem: Exception | None = None

    def __enter__(self) -> "Kept":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(problem, Exception):
            self.problem = problem
            return True
        return False


def meaning(problem: Exception, name: str, *, midway: bool = False) -> Exception:
    """The typed error for a provider's exception; a bug in our own code stays what it is.

    Args:
        problem: what the provider's client raised.
        name: the model, for the message.
        midway: part of the reply had arrived already.
    """
    if isinstance(problem, VoxspecError):
        return problem
    if isinstance(problem, _BUGS):
        return problem if _is_ours(problem) else unreadable(name, type(problem).__name__)
    status = _status(problem)
    if status is not None:
        return _of_status(status, problem, name)
    if midway and _is_lost_connection(problem):
        return cut_off(name)
    return _of_class(problem, name)


def cut_off(name: str) -> ModelReplyInvalid:
    """The error for a reply that broke off."""
    return ReplyCutOff(
        f"The reply of {name} was cut off.", hint="Try again; if it stays, look at the model server's log."
    )


class ReplyCutOff(ModelReplyInvalid):
    """The connection broke while the reply was arriving: another try may get it whole."""

    retryable = True


class ReplyUnusable(ModelReplyInvalid):
    """The model finished, and what it said isn't what was asked for: asked the same, it would say the same."""


def unreadable(name: str, what: str) -> ModelReplyInvalid:
    """The error for a response that isn't what the API promises."""
    return ModelReplyInvalid(
        f"The reply of {name} can't be read: {what}", hint="Check that the base URL speaks the API."
    )


def too_slow(name: str, seconds: float) -> ModelTimeout:
    """The error for a model that didn't finish in time."""
    return ModelTimeout(
        f"{name} did not finish within {seconds:g} s.",
        hint="Raise VOXSPEC_MODEL_TIMEOUT_S or take a faster model.",
    )


def _of_status(status: int, problem: Exception, name: str) -> Exception:
    said = _said(problem)
    if status == 429 and _names_quota(problem):
        return ModelError(f"The quota of {name} is used up.", hint="Check plan and billing of the key.")
    if status == 429:
        return ModelRateLimited(
            f"{name} asks to slow down (429).",
            hint="Try again later.",
            retry_after_s=_retry_after(_headers(problem)),
        )
    if status in (401, 403):
        return UsageError(
            f"{name} refuses the key ({status}): {said}", hint="Set OPENAI_API_KEY or your provider's key."
        )
    if status == 404:
        return UsageError(
            f"{name} was not found (404): {said}", hint="Check the model's name and the base URL."
        )
    if status in (408, 504):
        return ModelTimeout(f"{name} gave up waiting ({status}).", hint="Try again, or take a faster model.")
    if status >= 500 or status == 409:
        return ModelUnavailable(f"{name} answers with an error ({status}): {said}", hint="Try again later.")
    if "content_filter" in said or "content_policy" in said:
        return ModelRefused(f"{name} declined to answer: {said}", hint="Reword the brief.")
    return ModelError(
        f"{name} can't take the request ({status}): {said}",
        hint="Check the model's limits, or take another model.",
    )


def _of_class(problem: Exception, name: str) -> Exception:
    if _is(problem, "ConnectTimeout") or _is(problem.__cause__, "ConnectTimeout"):
        return _unreachable(name)
    if _is(problem, "Timeout"):
        return ModelTimeout(f"{name} did not answer in time.", hint="Raise VOXSPEC_MODEL_TIMEOUT_S.")
    if _is(problem, "RateLimit"):
        return ModelRateLimited(f"{name} asks to slow down.", hint="Try again later.")
    if _is(problem, "ContentFilter"):
        return ModelRefused(f"{name} declined to answer.", hint="Reword the brief.")
    if _is(problem, "LengthFinishReason"):
        return ModelReplyInvalid(f"The reply of {name} reached its length limit.", hint="Allow more tokens.")
    if _is_lost_connection(problem):
        return _unreachable(name)
    if isinstance(problem, ValueError):
        return ModelReplyInvalid(
            f"The reply of {name} can't be read: {_said(problem)}",
            hint="Check that the base URL speaks the API.",
        )
    if _is(problem, "APIError"):
        return ModelUnavailable(f"{name} broke off with an error: {_said(problem)}", hint="Try again later.")
    return ModelError(
        f"{name} failed: {type(problem).__name__}: {_said(problem)}", hint="See the provider's documents."
    )


def _unreachable(name: str) -> ModelUnavailable:
    return ModelUnavailable(f"{name} can't be reached.", hint="Check that its server runs, and the base URL.")


def _is_ours(problem: Exception) -> bool:
    """Whether our own line raised it; a vendor's parser may choke on what a server sends."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is None or str(trace.tb_frame.f_globals.get("__name__", "")).startswith("assistant.")


def _is_lost_connection(problem: Exception) -> bool:
    lost = isinstance(problem, OSError) or _is(problem, "Connect") or _is(problem, "Transport")
    return lost and not _is(problem, "Timeout")


def _is(problem: BaseException | None, part: str) -> bool:
    return any(part in kind.__name__ for kind in type(problem).__mro__)


def _said(problem: Exception) -> str:
    """The provider's own words as the end of a sentence, without the wrapping of its client."""
    body = getattr(problem, "body", None)
    told = body.get("message") if isinstance(body, Mapping) else None
    text = " ".join(str(told or problem).split())
    text = re.sub(r"^Error code: \d+ - ", "", text)
    if len(text) > _SHOWN:
        return text[:_SHOWN] + "…"
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _chain(problem: Exception) -> Iterator[object]:
    yield problem
    yield getattr(problem, "response", None)


def _status(problem: Exception) -> int | None:
    for holder in _chain(problem):
        for attribute in ("status_code", "code", "http_status"):
            value = getattr(holder, attribute, None)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return None


def _headers(problem: Exception) -> Mapping[str, str]:
    for holder in _chain(problem):
        headers = getattr(holder, "headers", None)
        if isinstance(headers, Mapping):
            return {str(key).lower(): str(value) for key, value in headers.items()}
    return {}


def _names_quota(problem: Exception) -> bool:
    return "insufficient_quota" in f"{getattr(problem, 'code', '')} {problem}"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait (RFC 9110 §10.2.3: a number or a date; `retry-after-ms` is finer)."""
    for header, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[header]) * unit)
        except (KeyError, ValueError):
            continue
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


Finish = Literal["stop", "length", "refused"]


def finish_of(reason: str | None) -> Finish | None:
    """One word for why a model stopped, from what the providers call it; None where it didn't say."""
    if not reason:
        return None
    lower = reason.lower()
    if lower in {"length", "max_tokens", "max_output_tokens"}:
        return "length"
    if lower in {
        "content_filter",
        "refusal",
        "safety",
        "prohibited_content",
        "blocklist",
        "spii",
        "recitation",
    }:
        return "refused"
    return "stop"
