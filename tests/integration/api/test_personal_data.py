"""Personal data stands in the raw record and nowhere else that a person or a model sees."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.stores.catalog import open_catalog
from tests.support.command_line import CommandLine
from tests.support.model_server import ModelServer, says_json
from tests.support.reading import docx_text
from tests.support.service import running, wait_for_job, write_draft

PERSONAL = {
    "e-mail": "ann.lee@example.com",
    "phone": "+1 415 555 2671",
    "card": "4111 1111 1111 1111",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "IP address": "203.0.113.77",
    "secret": "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "handle": "@ann_lee_77",
}
_SENTENCES = [
    "The export of a large board fails and nobody answers at {e-mail} about the slow export.",
    "The slow export fails every day, please call me on {phone} about the export of the board.",
    "I paid for the export with card {card} and the export is still slow and fails.",
    "The slow export ate my invoice for account {IBAN} and the export fails again.",
    "The export fails from our office at {IP address} and it is slow every single time.",
    "The export fails although my token {secret} is right, and it is so slow.",
    "Dear {handle}, the slow export fails for the whole team since the last week.",
]


def _rows() -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "text", "author", "date"])
    for number in range(42):
        sentence = _SENTENCES[number % 7].replace("{", "%(").replace("}", ")s") % PERSONAL
        writer.writerow(
            [
                f"T-{number}",
                f"{sentence} It is day {number} now.",
                f"p{number}",
                f"2026-03-{1 + number % 28:02}",
            ]
        )
    return out.getvalue().encode()


def _masked_kind(shown: str) -> str:
    """The first kind whose mask a text shows. Which quotes a draft chooses is nothing that these tests are about."""
    return next(kind for kind in PERSONAL if f"[{kind}]" in shown.replace("\\", ""))


def _leaks(shown: str) -> list[str]:
    return [words for words in PERSONAL.values() if words in shown]


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(
        says_json(
            {
                "text": "The export is slow.",
                "want": "to export the board",
                "benefit": "it works",
                "sentences": [1],
            }
        )
    ) as started:
        yield started


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("personal")


@pytest.fixture(scope="module")
def client(home: Path, server: ModelServer) -> Iterator[TestClient]:
    with running(home, model="openai:any", openai_base_url=server.base_url, model_retries=0) as started:
        answer = started.post("/v1/ingest", files={"files": ("tickets.csv", _rows())})
        assert wait_for_job(started, answer.json()["id"])["state"] == "done"
        yield started


@pytest.fixture(scope="module")
def draft_id(client: TestClient) -> str:
    return str(write_draft(client, "user_stories", "slow export fails")["draft_id"])


def test_a_preview_counts_what_is_personal(client: TestClient) -> None:
    answer = client.post("/v1/ingest?dry_run=true", files={"files": ("other.csv", _rows())})
    assert answer.json()["files"][0]["personal"] == dict.fromkeys(PERSONAL, 6)


def test_the_raw_record_is_untouched(client: TestClient) -> None:
    raws = " ".join(item["raw"] for item in client.get("/v1/records", params={"limit": 200}).json()["items"])
    assert _leaks(raws) == list(PERSONAL.values())


def test_no_format_of_a_draft_shows_it_and_the_stored_one_is_exact(
    client: TestClient, draft_id: str, home: Path
) -> None:
    stored = open_catalog(home / "catalog.sqlite3")
    draft = stored.drafts.get("default", draft_id)
    assert draft is not None
    records = stored.records.get("default", sorted({quote.record_id for quote in draft.quotes.values()}))
    for quote in draft.quotes.values():
        assert quote.text == records[quote.record_id].raw[quote.start : quote.end]
    stored.close()
    assert _leaks(draft.model_dump_json()), "the draft quotes no personal data, so the test shows nothing"
    shown = {
        form: client.get(f"/v1/drafts/{draft_id}.{form}")
        for form in ("md", "html", "json", "docx", "adf", "confluence", "csv")
    }
    for form, answer in shown.items():
        text = docx_text(answer.content) if form == "docx" else answer.text
        assert not _leaks(text.replace("\\", "")), form
        assert _masked_kind(text), form


def test_no_page_and_no_answer_shows_it(client: TestClient, draft_id: str) -> None:
    hits = client.get("/v1/search", params={"q": "slow export fails", "limit": 60}).json()["hits"]
    places = [
        "/",
        f"/drafts/{draft_id}",
        "/search?q=slow+export+fails",
        "/v1/search?q=slow+export+fails&limit=60",
        "/v1/drafts",
        f"/v1/drafts/{draft_id}",
        f"/v1/drafts/{draft_id}/events",
        "/v1/jobs",
        *(f"/records/{hit['record_id']}?quote={hit['quote']['start']}-{hit['quote']['end']}" for hit in hits),
    ]
    assert len(hits) > 20
    for place in places:
        assert not _leaks(client.get(place).text), place


def test_a_hit_says_where_the_whole_of_its_quote_stands(client: TestClient) -> None:
    hits = client.get("/v1/search", params={"q": "nobody answers at about the slow export"}).json()["hits"]
    hit = next(hit for hit in hits if "[e-mail]" in hit["quote"]["text"])
    raw = client.get(f"/v1/records/{hit['record_id']}").json()["raw"]
    said = raw[hit["quote"]["start"] : hit["quote"]["end"]]
    assert said.replace(PERSONAL["e-mail"], "[e-mail]") == hit["quote"]["text"]


def test_no_model_is_sent_it(client: TestClient, draft_id: str, server: ModelServer) -> None:
    assert server.requests
    assert not _leaks(json.dumps([dict(request.body) for request in server.requests], ensure_ascii=False))


def test_masked_files_still_verify(client: TestClient, draft_id: str) -> None:
    stored = client.post("/v1/checks", json={"draft_id": draft_id}).json()
    markdown = client.get(f"/v1/drafts/{draft_id}.md").text
    as_markdown = client.post("/v1/checks", json={"markdown": markdown}).json()
    as_json = client.post("/v1/checks", json={"draft": client.get(f"/v1/drafts/{draft_id}").json()}).json()
    assert as_json == stored
    assert as_markdown["verdict"] == stored["verdict"]
    assert as_markdown["counts"]["quotes_verified"]["ok"] == as_markdown["counts"]["quotes_verified"]["total"]
    assert as_markdown["findings"] == []


def test_a_mask_that_hides_something_else_does_not_verify(client: TestClient, draft_id: str) -> None:
    markdown = client.get(f"/v1/drafts/{draft_id}.md").text
    draft = client.get(f"/v1/drafts/{draft_id}").json()
    kind = _masked_kind(" ".join(quote["text"] for quote in draft["quotes"].values()))
    other = next(name for name in PERSONAL if name != kind)
    bent = client.post(
        "/v1/checks", json={"markdown": markdown.replace(f"\\[{kind}\\]", f"\\[{other}\\]")}
    ).json()
    assert bent["verdict"] == "needs fixes"
    name = next(name for name, quote in draft["quotes"].items() if f"[{kind}]" in quote["text"])
    draft["quotes"][name]["text"] = draft["quotes"][name]["text"].replace(f"[{kind}]", f"[{other}]")
    assert client.post("/v1/checks", json={"draft": draft}).status_code in (400, 422)


def test_the_command_line_masks_too_and_shows_raw_records_and_what_it_is_allowed_to(
    client: TestClient, draft_id: str, home: Path, tmp_path: Path
) -> None:
    line = CommandLine(tmp_path, home)
    found = line.run("search", "slow export fails", "--limit", "60", "--json", expect=0).stdout.decode()
    assert not _leaks(found)
    assert not _leaks(line.run("check", draft_id, "--json").stdout.decode())
    written = line.run(
        "draft",
        "insight_summary",
        "slow export",
        "--out",
        "d.md",
        "--out",
        "d.json",
        "--out",
        "d.html",
        "--json",
    )
    files = "".join((tmp_path / f"d.{form}").read_text() for form in ("md", "json", "html")).replace("\\", "")
    assert not _leaks(written.stdout.decode() + written.stderr.decode() + files)
    for form in ("md", "json"):
        checked = json.loads(line.run("check", f"d.{form}", "--json").stdout)
        assert checked["counts"]["quotes_verified"]["ok"] == checked["counts"]["quotes_verified"]["total"] > 0
    hit = next(hit for hit in json.loads(found)["hits"] if "[card]" in hit["quote"]["text"])
    assert PERSONAL["card"] in line.run("record", hit["record_id"], expect=0).stdout.decode()
    open_ = line.spawn(
        "search", "slow export fails", "--limit", "60", VOXSPEC_SHOW_PERSONAL_DATA="true", expect=0
    )
    assert _leaks(open_.stdout.decode())
    flagged = line.run("search", "slow export fails", "--limit", "60", "--show-personal-data", expect=0)
    assert _leaks(flagged.stdout.decode())
    plain = line.spawn(
        "draft", "insight_summary", "slow export", "--out", "open.md", VOXSPEC_SHOW_PERSONAL_DATA="true"
    )
    assert plain.returncode in (0, 1)
    assert _leaks((tmp_path / "open.md").read_text().replace("\\", ""))
    assert json.loads(line.run("check", "open.md", "--json").stdout)["findings"] == []
