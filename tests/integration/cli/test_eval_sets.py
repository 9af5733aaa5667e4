"""`voxspec eval promote`, `sets`, `export` and `import`."""

import json
from pathlib import Path

from tests.support.command_line import CommandLine
from tests.support.flawed_draft import flawed, laneway


def test_a_set_is_kept_exported_and_imported(tmp_path: Path) -> None:
    with laneway(tmp_path / "home", tmp_path, served=True) as bench:
        draft = flawed(bench)
    shell = CommandLine(tmp_path, tmp_path / "home")
    shell.run("eval", "promote", draft.id, "--set", "own", "--bad", expect=2)
    shell.run("eval", "run", "own", expect=2)
    kept = shell.run("eval", "promote", draft.id, "--set", "own", "--must-cite", "Q1", "--bad", expect=0)
    assert b"own/" in kept.stdout
    (result,) = json.loads(shell.run("eval", "run", "own", "--json", expect=0).stdout)["sets"]
    assert [one["outcome"] for one in result["results"]] == ["passed"]
    listed = json.loads(shell.run("eval", "sets", "--json", expect=0).stdout)
    assert listed["workspace"] == {"own": {"kind": "user_stories", "cases": [f"{draft.id}.v2"]}}
    assert "laneway_stories" in listed["shipped"]
    shell.run("eval", "export", "own", "folder", expect=0)
    shell.run("eval", "export", "own", "folder", expect=2)
    told = shell.run("eval", "export", "own", "own.yaml", "--to", "promptfoo", expect=0)
    assert b"record ids" in told.stderr
    shell.run("eval", "export", "own", "own.jsonl", "--to", "inspect", expect=0)
    shell.run("eval", "export", "nothing", "x", expect=2)
    shell.run("eval", "import", "folder", "-w", "team", expect=0)
    for name, form in (("own.yaml", "promptfoo"), ("own.jsonl", "inspect")):
        shell.run("eval", "import", name, "--from", form, expect=2)
        kind = ("--kind", "user_stories", "--set", form)
        shell.run("eval", "import", name, "--from", form, *kind, expect=0)
    listed = json.loads(shell.run("eval", "sets", "--json", expect=0).stdout)["workspace"]
    assert set(listed) == {"own", "promptfoo", "inspect"}
    shell.run("eval", "sets", "--remove", f"own/{draft.id}.v2", expect=0)
    shell.run("eval", "sets", "--remove", f"own/{draft.id}.v2", expect=2)
    shell.run("eval", "run", "folder", expect=0)
    (tmp_path / "bad.yaml").write_text("nothing")
    shell.run("eval", "import", "bad.yaml", "--from", "promptfoo", "--kind", "prd", expect=2)
    shell.run("eval", "import", "nowhere", expect=2)
