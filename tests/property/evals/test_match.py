"""The matcher for edited files: no typographic variant refused, no word or digit let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.language.match import contains, fold, same_words

SAID = "I can’t export  boards with 10,000 cards — it “just” hangs… every time"


@pytest.mark.parametrize(
    "shown",
    [
        SAID,
        "I can't export boards with 10,000 cards - it \"just\" hangs... every time",
        "“I can’t export boards with 10,000 cards – it «just» hangs… every time”",
        SAID.upper(),
        SAID.replace(" ", "\n"),
        SAID.replace(" ", "\u00a0"),
        SAID.replace("export", "ex\u00adport"),
        "I can't export boards […] every time",
        "it \"just\" hangs […] time",
    ],
)  # fmt: skip
def test_a_typographic_variant_is_the_same(shown: str) -> None:
    assert same_words(shown, SAID, "en")


@pytest.mark.parametrize(
    "shown",
    [
        SAID.replace("can’t", "can"),
        SAID.replace("10,000", "10,001"),
        SAID.replace("10,000", "100,000"),
        SAID.replace("hangs", "never hangs"),
        SAID.replace("boards", "board"),
        SAID + " now",
        SAID[:-3],
        "export boards with […] every time",
        "every time […] I can't export",
        "I can't ex[…]port boards",
        "…",
        "",
    ],
)
def test_a_changed_word_digit_or_order_is_not(shown: str) -> None:
    assert not same_words(shown, SAID, "en")


def test_an_ellipsis_must_not_swallow_a_negation() -> None:
    assert not same_words("The export […] works", "The export of large boards never works", "en")
    assert same_words("The export […] never works", "The export of large boards never works", "en")


@given(
    st.text(alphabet="abc not'’“ ,.-", min_size=3, max_size=60).filter(
        lambda text: any(c.isalnum() for c in text)
    )
)
def test_every_text_is_the_same_as_itself(text: str) -> None:
    assert same_words(text, text)


@given(
    st.lists(st.sampled_from(["the", "app", "works", "fine", "here", "12"]), min_size=3, max_size=12),
    st.data(),
)
def test_an_inserted_not_is_always_noticed(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words)))
    forged = [*words[:place], "not", *words[place:]]
    assert not same_words(" ".join(forged), " ".join(words), "en")


def test_a_piece_is_found_at_word_boundaries_only() -> None:
    assert contains("It is unusable here", "is unusable")
    assert not contains("It is unusable here", "usable here")
    assert not contains("It is here", "")


@given(st.text(alphabet=[chr(code) for code in range(128)]))
def test_plain_letters_are_folded_as_all_others_are(text: str) -> None:
    # An invisible character keeps the text from being taken for a plain one.
    assert fold(text) == fold(f"{text}\u200b")
