"""Offsets survive cleaning, for any text."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.clean import clean
from assistant.domain.text import sentences

PIECES = st.sampled_from(
    [
        " ", "  ", "\n", "\r\n", "\r\n\r\n", "\t", "\x00", "\u200b", "\ufeff", "&amp;", "&nbsp;", "&#39;", "&#x1F600;", "&bogus;",
        "&nGt;", "&#10;", "e\u0301", "q\u0301\u0323", "か\u3099", "東京です。", "שלום", "\u202e", "👨\u200d👩\u200d👧", "🇩🇪", "👍🏽",
        "word", "Dr. No", "3.5", ".", "! ", "&", ";", "<b>", "ﬁ", "\u3000", "\u2028", "\u0085", "\u0301",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=30).map("".join),
    st.text(max_size=80),
    st.text(st.characters(codec="ascii"), max_size=80),
)


@given(TEXTS)
@settings(max_examples=500)
def test_every_span_maps_into_the_raw_text(raw: str) -> None:
    cleaned = clean(raw)
    before = 0
    for position in range(len(cleaned.text)):
        start, end = cleaned.to_raw(position, position + 1)
        assert 0 <= start < end <= len(raw)
        assert start >= before
        before = start


@given(TEXTS)
@settings(max_examples=500)
def test_one_to_one_characters_are_the_raw_ones(raw: str) -> None:
    cleaned = clean(raw)
    for position, character in enumerate(cleaned.text):
        start, end = cleaned.to_raw(position, position + 1)
        piece = raw[start:end]
        if len(piece) == 1 and not piece.isspace() and not unicodedata.combining(piece):
            assert unicodedata.normalize("NFC", piece) == unicodedata.normalize("NFC", character)


@given(TEXTS)
@settings(max_examples=500)
def test_no_two_blanks_and_none_at_the_ends(raw: str) -> None:
    text = clean(raw).text
    assert text == text.strip()
    assert not any(a.isspace() and b.isspace() for a, b in pairwise(text))


@pytest.mark.parametrize("hidden", ["\u202e\u0301", "a\u202e\u0301", "e\u034f\u0301", "\u200b\u3099"])
def test_a_hidden_character_before_a_mark_is_dropped_like_any_other(hidden: str) -> None:
    assert not set(clean(f"{hidden} e\u0301").text) & set("\u202e\u034f\u200b")


@given(TEXTS)
@settings(max_examples=300)
def test_a_sentence_cut_from_the_raw_text_cleans_to_itself(raw: str) -> None:
    """So a quote of a sentence is the sentence that was searched."""
    cleaned = clean(raw)
    for start, end in sentences(cleaned.text):
        raw_start, raw_end = cleaned.to_raw(start, end)
        sentence = cleaned.text[start:end]
        if "&" not in sentence and not unicodedata.combining(sentence[0]):
            assert clean(raw[raw_start:raw_end]).text == sentence


@given(TEXTS)
@settings(max_examples=300)
def test_sentences_cover_every_visible_character_once(raw: str) -> None:
    text = clean(raw).text
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


@given(
    st.text(
        st.characters(
            blacklist_categories=["Cs", "Cc", "Cf", "Mn", "Zs", "Zl", "Zp"], blacklist_characters="&"
        ),
        min_size=1,
    )
)
def test_visible_characters_are_never_lost(raw: str) -> None:
    assert clean(raw).text == raw
