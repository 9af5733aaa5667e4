"""`POST /v1/priorities`: rows in, an ordered table out, refusals as problems."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.service import running
from tests.support.spreadsheet import Workbook

ROWS = [
    {
        "item": "Export",
        "reach": {"value": 420, "low": 380, "high": 460},
        "impact": 2,
        "confidence": 0.8,
        "effort": 3,
    },
    {"item": "Dark mode", "reach": 300, "impact": 1, "confidence": "100%", "effort": 1},
    {"item": "Offline", "reach": 500, "impact": 2, "confidence": 0.5, "effort": None},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home: Path = tmp_path_factory.mktemp("home")
    with running(home) as client:
        yield client


def test_items_are_ranked_with_what_would_flip_them(client: TestClient) -> None:
    answer = client.post("/v1/priorities", json={"method": "rice", "rows": ROWS, "by": "Ana"})
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    assert [(row["item"]["name"], row["rank"], row["reason"]) for row in rows] == [
        ("Dark mode", 1, ""), ("Export", 2, ""), ("Offline", None, "effort is missing"),
    ]  # fmt: skip
    assert rows[1]["high"] == pytest.approx(460 * 2 * 0.8 / 3)
    assert {(flip["item"], flip["input"]): flip["ties_at"] for flip in rows[0]["flips"]} == {
        ("Dark mode", "reach"): pytest.approx(224), ("Dark mode", "impact"): pytest.approx(224 / 300),
        ("Dark mode", "confidence"): pytest.approx(224 / 300), ("Export", "effort"): pytest.approx(2.24),
    }  # fmt: skip


def test_the_same_table_comes_as_a_workbook(client: TestClient) -> None:
    answer = client.post("/v1/priorities?format=xlsx", json={"method": "rice", "rows": ROWS})
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert [row["score"] for row in Workbook(answer.content).rows("RICE")] == [300, pytest.approx(224), ""]


def test_a_survey_and_rules_work_the_same_way(client: TestClient) -> None:
    pairs = [{"feature": "Export", "functional": "I expect it", "dysfunctional": "No me gusta"}] * 25
    kano = client.post("/v1/priorities", json={"method": "kano", "rows": pairs}).json()
    assert (kano["rows"][0]["category"], kano["rows"][0]["pairs"]) == ("M", 25)
    order = {"method": "moscow", "rows": [{"item": "a", "people": 51, "effort": 3}], "rules": ["must: people > 50"], "capacity": 4}  # fmt: skip
    moscow = client.post("/v1/priorities", json=order).json()
    assert (moscow["rows"][0]["bucket"], moscow["capacity"]["verdict"]) == ("must", "too much")


@pytest.mark.parametrize(
    ("order", "detail"),
    [
        ({"method": "rise", "rows": ROWS}, "There is no method 'rise'."),
        ({"method": "rice", "rows": []}, "The request can't be used: body.rows"),
        ({"method": "rice", "rows": [{"item": "a", "reach": "lots", "impact": 1, "confidence": 1, "effort": 1}]}, "row 1 ('a'), column 'reach': 'lots' is no number"),
        ({"method": "rice", "rows": [{"item": "a", "reach": 1, "impact": 1, "confidence": 1, "effort": 0}]}, "0 can't be divided by"),
        ({"method": "rice", "rows": [{"item": "\ud800", "reach": 1}]}, "No row of the table can be read: row 1: holds bytes"),
        ({"method": "kano", "rows": ROWS}, "No answer pairs are found"),
        ({"method": "kano", "rows": ROWS, "answers": {"yes": 9}}, "There is no answer 9."),
        ({"method": "rice", "rows": ROWS, "colour": 1}, "The request can't be used: body.colour"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_problem_with_a_hint(
    client: TestClient, order: dict[str, object], detail: str
) -> None:
    answer = client.post(
        "/v1/priorities?workspace=other",
        content=json.dumps(order),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]
    assert answer.json()["hint"]
    bad = client.post("/v1/priorities?format=pdf", json={"method": "rice", "rows": ROWS})
    assert (bad.status_code, bad.json()["detail"]) == (422, "A table can't be had as 'pdf'.")
