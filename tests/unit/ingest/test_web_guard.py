"""Addresses: what is public, what a person may write, and that nothing is fetched unasked."""

from pathlib import Path
from threading import Event

import httpcore2
import pytest

from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.web.fetch import checked_url
from ingest.web.guard import Guard, GuardedBackend, is_public
from ingest.web.pages import fetched_pages, is_url

PRIVATE = [
    "0.0.0.0",
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "localhost",
    "example.com",
    "127.1",
    "0x7f000001",
    "2130706433",
]
PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_isnt_public_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", [address for address in PRIVATE if address[0].isdigit() or ":" in address]
)
def test_a_name_that_leads_to_such_an_address_is_not_connected_to(address: str) -> None:
    backend = GuardedBackend(Guard(resolve=lambda host, port: [address]))
    with pytest.raises(InputRejected, match="isn't a public address") as refused:
        backend.connect_tcp("innocent.example", 80)
    assert refused.value.hint


def test_one_private_address_among_public_ones_is_enough() -> None:
    backend = GuardedBackend(Guard(resolve=lambda host, port: ["1.1.1.1", "10.0.0.1"]))
    with pytest.raises(InputRejected, match=r"10\.0\.0\.1"):
        backend.connect_tcp("innocent.example", 80)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://example.com/", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("http:///path", "not a web address"),
        ("https://ana:secret@example.com/", "user name or password"),
        ("https://ana@example.com/", "user name or password"),
        ("https://example.com:99999/", "not a web address"),
        ("https://exa mple.com/a", "blanks|not a web address"),
        ("https://example.com/a\nHost: evil", "blanks"),
        ("https://example.com/" + "a" * 3_000, "too long"),
        ("https://[::1/", "not a web address"),
        ("https://..", "not a web address"),
    ],
)
def test_only_plain_web_addresses_are_taken(url: str, message: str) -> None:
    with pytest.raises(InputRejected, match=message) as refused:
        checked_url(url)
    assert refused.value.hint
    assert "secret" not in refused.value.message


def test_an_address_is_written_in_ascii() -> None:
    assert checked_url("HTTPS://bücher.example/preisliste für?a=ü#x".replace(" ", "%20")) == (
        "https://xn--bcher-kva.example/preisliste%20f%C3%BCr?a=%C3%BC"
    )
    assert checked_url("http://[2606:4700::1111]:8080") == "http://[2606:4700::1111]:8080/"


def test_nothing_is_fetched_unless_it_is_switched_on(tmp_path: Path) -> None:
    with (
        pytest.raises(InputRejected, match="switched off") as refused,
        fetched_pages(Settings(home=tmp_path), ["https://example.com/"]),
    ):
        pass
    assert "VOXSPEC_FETCH_URLS" in refused.value.hint
    with fetched_pages(Settings(home=tmp_path), []) as fetched:
        assert not fetched.pages


def test_addresses_and_files_are_told_apart() -> None:
    assert is_url("HTTPS://example.com")
    assert not is_url("https.csv")
    assert not is_url("C:\\http")


def test_a_name_server_that_never_answers_is_not_waited_for() -> None:
    asked, answer = Event(), Event()

    def silent(host: str, port: int) -> list[str]:
        asked.set()
        answer.wait(30)
        return ["1.1.1.1"]

    backend = GuardedBackend(Guard(resolve=silent, resolve_s=0.05))
    try:
        with pytest.raises(httpcore2.ConnectTimeout):
            backend.connect_tcp("slow.example", 80)
        assert asked.is_set()
    finally:
        answer.set()


def test_what_goes_wrong_with_a_name_is_told() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(OSError, match="no such host"):
        GuardedBackend(Guard(resolve=unknown)).connect_tcp("nobody.example", 80)
