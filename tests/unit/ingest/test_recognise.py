"""Which files an import reads: what isn't one is said before anything is read."""

import os
from pathlib import Path

import pytest

from assistant.errors import InputRejected
from ingest.recognise import find_files


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputRejected, match="neither a file nor a folder"):
        find_files([tmp_path / "pipe.csv"])


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".hidden.csv"):
        (tmp_path / name).write_text("text\nslow\n", encoding="utf-8")
    assert [path.name for path in find_files([tmp_path])] == ["a.csv", "b.csv"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="nowhere"):
        find_files([tmp_path / "nowhere.csv"])
