"""An import beside a damaged index keeps its records; an emptied catalog is told apart from a new one."""

import shutil
from pathlib import Path

import pytest

from assistant.errors import StoreCorrupt
from assistant.settings import Settings
from assistant.wiring import open_workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.hash_embedder import HashEmbedder


def _file(folder: Path, name: str, *texts: str) -> Path:
    path = folder / name
    path.write_text("id,text\n" + "".join(f"{name}{i},{t}\n" for i, t in enumerate(texts)), encoding="utf-8")
    return path


def test_records_are_kept_where_the_index_was_deleted_meanwhile(tmp_path: Path) -> None:
    with open_workbench(Settings(home=tmp_path / "home")) as bench:
        bench.embedder = HashEmbedder()
        ingest(bench, [_file(tmp_path, "a.csv", "The export is blank.", "Sync is slow.")], IngestOptions())
        shutil.rmtree(tmp_path / "home" / "index")
        result = ingest(bench, [_file(tmp_path, "b.csv", "The board is gone.")], IngestOptions())
        assert result.records == 1
        assert not result.failed
    with open_workbench(Settings(home=tmp_path / "home")) as bench:
        assert bench.index is not None
        assert bench.index.count() == len(bench.corpus().record_ids) == 3


def test_an_emptied_catalog_is_no_new_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_workbench(Settings(home=home)) as bench:
        bench.embedder = HashEmbedder()
        ingest(bench, [_file(tmp_path, "a.csv", "The export is blank.")], IngestOptions())
    (home / "catalog.sqlite3").write_bytes(b"")
    with open_workbench(Settings(home=home)) as bench, pytest.raises(StoreCorrupt, match="was cut off"):
        bench.corpus()
