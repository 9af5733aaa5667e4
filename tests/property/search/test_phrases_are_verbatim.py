"""Whatever a sentence holds, phrases are spans of it and reading it never fails."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.clean import clean
from assistant.search.phrases import phrases, symptoms

PIECES = [
    "I wish I could", "we need to", "please add", "so that I can", "I have to", "every Monday I", "when the", "as a",
    "we lost", "can't", "would like to", "export", "the board", "4,000 cards", "1.5 s", ",", ".", "(", "—", "because", "but",
    "“", "”", "’", "\u200b", "🏊", "遅い", "ß", "İ", "  ", "\t",
]  # fmt: skip
RAW = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
SENTENCES = RAW.map(lambda raw: clean(raw).text)


@given(SENTENCES)
def test_a_phrase_is_a_verbatim_span(sentence: str) -> None:
    for phrase in phrases(sentence):
        assert sentence[phrase.start : phrase.end] == phrase.text
        assert phrase.text == phrase.text.strip()
        assert phrase.text
        assert phrase.weight > 0


@given(SENTENCES)
def test_reading_twice_gives_the_same(sentence: str) -> None:
    assert phrases(sentence) == phrases(sentence)
    assert symptoms(sentence) == symptoms(sentence)
