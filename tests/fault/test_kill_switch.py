"""kill -9 of `voxspec embedder` at random moments: a workspace has one embedder's vectors in use at any time, and the change ends."""

import json
from pathlib import Path

import pytest

from evals.planted.corpus import LANGUAGES, write_corpus
from tests.support.command_line import CommandLine
from tests.support.kill import Aim, Process, committed

pytestmark = pytest.mark.slow(reason="starts and kills a process at eight moments")

KILLS = 8
MINILM, USE = "minilm-int8:8199be6f:384", "use-multilingual-3:0db566fd:512"
SMALL_BATCHES = "import ingest.embedders; ingest.embedders._BATCH = 5"
IN_USE = "SELECT DISTINCT v.embedder, length(v.vector) FROM passages p JOIN vectors v ON v.key = p.vector"


def test_a_switch_that_is_killed_at_any_moment_leaves_one_embedder_in_use_and_can_be_ended(
    tmp_path: Path,
) -> None:
    shell = CommandLine(tmp_path / "work", tmp_path / "home")
    shell.folder.mkdir()
    write_corpus(shell.folder / "all.csv", *LANGUAGES)
    shell.run("ingest", "all.csv", expect=0)
    assert shell.home is not None
    [(count,)] = committed(shell.home, "SELECT count(*) FROM passages")

    def switch(name: str) -> Process:
        return Process(shell, ("embedder", name), SMALL_BATCHES)

    whole_s, _ = switch("use-multilingual").run()
    switch("minilm").run()
    home = shell.home

    def begin() -> Process:
        changed = committed(home, "SELECT embedder FROM workspaces") == [(USE,)]
        return switch("minilm" if changed else "use-multilingual")

    for _ in Aim(whole_s).kills(KILLS, begin, seed=5):
        [(embedder, width)] = committed(home, IN_USE)
        assert committed(home, "SELECT embedder FROM workspaces") == [(embedder,)]
        assert (embedder, width) in {(MINILM, 768), (USE, 1024)}
        assert committed(home, "SELECT count(*) FROM passages") == [(count,)]
        hits = json.loads(shell.run("search", "PDF export", "--json", expect=0).stdout)["hits"]
        assert len(hits) == 10
    switch("use-multilingual").run()
    assert committed(home, "SELECT embedder, count(*) FROM vectors GROUP BY embedder") == [(USE, count)]
    assert "nothing pending" in shell.run("doctor", expect=0).stdout.decode()
