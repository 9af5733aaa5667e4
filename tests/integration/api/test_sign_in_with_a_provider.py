"""Signing in through a provider of identities that runs here, and what a lying one gets."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from tests.support.identities import Identities, identities
from tests.support.service import BASE_URL, running

ROOT = "a-key-of-some-length-0123456789"


@pytest.fixture(scope="module")
def provider() -> Iterator[Identities]:
    with identities() as started:
        yield started


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, provider: Identities) -> Iterator[TestClient]:
    flags = {"oidc_issuer": provider.issuer, "oidc_client_id": "voxspec", "oidc_client_secret": "s",
             "oidc_roles": {"ann@example.com": "editor", "@readers.example": "viewer"}}  # fmt: skip
    with running(tmp_path_factory.mktemp("home"), api_key=ROOT, **flags) as started:
        yield started


@pytest.fixture
def browser(client: TestClient, provider: Identities) -> TestClient:
    provider.claims = {"email": "Ann@Example.com", "email_verified": True}
    provider.signing_key = provider.key
    return TestClient(client.app, base_url=BASE_URL, headers={"Accept": "text/html"}, follow_redirects=False)


def _back_from_provider(browser: TestClient, wanted: str = "/themes") -> str:
    """The address that the provider sends the browser back to."""
    away = browser.get(f"/login/oidc?next={wanted}")
    assert away.status_code == 303, away.text
    returned = httpx.get(away.headers["location"])
    return returned.headers["location"].removeprefix(BASE_URL)


def test_who_has_a_role_comes_in_and_lands_where_they_wanted(browser: TestClient) -> None:
    assert "Sign in with" in browser.get("/login").text
    welcome = browser.get(_back_from_provider(browser))
    assert (welcome.status_code, welcome.headers["location"]) == (303, "/themes")
    assert browser.get("/v1/me").json() == {
        "name": "ann@example.com",
        "role": "editor",
        "workspace": "default",
    }


def test_a_domain_gives_its_role(browser: TestClient, provider: Identities) -> None:
    provider.claims |= {"email": "bob@readers.example"}
    browser.get(_back_from_provider(browser))
    assert browser.get("/v1/me").json()["role"] == "viewer"


@pytest.mark.parametrize(
    "lie",
    [
        {"email": "eve@evil.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": ""},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"exp": 1},
    ],
)
def test_a_token_that_says_something_else_opens_nothing(
    browser: TestClient, provider: Identities, lie: dict[str, Any]
) -> None:
    provider.claims |= lie
    refused = browser.get(_back_from_provider(browser))
    assert refused.status_code == 403
    assert browser.get("/v1/me", headers={"Accept": "*/*"}).status_code == 401


def test_a_token_that_somebody_else_signed_opens_nothing(browser: TestClient, provider: Identities) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    assert browser.get(_back_from_provider(browser)).status_code == 403


def test_another_browsers_answer_opens_nothing_and_an_answer_counts_once(
    client: TestClient, browser: TestClient
) -> None:
    back = _back_from_provider(browser)
    other = TestClient(client.app, base_url=BASE_URL, follow_redirects=False)
    assert other.get(back).status_code == 403
    assert browser.get(back).status_code == 403
    back = _back_from_provider(browser)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403


def test_a_provider_that_names_another_issuer_is_not_followed(
    browser: TestClient, provider: Identities, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "issuer", "https://evil.example")
    told = browser.get("/login/oidc")
    assert told.status_code == 502
    assert "another issuer" in told.text
