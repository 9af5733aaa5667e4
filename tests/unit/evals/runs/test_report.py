"""A run as JUnit, SARIF and HTML: well formed, whole, and harmless whatever the records say."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

from evals.cases.case import shipped_sets
from evals.runs.outcome import Outcome
from evals.runs.report import FORMATS, lines_of, report
from tests.support.eval_runs import QUOTED, blocked, eval_run, result, set_run
from tests.support.sarif import demand_sarif

RUN = eval_run(
    set_run(
        result("good"),
        blocked("bad"),
        result("mute", Outcome.abstained),
        result("broken", Outcome.error, ask="</title><script>alert(1)</script>\x1b"),
    )
)
LINES = {("tills", "bad"): ("evals/sets/tills/cases.jsonl", 2)}


def _sarif() -> dict[str, Any]:
    log: dict[str, Any] = json.loads(report(RUN, "sarif", LINES))
    return log


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_run_gives_the_same_bytes(form: Any) -> None:
    assert report(RUN, form, LINES) == report(RUN.model_copy(deep=True), form, LINES)


def test_sarif_is_what_the_schema_of_the_standard_asks_for() -> None:
    demand_sarif(_sarif())


def test_sarif_holds_a_result_for_each_finding_and_each_missed_expectation() -> None:
    results = _sarif()["runs"][0]["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("numbers_bound", "error"),
        ("story_form", "note"),
        ("expectation", "error"),
        ("expectation", "error"),
        ("no_answer", "warning"),
    ]
    rules = _sarif()["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    assert len({one["partialFingerprints"]["caseRuleTarget/v1"] for one in results}) == len(results)


def test_sarif_points_at_the_line_of_the_case() -> None:
    first = _sarif()["runs"][0]["results"][0]["locations"][0]
    assert first["physicalLocation"] == {
        "artifactLocation": {"uri": "evals/sets/tills/cases.jsonl"},
        "region": {"startLine": 2},
    }
    assert first["logicalLocations"][0]["fullyQualifiedName"] == "tills/bad#C2"


def test_sarif_says_that_the_tool_itself_broke_off() -> None:
    invocation = _sarif()["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert (
        invocation["toolExecutionNotifications"][0]["message"]["text"] == "tills/broken: No answer in time."
    )


def test_lines_are_those_of_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    name, folder = next(iter(shipped_sets().items()))
    monkeypatch.chdir(folder.parents[2])
    lines = lines_of({name: folder})
    text = (folder / "cases.jsonl").read_text("utf-8").splitlines()
    for (_, case_id), (path, line) in lines.items():
        assert path == f"evals/sets/{name}/cases.jsonl"
        assert json.loads(text[line - 1])["id"] == case_id


def test_a_set_that_lies_elsewhere_is_named_without_the_way_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name, folder = next(iter(shipped_sets().items()))
    monkeypatch.chdir(tmp_path)
    assert {path for path, _ in lines_of({name: folder}).values()} == {f"{name}/cases.jsonl"}


def test_junit_counts_what_it_lists() -> None:
    suites = ElementTree.fromstring(report(RUN, "junit"))
    assert suites.attrib == {
        "name": "voxspec eval run", "tests": "4", "failures": "2", "errors": "1", "skipped": "0",
    }  # fmt: skip
    assert len(suites.findall("testsuite/testcase")) == 4
    assert [one.get("type") for one in suites.iter("failure")] == ["failed", "abstained"]
    assert [one.get("type") for one in suites.iter("error")] == ["model-timeout"]


def test_junit_stays_readable_whatever_was_asked() -> None:
    told = result("bad", Outcome.failed, ask="a \x00 b \ud800", misses=("x \x0b < y",))
    suites = ElementTree.fromstring(report(eval_run(set_run(told)), "junit"))
    assert suites.find("testsuite/testcase/failure").get("message") == "x \ufffd < y"


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_runs_nothing_and_fetches_nothing() -> None:
    page = _Page(report(RUN, "html").decode())
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in page.tags}
    assert not [held for _, held in page.tags if {"src", "onclick", "style"} & set(held)]
    assert all((held["href"] or "").startswith("#") for tag, held in page.tags if tag == "a")
    policy = next(held["content"] for _, held in page.tags if held.get("http-equiv"))
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'", policy or ""
    )


def test_the_page_shows_each_quote_inside_its_record() -> None:
    text = report(RUN, "html").decode()
    marked = QUOTED.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"The reader hangs &lt;b&gt;<mark>{marked}</mark> \x00 the sale." in text


def test_the_page_opens_what_did_not_pass_and_shows_it_first() -> None:
    cases = [held for tag, held in _Page(report(RUN, "html").decode()).tags if held.get("class") == "case"]
    assert [held["id"] for held in cases] == ["tills-bad", "tills-mute", "tills-broken", "tills-good"]
    assert ["open" in held for held in cases] == [True, True, True, False]
