"""`voxspec themes trend` as a person uses it: what changed since when, period by period, and refusals in sentences."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

SUBJECTS = {
    "The export of large boards ends with an empty file": range(14, 24),
    "Please add a dark mode for the evening": range(24),
    "Searching for an old card takes minutes": range(24),
}
SAID = ("{} again", "{} since last week", "{} for our team", "{} and nobody answers", "{} once more")
MAPPING = ("author=author", "account=account", "said_at=said_at", "text=text", "segment.arr=arr")


def rows() -> list[tuple[str, ...]]:
    found = []
    for number, (subject, weeks) in enumerate(SUBJECTS.items()):
        for week in weeks:
            for n in range(2):
                who = f"{number}-{week}-{n}"
                day = date(2026, 1, 5) + timedelta(days=7 * week + 3 * n)
                text = SAID[(week + n) % 5].format(subject)
                found.append((who, f"firm {week % 6}", day.isoformat(), text, str(100 * (week % 6 + 1))))
    return [
        *found,
        ("late", "", "2030-01-01", "Searching is slow", ""),
        ("none", "", "", "Searching is slow", ""),
    ]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder: Path = tmp_path_factory.mktemp("trend")
    with (folder / "said.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("author", "account", "said_at", "text", "arr"), *rows()])
    opened = CommandLine(folder, folder / "home")
    mapped = [word for pair in MAPPING for word in ("--map", pair)]
    opened.run("ingest", "said.csv", *mapped, expect=0)
    opened.run("themes", "run", expect=0)
    return opened


def test_what_changed_stands_first_with_its_release_and_everything_that_is_left_out(
    line: CommandLine,
) -> None:
    done = line.run("themes", "trend", "--release", "4.2=2026-04-13", "--as-of", "2026-06-22", expect=0)
    shown, notes = done.stdout.decode(), done.stderr.decode()
    assert shown.splitlines()[1].startswith("2026-04-13  rise, lasting")
    # Wide cells go on in the next line.
    first = " ".join(shown.partition("records by week")[0].split())
    assert "on the day of release 4.2" in first
    assert "under 0.1%" in first
    assert "records by week" in shown
    assert "1 record dated after today, 2026-06-22" in notes
    assert "1 record without a date" in notes


def test_one_theme_has_every_period_and_json_has_the_numbers(line: CommandLine) -> None:
    found = json.loads(line.run("themes", "trend", "--as-of", "2026-06-22", "--json", expect=0).stdout)
    (alert,) = found["alerts"]
    assert (alert["kind"], alert["since"], alert["before"]["told"], alert["after"]["told"]) == (
        "rise",
        "2026-04-13",
        0,
        20,
    )
    asked = ("themes", "trend", alert["theme"], "--as-of", "2026-06-22", "--by", "month")
    one = json.loads(line.run(*asked, "--json", expect=0).stdout)
    (theme,) = one["themes"]
    assert [period["first"] for period in one["periods"]][:2] == ["2026-01-01", "2026-02-01"]
    assert [point["records"] for point in theme["points"]] == [0, 0, 0, 6, 8, 6]
    april = next(
        row for row in line.run(*asked, expect=0).stdout.decode().splitlines() if row[:8] == "2026-04 "
    )
    assert april.split()[1:4] == ["6", "2.2–13.1", "6"]


def test_a_theme_is_shown_with_its_facts_and_its_weight(line: CommandLine) -> None:
    found = json.loads(line.run("themes", "list", "--weight", "segment.arr", "--json", expect=0).stdout)
    weight = found["themes"][0]["facts"]["weight"]
    assert (weight["total"], weight["whole"], weight["holders"]) == (2_100, 2_100, 6)
    shown = line.run("themes", "show", found["themes"][0]["id"], expect=0).stdout.decode()
    assert "share of people:" in shown
    assert "sources: said 50" in shown


@pytest.mark.parametrize(
    ("asked", "sentence", "hint"),
    [
        (("trend", "--release", "4.2"), "The release '4.2' can't be read.", "--release 4.2=2026-06-16"),
        (("trend", "--as-of", "tomorrow"), "'tomorrow' is no date.", "2026-06-16"),
        (("trend", "--as-of", "2026-02-30"), "'2026-02-30' is no day of the calendar.", "2026-06-16"),
        (("trend", "-w", "other"), "Workspace 'other' has no themes yet.", "voxspec themes run"),
        (("list", "--weight", "plan"), "The segment 'plan' can't be a weight: it doesn't exist.", "arr"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    line: CommandLine, asked: tuple[str, ...], sentence: str, hint: str
) -> None:
    told = line.run("themes", *asked, expect=2).stderr.decode()
    assert sentence in told
    assert hint in told
