"""With a key in the home folder, nobody who guesses a name can confirm it; what hangs on pseudonyms works as before."""

import json
from pathlib import Path

from assistant.domain.ids import person_id
from assistant.domain.record import Record
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support.command_line import CommandLine
from tests.support.ingest_bench import open_bench

_ROWS = (
    "id,text,author\n1,The export is slow,Ann Lee\n2,The board is slow,Ann Lee\n3,Search is fine,Bob Ray\n"
)


def _records(folder: Path, *, key: str = "") -> list[Record]:
    file = folder / "rows.csv"
    folder.mkdir()
    file.write_text(_ROWS)
    if key:
        (folder / "home").mkdir()
        (folder / "home" / "person.key").write_text(key)
        (folder / "home" / "person.key").chmod(0o600)
    with open_bench(folder / "home") as bench:
        ingest(bench, [file], IngestOptions())
        return bench.catalog.pages.page("default", None, 10)


def test_a_key_hides_names_and_leaves_ids_of_the_source_alone(tmp_path: Path) -> None:
    plain, keyed = (
        _records(tmp_path / "plain"),
        _records(tmp_path / "keyed", key="a secret of this installation"),
    )
    assert [one.id for one in keyed] == [one.id for one in plain]
    assert len({one.person for one in keyed}) == 2
    guesses = {person_id("default", name) for name in ("Ann Lee", "Bob Ray")}
    assert {one.person for one in plain} == guesses
    assert not guesses & {one.person for one in keyed}


def test_an_author_is_erased_by_name_also_under_a_key(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "person.key").write_text("a secret of this installation")
    (home / "person.key").chmod(0o600)
    (tmp_path / "rows.csv").write_text(_ROWS)
    shell = CommandLine(tmp_path, home)
    shell.run("ingest", "rows.csv", expect=0)
    answer = json.loads(shell.run("erase", "--author", "ann lee", "--yes", "--json", expect=0).stdout)
    assert answer["erased"] == 2
