"""Types and sentiments through the command line: shown, exported, filtered by, and counted again."""

import csv
import json
import math
from typing import Any

import pytest

from tests.support.command_line import CommandLine
from tests.support.plain_recount import recount

PROBLEMS = [
    "Every time the network drops the app loses my offline notes.",
    "Losing offline changes costs my crew an hour every evening.",
    "Offline mode crashes when I open a board in the basement.",
    "The offline list stays empty, nothing loads without a network.",
]
OTHERS = [
    "Please let our technicians work offline on the road.",
    "I wish I could tick off tasks offline in cellars.",
    "Working offline is wonderful, thank you, I love it.",
    "How do I switch to offline mode?",
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("facets")
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "author", "comment"])
        rows.writerows([n, f"Person {n}", text] for n, text in enumerate([*PROBLEMS, *OTHERS], 1))
    shell = CommandLine(folder, folder / "home")
    shell.run("ingest", "notes.csv", expect=0)
    return shell


def _answer(shell: CommandLine, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(shell.run(*arguments, "--json", expect=0).stdout)
    return answer


def _exported(shell: CommandLine) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = _answer(shell, "export")["records"]
    return records


def test_the_export_holds_type_and_sentiment_of_every_record(shell: CommandLine) -> None:
    told = {record["raw"]: (record["type"], record["sentiment"]) for record in _exported(shell)}
    assert {told[text] for text in PROBLEMS} == {("problem", "negative")}
    assert [told[text][0] for text in OTHERS] == ["request", "request", "praise", "question"]


def test_a_record_is_printed_with_them(shell: CommandLine) -> None:
    record = next(one for one in _exported(shell) if one["raw"] == OTHERS[2])
    printed = shell.run("record", record["id"], expect=0)
    assert printed.stdout.decode() == OTHERS[2]
    assert "type: praise" in printed.stderr.decode()
    assert "sentiment: positive" in printed.stderr.decode()
    assert _answer(shell, "record", record["id"]).items() <= record.items()


def test_search_finds_only_records_of_the_type_and_sentiment(shell: CommandLine) -> None:
    known = {record["id"]: record for record in _exported(shell)}
    hits = _answer(shell, "search", "offline", "--filter", "type=problem")["hits"]
    assert sorted(known[hit["record_id"]]["raw"] for hit in hits) == sorted(PROBLEMS)
    either = _answer(shell, "search", "offline", "--filter", "type=praise", "--filter", "type=Question")
    assert len(either["hits"]) == 2
    both = ("--filter", "type=request", "--filter", "sentiment=negative")
    assert _answer(shell, "search", "offline", *both)["hits"] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("type=bug", "problem, request, praise, question or other"),
        ("sentiment=sad", "positive, negative or neutral"),
    ],
)
def test_a_value_that_there_is_not_is_refused_with_those_that_there_are(
    shell: CommandLine, text: str, names: str
) -> None:
    ended = shell.run("search", "offline", "--filter", text, expect=2)
    assert names in ended.stderr.decode()
    assert f"segment.{text}" in ended.stderr.decode()


def test_a_draft_of_problems_counts_problems_only_and_passes_its_check(shell: CommandLine) -> None:
    draft = _answer(shell, "draft", "insight_summary", "offline", "--filter", "type=problem")
    records = _exported(shell)
    assert draft["scope"]["types"] == ["problem"]
    for fact in draft["facts"].values():
        counted = recount(fact, draft, records)
        same = counted == fact["value"] or math.isclose(float(counted), float(fact["value"]))
        assert same, (fact, counted)
    assert max(fact["value"] for fact in draft["facts"].values() if fact["measure"] == "people") == len(
        PROBLEMS
    )
    quoted = {quote["record_id"] for quote in draft["quotes"].values()}
    assert quoted <= {record["id"] for record in records if record["type"] == "problem"}
    report = json.loads(shell.run("check", draft["id"], "--json").stdout)
    assert (
        report["counts"]["block"] == 0 if "block" in report["counts"] else report["verdict"] != "needs fixes"
    )
    assert "type problem" in shell.run(
        "draft", "insight_summary", "offline", "--filter", "type=problem", "--out", "d.md"
    ).stderr.decode() + (shell.folder / "d.md").read_text(encoding="utf-8")


def test_a_draft_without_such_a_filter_says_nothing_of_facets(shell: CommandLine) -> None:
    draft = _answer(shell, "draft", "insight_summary", "offline")
    assert "types" not in draft["scope"]
    assert "sentiments" not in draft["scope"]
