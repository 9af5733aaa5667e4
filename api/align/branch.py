"""What a branch changes, as git tells it: its commits, its files with the lines that come and go. Nothing is judged here.

The repository is somebody's: no hook, alias, external diff or text conversion of it is run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.tickets.commits import git, run_git
from assistant.errors import UsageError

_MOST_LINES = 50_000
"""Changed lines that are read; beyond them a branch is compared by names and messages."""
_MOST_OF_A_FILE = 3_000
"""A file with more changed lines is a lock file or was generated: only its name counts."""
_MOST_FILES = 2_000
"""That are read, as all are named to git in one command."""
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_USUAL_BASES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--ignore-submodules=none")


@dataclass(frozen=True)
class Commit:
    """One commit of the branch that is no merge."""

    sha: str
    message: str


@dataclass(frozen=True)
class ChangedFile:
    """A file that differs between the branch and where it left its base."""

    path: str
    was: str = ""
    """Its path before, where it was moved."""
    added: tuple[tuple[int, str], ...] = ()
    """Number in the new file, from 1, and text of each line that came."""
    removed: tuple[str, ...] = ()
    is_read: bool = True
    """False: binary, or too long, so that only its name is known."""


@dataclass(frozen=True)
class Branch:
    """Everything that a branch says of itself."""

    name: str
    base: str
    commits: tuple[Commit, ...]
    """Newest first, without those that a later one of the branch takes back."""
    files: tuple[ChangedFile, ...]


def read_branch(repository: Path, branch: str = "HEAD", base: str = "") -> Branch:
    """Compare a branch with the place where it left its base, as `git diff BASE...BRANCH` does.

    Args:
        branch: a branch, tag or commit; one that only the remote `origin` has is found there.
        base: empty: the remote's main branch, or `main` or `master`.

    Raises: UsageError: no git, no repository, no such branch, no common history, or nothing changed.
    """
    head = commit_of(repository, branch)
    base = base or _usual_base(repository)
    fork = _fork(repository, commit_of(repository, base), head, f"{base}...{branch}")
    listed = git(repository, *_DIFF, "--numstat", "-z", fork, head, "--")
    found = _files(repository, fork, head, list(_entries(listed)))
    files = tuple(sorted(found, key=lambda one: one.path))
    commits = tuple(_standing(_commits(repository, fork, head)))
    if not files and not commits:
        raise UsageError(
            f"{base}...{branch} changes nothing.",
            hint="Commit something first, or name another branch with --branch or --base.",
        )
    return Branch(_name(repository, branch), base, commits, files)


def commit_of(repository: Path, name: str) -> str:
    """The whole hash of what a branch, a tag or the start of a hash names, here or at `origin`. Raises: UsageError."""
    code, _, complaint = run_git(repository, "rev-parse", "--git-dir")
    if code:
        raise UsageError(
            f"'{repository}' is no git repository: {complaint[:160]}.",
            hint="Run it in a clone, or name one with --repository.",
        )
    for one in (name, f"origin/{name}"):
        code, sha, _ = run_git(
            repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{one}^{{commit}}"
        )
        if code == 0:
            return sha.strip()
    code, names, _ = run_git(repository, "branch", "--all", "--format=%(refname:short)")
    known = ", ".join(names.split()[:8]) if code == 0 and names.split() else "none yet"
    raise UsageError(f"There is no branch or commit '{name[:100]}' here.", hint=f"Branches: {known}.")


def _usual_base(repository: Path) -> str:
    for one in _USUAL_BASES:
        code, _, _ = run_git(repository, "rev-parse", "--verify", "--quiet", f"{one}^{{commit}}")
        if code == 0:
            return one
    raise UsageError("What the branch goes back to isn't clear.", hint="Name it: --base BRANCH.")


def _fork(repository: Path, base: str, head: str, what: str) -> str:
    code, sha, _ = run_git(repository, "merge-base", base, head)
    if code == 0:
        return sha.split()[0]
    _, shallow, _ = run_git(repository, "rev-parse", "--is-shallow-repository")
    if shallow.strip() == "true":
        raise UsageError(
            f"This is a shallow clone: it doesn't hold where {what} part.",
            hint="git fetch --unshallow; in GitHub Actions: actions/checkout with fetch-depth: 0.",
        )
    raise UsageError(f"{what} have no common history.", hint="Name the branch that it left with --base.")


def _name(repository: Path, branch: str) -> str:
    code, name, _ = run_git(repository, "rev-parse", "--abbrev-ref", "--end-of-options", branch)
    found = name.strip().splitlines()[-1:] if code == 0 else []
    return found[0] if found and found[0] not in ("HEAD", "--end-of-options", "") else branch


def _commits(repository: Path, fork: str, head: str) -> list[Commit]:
    told = git(repository, "log", "--no-merges", "--format=%H%x1f%B%x00", f"{fork}..{head}", "--")
    parts = (one.strip().partition("\x1f") for one in told.split("\0"))
    return [Commit(sha, message.strip()) for sha, _, message in parts if sha]


def _standing(commits: Sequence[Commit]) -> Iterator[Commit]:
    """Without those that a later one takes back, and without that later one."""
    gone: set[str] = set()
    for one in commits:
        if one.sha in gone:
            continue
        taken = re.findall(r"This reverts commit ([0-9a-f]{7,64})", one.message)
        whole = {other.sha for other in commits if other.sha.startswith(tuple(taken))}
        if whole:
            gone |= {one.sha, *whole}
    yield from (one for one in commits if one.sha not in gone)


def _entries(listed: str) -> Iterator[tuple[str, str, int | None]]:
    """Path, path before, changed lines (None: binary) of each file, in git's order."""
    fields = iter(listed.split("\0"))
    for counts in fields:
        if not counts:
            continue
        added, removed, path = counts.split("\t", 2)
        lines = None if added == "-" else int(added) + int(removed)
        was = ""
        if not path:
            was, path = next(fields), next(fields)
        yield path, was, lines


