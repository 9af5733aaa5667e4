"""Branches over PRDs of the Kanbo sample, with what each of them is to the draft: the set that `voxspec align` is measured on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.align.branch import Branch, ChangedFile, Commit
from tests.support.house import ROOT

FOLDER = ROOT / "tests/fixtures/align"
DRAFTS = {
    "exports": ROOT / "docs/examples/prd.md",
    "offline": FOLDER / "offline.md",
    "guests": FOLDER / "guests.md",
}
"""Drafts that `voxspec draft` wrote from the sample, as Markdown."""


@dataclass(frozen=True)
class Case:
    """A branch, and what a reader says of it."""

    draft: Path
    name: str
    branch: Branch
    pr_text: str
    worked: frozenset[str]
    """Requirements that it works on, those that it goes against included."""
    does: frozenset[str]
    """Those that it says it does."""
    against: frozenset[str]
    non_goals: tuple[str, ...]
    """A word of each non-goal that it works on."""


def cases() -> Iterator[Case]:
    """All of them, in their order."""
    for line in (FOLDER / "branches.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        commits = tuple(Commit(f"{at:040x}", message) for at, message in enumerate(told["commits"], 1))
        files = tuple(
            ChangedFile(path, "", tuple(enumerate(lines, 1))) for path, lines in told["files"].items()
        )
        yield Case(
            DRAFTS[told["prd"]],
            told["name"],
            Branch(told["name"], "main", commits, files),
            told["pr"],
            frozenset(told["worked"]),
            frozenset(told["does"]),
            frozenset(told["against"]),
            tuple(told["non_goals"]),
        )
