"""Web pages on the command line: switched off by default, never from inside the network."""

import json
from pathlib import Path

from tests.support.command_line import CommandLine
from tests.support.page_server import PageServer, Reply


def test_a_page_alone_is_refused_with_the_setting_that_switches_fetching_on(tmp_path: Path) -> None:
    told = CommandLine(tmp_path, tmp_path / "home").run("ingest", "https://example.com/", expect=2)
    assert b"Fetching web pages is switched off." in told.stderr
    assert b"VOXSPEC_FETCH_URLS" in told.stderr


def test_switched_on_an_address_inside_the_network_is_refused_and_doctor_says_that_it_is_on(
    tmp_path: Path,
) -> None:
    (tmp_path / "voxspec.toml").write_text("fetch_urls = true\n")
    shell = CommandLine(tmp_path, tmp_path / "home")
    with PageServer({"/": Reply(b"<p>Prices")}) as server:
        told = shell.run("ingest", server.url(), expect=2)
        assert server.requests == []
    assert b"isn't a public address" in told.stderr
    checks = json.loads(shell.run("--json", "doctor", expect=0).stdout)["checks"]
    [pages] = [check for check in checks if check["name"] == "web pages"]
    assert pages["detail"] == "none, fetching is on"
