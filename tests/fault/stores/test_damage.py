"""Damaged files, a full disk and a second owner: a typed error or a healed index, and no lost record."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from assistant.domain.ids import passage_id
from assistant.errors import DiskFull, IndexLocked, StoreCorrupt
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.stores.chroma import open_chroma_index
from assistant.stores.port import Catalog
from assistant.stores.rebuild import rebuild_index
from assistant.stores.sync import CheckedIndex, open_checked_index
from assistant.wiring import open_workbench
from tests.support.store_samples import WORKSPACE, batch, ids, numbered, vector_of

RECORDS = numbered(2500)
"""More than Chroma's sync threshold, so that its files hold a graph."""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(tmp_path / "catalog.sqlite3")
    opened.records.add(WORKSPACE, batch(RECORDS))
    yield opened
    opened.close()


def _open(catalog: Catalog, home: Path) -> CheckedIndex:
    return open_checked_index(catalog, WORKSPACE, open_chroma_index, home / "index")


def _files(home: Path, pattern: str) -> list[Path]:
    found = [path for path in (home / "index").rglob(pattern) if path.is_file()]
    assert found
    return found


def _garble(pattern: str) -> Callable[[Path], None]:
    def act(home: Path) -> None:
        for path in _files(home, pattern):
            path.write_bytes(b"\x00 not what was here" * 50)

    return act


def _cut(pattern: str) -> Callable[[Path], None]:
    def act(home: Path) -> None:
        for path in _files(home, pattern):
            os.truncate(path, path.stat().st_size // 2)

    return act


def _remove_graph(home: Path) -> None:
    shutil.rmtree(_files(home, "header.bin")[0].parent)


def _remove_data(home: Path) -> None:
    shutil.rmtree(_files(home, "chroma.sqlite3")[0].parent)


def _claim_the_future(home: Path) -> None:
    (home / "index" / "state.json").write_text('{"generation": 0, "applied": 999999}')


@pytest.mark.parametrize(
    "damage",
    [
        _garble("chroma.sqlite3"),
        _cut("chroma.sqlite3"),
        _garble("*.pickle"),
        _garble("header.bin"),
        _cut("data_level0.bin"),
        _cut("link_lists.bin"),
        _remove_graph,
        _remove_data,
        _garble("state.json"),
        _claim_the_future,
    ],
    ids=lambda act: getattr(act, "__qualname__", "").split(".")[0],
)
def test_a_damaged_index_is_built_anew_from_the_catalog(
    catalog: Catalog, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    _open(catalog, tmp_path).close()
    damage(tmp_path)
    index = _open(catalog, tmp_path)
    assert index.count() == len(RECORDS)
    for one in RECORDS[::100]:
        assert index.query(vector_of(one.raw), 1)[0][0] == passage_id(one.id, 0)
    index.close()
    again = _open(catalog, tmp_path)
    assert again.count() == len(RECORDS)
    again.close()


def test_a_second_owner_is_refused_within_a_second(tmp_path: Path) -> None:
    index = open_chroma_index(tmp_path / "index")
    code = (
        "import pathlib, time; from assistant.stores.chroma import open_chroma_index;"
        "from assistant.errors import IndexLocked\n"
        "began = time.monotonic()\n"
        f"try: open_chroma_index(pathlib.Path({str(tmp_path / 'index')!r}))\n"
        "except IndexLocked as problem: print(time.monotonic() - began, problem.message, problem.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, _, sentence = done.stdout.partition(" ")
    assert float(seconds) < 1
    assert f"process {os.getpid()}" in sentence
    began = time.monotonic()
    with pytest.raises(IndexLocked):
        open_chroma_index(tmp_path / "index")
    assert time.monotonic() - began < 1
    index.close()
    open_chroma_index(tmp_path / "index").close()


def test_a_workbench_without_the_index_has_none_and_no_rebuild(tmp_path: Path) -> None:
    settings = Settings.load(home=tmp_path, workspace=WORKSPACE)
    with open_workbench(settings) as owner, open_workbench(settings) as second:
        assert owner.index is not None
        assert second.index is None
        with pytest.raises(IndexLocked):
            rebuild_index(second)
    with open_workbench(settings) as later:
        later.catalog.records.add(WORKSPACE, batch(numbered(3)))
        assert rebuild_index(later) == 3


def test_erased_vectors_leave_the_index_folder_with_a_rebuild(tmp_path: Path) -> None:
    with open_workbench(Settings.load(home=tmp_path, workspace=WORKSPACE)) as bench:
        bench.catalog.records.add(WORKSPACE, batch(numbered(20)))
        victim = numbered(20)[7]
        assert bench.index is not None
        assert rebuild_index(bench) == 20
        bench.catalog.pages.erase(WORKSPACE, [victim.id])
        assert rebuild_index(bench) == 19
    for path in (tmp_path / "index").rglob("*"):
        assert path.is_dir() or victim.id.encode() not in path.read_bytes()


def _fill(catalog: Catalog) -> None:
    for start in range(0, 100_000, 20):
        catalog.records.add(WORKSPACE, batch(numbered(20, start=start)))


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 120")

    open_catalog(tmp_path / "catalog.sqlite3").close()
    event.listen(Engine, "connect", limit)
    try:
        catalog = open_catalog(tmp_path / "catalog.sqlite3")
        with pytest.raises(DiskFull, match="space"):
            _fill(catalog)
        saved = len(catalog.records.corpus(WORKSPACE).record_ids)
        assert saved
        assert saved % 20 == 0
        assert set(catalog.records.corpus(WORKSPACE).record_ids) == set(ids(numbered(saved)))
        assert catalog.outbox.head(WORKSPACE) == saved
        catalog.close()
    finally:
        event.remove(Engine, "connect", limit)
    catalog = open_catalog(tmp_path / "catalog.sqlite3")
    assert catalog.records.add(WORKSPACE, batch(numbered(20, start=saved))) == 20
    catalog.close()


def test_a_catalog_cut_in_half_is_reported_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    catalog = open_catalog(path)
    catalog.records.add(WORKSPACE, batch(numbered(500)))
    catalog.close()
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreCorrupt) as caught:
        _read_all(path)
    assert "backup" in caught.value.hint


def _read_all(path: Path) -> None:
    opened = open_catalog(path)
    try:
        opened.records.corpus(WORKSPACE)
    finally:
        opened.close()
