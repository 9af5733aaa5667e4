"""Looking things up in JSON of any shape."""

import pytest

from ingest.layouts.keys import child, get, has, items, moment, names, person_name, text


def test_the_first_name_that_holds_something_wins_in_any_case() -> None:
    owner = {"created_at": None, "createdAt": 1, "Created-At": 2, "x": {"y": 1}, "l": [1], "t": True}
    assert get(owner, "created_at") == 1
    assert get({"CREATEDAT": 5}, "created_at") == 5
    assert get(owner, "absent", "x") == {"y": 1}
    assert get(owner, "absent") is None
    assert has({"PullRequest": None}, "pull_request")
    assert not has(owner, "pull_request")


def test_values_of_another_type_are_nothing() -> None:
    owner = {
        "text": {"a": 1},
        "list": "x",
        "child": 3,
        "n": 4.0,
        "labels": ["a", {"name": "b"}, None, {"c": 1}, 7],
    }
    assert (text(owner, "text"), text(owner, "absent"), text(owner, "n")) == ("", "", "4")
    assert (items(owner, "list"), child(owner, "child"), child(owner, "list")) == ([], {}, {})
    assert names(owner, "labels") == "a, b, 7"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1772359200, "2026-03-01T10:00:00+00:00"),
        (1772359200000, "2026-03-01T10:00:00+00:00"),
        ("1772359200.000100", "2026-03-01T10:00:00.000100+00:00"),
        ("2026-03-01", "2026-03-01"),
        (None, ""),
        (True, ""),
        ([], ""),
        (float("inf"), "inf"),
        (10**40, str(10**40)),
        ("nan", "nan"),
    ],
)
def test_times_are_iso_where_they_are_times(value: object, shown: str) -> None:
    assert moment(value) == shown  # type: ignore[arg-type]


def test_people_are_known_by_mail_then_name_then_id() -> None:
    assert person_name({"id": 3, "name": "Ana", "email": "ana@example.org"}) == "ana@example.org"
    assert person_name({"id": 3, "name": "Ana", "email": None}) == "Ana"
    assert person_name({"id": 3}) == "3"
