"""A file is written whole or not at all."""

from pathlib import Path

import pytest

from api.cli.files import writing
from assistant.errors import UsageError


def test_a_finished_file_takes_its_name(tmp_path: Path) -> None:
    with writing(tmp_path / "draft.md") as stream:
        stream.write(b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["draft.md"]
    assert (tmp_path / "draft.md").read_bytes() == b"text"


def test_after_an_error_the_old_file_stands_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("old")
    with pytest.raises(ZeroDivisionError):
        _write_half(tmp_path / "draft.md")
    assert [path.name for path in tmp_path.iterdir()] == ["draft.md"]
    assert (tmp_path / "draft.md").read_text() == "old"


@pytest.mark.parametrize("name", ["", "no/such/folder/draft.md"])
def test_a_place_that_cannot_hold_a_file_is_refused_with_a_hint(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught, writing(tmp_path / name):
        pass
    assert caught.value.hint


def test_others_may_read_the_file_as_the_umask_says(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    with writing(tmp_path / "draft.md"):
        pass
    assert (tmp_path / "draft.md").stat().st_mode == (tmp_path / "plain").stat().st_mode


def _write_half(path: Path) -> None:
    with writing(path) as stream:
        stream.write(b"half")
        raise ZeroDivisionError
