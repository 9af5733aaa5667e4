"""Indexes that another process's imports left behind: only those that a search asks are brought up to date."""

from pathlib import Path

import pytest

from api import index_upkeep
from api.index_upkeep import IndexUpkeep
from api.pool import Benches
from assistant.settings import Settings
from assistant.wiring import open_workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.waiting import until


def test_an_index_that_searches_ask_catches_up_with_an_import_of_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.load(home=tmp_path)
    notes = tmp_path / "notes.csv"
    notes.write_text("id,comment\n1,The export of my board ends with an empty file.\n", encoding="utf-8")
    benches = Benches(settings, open_workbench)
    with benches.use(settings.workspace) as bench:
        with open_workbench(settings, indexed=False) as other:
            ingest(other, [notes], IngestOptions())
        upkeep = IndexUpkeep(benches, settings.workspace)
        index = bench.index
        assert index is not None
        monkeypatch.setattr(index_upkeep, "_GATHER_S", 0.1)
        monkeypatch.setattr(index_upkeep, "EXACT_PASSAGES", 1_000)
        upkeep.ask(settings.workspace)
        until(lambda: bench.__dict__.get("_heeded") is not None)
        assert index.count() == 0
        monkeypatch.setattr(index_upkeep, "EXACT_PASSAGES", 0)
        upkeep.ask(settings.workspace)
        until(lambda: index.count() == 1)
        upkeep.close()
    benches.close()
