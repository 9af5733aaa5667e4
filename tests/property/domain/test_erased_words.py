"""Whatever was said, and wherever it was repeated: it is taken out, once, and nothing of others is."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import MARK

TEXTS = st.text(max_size=200) | st.lists(
    st.sampled_from(
        [
            "the",
            "export",
            "of",
            "zorblatt",
            "ボード",
            "🦜",
            "{F1}",
            "a@b.example",
            "ZX-9941-7",
            "board",
            "{Q2}",
        ]
    ),
    max_size=30,
).map(" ".join)


@given(said=TEXTS, before=TEXTS, after=TEXTS)
def test_no_piece_is_left_and_a_second_time_changes_nothing(said: str, before: str, after: str) -> None:
    words = ErasedWords([said], (), ())
    for nearby in (False, True):
        left = words.redacted(f"{before}\n{said}\n{after}", nearby=nearby)
        assert not any(piece in left.replace(MARK, "\0") for piece in words.pieces())
        assert words.redacted(left, nearby=nearby) == left


@given(said=TEXTS, others=st.lists(TEXTS, max_size=4))
def test_what_others_said_is_never_touched(said: str, others: list[str]) -> None:
    words = ErasedWords([said], ("Ada Lovelace",), others)
    for text in others:
        assert words.redacted(text, nearby=True) == text