def _files(
    repository: Path, fork: str, head: str, entries: list[tuple[str, str, int | None]]
) -> Iterator[ChangedFile]:
    total = 0
    read: list[tuple[str, str]] = []
    for path, was, lines in entries:
        fits = len(read) < _MOST_FILES and lines is not None and total + lines <= _MOST_LINES
        if lines and lines <= _MOST_OF_A_FILE and fits:
            total += lines
            read.append((path, was))
        else:
            yield ChangedFile(path, was, is_read=lines == 0)
    if not read:
        return
    named = [f":(top,literal){one}" for pair in read for one in pair if one]
    sections = _sections(git(repository, *_DIFF, "--unified=0", fork, head, "--", *named))
    if len(sections) != len(read):
        # A path that is both moved and read anew: git pairs the files in another way then.
        yield from (ChangedFile(path, was, is_read=False) for path, was in read)
        return
    for (path, was), lines_told in zip(read, sections, strict=True):
        yield ChangedFile(path, was, *_lines(lines_told))


def _sections(patch: str) -> list[list[str]]:
    """The lines of each file, in git's order. Lines of content begin with a sign, so a header can't be imitated."""
    found: list[list[str]] = []
    for line in patch.split("\n"):
        if line.startswith("diff --git "):
            found.append([])
        elif found:
            found[-1].append(line)
    return found


def _lines(told: Sequence[str]) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    added: list[tuple[int, str]] = []
    removed: list[str] = []
    number: int | None = None
    for line in told:
        if (hunk := _HUNK.match(line)) is not None:
            number = int(hunk[1])
        elif number is not None and line.startswith("+"):
            added.append((number, line[1:].rstrip("\r")))
            number += 1
        elif number is not None and line.startswith("-"):
            removed.append(line[1:].rstrip("\r"))
    return tuple(added), tuple(removed)
