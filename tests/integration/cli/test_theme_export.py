"""`voxspec themes export`: files by their endings, a folder of tables, and every refusal with a way out."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.support.command_line import CommandLine
from tests.support.theme_sample import rows_of


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("cli")
    with (folder / "said.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["id", "author", "text", "said_at", "plan", "city"])
        writer.writeheader()
        writer.writerows(rows_of(60))
    opened = CommandLine(folder, folder / "home")
    names = ("text", "author", "said_at", "segment.plan=plan", "segment.city=city", "external_id=id")
    mapping = [part for one in names for part in ("--map", one if "=" in one else f"{one}={one}")]
    opened.run("ingest", "said.csv", "--yes", *mapping, expect=0)
    opened.run("themes", "run", expect=0)
    return opened


def test_one_call_writes_every_format(shell: CommandLine) -> None:
    names = ["a.csv", "a.parquet", "a.json", "a.html", "tables"]
    outs = [part for name in names for part in ("--out", name)]
    told: dict[str, Any] = json.loads(shell.run("themes", "export", *outs, "--json", expect=0).stdout)
    rows = {one["path"]: one["rows"] for one in told["files"]}
    assignments = pl.read_parquet(shell.folder / "a.parquet")
    assert assignments.columns[:4] == ["record_id", "external_id", "source", "start"]
    with (shell.folder / "a.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) - 1 == assignments.height == rows["a.csv"] == rows["a.parquet"]
    assert json.loads((shell.folder / "a.json").read_text(encoding="utf-8"))["themes"]
    assert (shell.folder / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    found = sorted(path.name for path in (shell.folder / "tables").iterdir())
    assert found == ["assignments.parquet", "evidence.parquet", "records.parquet", "themes.parquet"]
    assert rows["tables/records.parquet"] == 60


def test_tables_as_csv_for_excel(shell: CommandLine) -> None:
    shell.run("themes", "export", "--out", "sheets", "--tables", "csv", "--excel", expect=0)
    for name in ("records", "themes", "assignments", "evidence"):
        assert (shell.folder / "sheets" / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_same_state_gives_the_same_bytes(shell: CommandLine) -> None:
    written = []
    for name in ("one", "other"):
        outs = [part for end in ("csv", "parquet", "json", "html") for part in ("--out", f"{name}.{end}")]
        shell.run("themes", "export", *outs, expect=0)
        written.append(
            [(shell.folder / f"{name}.{end}").read_bytes() for end in ("csv", "parquet", "json", "html")]
        )
    assert written[0] == written[1]


def test_personal_data_leaves_only_when_asked_for(shell: CommandLine) -> None:
    for flag, is_there in ((), False), (("--show-personal-data",), True):
        outs = [part for end in ("json", "html") for part in ("--out", f"personal.{end}")]
        shell.run("themes", "export", *outs, *flag, expect=0)
        whole = "".join(
            (shell.folder / f"personal.{end}").read_text(encoding="utf-8") for end in ("json", "html")
        )
        assert ("lena.park@example.com" in whole) is is_there


@pytest.mark.parametrize(
    ("arguments", "told", "hint"),
    [
        (["export"], "needs a place", "--out report.html"),
        (["export", "--out", "a.xlsx"], "names no format", ".parquet"),
        (["export", "--out", "nowhere/a.csv"], "folder that doesn't exist", "folder that exists"),
        (["export", "--out", "plain"], "is a file", "Name another"),
        (["list", "--out", "a.csv"], "belongs to export", "themes export --out"),
        (["export", "some", "--out", "a.csv"], "takes no theme", "export --out FILE"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(
    shell: CommandLine, arguments: list[str], told: str, hint: str
) -> None:
    if "plain" in arguments:
        (shell.folder / "plain").write_text("x")
        arguments = ["export", "--out", "plain"]
    ended = shell.run("themes", *arguments, expect=2)
    assert told in ended.stderr.decode()
    assert hint in ended.stderr.decode()


def test_a_workspace_without_themes_is_told_how_to_make_them(shell: CommandLine) -> None:
    ended = shell.run("themes", "export", "--out", "x.csv", "-w", "empty", expect=2)
    assert "voxspec themes run" in ended.stderr.decode()
    assert not (shell.folder / "x.csv").exists()


def test_a_file_that_breaks_off_leaves_the_old_one(shell: CommandLine, tmp_path: Path) -> None:
    (shell.folder / "kept.csv").write_text("old")
    shell.run("themes", "export", "--out", "kept.csv", "-w", "empty", expect=2)
    assert (shell.folder / "kept.csv").read_text() == "old"
