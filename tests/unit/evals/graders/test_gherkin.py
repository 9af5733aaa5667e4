"""Steps stand where they belong: context, then an action, then an outcome that can fail."""

import pytest

from assistant.domain.draft import Criterion, Draft
from assistant.domain.finding import Severity
from evals.graders.gherkin import gherkin
from evals.sample import with_block
from tests.support.drafts import valid_draft, valid_view

GIVEN, WHEN, THEN = "the phone has no network", "the teacher opens it", "the timetable is shown"


def _story(given: str = GIVEN, when: str = WHEN, then: str = THEN) -> Draft:
    criterion = Criterion(title="x", given=(given,), when=(when,), then=(then,), path="failure")
    return with_block(valid_draft(), "US-1", criteria=(criterion,))


def _found(draft: Draft) -> list[Severity]:
    return [finding.severity for finding in gherkin(draft, valid_view())]


@pytest.mark.parametrize(
    "then",
    [
        "it works", "it works as expected", "I see the result of the action", "the result is displayed", "the action succeeds",
        "everything is fine", "the feature behaves correctly", "the system does what was asked", "it is successful",
        "the expected outcome happens", "the outcome is the planned one", "the request is handled appropriately", "the user is satisfied",
    ],
)  # fmt: skip
def test_an_outcome_that_any_product_meets_blocks(then: str) -> None:
    assert _found(_story(then=then)) == [Severity.block]


@pytest.mark.parametrize(
    "then",
    [
        "the user clicks Save", "I tap the button", "the teacher opens the list", "click on the button", "I then press Enter",
        "the swimming teacher selects a lane", "I go to the settings", "they fill in the form", "the timetable opens and I tap it",
        GIVEN, WHEN, "When the teacher opens it", "Given a phone", "Wenn sie es öffnet",
    ],
)  # fmt: skip
def test_an_outcome_that_acts_or_repeats_blocks(then: str) -> None:
    assert Severity.block in _found(_story(then=then))


@pytest.mark.parametrize(
    "then",
    [
        "both versions are kept and I choose", "I can do so and see the result", "I am told in one sentence why not", "no error is shown",
        "the result is complete and none of it is missing", "the app opens the last page", "the teacher can open the list",
        "the user is asked to choose", "an email arrives", "my draft is still there", "it is listed", "the login fails with a reason",
    ],
)  # fmt: skip
def test_an_outcome_that_can_fail_is_fine(then: str) -> None:
    assert _found(_story(then=then)) == []


@pytest.mark.parametrize(
    "when",
    [
        THEN, "I see the timetable", "I am told why", "there is no network", "I am a teacher", "the app shows the list",
        "Then the list is shown", "the user is offline", "an error message appears", "the teacher is logged in", GIVEN,
        "I can open the list and see who comes", "the teacher is able to open it",
    ],
)  # fmt: skip
def test_an_action_that_is_none_blocks(when: str) -> None:
    assert Severity.block in _found(_story(when=when))


@pytest.mark.parametrize(
    "when",
    [
        "I can no longer open it", "I come back to it", "something happens that concerns me", "it is opened again", "the line goes down", "the payment fails",
        "an hour passes", "the teacher shows the list to a parent", "the connection is lost", "the report is ready",
        "a message arrives while offline", "the teacher opens it and waits",
    ],
)  # fmt: skip
def test_what_happens_may_be_an_action(when: str) -> None:
    assert _found(_story(when=when)) == []


@pytest.mark.parametrize(
    "given", ["I click the button", "the teacher taps a lane", "When I open it", "click on the list"]
)
def test_a_context_that_acts_blocks(given: str) -> None:
    assert Severity.block in _found(_story(given=given))


@pytest.mark.parametrize(
    "given", ["I am a head", "the teacher has opened the list", "the user opened the app", "a submitted form"]
)
def test_a_context_may_say_what_was_done(given: str) -> None:
    assert _found(_story(given=given)) == []


@pytest.mark.parametrize(
    "when", ["I open the list and click export", "the teacher opens it, then the list is shown"]
)
def test_two_steps_in_one_are_advised(when: str) -> None:
    assert _found(_story(when=when)) == [Severity.advise]


def test_an_action_beside_a_state_is_enough() -> None:
    criterion = Criterion(
        title="x", given=(GIVEN,), when=("I am on the page", WHEN), then=(THEN,), path="failure"
    )
    assert _found(with_block(valid_draft(), "US-1", criteria=(criterion,))) == []


def test_a_when_that_only_tells_what_one_gets_is_no_action() -> None:
    when = ("I am told within a minute", "I get only what I chose")
    criterion = Criterion(title="x", given=(GIVEN,), when=when, then=(THEN,), path="failure")
    assert _found(with_block(valid_draft(), "US-1", criteria=(criterion,))) == [Severity.block]
    arrives = criterion.model_copy(update={"when": ("I get a message",)})
    assert _found(with_block(valid_draft(), "US-1", criteria=(arrives,))) == []
