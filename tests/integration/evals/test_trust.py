"""Trust from clean drafts to the command: two writers, our own pack and one that is installed, any number of workers."""

import json
from pathlib import Path

import pytest

from evals.mutators.packs import GROUP, OWN, load_packs
from evals.trust.drafts import Clean, clean_drafts
from evals.trust.measure import run_trust
from tests.support.command_line import CommandLine

_PACK = """
class Shout:
    name, expected = "title-in-capitals", ("no_shouting",)
    def applies(self, draft): return any(map(str.islower, draft.title))
    def mutate(self, draft, rng): return draft.model_copy(update={"title": draft.title.upper()})

class Thanks:
    name, expected = "brief-with-thanks", ()
    def applies(self, draft): return bool(draft.brief)
    def mutate(self, draft, rng): return draft.model_copy(update={"brief": draft.brief + " "})

PACK = [Shout(), Thanks()]
"""


@pytest.fixture(scope="module")
def cleans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clean, ...]:
    return clean_drafts(tmp_path_factory.mktemp("trust"), 8)


def test_two_writers_write_clean_drafts_that_differ(cleans: tuple[Clean, ...]) -> None:
    assert len(cleans) == 8
    assert {one.writer for one in cleans} == {"extractive", "scripted"}
    assert len({one.id for one in cleans}) == 8
    assert all(one.draft.provenance.writer == one.writer and one.draft.report is None for one in cleans)


def test_the_order_of_drafts_and_the_number_of_workers_leave_the_same_bytes(
    cleans: tuple[Clean, ...],
) -> None:
    packs = load_packs([OWN])
    alone = run_trust(cleans, packs, sample=1)
    together = run_trust(cleans[::-1], packs, sample=1, workers=2)
    assert alone.model_dump_json() == together.model_dump_json()
    assert alone.crashes == ()
    assert alone.clean.part == 0
    caught = {row.name: row.caught for row in alone.kinds}
    assert caught["quote off by one word"].value == 1
    assert caught["count off by one"].value == 1


def test_the_command_runs_an_installed_pack_and_ends_with_its_own_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pack_of_thanks.py").write_text(_PACK, encoding="utf-8")
    info = tmp_path / "pack_of_thanks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pack-of-thanks\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nthanks = pack_of_thanks:PACK\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    line = CommandLine(tmp_path, tmp_path / "home")
    told = line.run("eval", "trust", "--pack", "thanks", "--drafts", "2", "--json", expect=4)
    found = json.loads(told.stdout)
    assert (found["passed"], found["packs"], found["clean"]["part"]) == (False, ["thanks"], 0)
    (row,) = found["kinds"]
    assert (row["pack"], row["absent"], row["caught"]["whole"]) == ("thanks", ["no_shouting"], 2)
    assert row["missed"][0]["changes"][0].startswith("title: ")
    shown = line.run("eval", "trust", "--pack", "thanks", "--drafts", "2", expect=4).stdout.decode()
    assert "no grader called no_shouting" in shown
    assert "missed: title-in-capitals" in shown
    assert shown.rstrip().endswith("trust: failed")
    assert not (tmp_path / "home").exists()


def test_a_pack_that_is_not_there_is_a_wrong_use(tmp_path: Path) -> None:
    told = CommandLine(tmp_path, tmp_path / "home").run("eval", "trust", "--pack", "nobody", expect=2)
    assert "There is no pack of mutators called 'nobody'" in told.stderr.decode()


def test_without_a_model_there_is_no_judge_to_be_tested(tmp_path: Path) -> None:
    ended = CommandLine(tmp_path, tmp_path / "home").run("eval", "trust", "--judge", expect=2)
    assert b"There is no judge." in ended.stderr
