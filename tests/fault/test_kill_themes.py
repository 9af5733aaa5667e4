"""kill -9 of `voxspec themes run --afresh`: the themes are those of before or those of after, never something between."""

import shutil
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from assistant.stores.catalog import open_catalog
from tests.support.command_line import CommandLine
from tests.support.erased_person import planted_csv, planted_rows
from tests.support.kill import Aim, Process

pytestmark = [
    pytest.mark.slow(reason="starts and kills a process at several moments"),
    pytest.mark.timeout(600),
]

KILLS = 2
RUN = ("themes", "run", "--afresh")


def kept(home: Path) -> tuple[object, ...]:
    """Themes, where every statement is, and the log."""
    catalog = open_catalog(home / "catalog.sqlite3")
    with closing(catalog):
        state, log = catalog.themes.state("default"), catalog.themes.edits("default")
        assert state is not None
        rows = catalog.statements.rows("default", state.run.embedder)
    places = [rows.theme_ids[theme] if theme >= 0 else "" for theme in rows.theme.tolist()]
    return state, places, log


def test_a_killed_run_leaves_the_themes_of_before_or_after(tmp_path: Path) -> None:
    home = tmp_path / "filled"
    shell = CommandLine(tmp_path, home)
    rows = planted_rows()
    (tmp_path / "notes.csv").write_bytes(planted_csv(rows[:8]))
    shell.run("ingest", "notes.csv", expect=0)
    shell.run("themes", "run", expect=0)
    shell.run("themes", "edit", "track", "offline on the train", "--near", "0.3", "--yes", expect=0)
    (tmp_path / "more.csv").write_bytes(planted_csv(rows))
    shell.run("ingest", "more.csv", "--source", "more", expect=0)
    calm = shutil.copytree(home, tmp_path / "calm")
    seconds, _ = Process(CommandLine(tmp_path, calm), RUN).run()
    after = kept(calm)
    homes = (tmp_path / f"home{number}" for number in count())

    def begin() -> Process:
        return Process(CommandLine(tmp_path, shutil.copytree(home, next(homes))), RUN)

    for process in Aim(seconds).kills(KILLS, begin, seed=5):
        killed = process.shell.home
        assert killed is not None
        # Statements are kept as soon as they are read; those that were in a theme are there still.
        state, places, log = kept(killed)
        assert log == after[2]
        if state == after[0]:
            assert places == after[1]
        else:
            was, old_places, _ = kept(home)
            assert state == was
            assert [one for one in places if one] == [one for one in old_places if one]
        process.run()
        assert kept(killed)[1] == after[1]
