"""A provider of identities for tests: OpenID Connect with PKCE on a port of this machine, for one person who always agrees."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Identities:
    """What the provider says; a test changes `claims` and `signing_key` to have it lie."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
        self.signing_key = self.key
        self.claims: dict[str, Any] = {"email": "ann@example.com", "email_verified": True}
        self.asked: dict[str, dict[str, str]] = {}
        """Code → what was asked for it."""

    def authorize(self, query: dict[str, str]) -> str:
        """Address that the browser is sent back to."""
        code = f"code-{len(self.asked)}"
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The answer to a code with the right verifier; each code once."""
        asked = self.asked.pop(form.get("code", ""), None)
        if asked is None or _challenge(form.get("code_verifier", "")) != asked["code_challenge"]:
            return None
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        id_token = jwt.encode({"alg": "RS256", "kid": "one"}, told | self.claims, self.signing_key)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


@contextmanager
def identities() -> Iterator[Identities]:
    """A running provider."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Identities(f"http://127.0.0.1:{server.server_address[1]}")
    server.provider = provider  # type: ignore[attr-defined] # the handler's way to it
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Identities = self.server.provider  # type: ignore[attr-defined] # set above
        split = urlsplit(self.path)
        if split.path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            self._json({"issuer": provider.issuer} | {n: provider.issuer + p for n, p in ends.items()})
        elif split.path == "/keys":
            self._json({"keys": [provider.key.as_dict(private=False)]})
        else:
            self.send_response(303)
            query = {name: values[0] for name, values in parse_qs(split.query).items()}
            self.send_header("Location", provider.authorize(query))
            self.end_headers()

    def do_POST(self) -> None:
        provider: Identities = self.server.provider  # type: ignore[attr-defined] # set above
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = provider.token({name: values[0] for name, values in parse_qs(body).items()})
        self._json(given or {"error": "invalid_grant"}, 200 if given else 400)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _json(self, value: object, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
