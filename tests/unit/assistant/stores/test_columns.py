"""Texts that Postgres can't hold, as it holds them."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.stores.columns import escaped, unescaped

TEXTS = st.text(alphabet=st.sampled_from("\0\x1a01ab") | st.characters(codec="utf-8"), max_size=30)


@given(TEXTS)
def test_what_was_escaped_comes_back_and_holds_no_nul(text: str) -> None:
    held = escaped(text)
    assert held is not None
    assert "\0" not in held
    assert unescaped(held) == text


@given(TEXTS, TEXTS)
def test_two_texts_are_never_held_as_one(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


def test_no_text_stays_none() -> None:
    assert escaped(None) is None
    assert unescaped(None) is None
