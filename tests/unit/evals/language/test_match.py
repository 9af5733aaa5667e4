"""Quotations against what was said: typography is free, words and digits aren't."""

import pytest

from evals.language.match import contains, quotes, same_words

SAID = "The export doesn’t finish. It took 12 hours — twice. I am not angry, only tired. Ich öffne „Ansicht“"


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "the EXPORT doesn't finish",
        "It took 12 hours - twice.",
        "It\u00a0took \u200b12  hours",
        "“It took 12 hours — twice,”",
        "It took 12 hours … I am not angry",
        "The export doesn't finish. [...] Ich öffne „Ansicht“.",
        "Ich o\u0308ffne",
    ],
)
def test_the_same_words_in_other_type_are_a_quotation(text: str) -> None:
    assert quotes(text, SAID, "en")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "The export does finish",
        "It took 13 hours",
        "It took 1 hours",
        "I am … angry",
        "finish. It took … export",
        "angry, only tired",
        "ffne „Ansicht“",
        "xport doesn't finish",
        "It took 12 hours, thrice",
        "only tired; I",
    ],
)
def test_another_word_digit_order_or_a_cut_negation_is_none(text: str) -> None:
    assert not quotes(text, SAID, "en")


def test_an_edited_line_must_be_whole_or_say_where_it_leaves_out() -> None:
    assert same_words("the export doesn't finish.", "The export doesn’t finish.")
    assert not same_words("The export", "The export doesn’t finish.")
    assert same_words("It took … twice.", "It took 12 hours — twice.")


def test_a_piece_stands_at_the_boundaries_of_words_in_any_script() -> None:
    assert contains("如果手动调用连接池", "手动调用")
    assert not contains("Mülleimer", "lleimer")
    assert not contains("Ошибка", "шибка")
    assert contains("A 3D view", "3d VIEW")
