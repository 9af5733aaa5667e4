"""`voxspec edit`, `undo`, `redo`, `versions` and `check --fix`."""

import json
from pathlib import Path

from evals.gate import produce
from tests.support.command_line import CommandLine
from tests.support.flawed_draft import REQUEST, laneway


def test_a_draft_is_edited_mended_undone_and_listed(tmp_path: Path) -> None:
    with laneway(tmp_path / "home", tmp_path, served=True) as bench:
        draft = produce(bench, REQUEST)
    shell = CommandLine(tmp_path, tmp_path / "home")
    before = shell.run("check", draft.id, "--json", expect=0).stdout
    wish = "US-1.want=to open it anywhere (see the minutes), if possible"
    shown = shell.run("edit", draft.id, "--set", wish, "--dry-run", expect=0).stdout.decode()
    assert "+ to open it anywhere (see the minutes), if possible" in shown
    assert "nothing was kept" in shown
    assert "version 2" in shell.run("edit", draft.id, "--set", wish, "--by", "Ida", expect=0).stdout.decode()
    shell.run("check", draft.id, "--fix", "--dry-run", expect=0)
    mended = json.loads(shell.run("check", draft.id, "--fix", "--json", expect=0).stdout)
    assert [one["after"] for one in mended["diff"]["changes"]] == ["to open it anywhere"]
    shell.run("undo", draft.id, expect=0)
    shell.run("undo", draft.id, expect=0)
    assert shell.run("check", draft.id, "--json", expect=0).stdout == before
    shell.run("redo", draft.id, expect=0)
    listed = json.loads(shell.run("versions", draft.id, "--json", expect=0).stdout)["versions"]
    causes = [one["note"]["cause"] if one["note"] else "written" for one in listed]
    assert causes == ["redo", "undo", "undo", "fix", "edit", "written"]
    assert "back to version 2" in shell.run("versions", draft.id, expect=0).stdout.decode()
    assert "US-1.want" in shell.run("versions", draft.id, "--diff", "1", expect=0).stdout.decode()


def test_what_cant_be_edited_is_refused_with_a_hint(tmp_path: Path) -> None:
    with laneway(tmp_path / "home", tmp_path, served=True) as bench:
        draft = produce(bench, REQUEST)
    shell = CommandLine(tmp_path, tmp_path / "home")
    (tmp_path / "edits.json").write_text('[{"type": "fly"}]')
    for arguments in (
        ("--set", "Q1=They love it."),
        ("--set", "nothing"),
        ("--edits", "edits.json"),
        (),
    ):
        assert b"hint: " in shell.run("edit", draft.id, *arguments, expect=2).stderr
    assert b"hint: " in shell.run("check", draft.id, "--dry-run", expect=2).stderr
    shell.run("undo", draft.id, expect=3)
    shell.run("versions", "dra_none", expect=2)
