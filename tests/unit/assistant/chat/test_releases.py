"""«Since the 4.2 release»: a time that the records tell, never a group; a release that nobody names is said to be unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.chat.outcomes import Say, Write
from assistant.chat.passages import propose_edit, told_shorter
from assistant.chat.periods import release_named, without_periods
from assistant.chat.releases import period_of, releases_of, unknown_release
from assistant.chat.scoping import changed_scope, groups_named
from assistant.domain.evidence import Scope
from assistant.domain.thread import Reference
from assistant.search.matrix import matrix_of
from assistant.workbench import Workbench
from tests.support.drafts import valid_draft
from tests.support.search_corpus import a_bench, a_record

FIRST = datetime(2026, 2, 2, 13, 30, tzinfo=UTC)
DAYS = {"4.1": 0, "4.2": 40, "4.2.1": 60, "v5.0": 80}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    held = [
        a_record(
            f"The export of board {name} fails {later}",
            author=f"{name}{later}",
            said_at=FIRST + timedelta(days=day + later),
            segments={"app_version": name, "plan": "team"},
        )
        for name, day in DAYS.items()
        for later in (5, 0, 9)
    ]
    return a_bench(tmp_path_factory.mktemp("releases"), held)


@pytest.fixture(scope="module")
def unversioned(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    record = a_record("The export fails", author="ann", said_at=FIRST)
    return a_bench(tmp_path_factory.mktemp("unversioned"), [record])


def _day(name: str) -> datetime:
    return (FIRST + timedelta(days=DAYS[name])).replace(hour=0, minute=0)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("only since the 4.2 release", "4.2", None),
        ("just the feedback after version 4.2.", "4.2", None),
        ("only since 4.2", "4.2", None),
        ("nur seit Version 4.2", "4.2", None),
        ("nur ab dem 4.2-Release", "4.2", None),
        ("seulement depuis la version 4.2.1", "4.2.1", None),
        ("solo desde la versión 4.2", "4.2", None),
        ("4.2リリース以降だけ", "4.2", None),
        ("只看4.2版本之后", "4.2", None),
        ("only since v5.0", "v5.0", None),
        ("only since release 5", "v5.0", None),
        ("since the last release", "v5.0", None),
        ("only before the 4.2 release", None, "4.2"),
        ("nur bis Version 4.2", None, "4.2"),
    ],
)
def test_a_release_is_a_bound_in_time(
    bench: Workbench, words: str, since: str | None, until: str | None
) -> None:
    wanted = (since and _day(since), until and _day(until))
    assert period_of(bench, words) == wanted
    scope = changed_scope(bench, words, Scope(sources=("reviews",)))
    assert scope == Scope(sources=("reviews",), since=wanted[0], until=wanted[1])


@pytest.mark.parametrize("words", ["only version 4.2 customers", "only 4.2", "from version 4.2 customers"])
def test_a_release_without_a_bound_is_a_group_of_people(bench: Workbench, words: str) -> None:
    assert [one.value for one in groups_named(bench, words)] == ["4.2"]
    assert period_of(bench, words) is None


@pytest.mark.parametrize("words", ["since 2026-06-16", "since May", "rating below 4.2", "since 12.05.2026"])
def test_days_and_ratings_are_no_releases(bench: Workbench, words: str) -> None:
    assert unknown_release(bench, words) == ""
    assert not (named := release_named(words)) or named.is_bare


def test_the_topic_of_a_brief_is_free_of_the_release() -> None:
    assert without_periods("a PRD about exports since the 4.2 release") == "a PRD about exports"


def test_an_unknown_release_is_told_with_the_known_ones(bench: Workbench, unversioned: Workbench) -> None:
    told = unknown_release(bench, "only since the 9.9 release")
    assert told == "The records know no release “9.9”; they know “4.1”, “4.2”, “4.2.1”, “v5.0”."
    assert "no releases" in unknown_release(unversioned, "seit Version 4.2")
    assert unknown_release(bench, "seit Version 4.2") == ""


def test_releases_begin_with_the_first_record_that_names_them(bench: Workbench) -> None:
    assert releases_of(matrix_of(bench)) == {name: _day(name) for name in DAYS}


def test_shorter_says_what_came_of_it() -> None:
    draft = valid_draft()
    order = propose_edit(draft, "make it shorter", Reference())
    assert isinstance(order, Write)
    assert order.is_shorter
    assert order.note == ""
    assert told_shorter(draft, draft).startswith("Nothing could be dropped")
    less = draft.model_copy(update={"sections": draft.sections[1:]})
    assert told_shorter(draft, less) == "Written again with fewer items."
    assert isinstance(propose_edit(draft, "make that sentence shorter", Reference()), Say)
