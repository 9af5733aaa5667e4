"""`voxspec prioritise` as a person uses it: files in, tables out, refusals in sentences."""

import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.support.command_line import CommandLine
from tests.support.house import ROOT
from tests.support.spreadsheet import Workbook

RICE = """item,reach,reach_low,reach_high,impact,confidence,effort,effort_low,effort_high
Export of large boards,420,380,460,2,80%,3,2,5
Dark mode,300,,,1,100%,1,,
ボードの検索,210,180,240,2,80%,2,1.5,3
"=HYPERLINK(""http://evil.example"",""x"")",60,,,0.5,50%,1,,
Offline mode,500,400,650,2,50%,,,
"""
KANO = "\n".join(
    [
        "Teilnehmer;plan;Export (funktional);Export (dysfunktional)",
        *(
            f"p{n};{('team', 'free')[n % 2]};Das setze ich voraus;Das würde mich sehr stören"
            for n in range(30)
        ),
        *(f"q{n};team;Das ist mir egal;3" for n in range(10)),
    ]
)


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    (tmp_path / "rice.csv").write_text(RICE, encoding="utf-8")
    (tmp_path / "kano.csv").write_text(KANO, encoding="utf-8")
    return CommandLine(tmp_path, tmp_path / "home")


def test_items_of_a_csv_are_ranked_and_nothing_is_stored(line: CommandLine) -> None:
    done = line.run("prioritise", "rice", "rice.csv", "--by", "Ana", expect=0)
    shown = done.stdout.decode()
    assert "Export of large boards: effort 3 → 2.24 (−25 %) draws level with Dark mode; inside" in shown
    assert "effort is missing" in shown
    assert line.home is not None
    assert not line.home.exists()
    table = json.loads(line.run("prioritise", "rice", "rice.csv", "--by", "Ana", "--json", expect=0).stdout)
    assert [(row["item"]["name"], row["rank"], row["score"]) for row in table["rows"]][:3] == [
        ("Dark mode", 1, 300), ("Export of large boards", 2, pytest.approx(224)), ("ボードの検索", 3, pytest.approx(168)),
    ]  # fmt: skip
    assert table["rows"][0]["item"]["inputs"]["reach"] == {
        "value": 300.0, "low": None, "high": None, "origin": "person", "source": "Ana", "over": "",
    }  # fmt: skip


def test_what_was_written_is_read_again_with_the_same_result(line: CommandLine) -> None:
    for form in ("csv", "xlsx", "json", "md"):
        line.run("prioritise", "rice", "rice.csv", "--out", f"out.{form}", expect=0)
    for form in ("csv", "xlsx", "json"):
        line.run("prioritise", "rice", f"out.{form}", "--out", f"again_{form}.csv", expect=0)
        assert (line.folder / f"again_{form}.csv").read_bytes() == (line.folder / "out.csv").read_bytes()
    rows = Workbook((line.folder / "out.xlsx").read_bytes()).rows("RICE")
    assert [row["score"] for row in rows] == [300, pytest.approx(224), pytest.approx(168), 15, ""]
    assert "| 1 | Dark mode | 300 |" in (line.folder / "out.md").read_text(encoding="utf-8")


def test_the_rows_in_another_order_give_the_same_bytes(line: CommandLine) -> None:
    header, *rows = RICE.splitlines()
    (line.folder / "back.csv").write_text("\n".join([header, *rows[::-1]]), encoding="utf-8")
    for form in ("csv", "xlsx", "json", "md"):
        for name in ("rice", "back"):
            line.run("prioritise", "rice", f"{name}.csv", "--out", f"{name}_out.{form}", expect=0)
        assert (line.folder / f"rice_out.{form}").read_bytes() == (
            line.folder / f"back_out.{form}"
        ).read_bytes()


