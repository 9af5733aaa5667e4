"""Evaluation sets as files: the shipped ones are sound, and a wrong one is refused in one sentence."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import InputRejected, NotFound, UsageError, VoxspecError
from evals.cases.case import as_file, load_set, shipped_sets
from prompts.loader import kinds


def test_there_is_a_sound_shipped_set_for_every_kind_with_a_case_that_must_abstain() -> None:
    held = [load_set(folder) for folder in shipped_sets().values()]
    assert {one.spec.kind for one in held} == set(kinds())
    for one in held:
        assert len(one.cases) >= 3
        assert any(case.expect.abstain for case in one.cases)
        assert "Kanbo" not in as_file(list(one.records))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    source = next(iter(shipped_sets().values()))
    return Path(shutil.copytree(source, tmp_path / "set"))


def _edit(name: str, change: Callable[[str], str]) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(change((folder / name).read_text("utf-8")), "utf-8")


def _refreeze(folder: Path, change: Callable[[str], str]) -> None:
    _edit("records.jsonl", change)(folder)
    new = sha256((folder / "records.jsonl").read_bytes()).hexdigest()
    spec = (folder / "set.yaml").read_text("utf-8")
    old = spec.split("sha256: ")[1].split("}")[0]
    (folder / "set.yaml").write_text(spec.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (lambda folder: (folder / "set.yaml").unlink(), NotFound, "no evaluation set"),
        (_edit("set.yaml", lambda text: text + "colour: red\n"), InputRejected, "'colour'"),
        (_edit("set.yaml", lambda text: "a: [b"), InputRejected, "YAML"),
        (
            _edit("set.yaml", lambda text: text.replace("graders: {}", "graders: {spelling: block}")),
            UsageError,
            "spelling",
        ),
        (_edit("records.jsonl", lambda text: text + "\n"), InputRejected, "isn't the evidence"),
        (lambda folder: (folder / "records.jsonl").unlink(), InputRejected, "isn't the evidence"),
        (lambda folder: _refreeze(folder, lambda text: text + '{"text": 1}\n'), InputRejected, "line 25"),
        (
            lambda folder: _refreeze(folder, lambda text: text + text.split("\n")[0]),
            InputRejected,
            "given twice",
        ),
        (lambda folder: (folder / "cases.jsonl").unlink(), InputRejected, "cases.jsonl is missing"),
        (_edit("cases.jsonl", lambda text: ""), InputRejected, "no cases"),
        (_edit("cases.jsonl", lambda text: text.replace('"expect"', '"hope"', 1)), InputRejected, "line 1"),
        (_edit("cases.jsonl", lambda text: text + text.split("\n")[0]), InputRejected, "given twice"),
        (_edit("cases.jsonl", lambda text: text.replace("G1|", "G77|", 1)), InputRejected, "G77"),
        (_edit("set.yaml", lambda text: "a: " + "[" * 9_999), InputRejected, "YAML"),
        (
            lambda folder: (folder / "cases.jsonl").write_bytes(b"\xff{}\n"),
            InputRejected,
            "cases.jsonl isn't UTF-8",
        ),
        (
            lambda folder: (folder / "labels.jsonl").write_bytes(b"\xff{}\n"),
            InputRejected,
            "labels.jsonl isn't UTF-8",
        ),
    ],
)
def test_a_wrong_set_is_refused(
    copy: Path, spoil: Callable[[Path], object], error: type[VoxspecError], says: str
) -> None:
    spoil(copy)
    with pytest.raises(error, match=says) as refused:
        load_set(copy)
    assert refused.value.hint


def test_a_set_may_be_saved_as_windows_editors_do(copy: Path) -> None:
    held = load_set(copy)
    cases = (copy / "cases.jsonl").read_text("utf-8").replace("\n", "\r\n")
    (copy / "cases.jsonl").write_bytes(b"\xef\xbb\xbf" + cases.encode("utf-8"))
    assert load_set(copy).cases == held.cases
