"""App Store Connect's JSON:API: a page, a page per line, a review per line."""

from pathlib import Path

import pytest

from assistant.domain.ids import person_id
from tests.support.json_exports import SAID, app_store, as_document, as_lines, renamed, snake
from tests.support.layout_reading import WORKSPACE, read


def test_every_element_of_a_page_is_accounted_for(tmp_path: Path) -> None:
    reading = read(as_document(tmp_path / "reviews.json", app_store()))
    assert (reading.opened.layout, reading.opened.source) == ("app-store-connect", "app-store")
    assert reading.known.confidence >= 0.9
    assert reading.rows == 22
    assert reading.dropped == {"the developer's answer to a review": 2, "not a customer review": 1}
    assert reading.empty == 1
    assert len(reading.records) == 17  # of 18 reviews with text, one stands in the page twice
    assert not reading.remarks


def test_a_review_keeps_what_the_store_says_of_it(tmp_path: Path) -> None:
    reading = read(as_document(tmp_path / "reviews.json", app_store()))
    review = reading.records["00006-ab"]
    assert (review.raw, review.title, review.rating) == (SAID[6], "About point 6", 2.0)
    assert review.said_at is not None
    assert review.said_at.isoformat() == "2026-03-08T05:30:00+00:00"
    assert review.person == person_id(WORKSPACE, "fan6")
    assert review.segments == {"territory": "USA", "app_version": "4.2.1"}
    assert review.url == "https://api.appstoreconnect.example/v1/customerReviews/00006-ab"
    assert reading.mapping == {
        "text": "attributes.body",
        "title": "attributes.title",
        "external_id": "id",
        "said_at": "attributes.createdDate",
        "author": "attributes.reviewerNickname",
        "rating": "attributes.rating",
        "url": "links.self",
        "segment.territory": "attributes.territory",
        "segment.app_version": "attributes.appVersion",
    }


def test_a_review_without_a_body_says_its_title(tmp_path: Path) -> None:
    records = read(as_document(tmp_path / "reviews.json", app_store())).records
    assert (records["00004-ab"].raw, records["00004-ab"].segments) == ("About point 4", {})
    assert (records["00008-ab"].raw, records["00008-ab"].title) == (SAID[8], None)


def test_a_page_per_line_and_a_review_per_line_give_the_same_records(tmp_path: Path) -> None:
    page = app_store()
    whole = read(as_document(tmp_path / "a.json", page))
    halves = [page | {"data": page["data"][:9]}, page | {"data": page["data"][9:], "included": []}]
    paged = read(as_lines(tmp_path / "b.jsonl", halves))
    lined = read(as_lines(tmp_path / "c.jsonl", page["data"] + page["included"]))
    assert paged.records == lined.records == whole.records
    assert paged.dropped == lined.dropped == whole.dropped


def test_a_single_review_is_a_page_too(tmp_path: Path) -> None:
    page = app_store()
    reading = read(as_document(tmp_path / "one.json", {"data": page["data"][0]}))
    assert [record.raw for record in reading.records.values()] == [SAID[0]]


@pytest.mark.parametrize("rename", [snake, str.upper, str.capitalize])
def test_keys_in_another_case_are_the_same_keys(tmp_path: Path, rename: type[str]) -> None:
    plain = read(as_document(tmp_path / "a.json", app_store()))
    other = read(as_document(tmp_path / "b.json", renamed(app_store(), rename), mark=True))
    assert other.records == plain.records
    assert other.dropped == plain.dropped
