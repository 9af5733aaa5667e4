"""Sessions of browsers: opened with a key or by a provider of identities, kept as hashes, ended by time or by the person."""

import secrets
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from api.access.credentials import COOKIE
from api.deps import Service
from assistant.domain.access import Principal, Session, secret_hash
from assistant.stores.access_port import AccessStore

_LASTS = timedelta(hours=12)


def holder_of(service: Service, hashed: str) -> Principal | None:
    """Whom the hash of a key or of a session's token stands for, now."""
    with service.benches.use(service.settings.workspace) as bench:
        return bench.catalog.access.find(hashed, datetime.now(UTC))


def open_session(access: AccessStore, workspace: str, who: Principal) -> str:
    """Keep a session. Returns: its token, for the cookie alone."""
    now = datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    session = Session(token_sha256=secret_hash(token), principal=who, expires_at=now + _LASTS)
    access.open_session(workspace, session, now)
    return token


def set_cookie(request: Request, answer: Response, token: str) -> None:
    """Give the browser its token. No script reads it. Another site's form carries it only where the gate refuses its origin."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def local_path(wanted: str) -> str:
    """An address of ours to go to after signing in; anything else becomes the home page."""
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if plain and wanted.isprintable() else "/"
