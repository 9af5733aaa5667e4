"""Exit codes, and what a person or a program is told when a command ends badly.

0 ok · 1 a check or gate failed · 2 usage or configuration · 3 model or store unavailable, or inconclusive ·
4 the checks themselves failed their test · 130 interrupted
"""

import errno
import json
import sys
import traceback
from enum import IntEnum

from typer import TyperException

from assistant.errors import Cancelled, NotFound, UsageError, VoxspecError


class ExitCode(IntEnum):
    """What the shell sees."""

    ok = 0
    failed = 1
    usage = 2
    unavailable = 3
    untrusted = 4
    interrupted = 130


def exit_code(problem: VoxspecError) -> ExitCode:
    """The exit code of an error: the person's to mend (2), interrupted (130), or not to be had right now (3)."""
    match problem:
        case UsageError() | NotFound():
            return ExitCode.usage
        case Cancelled():
            return ExitCode.interrupted
        case _:
            return ExitCode.unavailable


def report(problem: BaseException, *, as_json: bool, verbose: bool = False) -> ExitCode:
    """Tell on stderr (or as one JSON object on stdout) what went wrong and what to do next.

    A traceback is shown only for what nobody foresaw, and only with `verbose`.
    """
    if isinstance(problem, VoxspecError):
        _tell(problem.code, problem.message, problem.hint, problem.retryable, as_json=as_json)
        return exit_code(problem)
    if isinstance(problem, TyperException):
        _tell("usage", _sentence(problem.format_message()), _usage_hint(problem), False, as_json=as_json)
        return ExitCode.usage
    if isinstance(problem, OSError):
        code, hint = _system_hint(problem)
        where = f" ({problem.filename})" if problem.filename else ""
        _tell(
            code, f"The system refused: {problem.strerror or problem}{where}.", hint, False, as_json=as_json
        )
        return ExitCode.unavailable
    if verbose:
        traceback.print_exception(problem)
    hint = (
        "Run it again with --verbose and report what it prints." if not verbose else "Report the lines above."
    )
    sentence = f"Something went wrong that should not: {type(problem).__name__}: {problem}. This is a bug."
    _tell("bug", sentence, hint, False, as_json=as_json)
    return ExitCode.unavailable


def _tell(code: str, message: str, hint: str, retryable: bool, *, as_json: bool) -> None:
    if as_json:
        error = {"code": code, "message": message, "hint": hint, "retryable": retryable}
        sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        return
    sys.stderr.write(f"{message}\n")
    if hint:
        sys.stderr.write(f"hint: {hint}\n")


def _sentence(text: str) -> str:
    one_line = " ".join(text.replace(": Value error, ", ": ").split())
    return one_line if one_line.endswith((".", "?", "!", ")")) else f"{one_line}."


def _usage_hint(problem: TyperException) -> str:
    context = getattr(problem, "ctx", None)
    command = context.command_path if context is not None else "voxspec"
    return f"Run '{command} --help' to see what it takes."


def _system_hint(problem: OSError) -> tuple[str, str]:
    if problem.errno == errno.ENOSPC:
        return "disk-full", "Make room on that disk, then run the same command again; finished work is kept."
    if problem.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            "not-permitted",
            "Check who may read or write there, or choose another place with --home or --out.",
        )
    return "system", "Check the path and the disk, then run the same command again."
