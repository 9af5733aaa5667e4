"""Roles that are things, and text that is only about writing the text."""

import pytest

from evals.language.filler import says_only_where
from evals.language.roles import is_thing


@pytest.mark.parametrize(
    "role",
    ["message broker", "the web server", "import job", "front-end", "sensors in the hall", "Schnittstelle"],
)
def test_a_thing_wants_nothing(role: str) -> None:
    assert is_thing(role)


@pytest.mark.parametrize(
    "role",
    [
        "database administrator",
        "owner of a server",
        "customer on web",
        "terminator",
        "head",
        "job seeker",
        "",
    ],
)
def test_people_who_work_with_things_are_people(role: str) -> None:
    assert not is_thing(role)


@pytest.mark.parametrize(
    "text",
    ["Will be added next week.", "See the folder.", "More on this soon.", "Left blank intentionally.", "Folgt später.", "As in the last release."],
)  # fmt: skip
def test_a_text_about_writing_it_says_nothing(text: str) -> None:
    assert says_only_where(text)


@pytest.mark.parametrize(
    "text",
    ["Nothing stands out.", "None beyond the proposed targets.", "Nobody was asked.", "No risk is known.", "See {F1}.", "It isn't known yet who pays."],
)  # fmt: skip
def test_saying_what_is_not_known_says_something(text: str) -> None:
    assert not says_only_where(text)
