"""Sentences and words of many scripts."""

import pytest

from assistant.domain.text import index_terms, sentences, words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("no stop at all", ["no stop at all"]),
        ("Dr. Who came. Good.", ["Dr. Who came.", "Good."]),
        ("It takes approx. 5 min. per run. Slow!", ["It takes approx. 5 min. per run.", "Slow!"]),
        ("Version 4.2 is bad. Really.", ["Version 4.2 is bad.", "Really."]),
        ("Am 4. März ging es. Danach nicht.", ["Am 4. März ging es.", "Danach nicht."]),
        ("I give it a 4. It is good.", ["I give it a 4.", "It is good."]),
        ("1. Open the app. 2. Tap.", ["1. Open the app.", "2. Tap."]),
        ("アプリが落ちる。直して！お願い", ["アプリが落ちる。", "直して！", "お願い"]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("Line one\nLine two", ["Line one", "Line two"]),
        ("Wait… what? Yes...  ok", ["Wait…", "what?", "Yes...", "ok"]),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


def test_words_keep_inner_apostrophes_hyphens_and_numbers() -> None:
    assert words("Don't re-open v4.2, 1,000 times") == ["don't", "re-open", "v4.2", "1,000", "times"]


def test_scripts_without_blanks_become_pairs() -> None:
    assert words("書き出し") == ["書き", "き出", "出し"]


def test_index_terms_are_stems_without_stop_words() -> None:
    assert index_terms("The exports are failing") == ["export", "fail"]
