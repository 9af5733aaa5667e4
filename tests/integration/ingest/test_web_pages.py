"""Web pages over a real connection: what is fetched, and everything that is not."""

import gzip
import itertools
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import InputRejected
from assistant.settings import Settings
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.web.fetch import MAX_BYTES, fetch
from ingest.web.guard import Guard
from ingest.web.pages import fetched_pages
from tests.support.ingest_bench import open_bench
from tests.support.page_server import PageServer, Reply

PAGE = b"<title>Kanbo pricing</title><nav><a href=/>Home</a></nav><h1>Pricing</h1><p>The team plan costs 9 euros.</p>"
LOOPBACK = Guard(allow=lambda address: address == "127.0.0.1", seconds=10)


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer({"/": Reply(PAGE), "/moved": redirect("/")}) as opened:
        yield opened


def refusal(url: str, guard: Guard | None = LOOPBACK) -> str:
    with pytest.raises(InputRejected) as refused:
        fetch(url, guard)
    assert refused.value.message.endswith(".")
    assert refused.value.hint
    return refused.value.message


def test_a_page_is_fetched_without_cookies_under_our_own_name(server: PageServer) -> None:
    page = fetch(server.url("/moved"), LOOPBACK)
    assert (page.content, page.suffix, page.url) == (PAGE, ".html", server.url("/"))
    assert [request[":path"] for request in server.requests] == ["/moved", "/"]
    for request in server.requests:
        assert request["user-agent"].startswith("Voxspec/")
        assert "cookie" not in request
        assert "authorization" not in request


def test_loopback_is_refused_by_default_also_by_name_and_behind_other_spellings(server: PageServer) -> None:
    for host in (
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f000001",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ):
        message = refusal(server.url(host=host), None)
        assert "isn't a public address" in message or "nothing usable answers" in message
    assert "isn't a public address" in refusal(server.url(), None)
    assert server.requests == []


def test_a_redirect_to_an_address_that_isnt_allowed_is_refused(server: PageServer) -> None:
    for target in ("http://127.0.0.2:9/", "http://169.254.169.254/latest/", "//10.0.0.1/", "http://[::1]/"):
        server.replies["/out"] = redirect(target)
        assert "isn't a public address" in refusal(server.url("/out"))
    for target in ("file:///etc/passwd", "gopher://x/", "http://ana:secret@127.0.0.1/"):
        server.replies["/out"] = redirect(target)
        assert "secret" not in refusal(server.url("/out"))


def test_a_name_that_changes_its_address_between_two_requests_gains_nothing(server: PageServer) -> None:
    answers = itertools.chain(["127.0.0.1"], itertools.repeat("127.0.0.2"))
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    url = server.url("/moved", host="rebind.example")
    guard = Guard(allow=LOOPBACK.allow, resolve=rebinding)
    assert "'rebind.example' leads to 127.0.0.2" in refusal(url, guard)
    assert asked == ["rebind.example", "rebind.example"]
    assert len(server.requests) == 1


def test_the_peer_itself_is_checked_not_only_the_answer_of_the_name_server(server: PageServer) -> None:
    seen: list[str] = []

    def once(address: str) -> bool:
        seen.append(address)
        return len(seen) == 1

    assert "127.0.0.1" in refusal(server.url(), Guard(allow=once))
    assert seen[:2] == ["127.0.0.1", "127.0.0.1"]
    assert server.requests == []


def test_five_redirects_are_followed_and_no_more(server: PageServer) -> None:
    server.replies |= {f"/{n}": redirect(f"/{n - 1}" if n else "/") for n in range(6)}
    assert fetch(server.url("/4"), LOOPBACK).content == PAGE
    assert "leads on more than 5 times" in refusal(server.url("/5"))


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(status=404), "answers with 404"),
        (Reply(status=302), "answers with 302"),
        (Reply(b"{}", kind="application/json"), "'application/json', not a page"),
        (Reply(b"x", kind="image/png"), "not a page"),
        (Reply(b"PK\x03\x04zip", kind="text/html"), "isn't what its server says"),
        (Reply(b"%PDF-1.7", kind="text/html"), "isn't what its server says"),
        (Reply(b"<p>", kind="application/pdf"), "isn't what its server says"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), "wasn't asked for"),
        (Reply(b"not gzip", headers={"Content-Encoding": "gzip"}), "packed wrongly"),
        (Reply(gzip.compress(PAGE)[:-9], headers={"Content-Encoding": "gzip"}), "cut off"),
        (
            Reply(gzip.compress(b"a" * (MAX_BYTES + 9)), headers={"Content-Encoding": "gzip"}),
            "larger than 20 MB",
        ),
        (Reply(b"a" * 9, headers={"Content-Length": "99"}), "nothing usable answers"),
    ],
)
def test_answers_that_are_no_page_are_refused(server: PageServer, reply: Reply, message: str) -> None:
    server.replies["/odd"] = reply
    assert message in refusal(server.url("/odd"))


