"""One tree of errors: each with a code of its own, a sentence, a hint, and whether to try again."""

import pytest

from assistant import errors
from assistant.errors import ModelRateLimited, UsageError, VoxspecError

EVERY = sorted(
    (one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, VoxspecError)),
    key=lambda one: one.__name__,
)
RETRYABLE = {
    "TrackerRateLimited",
    "TrackerUnavailable",
    "StoreError",
    "IndexLocked",
    "DiskFull",
    "ModelUnavailable",
    "ModelTimeout",
    "ModelRateLimited",
}


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.__name__)
def test_an_error_says_its_sentence_and_keeps_its_hint(error: type[VoxspecError]) -> None:
    raised = error("It broke.", hint="Mend it.")
    assert (str(raised), raised.message, raised.hint) == ("It broke.", "It broke.", "Mend it.")
    assert error("It broke.").hint == ""


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.__name__)
def test_an_error_stands_in_the_tree_that_the_docstring_draws(error: type[VoxspecError]) -> None:
    lines = str(errors.__doc__).splitlines()
    drawn = next(line for line in lines if line.lstrip("│├└─ ").split(" ")[0] == error.__name__)
    depth = (len(drawn) - len(drawn.lstrip("│├└─ "))) // 3
    assert depth == len(error.__mro__) - len(VoxspecError.__mro__)


def test_codes_are_distinct_and_plain() -> None:
    codes = [error.code for error in EVERY]
    assert len(set(codes)) == len(codes)
    assert all(code.replace("-", "").isalpha() and code.islower() for code in codes)


def test_only_what_may_pass_by_itself_is_worth_a_retry() -> None:
    assert {error.__name__ for error in EVERY if error.retryable} == RETRYABLE


def test_a_rate_limit_says_when_to_come_back() -> None:
    assert ModelRateLimited("busy", retry_after_s=3.5).retry_after_s == 3.5
    assert ModelRateLimited("busy").retry_after_s is None


def test_a_hint_is_named() -> None:
    with pytest.raises(TypeError):
        UsageError("It broke.", "Mend it.")  # type: ignore[misc]
