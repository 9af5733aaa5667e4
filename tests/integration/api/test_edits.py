"""Editing over HTTP: versions, stale bases, problems with hints, and keys that make an edit once."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.domain.draft import Draft
from tests.support.flawed_draft import flawed, laneway
from tests.support.service import running


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    folder = tmp_path_factory.mktemp("edited")
    with laneway(folder / "home", folder, served=True) as bench:
        draft: Draft = flawed(bench)
    return draft


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, draft: Draft) -> Iterator[TestClient]:
    with running(next(tmp_path_factory.getbasetemp().glob("edited*")) / "home") as started:
        yield started


def newest(client: TestClient, draft: Draft) -> int:
    return int(client.get(f"/v1/drafts/{draft.id}/versions").json()["newest"])


def post(client: TestClient, draft: Draft, where: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/v1/drafts/{draft.id}/{where}", json=body, headers=headers)


def typed(text: str, target: str = "US-1.want") -> list[dict[str, Any]]:
    return [{"type": "replace", "target": target, "text": text}]


def test_an_edit_answers_with_version_diff_and_check_and_is_made_once_per_key(
    client: TestClient, draft: Draft
) -> None:
    seen = newest(client, draft)
    answers = [
        post(client, draft, "edits", "k1", version=seen, edits=typed("to see it <b>now</b>"))
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [200, 200]
    told = answers[0].json()
    assert told == answers[1].json()
    assert (told["kept"], told["draft"]["version"], newest(client, draft)) == (True, seen + 1, seen + 1)
    assert [one["target"] for one in told["diff"]["changes"]] == ["US-1.want"]
    assert {"same", "new"} <= {one["type"] for one in told["diff"]["changes"][0]["pieces"]}
    assert "markup" in {one["grader"] for one in told["check"]["findings"]}
    undone = post(client, draft, "undo", version=seen + 1).json()
    assert undone["draft"]["sections"] == draft.model_dump(mode="json")["sections"]
    redone = post(client, draft, "redo", version=seen + 2).json()
    assert redone["draft"]["sections"] == told["draft"]["sections"]
    lines = client.get(f"/v1/drafts/{draft.id}/versions").json()
    assert [one["note"] and one["note"]["cause"] for one in lines["items"]][:3] == ["redo", "undo", "edit"]
    assert (lines["can_undo"], lines["can_redo"]) == (True, False)
    diff = client.get(f"/v1/drafts/{draft.id}/diff", params={"from": seen}).json()
    assert [one["target"] for one in diff["changes"]] == ["US-1.want"]


def test_a_stale_base_is_told_what_changed(client: TestClient, draft: Draft) -> None:
    seen = newest(client, draft)
    post(client, draft, "edits", version=seen, edits=typed("to read it"))
    merged = post(client, draft, "edits", version=seen, edits=typed("Wishes", "section:stories.title"))
    assert merged.json()["merged"] is True
    late = post(client, draft, "edits", version=seen, edits=typed("to print it"))
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    assert (late.json()["code"], late.json()["newest"]) == ("stale-version", seen + 2)
    assert "US-1" in late.json()["changed"]
    assert post(client, draft, "undo", version=seen).status_code == 409


@pytest.mark.parametrize(
    "edit",
    [
        {"type": "replace", "target": "Q1", "text": "They love it."},
        {"type": "replace", "target": "F1", "text": "97"},
        {"type": "replace", "target": "US-9.want", "text": "x"},
        {"type": "replace", "target": "C1", "text": "x" * 1_000_000},
        {"type": "replace", "target": "C1", "text": "\u200b"},
        {"type": "replace", "target": "C1", "text": "a\x00b"},
        {"type": "set_stance", "target": "C1", "stance": "supported"},
        {"type": "fly", "target": "C1"},
    ],
)
def test_what_nobody_may_edit_is_refused_with_a_hint(
    client: TestClient, draft: Draft, edit: dict[str, Any]
) -> None:
    seen = newest(client, draft)
    answer = post(client, draft, "edits", version=seen, edits=[edit])
    assert answer.status_code == 422
    assert answer.json()["hint"]
    assert newest(client, draft) == seen


def test_right_to_left_and_other_scripts_are_kept_and_hidden_signs_are_shown_and_mended(
    client: TestClient, draft: Draft
) -> None:
    seen = newest(client, draft)
    told = post(client, draft, "edits", version=seen, edits=typed("看板を書き出す \u202eדף חדש")).json()
    (found,) = [one for one in told["check"]["findings"] if one["grader"] == "hidden_characters"]
    offers = {one["key"] for one in client.get(f"/v1/drafts/{draft.id}/fixes").json()}
    assert found["key"] in offers
    mended = post(client, draft, f"findings/{found['key']}/fix", version=seen + 1).json()
    assert [one["after"] for one in mended["diff"]["changes"]] == ["看板を書き出す דף חדש"]
    assert found["key"] not in {one["key"] for one in mended["check"]["findings"]}


def test_a_finding_that_needs_a_person_says_so(client: TestClient, draft: Draft) -> None:
    seen = newest(client, draft)
    findings = post(client, draft, "edits", version=seen, edits=typed("to see 97 lists")).json()["check"][
        "findings"
    ]
    key = next(one["key"] for one in findings if one["grader"] == "numbers_bound")
    refused = post(client, draft, f"findings/{key}/fix", version=newest(client, draft))
    assert (refused.status_code, bool(refused.json()["hint"])) == (422, True)
    assert post(client, draft, f"findings/{'0' * 12}/fix", version=newest(client, draft)).status_code == 404


def test_sections_are_approved_and_places_commented_on(client: TestClient, draft: Draft) -> None:
    base = f"/v1/drafts/{draft.id}"
    refused = client.post(f"{base}/sections/{draft.sections[0].id}/approval", json={"by": "Ida"})
    assert (refused.status_code, bool(refused.json()["findings"])) == (409, True)
    assert client.post(f"{base}/sections/evidence/approval", json={"by": "Ida"}).status_code == 200
    lines = {one["id"]: one["approved"] for one in client.get(f"{base}/sections").json()["items"]}
    assert lines["evidence"]["by"] == "Ida"
    assert client.delete(f"{base}/sections/evidence/approval").status_code == 204
    made = client.post(f"{base}/comments", json={"target": "C1", "text": "Why?", "by": "Bo"})
    assert made.status_code == 201
    done = client.post(f"{base}/comments/{made.json()['id']}/resolution", json={"by": "Ida"})
    assert done.json()["resolved_by"] == "Ida"
    assert client.get(f"{base}/comments").json() == [{"comment": done.json(), "where": "C1"}]
    assert client.post(f"{base}/comments", json={"target": "C999", "text": "Why?"}).status_code == 422
