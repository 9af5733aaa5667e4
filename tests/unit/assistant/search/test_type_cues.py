"""What in the wording tells a question, a request, a problem or praise."""

import pytest

from assistant.search.marks import marks_of
from assistant.search.type_cues import NAMES, cues_of


def _cues(text: str) -> dict[str, float]:
    return dict(zip(NAMES, cues_of(text, marks_of(text)), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Please add a dark mode",
        "It would be nice to have a widget",
        "I wish it had an alarm",
        "Any plans for an Android version",
        "As a nurse, I want to see allergies first",
        "Ich wünsche mir eine Suche",
        "Il faudrait un mode sombre",
        "Me gustaría exportar mis datos",
        "希望增加夜间模式",
        "ダークモードを追加してほしい",
    ],
)
def test_asking_for_something_is_seen_in_six_languages(text: str) -> None:
    assert _cues(text)["asks to add"] == 1


@pytest.mark.parametrize(
    "text", ["How do I log out", "I would like to know how", "Please tell me why", "Quelqu'un sait comment"]
)
def test_asking_to_know_is_seen_without_a_question_mark(text: str) -> None:
    assert _cues(text)["asks to know"] == 1


def test_a_statement_asks_for_nothing() -> None:
    cues = _cues("The hotel is next to the station.")
    assert cues["asks to add"] == cues["asks to know"] == cues["question mark"] == 0


def test_questions_end_in_the_marks_of_their_script() -> None:
    assert _cues("Is it waterproof?")["ends in a question"] == 1
    assert _cues("支持苹果手机吗")["ends in a question"] == 1
    assert _cues("Really? I doubt it.")["ends in a question"] == 0
    assert _cues("Really? I doubt it.")["question mark"] == 1


def test_every_cue_is_a_multiple_of_an_eighth_so_that_sums_are_exact() -> None:
    for text in ("It crashes, hangs and loses my work!!! Terrible.", "Great, fast, love it", "", "¿"):
        assert all((8 * cue).is_integer() and 0 <= cue <= 1 for cue in cues_of(text, marks_of(text)))
