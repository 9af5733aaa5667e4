"""A folder that holds all sixteen layouts and five documents: one readable table, and every count in it is right."""

import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.support.command_line import CommandLine
from tests.support.json_exports import EXPORTS
from tests.support.layouts import LAYOUTS
from tests.support.slack_export import channels, slack_zip, users

FOLDER = str(LAYOUTS)
NAMES = ("rows", "kept", "near", "dup", "empty", "rejected")
EXPECTED = {
    # file: layout, rows, kept, near, duplicate, empty, rejected
    "advisory_board.pptx": ("pptx", 1, 1, 0, 0, 0, 0),
    "app_store.json": ("app-store-connect", 22, 17, 3, 1, 1, 3),
    "delighted.csv": ("delighted", 20, 17, 8, 0, 3, 0),
    "g2.csv": ("g2", 20, 20, 17, 0, 0, 0),
    "github_issues.json": ("github-issues", 20, 16, 2, 0, 0, 4),
    "gong.json": ("gong", 41, 17, 11, 0, 1, 23),
    "google_forms.csv": ("google-forms", 20, 19, 0, 0, 1, 0),
    "help_page.html": ("html", 1, 1, 0, 0, 0, 0),
    "intercom.json": ("intercom", 46, 20, 2, 0, 2, 24),
    "interview_lena.pdf": ("pdf", 1, 1, 0, 0, 0, 0),
    "jira.csv": ("jira", 20, 20, 5, 0, 0, 0),
    "linear.csv": ("linear", 20, 19, 10, 0, 1, 0),
    "qualtrics.csv": ("qualtrics", 20, 16, 8, 0, 1, 3),
    "reviews_com.example.plantry_202403.csv": ("google-play", 20, 18, 4, 0, 2, 0),
    "reviews_com.example.plantry_202404.csv": ("google-play", 4, 1, 0, 2, 1, 0),
    "second_garden.eml": ("eml", 1, 1, 0, 0, 0, 0),
    "slack.zip": ("slack", 28, 19, 2, 0, 1, 8),
    "surveymonkey.csv": ("surveymonkey", 20, 19, 8, 0, 1, 0),
    "typeform.csv": ("typeform", 20, 19, 13, 0, 1, 0),
    "visit_notes.docx": ("docx", 1, 1, 0, 0, 0, 0),
    "zendesk.csv": ("zendesk-csv", 20, 19, 11, 0, 1, 0),
    "zendesk_tickets.jsonl": ("zendesk-json", 43, 21, 2, 0, 0, 22),
}
RECORDS = 353
"""New or changed: the second month of Google Play changes a review of the first."""
STORED = 352


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path, tmp_path / "home")


def printed_table(text: str, header: str = "file") -> dict[str, tuple[str, ...]]:
    """The lines of a printed table by their first cell; a name that was folded is put together again."""
    lines = iter(text.splitlines())
    head = next(line for line in lines if line.startswith(header))
    width = head.index("layout")
    found: list[list[str]] = []
    for line in lines:
        name, *rest = line[:width].strip(), *line[width:].split()
        if rest:
            found.append([name, *rest])
        elif name:
            found[-1][0] += name
        else:
            break
    return {name: tuple(rest) for name, *rest in found}


def read_table(text: str) -> dict[str, tuple[Any, ...]]:
    return {
        name: (cells[0], *(int(cell.replace(",", "")) for cell in cells[1:]))
        for name, cells in printed_table(text).items()
        if name in EXPECTED
    }


def counts(report: dict[str, Any]) -> tuple[Any, ...]:
    fields = ("layout", "rows", "kept", "near_duplicate", "duplicate", "empty", "rejected")
    return tuple(report[name] for name in fields)


