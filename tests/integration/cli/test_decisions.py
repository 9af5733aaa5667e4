"""`voxspec overrule` and `voxspec approve`."""

import json
from pathlib import Path

from tests.support.command_line import CommandLine
from tests.support.flawed_draft import flawed, laneway


def test_a_draft_is_approved_once_its_findings_are_overruled(tmp_path: Path) -> None:
    with laneway(tmp_path / "home", tmp_path, served=True) as bench:
        draft = flawed(bench)
    shell = CommandLine(tmp_path, tmp_path / "home")
    refused = shell.run("approve", draft.id, expect=1).stdout.decode()
    told = json.loads(shell.run("approve", draft.id, "--json", expect=1).stdout)
    assert told["approved"] is False
    for one in told["findings"]:
        assert one["key"] in refused
        shell.run("overrule", draft.id, one["key"], "--reason", "Counted by hand.", "--by", "Ida", expect=0)
    checked = shell.run("check", draft.id, expect=0).stdout.decode()
    assert "every blocking finding overruled" in checked
    assert "overruled by Ida" in checked
    assert "approved" in shell.run("approve", draft.id, expect=0).stdout.decode()
    key = told["findings"][0]["key"]
    assert b"with a reason" in shell.run("withdraw", draft.id, expect=2).stderr
    back = shell.run("withdraw", draft.id, key, "--reason", "Nobody counted.", "--json", expect=0)
    assert json.loads(back.stdout)["standing"] == 1
    shell.run("check", draft.id, expect=1)
    nothing = shell.run("withdraw", draft.id, "--reason", "x", expect=2).stderr
    assert b"isn't approved" in nothing
    assert b"hint: " in nothing
    shell.run("overrule", draft.id, "000000000000", "--reason", "x", expect=2)
    shell.run("approve", "dra_none", expect=2)
