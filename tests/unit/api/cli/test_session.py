"""What every command shares."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
import typer

from api.cli.exits import ExitCode
from api.cli.session import Session, as_command
from assistant.errors import Cancelled, UsageError

seen: list[tuple[Session, str]] = []


def note(session: Session, text: Annotated[str, typer.Argument()] = "nothing") -> ExitCode | None:
    """Keep what it was called with."""
    seen.append((session, text))
    return ExitCode.failed if text == "bad" else None


def interrupted(session: Session) -> None:
    """End as if a person pressed Ctrl-C."""
    session.saved = "Half of it is saved."
    raise KeyboardInterrupt


def call(function: Callable[..., ExitCode | None], *arguments: str) -> int:
    outcome = as_command(function.__name__, function).main(args=list(arguments), standalone_mode=False)
    return int(outcome)


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen.clear()
    monkeypatch.chdir(tmp_path)
    for name in ("VOXSPEC_HOME", "VOXSPEC_WORKSPACE", "VOXSPEC_PORT"):
        monkeypatch.delenv(name, raising=False)


def test_a_function_becomes_a_command_with_the_shared_options() -> None:
    assert call(note, "hello", "-w", "team", "--home", "data", "--json") == 0
    session, text = seen[0]
    assert (text, session.workspace, session.home, session.as_json) == ("hello", "team", "data", True)


def test_what_the_function_returns_is_the_exit_code() -> None:
    assert call(note, "bad") == ExitCode.failed


def test_an_interrupted_command_says_what_was_saved() -> None:
    with pytest.raises(Cancelled) as caught:
        call(interrupted)
    assert caught.value.hint == "Half of it is saved."


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "voxspec.toml").write_text('workspace = "file"\nport = 1\n')
    assert Session().settings().workspace == "file"
    monkeypatch.setenv("VOXSPEC_WORKSPACE", "environment")
    assert Session().settings().workspace == "environment"
    assert Session(workspace="flag").settings().workspace == "flag"
    assert Session().settings().port == 1
    assert Session().settings(port=2).port == 2


@pytest.mark.parametrize("content", ["workspace = ", 'wrokspace = "x"', 'workspace = "Not Plain"'])
def test_a_settings_file_that_cannot_be_used_is_a_usage_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "voxspec.toml").write_text(content)
    with pytest.raises(UsageError) as caught:
        Session().settings()
    assert caught.value.hint


def test_a_tilde_in_the_home_flag_is_the_persons_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Session(home="~/data").settings().home == tmp_path / "data"
