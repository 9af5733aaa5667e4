"""From where requests may come."""

import pytest
from starlette.datastructures import Headers

from api.access.gate import Gate, demand_key, is_loopback
from assistant.errors import UsageError
from assistant.settings import Settings

KEY = "a-key-of-some-length-0123456789"


def _settings(**flags: object) -> Settings:
    return Settings.load(**flags)


def _refusal(settings: Settings, method: str = "GET", **headers: str) -> str | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    refused = Gate(settings).refuse(method, Headers({"host": "127.0.0.1:8756"} | named))
    return refused.code if refused else None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_key(host: str) -> None:
    assert is_loopback(host)
    demand_key(_settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "voxspec.example.com", ""])
def test_any_other_bind_demands_a_key(host: str) -> None:
    with pytest.raises(UsageError) as refused:
        demand_key(_settings(host=host))
    assert "VOXSPEC_API_KEY" in refused.value.hint
    demand_key(_settings(host=host, api_key=KEY))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(UsageError):
        demand_key(_settings(api_key="short"))


@pytest.mark.parametrize("host", ["localhost:8756", "127.0.0.1", "[::1]:8756", "LOCALHOST", "localhost."])
def test_our_own_names_are_served(host: str) -> None:
    assert _refusal(_settings(), host=host) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "", "127.0.0.1.evil.example", "[::1", "10.0.0.7", "a@evil.example"]
)
def test_another_host_name_is_refused(host: str) -> None:
    assert _refusal(_settings(), host=host) == "wrong-host"


def test_a_wildcard_bind_is_reached_by_address_but_not_by_a_foreign_name() -> None:
    settings = _settings(host="0.0.0.0", api_key=KEY)
    assert _refusal(settings, host="10.0.0.7:8756", authorization=f"Bearer {KEY}") is None
    assert _refusal(settings, host="evil.example", authorization=f"Bearer {KEY}") == "wrong-host"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:8756"]
)
def test_a_foreign_origin_may_not_change_anything(origin: str) -> None:
    assert _refusal(_settings(), "POST", origin=origin) == "foreign-origin"
    assert _refusal(_settings(), "DELETE", origin=origin) == "foreign-origin"
    assert _refusal(_settings(), "GET", origin=origin) is None


def test_a_cross_site_form_is_refused_even_without_an_origin() -> None:
    assert _refusal(_settings(), "POST", sec_fetch_site="cross-site") == "foreign-origin"


def test_our_own_pages_and_programs_may_change_things() -> None:
    assert _refusal(_settings(), "POST", origin="http://127.0.0.1:8756", sec_fetch_site="same-origin") is None
    assert _refusal(_settings(), "POST") is None
