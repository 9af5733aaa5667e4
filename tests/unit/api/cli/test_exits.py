"""Every error ends as one sentence, a hint and an exit code."""

import errno
import json

import pytest

from api.cli.exits import ExitCode, exit_code, report
from assistant import errors


def tree(root: type[errors.VoxspecError]) -> list[type[errors.VoxspecError]]:
    return [root, *(one for child in root.__subclasses__() for one in tree(child))]


@pytest.mark.parametrize("kind", tree(errors.VoxspecError), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_an_exit_code(kind: type[errors.VoxspecError]) -> None:
    expected = {errors.UsageError: 2, errors.NotFound: 2, errors.Cancelled: 130}
    wanted = next((code for base, code in expected.items() if issubclass(kind, base)), 3)
    assert exit_code(kind("It went wrong.")) == wanted


def test_a_person_reads_a_sentence_and_a_hint_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code = report(errors.IndexLocked("The index is in use.", hint="Stop the other process."), as_json=False)
    captured = capsys.readouterr()
    assert (code, captured.out) == (ExitCode.unavailable, "")
    assert captured.err == "The index is in use.\nhint: Stop the other process.\n"


def test_a_program_reads_one_json_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    report(errors.ModelTimeout("No answer in 60 s.", hint="Try again."), as_json=True)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == {
        "error": {
            "code": "model-timeout",
            "message": "No answer in 60 s.",
            "hint": "Try again.",
            "retryable": True,
        }
    }


def test_a_bug_is_called_a_bug_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(ZeroDivisionError("division by zero"), as_json=False) == ExitCode.unavailable
    captured = capsys.readouterr().err
    assert "This is a bug" in captured
    assert "Traceback" not in captured


def test_verbose_shows_the_traceback_of_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as problem:
        report(problem, as_json=False, verbose=True)
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EACCES, "not-permitted"), (errno.EIO, "system")]
)
def test_the_systems_refusals_are_not_called_bugs(
    number: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report(OSError(number, "refused", "some/file"), as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == code
    assert error["hint"]
    assert "some/file" in error["message"]
