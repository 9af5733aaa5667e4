"""Types and sentiments over HTTP: in records, as filters, in scopes."""

from typing import Any

from starlette.testclient import TestClient

from tests.support.service import feedback_rows


def _records(client: TestClient, *filters: str) -> list[dict[str, Any]]:
    page = client.get("/v1/records", params={"filter": list(filters), "limit": 200}).json()
    items: list[dict[str, Any]] = page["items"]
    return items


def test_records_carry_their_facets_and_are_filtered_by_them(client: TestClient) -> None:
    every = _records(client)
    assert len(every) == len(feedback_rows())
    for name in ("type", "sentiment"):
        values = {record[name] for record in every}
        assert None not in values
        for value in values:
            wanted = [record["id"] for record in every if record[name] == value]
            assert [record["id"] for record in _records(client, f"{name}={value}")] == wanted


def test_a_rating_gives_the_sentiment(client: TestClient) -> None:
    by_stars = {5: "positive", 4: "positive", 3: "neutral", 2: "negative", 1: "negative"}
    rated = [record for record in _records(client) if record["rating"] is not None]
    assert rated
    assert all(record["sentiment"] == by_stars[int(record["rating"])] for record in rated)


def test_one_record_has_the_same_facets_as_in_the_list(client: TestClient) -> None:
    item = _records(client)[0]
    assert client.get(f"/v1/records/{item['id']}").json() == item


def test_search_takes_them_as_filters_and_in_the_scope(client: TestClient) -> None:
    problems = {record["id"] for record in _records(client, "type=problem")}
    asked = {"question": "export", "limit": 100}
    by_filter = client.post("/v1/search", json=asked | {"filters": ["type=problem"]}).json()["hits"]
    by_scope = client.post("/v1/search", json=asked | {"scope": {"types": ["problem"]}}).json()["hits"]
    assert by_filter == by_scope
    assert {hit["record_id"] for hit in by_filter} <= problems
    assert by_filter


def test_a_wrong_value_is_refused_with_those_that_there_are(client: TestClient) -> None:
    answer = client.get("/v1/search", params={"q": "export", "filter": "type=bug"})
    assert answer.status_code == 422
    assert "problem, request, praise, question or other" in answer.text
    wrong = client.post("/v1/search", json={"question": "export", "scope": {"sentiments": ["sad"]}})
    assert wrong.status_code == 422
