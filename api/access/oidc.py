"""Signing in through a provider of identities: OpenID Connect, authorization code with PKCE. Needs the extra `oidc`.

The provider says who somebody is; what they may do here is said by `VOXSPEC_OIDC_ROLES`.
"""

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, cast

import httpx

from assistant.domain.access import Principal, Role
from assistant.errors import UsageError
from assistant.settings import Settings

_SCOPE = "openid email profile"
_SIGNATURES = ("RS256", "PS256", "ES256", "EdDSA")
_TIMEOUT_S = 10.0
_WAIT_S = 600.0
_MAX_WAITING = 1000
_LEEWAY_S = 60


@dataclass(frozen=True)
class Waiting:
    """Somebody who was sent to the provider and hasn't come back yet."""

    browser: str
    """What their browser holds in a cookie, so that nobody else's answer is taken for theirs."""
    nonce: str
    verifier: str
    wanted: str
    since: float


class SignInRefused(Exception):
    """The provider's answer can't be used; the message is for the person."""


class Provider:
    """The configured provider. Who is on the way there is known to this process only."""

    def __init__(self, settings: Settings) -> None:
        _demand_extra()
        self._issuer = str(settings.oidc_issuer).rstrip("/")
        self._client_id = settings.oidc_client_id
        secret = settings.oidc_client_secret
        self._client_secret = secret.get_secret_value() if secret else None
        self._roles = {who: Role(role) for who, role in settings.oidc_roles.items()}
        self._workspace = settings.workspace
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    async def begin(self, redirect_uri: str, wanted: str) -> tuple[str, str]:
        """Returns: the provider's address to send the browser to, and what its cookie is to hold."""
        found = await self._discover()
        state, browser, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        verifier = secrets.token_urlsafe(48)
        async with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                found["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        self._forget_old()
        self._waiting[state] = Waiting(browser, nonce, verifier, wanted, time.monotonic())
        return str(address), browser

    async def finish(self, redirect_uri: str, state: str, browser: str, code: str) -> tuple[Principal, str]:
        """Returns: who signed in, and where they wanted to go. Raises: SignInRefused."""
        self._forget_old()
        waiting = self._waiting.pop(state, None)
        if waiting is None or not secrets.compare_digest(waiting.browser, browser):
            raise SignInRefused(
                "This sign-in was not begun in this browser, or too long ago. Please begin again."
            )
        found = await self._discover()
        async with self._client(redirect_uri) as client:
            try:
                token = await client.fetch_token(
                    found["token_endpoint"], code=code, code_verifier=waiting.verifier, timeout=_TIMEOUT_S
                )
            except _failures() as problem:
                raise SignInRefused("The provider didn't confirm the sign-in.") from problem
        claims = self._claims(
            str(token.get("id_token", "")), await self._fetch(found["jwks_uri"]), waiting.nonce
        )
        return self._principal(claims), waiting.wanted

    def _claims(self, id_token: str, key_set: dict[str, Any], nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            keys = KeySet.import_key_set(cast(Any, key_set))
            token = jwt.decode(id_token, keys, algorithms=list(_SIGNATURES))
            rules.validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError) as problem:
            raise SignInRefused("The provider's token can't be trusted.") from problem
        return dict(token.claims)

    def _principal(self, claims: dict[str, Any]) -> Principal:
        email = str(claims.get("email", "")).casefold()
        if not email or claims.get("email_verified") is not True:
            raise SignInRefused("The provider names no confirmed e-mail address.")
        role = role_of(email, self._roles)
        if role is None:
            raise SignInRefused(
                "This address has no role here. Ask an owner to add it to VOXSPEC_OIDC_ROLES."
            )
        return Principal(name=email[:200], role=role, workspace=self._workspace, key_id="oidc")

    async def _discover(self) -> dict[str, Any]:
        found = await self._fetch(f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise SignInRefused("The provider names another issuer than the one that is set.")
        return found

    async def _fetch(self, address: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_S) as client:
                answer = await client.get(address)
                answer.raise_for_status()
                return dict(answer.json())
        except (httpx.HTTPError, ValueError, TypeError) as problem:
            raise SignInRefused("The provider can't be reached. Please try again.") from problem

    def _client(self, redirect_uri: str) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _forget_old(self) -> None:
        now = time.monotonic()
        while self._waiting:
            _, oldest = next(iter(self._waiting.items()))
            if len(self._waiting) < _MAX_WAITING and now - oldest.since < _WAIT_S:
                return
            self._waiting.popitem(last=False)


def role_of(email: str, roles: dict[str, Role]) -> Role | None:
    """The role of an address: its own, else that of its domain (`@example.com`); None where neither has one."""
    named = {who.casefold(): role for who, role in roles.items()}
    return named.get(email) or named.get(f"@{email.rpartition('@')[2]}")


def _failures() -> tuple[type[Exception], ...]:
    from authlib.common.errors import AuthlibBaseError

    return (AuthlibBaseError, httpx.HTTPError, ValueError)


def _demand_extra() -> None:
    try:
        import authlib.integrations.httpx_client  # noqa: F401 - whether it is there
    except ImportError as problem:
        raise UsageError(
            "Signing in through a provider needs the extra 'oidc'.", hint="pip install 'voxspec[oidc]'"
        ) from problem