@pytest.mark.parametrize("columns", ["100", "80"])
def test_a_folder_of_all_layouts_and_five_documents_is_one_readable_table(
    shell: CommandLine, columns: str
) -> None:
    done = shell.spawn("ingest", FOLDER, expect=0, COLUMNS=columns)
    text = done.stdout.decode()
    table = text[: text.rindex("22 files")]
    assert max(map(len, table.splitlines())) <= int(columns)
    assert table.split()[:8] == ["file", "layout", *NAMES]
    assert read_table(text) == EXPECTED
    for _, rows, kept, near, *others in EXPECTED.values():
        assert kept + sum(others) == rows
        assert near <= kept
    sums = [sum(row[place] for row in EXPECTED.values()) for place in range(1, 7)]
    assert re.search(rf"^22 files +{' +'.join(map(str, sums))}$", text, re.MULTILINE)
    assert f"{RECORDS} new or changed records in workspace 'default'." in text
    held = json.loads(shell.run("export", "--json", expect=0).stdout)["records"]
    assert len(held) == STORED


def test_as_json_it_is_one_object_and_a_second_import_adds_nothing(shell: CommandLine) -> None:
    looked = json.loads(shell.run("ingest", FOLDER, "--dry-run", "--json", expect=0).stdout)
    assert json.loads(shell.run("export", "--json", expect=0).stdout)["records"] == []
    first = json.loads(shell.run("ingest", FOLDER, "--json", expect=0).stdout)
    second = json.loads(shell.run("ingest", FOLDER, "--json", expect=0).stdout)
    assert {Path(report["path"]).name: counts(report) for report in first["files"]} == EXPECTED
    assert (looked["records"], first["records"], second["records"]) == (RECORDS, RECORDS, 0)
    assert first["job"] is None
    for dry, wet, again in zip(looked["files"], first["files"], second["files"], strict=True):
        assert counts(dry) == counts(wet)
        assert dry | {"samples": []} == wet
        assert (again["rows"], again["kept"], again["empty"], again["rejected"]) == (
            wet["rows"],
            0,
            wet["empty"],
            wet["rejected"],
        )
        assert again["duplicate"] == wet["kept"] + wet["duplicate"]
        assert dry["confidence"] >= 0.9
        assert sum(dry["languages"].values()) >= dry["kept"] + dry["duplicate"]


def test_a_dry_run_shows_three_records_of_each_file_with_masks(shell: CommandLine) -> None:
    files = json.loads(shell.run("ingest", FOLDER, "--dry-run", "--json", expect=0).stdout)["files"]
    for report in files:
        assert len(report["samples"]) == (1 if report["rows"] == 1 else 3)
        assert all(sample["text"] and sample["language"] for sample in report["samples"])
    [mail] = [report for report in files if report["layout"] == "eml"]
    assert mail["personal"] == {"e-mail": 1, "phone": 1}
    [sample] = mail["samples"]
    assert "You can reach me at [e-mail] or [phone]." in sample["text"]
    assert sample["person"].startswith("per_")
    assert sample["external_id"] == "[e-mail]"
    shown = shell.run("ingest", FOLDER, "--dry-run", expect=0).stdout.decode()
    assert read_table(shown) == EXPECTED
    assert "rosa.lindt@" not in shown
    below = shown[shown.index("\nsecond_garden.eml\n") : shown.index("\nslack.zip\n")]
    assert "layout     eml (confidence 100%), source 'mail'" in below
    assert "personal   1 e-mail address, 1 phone number" in below
    assert "languages  en 1" in below
    assert "at [e-mail] or [phone]" in below
    unmasked = shell.run("ingest", FOLDER, "--dry-run", "--show-personal-data", expect=0).stdout.decode()
    assert "rosa.lindt@example.org" in unmasked


def test_the_exports_in_the_folder_are_those_of_their_makers(tmp_path: Path) -> None:
    files = {"app-store-connect": "app_store", "github-issues": "github_issues", "gong": "gong", "intercom": "intercom"}  # fmt: skip
    for layout, name in files.items():
        assert json.loads((LAYOUTS / f"{name}.json").read_text("utf-8")) == EXPORTS[layout]()
    lines = (LAYOUTS / "zendesk_tickets.jsonl").read_text("utf-8").splitlines()
    assert list(map(json.loads, lines)) == EXPORTS["zendesk-json"]()
    parts = {"users.json": users(), **channels()}
    made = slack_zip(tmp_path / "slack.zip")
    for archive in (made, LAYOUTS / "slack.zip"):
        assert all(_part(archive, name) == part for name, part in parts.items())


def _part(archive: Path, name: str) -> Any:
    with ZipFile(archive) as opened:
        return json.loads(opened.read(name))
