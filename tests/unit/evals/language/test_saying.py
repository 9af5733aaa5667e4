"""Messages that cite words end as sentences do."""

import pytest

from evals.language.saying import cited


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("exports fail", "“exports fail”."),
        ("Exports fail. ", "“Exports fail.”"),
        ("Does it work?", "“Does it work?”"),
        ("検索が使えません。", "“検索が使えません。”"),
        ("exports of big boards fail", "“exports of big b…”."),
    ],
)
def test_cited_words_end_the_sentence_once_and_say_where_they_were_cut(words: str, shown: str) -> None:
    assert cited(words, 16) == shown
