"""Messages of commits: from the text of `git log`, or from a repository."""

import re
import subprocess
from pathlib import Path

from assistant.errors import InputRejected, UsageError

_HEADER = re.compile(r"^commit [0-9a-f]{7,64}\b.*$", re.MULTILINE)
_FIELD = re.compile(r"^(?:Author|AuthorDate|Commit|CommitDate|Date|Merge|Reflog\w*):\s.*$", re.MULTILINE)
_TIMEOUT_S = 60


def messages(text: str) -> tuple[str, ...]:
    """Messages of a log, newest first as they stand.

    Args:
        text: what `git log` prints by itself; or messages that end with a NUL (`--format=%B%x00`); or one commit a line (`--oneline`).
    """
    if "\0" in text:
        found = text.split("\0")
    elif _HEADER.search(text):
        found = [_FIELD.sub("", part) for part in _HEADER.split(text)]
    else:
        found = text.splitlines()
    flat = ("\n".join(line.strip() for line in one.strip().splitlines()) for one in found)
    return tuple(one for one in flat if one)


def read_range(repository: Path, wanted: str) -> tuple[str, ...]:
    """Messages of a range (`v1.4..v1.5`) of a repository. Raises: UsageError, InputRejected."""
    return messages(git(repository, "log", "--format=%B%x00", "--end-of-options", wanted, "--"))


def git(repository: Path, *arguments: str) -> str:
    """What git says. Raises: UsageError where git isn't there, InputRejected where it refuses."""
    code, said, complaint = run_git(repository, *arguments)
    if code:
        raise InputRejected(
            f"git refuses: {complaint[:200]}", hint="Check the folder and the names of branches."
        )
    return said


def run_git(repository: Path, *arguments: str) -> tuple[int, str, str]:
    """git's exit code, what it says, and the first line of its complaint. Raises: UsageError, InputRejected where it takes too long."""
    # Neither an alias, a pager nor a hook of somebody's repository is run; what is no UTF-8 is shown as such.
    command = ["git", "-C", str(repository), "--no-pager", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - no shell; names come after --end-of-options  # fmt: skip
    except FileNotFoundError as problem:
        raise UsageError("git isn't installed here.", hint="Install it, or give the text itself in a file.") from problem  # fmt: skip
    except subprocess.TimeoutExpired as problem:
        raise InputRejected("git takes too long.", hint="Name a smaller range.") from problem
    complaint = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    return done.returncode, done.stdout.decode("utf-8", "replace"), complaint
