"""Sentences and words of many scripts."""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from assistant.domain.text import index_terms, sentences, stem, words


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


def test_threads_that_stem_at_once_get_what_one_alone_gets() -> None:
    heads = ("connect", "generaliz", "hope", "nation", "organiz", "relat", "sensib", "vietnam", "communic")
    tails = ("ation", "ing", "ations", "iveness", "ally", "ized", "izer", "fulness", "ed", "s", "ibility")
    made = ["".join(parts) for parts in product(heads, ("", "er", "ous", "al", "ist", "ly"), tails)]
    stem.cache_clear()
    alone = [stem(word) for word in made]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            for _ in range(5):
                stem.cache_clear()
                # Not from the cache: each thread stems the words itself, as far as it is there first.
                together = list(threads.map(lambda shift: _stems_from(made, shift), (0, 100, 200, 300)))
                assert together == [_turned(alone, shift) for shift in (0, 100, 200, 300)]
    finally:
        sys.setswitchinterval(usual)


def _stems_from(made: list[str], shift: int) -> list[str]:
    return [stem(word) for word in _turned(made, shift)]


def _turned(given: list[str], shift: int) -> list[str]:
    return given[shift:] + given[:shift]
