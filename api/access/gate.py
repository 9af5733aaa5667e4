"""From where a request may come: the host name, the origin. Pure rules; `api/middleware.py` applies them.

Loopback without a key is the default. Any other bind demands a key, see `credentials`.
"""

from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.errors import HttpProblem
from assistant.errors import UsageError
from assistant.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_MIN_KEY_CHARS = 16


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that bind address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def demand_key(settings: Settings) -> None:
    """Refuse an open bind. Raises: UsageError where others can reach the host and there is no good key."""
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    if key and len(key) < _MIN_KEY_CHARS:
        raise UsageError(
            f"VOXSPEC_API_KEY is shorter than {_MIN_KEY_CHARS} characters.",
            hint='Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    if not key and not is_loopback(settings.host):
        raise UsageError(
            f"Binding to {settings.host} would let others in, and no key is set.",
            hint="Set VOXSPEC_API_KEY to a long random text, or bind to 127.0.0.1.",
        )


class Gate:
    """The rules for one configuration."""

    def __init__(self, settings: Settings) -> None:
        self._host = settings.host.lower().strip("[]")
        self._public = (urlsplit(settings.public_url or "").hostname or "").rstrip(".")
        self._wildcard = self._host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound

    def refuse(self, method: str, headers: Headers) -> HttpProblem | None:
        """Why a request is not served, or None."""
        host = _host_name(headers.get("host", ""))
        if not self._is_ours(host):
            return HttpProblem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "wrong-host",
                "The request's Host is not this server.",
                "Use http://127.0.0.1, http://localhost or the configured host.",
            )
        if method not in SAFE_METHODS and not _same_origin(headers):
            return HttpProblem(
                HTTPStatus.FORBIDDEN,
                "foreign-origin",
                "A page of another site sent this request.",
                "Requests that change something are taken from Voxspec's own pages and from programs only.",
            )
        return None

    def _is_ours(self, host: str) -> bool:
        if host in _LOOPBACK_NAMES or host in (self._host, self._public):
            return bool(host)
        # DNS rebinding needs a name; a page can't make a browser send somebody else's address as Host.
        return self._wildcard and _is_address(host)


def _host_name(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _same_origin(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
