"""A branch as git tells it, in real repositories."""

import os
import subprocess
from pathlib import Path

import pytest

from api.align.branch import read_branch
from assistant.errors import UsageError


class Repository:
    """One in a folder, without settings of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.commit("Begin", **{"a.txt": "one\ntwo\n"})

    def git(self, *arguments: str) -> str:
        nobody = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Ada")
        nobody |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "ada@example.org")
        apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=os.environ | nobody | apart, check=True, capture_output=True, text=True
        )  # fmt: skip
        return done.stdout

    def commit(self, message: str, **files: str) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "code")
    made.git("checkout", "-q", "-b", "topic")
    return made


def test_lines_names_and_messages_come_as_they_are(repository: Repository) -> None:
    repository.commit("FR-1: three\n\nBody.", **{"a.txt": "one\nthree\n", "web/new.ts": "x = 1\n"})
    found = read_branch(repository.folder, base="main")
    assert (found.name, found.base) == ("topic", "main")
    assert [one.message for one in found.commits] == ["FR-1: three\n\nBody."]
    changed, new = found.files
    assert (changed.path, changed.added, changed.removed) == ("a.txt", ((2, "three"),), ("two",))
    assert (new.path, new.added) == ("web/new.ts", ((1, "x = 1"),))


def test_names_in_any_script_moved_binary_and_huge_files_are_met(repository: Repository) -> None:
    strange = 'Bücher "検索"\n مرحبا.txt'
    (repository.folder / strange).write_text(
        "+++ b/other\ndiff --git a/x b/x\n@@ -1 +1 @@\n", encoding="utf-8"
    )
    (repository.folder / "b.bin").write_bytes(b"\0\1\2")
    (repository.folder / "lock.json").write_text("1\n" * 3_001, encoding="utf-8")
    repository.git("mv", "a.txt", "moved.txt")
    repository.commit("Strange")
    held = {one.path: one for one in read_branch(repository.folder, base="main").files}
    assert set(held) == {strange, "b.bin", "lock.json", "moved.txt"}
    assert [text for _, text in held[strange].added] == ["+++ b/other", "diff --git a/x b/x", "@@ -1 +1 @@"]
    assert (held["b.bin"].is_read, held["lock.json"].is_read) == (False, False)
    assert (held["moved.txt"].was, held["moved.txt"].added) == ("a.txt", ())


def test_what_came_to_the_base_meanwhile_and_merges_are_not_the_branchs(repository: Repository) -> None:
    repository.commit("Mine", **{"mine.txt": "1\n"})
    repository.git("checkout", "-q", "main")
    repository.commit("Theirs", **{"theirs.txt": "1\n"})
    repository.git("checkout", "-q", "topic")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge main", "main")
    found = read_branch(repository.folder, base="main")
    assert [one.path for one in found.files] == ["mine.txt"]
    assert [one.message for one in found.commits] == ["Mine"]


def test_a_commit_that_the_branch_takes_back_again_is_left_out(repository: Repository) -> None:
    repository.commit("FR-1: one", **{"x.txt": "1\n"})
    repository.git("revert", "--no-edit", "HEAD")
    repository.commit("FR-2: two", **{"y.txt": "1\n"})
    assert [one.message for one in read_branch(repository.folder, base="main").commits] == ["FR-2: two"]


def test_a_branch_that_only_the_remote_has_is_found(repository: Repository, tmp_path: Path) -> None:
    repository.commit("Mine", **{"mine.txt": "1\n"})
    repository.git("clone", "-q", str(repository.folder), str(tmp_path / "clone"))
    found = read_branch(tmp_path / "clone", "topic", "main")
    assert [one.path for one in found.files] == ["mine.txt"]


def test_a_shallow_clone_says_what_it_lacks(repository: Repository, tmp_path: Path) -> None:
    repository.git("checkout", "-q", "main")
    repository.commit("Later", **{"later.txt": "1\n"})
    repository.git("checkout", "-q", "topic")
    repository.commit("Mine", **{"mine.txt": "1\n"})
    clone, url = tmp_path / "clone", repository.folder.as_uri()
    repository.git("clone", "-q", "--depth", "1", "--no-single-branch", url, str(clone))
    with pytest.raises(UsageError, match="shallow clone") as problem:
        read_branch(clone, "topic", "main")
    assert "fetch-depth: 0" in problem.value.hint


def test_branches_without_a_common_history_are_told_apart_from_shallow_ones(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "alone")
    repository.commit("Alone", **{"z.txt": "1\n"})
    with pytest.raises(UsageError, match="no common history"):
        read_branch(repository.folder, "alone", "main")


def test_what_is_not_there_is_said_in_a_sentence(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    with pytest.raises(UsageError, match="no branch or commit 'nope'") as problem:
        read_branch(repository.folder, base="nope")
    assert "topic" in problem.value.hint
    with pytest.raises(UsageError, match="changes nothing"):
        read_branch(repository.folder, base="main")
    with pytest.raises(UsageError, match="no branch or commit '--output=x'"):
        read_branch(repository.folder, "--output=x", "main")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError, match="no git repository"):
        read_branch(tmp_path / "plain")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git isn't installed"):
        read_branch(repository.folder)


def test_nothing_that_a_repository_configures_is_run(repository: Repository) -> None:
    repository.commit("Attributes", **{".gitattributes": "*.txt diff=evil\n", "a.txt": "changed\n"})
    for name in ("diff.evil.textconv", "diff.evil.command", "diff.external", "core.pager"):
        repository.git("config", name, "touch pwned; false")
    assert {one.path for one in read_branch(repository.folder, base="main").files} == {".gitattributes", "a.txt"}  # fmt: skip
    assert not (repository.folder / "pwned").exists()
