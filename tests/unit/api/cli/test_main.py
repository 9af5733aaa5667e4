"""The surface: help stays light, usage errors read like all others."""

import json
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from api.cli import evals
from api.cli.exits import ExitCode
from api.cli.lazy import COMMANDS, load
from api.cli.main import run

HEAVY = (
    "chromadb",
    "openai",
    "langchain",
    "langchain_core",
    "numpy",
    "onnxruntime",
    "fastapi",
    "sqlalchemy",
    "dbos",
    "mcp",
)
GROUPS = {"eval": evals.COMMANDS}
CALLED = [(name,) for name in COMMANDS if name not in GROUPS] + [
    (group, name) for group, table in GROUPS.items() for name in table
]
"""Every command as it is typed."""


def test_help_loads_no_heavy_package_and_takes_less_than_half_a_second() -> None:
    code = (
        "import sys\nfrom api.cli.main import run\nassert run(['--help']) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stderr == "[]\n"
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    # CPU time: the wall clock also counts whatever else runs on the machine.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


@pytest.mark.parametrize("typed", CALLED, ids=" ".join)
def test_the_summary_in_the_list_is_the_first_line_of_the_commands_own_help(typed: tuple[str, ...]) -> None:
    module, summary = (GROUPS[typed[0]] if len(typed) > 1 else COMMANDS)[typed[-1]]
    function = getattr(import_module(module), typed[-1].replace("-", "_"))
    assert (function.__doc__ or "").splitlines()[0] == summary
    assert len(summary) <= 60, "longer ones are cut in the list"


@pytest.mark.parametrize("typed", CALLED, ids=" ".join)
def test_every_command_takes_the_shared_options(
    typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*typed, "--help"]) == 0
    printed = capsys.readouterr().out
    assert all(option in printed for option in ("-w, --workspace", "--home", "--json", "--verbose"))
    assert load(typed[0]).name == typed[0]


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([group]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed for name in GROUPS[group])
    assert COMMANDS[group][1] in " ".join(printed.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["serch", "x"],
        ["--nope"],
        ["search"],
        ["search", "x", "--limit", "no"],
        ["draft"],
        ["draft", "prd"],
        ["ingest", "--kind", "x", "y"],
    ],
)
def test_a_usage_error_is_a_sentence_and_a_hint(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    sentence, hint = captured.err.splitlines()
    assert sentence.endswith((".", "?", ")"))
    assert hint.startswith("hint: ")


def test_a_usage_error_under_json_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


def test_json_after_two_dashes_is_a_word_of_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serch", "--", "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("voxspec 0.")


def test_ctrl_c_while_a_command_is_loaded_is_told_as_one_object(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken_off.py").write_text("raise KeyboardInterrupt\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(COMMANDS, "record", ("broken_off", "Print one record."))
    assert run(["--json", "record", "rec_1"]) == ExitCode.interrupted
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "Interrupted."
