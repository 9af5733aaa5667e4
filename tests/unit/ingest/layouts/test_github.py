"""GitHub issues: without pull requests and bots, with their votes."""

from pathlib import Path
from typing import Any

import pytest

from assistant.domain.ids import person_id
from tests.support.json_exports import SAID, as_document, as_lines, camel, github, renamed
from tests.support.layout_reading import WORKSPACE, read


def test_every_issue_is_accounted_for(tmp_path: Path) -> None:
    reading = read(as_document(tmp_path / "issues.json", github(), indent=2))
    assert (reading.opened.layout, reading.known.confidence) == ("github-issues", 1.0)
    assert reading.rows == 20
    assert reading.dropped == {"a pull request, not an issue": 3, "written by a bot": 1}
    assert reading.empty == 0
    assert len(reading.records) == 16
    assert not {"kanbo/kanbo#43", "kanbo/kanbo#44", "kanbo/kanbo#49"} & reading.records.keys()
    assert "kanbo/kanbo#45" in reading.records  # `pull_request: null` is none


def test_an_issue_keeps_what_github_says_of_it(tmp_path: Path) -> None:
    records = read(as_document(tmp_path / "issues.json", github())).records
    issue = records["kanbo/kanbo#41"]
    assert (issue.raw, issue.title, issue.url) == (
        SAID[1],
        "Point 1",
        "https://github.com/kanbo/kanbo/issues/41",
    )
    assert issue.said_at is not None
    assert issue.said_at.isoformat() == "2026-01-02T23:59:59+00:00"
    assert issue.person == person_id(WORKSPACE, "ben")
    assert issue.segments == {
        "state": "open",
        "labels": "bug, board",
        "votes": "1",
        "repository": "kanbo/kanbo",
    }
    assert records["kanbo/kanbo#50"].segments["votes"] == "3"
    assert records["kanbo/kanbo#51"].segments["labels"] == "bug, help wanted"
    assert records["kanbo/kanbo#47"].person is None  # the account was deleted
    assert records["kanbo/kanbo#48"].raw == "Point 8"


def listed_by_the_command_line() -> list[dict[str, Any]]:
    """As `gh issue list --json …` writes them."""
    return [
        {
            "number": issue["number"],
            "title": issue["title"],
            "body": issue["body"],
            "author": issue["user"]
            and {"login": issue["user"]["login"], "is_bot": issue["user"]["type"] == "Bot"},
            "labels": [label if isinstance(label, dict) else {"name": label} for label in issue["labels"]],
            "state": issue["state"].upper(),
            "createdAt": issue["created_at"],
            "url": issue["html_url"],
            "reactionGroups": [
                {"content": "X", "users": {"totalCount": n}}
                for key, n in issue["reactions"].items()
                if key != "total_count"
            ],
        }
        for issue in github()
        if not issue.get("pull_request")
    ]


def test_the_command_line_of_github_and_its_search_give_the_same_records(tmp_path: Path) -> None:
    whole = read(as_document(tmp_path / "a.json", github()))
    listed = read(as_document(tmp_path / "b.json", listed_by_the_command_line()))
    search = read(
        as_document(tmp_path / "c.json", {"total_count": 20, "incomplete_results": False, "items": github()})
    )
    assert listed.records == search.records == whole.records
    assert search.dropped == whole.dropped


def test_pages_as_arrays_are_read_one_after_the_other(tmp_path: Path) -> None:
    whole = read(as_document(tmp_path / "a.json", github()))
    slurped = read(as_document(tmp_path / "b.json", [github()[:7], github()[7:]]))
    lines = read(as_lines(tmp_path / "c.jsonl", [github()[:7], github()[7:]]))
    assert slurped.records == lines.records == whole.records


@pytest.mark.parametrize("rename", [camel, str.upper])
def test_keys_in_another_case_are_the_same_keys(tmp_path: Path, rename: type[str]) -> None:
    plain = read(as_document(tmp_path / "a.json", github()))
    other = read(as_lines(tmp_path / "b.jsonl", renamed(github(), rename)))
    assert {k: r.raw for k, r in other.records.items()} == {k: r.raw for k, r in plain.records.items()}
    assert other.dropped == plain.dropped
