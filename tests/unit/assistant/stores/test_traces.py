"""Searching files for pieces by their hashes."""

import json
import random
from pathlib import Path

import pytest

from assistant.stores import traces as module
from assistant.stores.traces import holds, search_files, traces_from, traces_of

PIECE = "the zorblatt exporter ate my whole"
CJK = "書き出しが遅すぎて"


@pytest.mark.parametrize("piece", [PIECE, CJK, "🦜🧭🪗", "short one"])
@pytest.mark.parametrize("form", ["utf-8", "utf-16-le", "utf-16-be", "json"])
def test_a_piece_is_found_in_every_form_and_at_every_place(piece: str, form: str, tmp_path: Path) -> None:
    chance = random.Random(5)
    found = json.dumps(piece)[1:-1].encode() if form == "json" else piece.encode(form)
    traces = traces_of([piece])
    chunk = module._CHUNK
    for place in (0, 1, chunk - len(found) // 2, chunk, 2 * chunk - 1):
        noise = bytearray(chance.randbytes(2 * chunk + 1000))
        (tmp_path / "file").write_bytes(noise)
        assert search_files(tmp_path, traces).left == []
        noise[place : place + len(found)] = found
        (tmp_path / "file").write_bytes(noise)
        assert search_files(tmp_path, traces).left == ["file"]


def test_a_piece_at_the_very_end_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 100 + PIECE.encode())
    assert holds(tmp_path / "file", traces_of([PIECE]))


def test_almost_the_piece_is_not_the_piece(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(f"{PIECE[:-1]}x {PIECE[1:]}x{PIECE[:20]}", encoding="utf-8")
    assert search_files(tmp_path, traces_of([PIECE])).left == []


def test_the_names_of_files_are_searched_as_well(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / f"{PIECE}.csv").touch()
    assert search_files(tmp_path, traces_of([PIECE])).left == [f"sub/{PIECE}.csv"]


def test_what_is_kept_of_the_pieces_finds_them_again_and_does_not_hold_them(tmp_path: Path) -> None:
    kept = traces_of([PIECE, CJK]).to_json()
    assert "zorblatt" not in kept
    (tmp_path / "file").write_text(CJK, encoding="utf-8")
    found = search_files(tmp_path, traces_from(kept))
    assert (found.left, found.files, found.bytes) == (["file"], 1, len(CJK.encode()))
    assert traces_from(kept).pieces == 2


def test_without_pieces_nothing_is_found_and_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(10))
    found = search_files(tmp_path, traces_of([]))
    assert (found.files, found.left) == (1, [])
