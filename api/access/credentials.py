"""Who sends a request: by key, by session cookie, or by sitting at the machine."""

import base64
import binascii
import hmac
from collections.abc import Callable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers

from api.errors import HttpProblem
from assistant.domain.access import SECRET_PREFIX, Principal, Role, secret_hash
from assistant.settings import Settings

COOKIE = "voxspec_session"
LOCAL = Principal(name="local", role=Role.owner)
"""Whoever sits at the machine, where only that machine can reach the service and no key is set."""
ROOT = Principal(name="root", role=Role.owner, key_id="root")
"""Who has `VOXSPEC_API_KEY`."""

Find = Callable[[str], Principal | None]
"""Hash of a secret → whom it stands for."""


class Credentials:
    """The rules for one configuration: with `VOXSPEC_API_KEY` set, everybody shows a key or a session."""

    def __init__(self, settings: Settings) -> None:
        key = settings.api_key.get_secret_value() if settings.api_key else ""
        self._root = secret_hash(key) if key else None

    @property
    def unknown(self) -> Principal | None:
        """Who sends what comes without a secret; None where that is a stranger."""
        return None if self._root else LOCAL

    def principal(self, headers: Headers, find: Find) -> Principal | None:
        """Who sends this; None for a stranger."""
        secret = given_secret(headers)
        if not secret:
            return self.unknown
        known = self.holder(secret, find)
        if known is None and self._root is None and not secret.startswith(SECRET_PREFIX):
            # Clients of language models send some key always; without one of ours it means nothing here.
            return LOCAL
        return known

    def holder(self, secret: str, find: Find) -> Principal | None:
        """Whom a key or a session's token stands for."""
        hashed = secret_hash(secret)
        if self._root is not None and hmac.compare_digest(hashed, self._root):
            return ROOT
        return find(hashed)


def given_secret(headers: Headers) -> str:
    """The key of the Authorization header, bearer or a browser's password, else the session's token; empty: none."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2].strip()
        except (binascii.Error, UnicodeDecodeError):
            return "?"
    if scheme:
        return "?"
    return session_token(headers)


def session_token(headers: Headers) -> str:
    """The token in the session cookie; empty: none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def key_required() -> HttpProblem:
    """What a stranger is told."""
    return HttpProblem(
        HTTPStatus.UNAUTHORIZED,
        "key-required",
        "This server asks for a key.",
        "Send 'Authorization: Bearer <key>'; in a browser, sign in at /login.",
        {"WWW-Authenticate": 'Bearer, Basic realm="Voxspec", charset="UTF-8"'},
    )