def test_the_page_about_priorities_shows_what_the_command_prints(line: CommandLine) -> None:
    page = (ROOT / "docs/priorities.md").read_text(encoding="utf-8")
    items = page.partition("<<'EOT'\n")[2].partition("EOT")[0]
    (line.folder / "ideas.csv").write_text(items, encoding="utf-8")
    printed = line.run("prioritise", "rice", "ideas.csv", expect=0).stdout.decode()
    assert page.partition("```text\n")[2].partition("```")[0].split() == printed.split()


def test_a_workbook_with_rules_gives_buckets_and_the_capacity(line: CommandLine) -> None:
    with xlsxwriter.Workbook(line.folder / "themes.xlsx") as book:
        page = book.add_worksheet()
        for number, row in enumerate([("Theme", "People", "Mean rating", "Effort"), ("Export", 61, 1.9, 30), ("SSO", 70, 2.2, 40), ("Tags", 4, 4.5, 1)]):  # fmt: skip
            page.write_row(number, 0, row)
    rules = ("--rule", "must: people >= 50 and mean_rating <= 2.5", "--rule", "could: people >= 4")
    done = line.run(
        "prioritise", "moscow", "themes.xlsx", *rules, "--capacity", "100", "--out", "m.xlsx", expect=0
    )
    shown = done.stdout.decode()
    assert "capacity: too much. The Musts take 70 of 100; 60 % of it is 60." in shown
    book = Workbook((line.folder / "m.xlsx").read_bytes())
    assert [row["bucket"] for row in book.rows("MoSCoW")] == ["Must", "Must", "Could"]
    assert [row["value"] for row in book.rows("Capacity")][:4] == [100, 60, 70, 70]


def test_a_kano_survey_gives_categories_per_segment(line: CommandLine) -> None:
    done = line.run("prioritise", "kano", "kano.csv", "--segment", "plan", "--json", expect=0)
    rows = json.loads(done.stdout)["rows"]
    assert [(row["segment"], row["category"], row["clear"], row["counts"]["M"]) for row in rows] == [
        ("", "M", True, 30), ("plan=free", None, False, 15), ("plan=team", "M", False, 15),
    ]  # fmt: skip
    assert rows[0]["worse"]["value"] == 0.75


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rice",), "rice needs a file with items."),
        (("rice", "none.csv"), "There is no file 'none.csv'."),
        (("rise", "rice.csv"), "There is no method 'rise'."),
        (("rice", "empty.csv"), "empty.csv is empty."),
        (("rice", "header.csv"), "The table has no rows."),
        (("rice", "bad.csv"), "The table can't be used: row 1 ('a'), column 'reach': 'lots' is no number."),
        (("rice", "zero.csv"), "row 1 ('a'), effort: 0 can't be divided by"),
        (("rice", "rice.csv", "--out", "x.pdf"), "'x.pdf' names no form"),
        (("rice", "rice.csv", "--map", "reach"), "isn't of the form field=column"),
        (("rice", "rice.csv", "--rule", "must: reach > 3"), "Rules and a capacity belong to moscow."),
        (("moscow", "rice.csv"), "There are no rules, and no item names its bucket."),
        (("kano", "rice.csv"), "No answer pairs are found"),
        (("kano", "kano.csv", "--pair", "Export=Q3"), "is not of the form feature=column,column"),
        (("kano", "kano.csv", "--answer", "love=yes"), "is not of the form answer=text"),
        (("rice", "note.txt"), "note.txt holds no table."),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence_with_a_hint(
    line: CommandLine, arguments: tuple[str, ...], message: str
) -> None:
    (line.folder / "empty.csv").touch()
    (line.folder / "note.txt").write_text("just words", encoding="utf-8")
    header = "item,reach,impact,confidence,effort\n"
    for name, rows in (("header", ""), ("bad", "a,lots,1,1,1\n"), ("zero", "a,1,1,1,0\n")):
        (line.folder / f"{name}.csv").write_text(header + rows, encoding="utf-8")
    done = line.run("prioritise", *arguments, expect=2)
    assert message in done.stderr.decode()
    assert "hint: " in done.stderr.decode()
    assert done.stdout == b""
