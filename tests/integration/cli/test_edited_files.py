"""`voxspec check` of files that somebody changed: nothing forged is ready, nothing odd is a crash."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine

TEXTS = [
    "I can't work offline in the basement, please add an offline mode.",
    "Every time the network drops the app loses my offline notes.",
    "I need to read my tasks offline on the train.",
    "Please let our technicians work offline on the road.",
    "Losing offline changes costs my crew an hour every evening.",
    "I wish I could tick off tasks offline in plant rooms.",
]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A workspace with a draft in `draft.md` and `draft.json`."""
    folder = tmp_path_factory.mktemp("edited")
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "author", "comment"])
        rows.writerows([number, f"Person {number}", text] for number, text in enumerate(TEXTS, 1))
    shell = CommandLine(folder, folder / "home")
    shell.run("ingest", "notes.csv", expect=0)
    shell.run("draft", "prd", "work offline", "--out", "draft.md", "--out", "draft.json", expect=0)
    return shell


def _read(shell: CommandLine, name: str) -> str:
    return (shell.folder / name).read_text(encoding="utf-8")


def _checked(shell: CommandLine, name: str, content: str, expect: int) -> Json:
    (shell.folder / name).write_text(content, encoding="utf-8")
    answer: Json = json.loads(shell.run("check", name, "--json", expect=expect).stdout)
    return answer


def _fact(held: Json, **changes: Any) -> Json:
    name = next(iter(held["facts"]))
    return held | {"facts": held["facts"] | {name: held["facts"][name] | changes}}


FORGERIES: dict[str, Callable[[Json], Json]] = {
    "status": lambda held: held | {"status": "approved"},
    "id": lambda held: held | {"id": "dra_0123456789abcdef"},
    "version": lambda held: held | {"version": -5},
    "unit": lambda held: _fact(held, unit="million dollars"),
    "brief": lambda held: held | {"brief": held["brief"] + " 97"},
    "language": lambda held: held | {"language": "fr"},
    "writer": lambda held: held | {"provenance": held["provenance"] | {"writer": "legal"}},
    "measure": lambda held: _fact(held, measure="rank_by_people", value=1),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=list(FORGERIES))
def test_a_forged_json_needs_fixes(shell: CommandLine, forge: Callable[[Json], Json]) -> None:
    held = json.loads(_read(shell, "draft.json"))
    answer = _checked(shell, "forged.json", json.dumps(forge(held)), 1)
    assert answer["verdict"] == "needs fixes"
    assert "stored_draft" in {finding["grader"] for finding in answer["findings"]}


def test_a_draft_of_another_home_is_not_a_draft_of_this_workspace(shell: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "draft.json").write_text(_read(shell, "draft.json"), encoding="utf-8")
    elsewhere = CommandLine(tmp_path, tmp_path / "home")
    answer = json.loads(elsewhere.run("check", "draft.json", "--json", expect=1).stdout)
    told = {finding["message"]: finding["fix"] for finding in answer["findings"]}
    (message,) = (message for message in told if "not a draft of this workspace" in message)
    assert "where it was written" in told[message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1', '"version": ' + "9" * 5000),
        ('"version": 1', '"version": 99999999999999999999'),
        ('"version": 1', '"version": 1, "version": 1'),
        ('"min_rating": null', '"min_rating": Infinity'),
        ('"min_rating": null', '"min_rating": 1e999'),
    ],
)
def test_numbers_that_no_store_holds_are_refused_in_one_sentence(
    shell: CommandLine, old: str, new: str
) -> None:
    text = _read(shell, "draft.json")
    assert old in text
    error = _checked(shell, "odd.json", text.replace(old, new, 1), 2)["error"]
    assert error["code"] == "input-rejected"
    assert len(error["message"]) < 200


@pytest.mark.parametrize("version", ["99999999999999999999", "9" * 5000])
def test_a_mark_of_an_impossible_version_marks_no_draft(shell: CommandLine, version: str) -> None:
    text = _read(shell, "draft.md").replace("version=1 ", f"version={version} ")
    assert _checked(shell, "odd.md", text, 2)["error"]["code"] == "usage"


def test_text_beside_a_mark_is_read(shell: CommandLine) -> None:
    lines = _read(shell, "draft.md").split("\n")
    lie = "97% of 5,000 customers will leave. <!-- voxspec draft=x version=1 workspace=y -->"
    for ending in ("\n", "\r"):
        text = ending.join([*lines[:9], "", lie, "", *lines[9:]])
        assert _checked(shell, "lie.md", text, 1)["verdict"] == "needs fixes"


def test_a_file_without_its_evidence_needs_fixes(shell: CommandLine) -> None:
    text = _read(shell, "draft.md")
    mark = text.rstrip("\n").rsplit("\n", 1)[1]
    cut = text[: text.index("## Evidence")] + text[text.index("## Numbers") :]
    for content in (mark, cut):
        assert _checked(shell, "cut.md", content, 1)["verdict"] == "needs fixes"


def test_what_a_brief_smuggles_in_fails_in_every_format(shell: CommandLine) -> None:
    shell.run("draft", "prd", "work off\u202eline", "--out", "odd.md", "--out", "odd.json")
    verdicts = [
        json.loads(shell.run("check", f"odd.{form}", "--json").stdout)["verdict"] for form in ("md", "json")
    ]
    assert verdicts == ["needs fixes", "needs fixes"]
