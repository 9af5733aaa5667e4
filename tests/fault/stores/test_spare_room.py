"""The files of the vector index hold nothing of what the process had in memory before."""

from pathlib import Path

import numpy as np
import pytest

from assistant.stores.chroma import open_chroma_index
from assistant.stores.index_port import IndexChange
from assistant.stores.spare_room import blank_spare_room


@pytest.fixture
def some_rows(tmp_path: Path) -> Path:
    index = open_chroma_index(tmp_path / "index")
    vectors = np.random.default_rng(0).normal(size=(150, 384)).astype(np.float32)
    index.apply([IndexChange(n, f"rec_{n}.0", vector) for n, vector in enumerate(vectors, 1)])
    index.close()
    return tmp_path / "index"


def _files(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in folder.rglob("*.bin")}


def test_a_new_graph_is_blank_on_disk(some_rows: Path) -> None:
    files = _files(some_rows)
    for name in ("data_level0.bin", "length.bin"):
        held = files[name].read_bytes()
        assert held
        assert not any(held)


def test_words_in_spare_room_are_gone_and_the_rows_are_found_when_it_is_opened_again(some_rows: Path) -> None:
    files = _files(some_rows)
    for name in ("data_level0.bin", "length.bin"):
        size = files[name].stat().st_size
        files[name].write_bytes((b"zorblatt exporter " * size)[:size])
    blank_spare_room(some_rows)
    assert all(b"zorblatt" not in path.read_bytes() for path in files.values())
    index = open_chroma_index(some_rows)
    try:
        assert index.count() == 150
    finally:
        index.close()


def test_rows_in_use_stay_as_they_are(tmp_path: Path) -> None:
    index = open_chroma_index(tmp_path / "index")
    vectors = np.random.default_rng(0).normal(size=(2100, 384)).astype(np.float32)
    index.apply([IndexChange(n, f"rec_{n}.0", vector) for n, vector in enumerate(vectors, 1)])
    index.close()
    before = {name: path.read_bytes() for name, path in _files(tmp_path).items()}
    assert any(before["data_level0.bin"])
    blank_spare_room(tmp_path)
    assert {name: path.read_bytes() for name, path in _files(tmp_path).items()} == before
