"""How much of a question's words a text holds."""

import pytest

from assistant.search.terms import Terms

TERMS = Terms({"en": ("park", "patient")})


def test_words_count_the_same_where_nothing_is_known_of_them() -> None:
    assert TERMS.coverage("The patients wait.", "en") == 0.5
    assert TERMS.coverage("Nobody waits.", "en") == 0.0


def test_a_word_that_tells_more_counts_more() -> None:
    weights = {"park": 3.0, "patient": 1.0}
    assert TERMS.coverage("The patients wait.", "en", weights) == pytest.approx(0.25)
    assert TERMS.coverage("Patients can't park.", "en", weights) == 1.0
