"""However a model slips a digit, a quantifier, a link or a placeholder into a good wording, it is refused."""

import random
import re

from hypothesis import given, settings, target
from hypothesis import strategies as st

from assistant.domain.quantities import stated_quantities
from assistant.search.ground import refusal

PROVEN = "{F1} people in {F2} accounts report that the export of a large board ends in an empty file: {Q1}"
SOURCES = ["The export of a large board ends in an empty file."]
WORDS = PROVEN.split(" ")
PLACES = st.integers(0, len(WORDS))
NUMBERS = [
    "two", "three", "ten", "twelve", "hundreds", "a dozen", "half", "a third", "a quarter", "twice", "percent", "Million",
]  # fmt: skip
QUANTIFIERS = [
    "most", "Many", "few", "the majority", "nobody", "everyone", "all", "ALMOST", "several", "always", "never", "every",
    "both", "rising", "growing", "increased", "fewer", "more",
]  # fmt: skip
LINKS = [
    "https://evil.example/x", "http://evil.example", "www.evil.example", "[here](evil.example)", "![x](y)", "<a href=x>",
    "<https://evil.example>", "(see https://evil.example)",
]  # fmt: skip
PLACEHOLDERS = ["{F1}", "{F2}", "{F3}", "{F99}", "{Q1}", "{Q2}", "{C1}", "{}", "{F}", "{", "}", "{{F1}}"]


def _with(piece: str, place: int) -> str:
    return " ".join([*WORDS[:place], piece, *WORDS[place:]])


def test_the_proven_sentence_itself_passes() -> None:
    assert refusal(PROVEN, PROVEN, SOURCES) == ""


@given(st.from_regex(r"[+-]?\d{1,6}([.,:/]\d{1,3})? ?(%|k|h|st|nd)?", fullmatch=True), PLACES)
def test_an_inserted_number_is_refused(number: str, place: int) -> None:
    assert refusal(_with(number, place), PROVEN, SOURCES)


@given(st.characters(categories=["Nd"]), PLACES)
def test_an_inserted_digit_of_any_script_is_refused(digit: str, place: int) -> None:
    assert refusal(_with(digit, place), PROVEN, SOURCES)


@given(st.integers(0, len(PROVEN)), st.sampled_from("0123456789"))
def test_a_digit_inside_a_word_or_placeholder_is_refused(place: int, digit: str) -> None:
    assert refusal(PROVEN[:place] + digit + PROVEN[place:], PROVEN, SOURCES)


@given(st.sampled_from(NUMBERS + QUANTIFIERS), PLACES)
def test_an_inserted_amount_or_trend_is_refused(word: str, place: int) -> None:
    assert refusal(_with(word, place), PROVEN, SOURCES)


@given(st.sampled_from(LINKS), PLACES)
def test_an_inserted_link_is_refused(link: str, place: int) -> None:
    assert refusal(_with(link, place), PROVEN, SOURCES)


@given(st.sampled_from(PLACEHOLDERS), PLACES)
def test_an_inserted_placeholder_is_refused(placeholder: str, place: int) -> None:
    assert refusal(_with(placeholder, place), PROVEN, SOURCES)


@given(st.sets(st.sampled_from(range(len(WORDS))), min_size=1))
def test_a_wording_without_all_placeholders_is_refused(left_out: set[int]) -> None:
    text = " ".join(word for place, word in enumerate(WORDS) if place not in left_out)
    lost = any("{" in WORDS[place] for place in left_out)
    if lost:
        assert refusal(text, PROVEN, SOURCES)


PIECES = [
    *WORDS,
    "say",
    "that",
    "people,",
    "file",
    "board.",
    "large",
    "empty",
    "this",
    "and",
    "is",
    "it",
    *NUMBERS,
    "most",
    "{F1}",
    "3",
    "x://y",
]
"""Mostly words that may stand."""


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=6), PLACES)
def test_any_text_that_passes_states_nothing_of_its_own(pieces: list[str], place: int) -> None:
    told = " ".join([*WORDS[:place], *pieces, *WORDS[place:]])
    passed = refusal(told, PROVEN, SOURCES) == ""
    bare = re.sub(r"\{[FQ]\d+\}", " ", told)
    states = bool(stated_quantities(bare)) or "{" in bare or "://" in bare
    assert not (passed and states)
    target(float(passed) * len(pieces))


def test_texts_that_pass_are_among_those_that_are_tried() -> None:
    chance = random.Random(3)
    tried = [[chance.choice(PIECES) for _ in range(chance.randrange(1, 4))] for _ in range(200)]
    passed = [pieces for pieces in tried if refusal(f"{PROVEN} {' '.join(pieces)}", PROVEN, SOURCES) == ""]
    assert len(passed) >= 40