def test_a_page_without_end_is_cut_at_its_limit(server: PageServer) -> None:
    sent = 0

    def endless(write: object) -> None:
        nonlocal sent
        while True:
            write(b"a" * (1 << 16))  # type: ignore[operator]
            sent += 1 << 16

    server.replies["/endless"] = Reply(write=endless)
    assert "larger than 20 MB" in refusal(server.url("/endless"))
    assert sent < 3 * MAX_BYTES


def test_a_page_that_trickles_is_given_up(server: PageServer) -> None:
    stop = threading.Event()

    def trickle(write: object) -> None:
        while not stop.wait(0.05):
            write(b"a")  # type: ignore[operator]

    server.replies["/slow"] = Reply(write=trickle)
    message = refusal(server.url("/slow"), Guard(allow=LOOPBACK.allow, seconds=0.5))
    stop.set()
    assert "takes too long" in message


def test_text_in_another_character_set_is_read_as_it_was_declared(server: PageServer) -> None:
    server.replies["/old"] = Reply(
        "<h1>Größe</h1>".encode("cp1252"), kind='text/html; charset="windows-1252"'
    )
    assert fetch(server.url("/old"), LOOPBACK).content == "<h1>Größe</h1>".encode()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def bring(bench: Workbench, url: str, day: date) -> tuple[int, list[str]]:
    with fetched_pages(Settings(home=bench.settings.home, fetch_urls=True), [url], LOOPBACK, day) as fetched:
        result = ingest(bench, list(fetched.pages), IngestOptions(pages=fetched.pages))
    return result.records, [report.path for report in result.files]


def test_a_page_becomes_a_record_that_knows_where_and_when_it_was_read(
    bench: Workbench, server: PageServer
) -> None:
    assert bring(bench, server.url("/moved"), date(2026, 3, 1)) == (1, [server.url("/moved")])
    [record] = bench.catalog.pages.page("default", None, 10)
    assert (record.raw, record.title, record.source) == (
        "Pricing\n\nThe team plan costs 9 euros.",
        "Kanbo pricing",
        "127.0.0.1",
    )
    assert (record.url, record.segments) == (server.url("/moved"), {"fetched": "2026-03-01"})
    assert record.said_at is not None
    assert record.said_at.date() == date(2026, 3, 1)


def test_fetched_again_it_is_a_new_revision_of_the_same_record(bench: Workbench, server: PageServer) -> None:
    url = server.url("/")
    bring(bench, url, date(2026, 3, 1))
    assert bring(bench, url, date(2026, 3, 1))[0] == 0
    [before] = bench.catalog.pages.page("default", None, 10)
    server.replies["/"] = Reply(PAGE.replace(b"9 euros", b"12 euros"))
    assert bring(bench, url, date(2026, 4, 1))[0] == 1
    [after] = bench.catalog.pages.page("default", None, 10)
    assert (after.id, after.segments) == (before.id, {"fetched": "2026-04-01"})
    assert "12 euros" in after.raw


def test_a_pdf_is_a_document_and_one_bad_address_doesnt_stop_the_others(
    bench: Workbench, server: PageServer, tmp_path: Path
) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.drawString(72, 720, "Limits of the free plan")
    canvas.save()
    server.replies["/a.pdf"] = Reply((tmp_path / "a.pdf").read_bytes(), kind="application/pdf")
    urls = [server.url("/gone"), server.url("/a.pdf"), server.url("/a.pdf")]
    settings = Settings(home=bench.settings.home, fetch_urls=True)
    with fetched_pages(settings, urls, LOOPBACK) as fetched:
        ingest(bench, list(fetched.pages), IngestOptions(pages=fetched.pages))
    assert [report.path for report in fetched.refused] == [server.url("/gone")]
    [record] = bench.catalog.pages.page("default", None, 10)
    assert [anchor.label for anchor in record.anchors] == ["page 1"]
