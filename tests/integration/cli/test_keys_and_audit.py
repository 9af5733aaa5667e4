"""On the command line: keys of a workspace, and the log of what was done."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.support.command_line import CommandLine


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path, tmp_path / "home")


def told(shell: CommandLine, *arguments: str, expect: int = 0) -> Any:
    return json.loads(shell.run(*arguments, "--json", expect=expect).stdout)


def said(shell: CommandLine, *arguments: str, expect: int = 0) -> str:
    return shell.run(*arguments, expect=expect).stdout.decode()


def test_a_key_is_made_shown_once_and_revoked(shell: CommandLine) -> None:
    made = told(shell, "keys", "create", "tracker", "--role", "machine", "--days", "30")
    assert made["secret"].startswith("vxs_")
    assert made["expires_at"] is not None
    listed = told(shell, "keys")["keys"]
    assert [(key["name"], key["role"], key["revoked_at"]) for key in listed] == [("tracker", "machine", None)]
    assert "secret" not in listed[0]
    assert "until" in said(shell, "keys", "list")
    assert "already" in told(shell, "keys", "create", "tracker", expect=2)["error"]["message"]
    assert told(shell, "keys", "revoke", made["id"]) == {"revoked": made["id"]}
    assert "revoked" in said(shell, "keys", "list")
    shell.run("keys", "revoke", made["id"], expect=2)
    shell.run("keys", "create", expect=2)


def test_the_log_is_listed_and_a_changed_one_found_out(shell: CommandLine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        told(shell, "keys", "create", name)
    assert [entry["action"] for entry in told(shell, "audit")["entries"]] == ["keys create", "keys create"]
    assert told(shell, "audit", "verify") == {"entries": 2, "whole": True, "broken_at": None}
    engine = create_engine(f"sqlite:///{tmp_path / 'home' / 'catalog.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_update"))
        connection.execute(
            text("UPDATE audit_log SET entry = replace(entry, 'keys create', 'nothing') WHERE seq = 1")
        )
    engine.dispose()
    assert "entry 1" in said(shell, "audit", "verify", expect=1)
