"""`voxspec check FILE.md` for documents that were written elsewhere; the same over HTTP and on the page."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.support.command_line import CommandLine
from tests.support.sarif import demand_sarif
from tests.support.service import running

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BAD = "# Plan\n\nA customer said “I can work offline in the basement, please”. Most customers ask for it. <b>x</b>\n"
GOOD = "# Plan\n\nA customer said “I can't work offline in the basement”.\n"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("documents")
    text = "I can't work offline in the basement, please add an offline mode."
    (folder / "notes.csv").write_text(f'id,author,comment\n1,Ann,"{text}"\n', encoding="utf-8")
    (folder / "bad.md").write_text(BAD, encoding="utf-8")
    (folder / "good.md").write_text(GOOD, encoding="utf-8")
    shell = CommandLine(folder, folder / "home")
    shell.run("ingest", "notes.csv", expect=0)
    return shell


def test_exit_codes_tell_the_verdict(shell: CommandLine) -> None:
    assert "quotes verified: 1/1" in shell.run("check", "good.md", expect=0).stdout.decode()
    told = shell.run("check", "bad.md", expect=1).stdout.decode()
    assert "line 3" in told
    assert "differs from what" in told
    shell.run("check", "good.md", "-w", "empty", expect=3)


def test_the_formats_say_the_same(shell: CommandLine) -> None:
    whole = json.loads(shell.run("check", "bad.md", "--json", expect=1).stdout)
    assert json.loads(shell.run("check", "bad.md", "--format", "json", expect=1).stdout) == whole
    lines = shell.run("check", "bad.md", "--format", "github", expect=1).stdout.decode().splitlines()
    assert len(lines) == len(whole["findings"])
    assert lines[0].startswith("::error file=bad.md,line=3,endLine=3,col=18,")
    assert shell.run("check", "good.md", "--format", "github", expect=0).stdout == b""
    log = json.loads(shell.run("check", "bad.md", "--format", "sarif", expect=1).stdout)
    demand_sarif(log)
    (run,) = log["runs"]
    assert [one["ruleId"] for one in run["results"]] == [one["grader"] for one in whole["findings"]]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "bad.md"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (3, 18)


def test_what_is_no_text_is_refused(shell: CommandLine) -> None:
    for name, content in (("zip.md", b"PK\x03\x04\xff\xfe"), ("nul.md", b"a\0b"), ("empty.md", b"")):
        (shell.folder / name).write_bytes(content)
        shell.run("check", name, expect=2)
    with (shell.folder / "huge.md").open("wb") as stream:
        stream.truncate(20 * 1024 * 1024)
    assert b"too large" in shell.run("check", "huge.md", expect=2).stderr


def test_the_api_and_the_page_check_documents(shell: CommandLine) -> None:
    assert shell.home is not None
    with running(shell.home) as client:
        report = client.post("/v1/checks", json={"markdown": BAD}).json()
        assert report["verdict"] == "needs fixes"
        assert client.post("/v1/checks", json={"markdown": GOOD}).json()["verdict"] == "ready"
        assert client.post("/v1/checks", json={"markdown": ""}).status_code == 422
        page = client.post("/check", data={"markdown": BAD}, headers=HTML)
        tree = HTMLParser(page.text)
        assert [li.css_first(".tag").text() for li in tree.css(".findings li")] == [
            one["severity"] for one in report["findings"]
        ]
        assert "<b>x</b>" not in page.text
        assert tree.css_first("textarea").text().lstrip("\n") == BAD
        assert client.get("/check", headers=HTML).status_code == 200
        assert client.post("/check", data={"markdown": "\0"}, headers=HTML).status_code == 422
        assert (
            client.post("/check", data={"markdown": BAD}, headers={"Origin": "https://e.example"}).status_code
            == 403
        )
