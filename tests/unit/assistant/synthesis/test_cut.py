"""Records to statements: each says something, none is dropped, offsets hold."""

import pytest

from assistant.domain.clean import clean
from assistant.domain.ids import text_hash
from assistant.stores.theme_port import Uncut
from assistant.synthesis.cut import statements_of


def said(raw: str, *passages: tuple[int, int]) -> list[str]:
    cuts = statements_of(Uncut("rec_1", raw, "en", passages or ((0, len(raw)),)))
    for place, cut in enumerate(cuts):
        one = cut.statement
        assert one.ordinal == place
        assert clean(raw[one.start : one.end]).text == cut.text
        assert one.text_hash == text_hash(cut.text)
    return [cut.text for cut in cuts]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("The export fails.", ["The export fails."]),
        (
            "The export fails on large boards. We lose an hour each time.",
            ["The export fails on large boards.", "We lose an hour each time."],
        ),
        (
            "Hi team, the export fails on large boards. Please fix. We lose an hour each time.",
            ["the export fails on large boards. Please fix.", "We lose an hour each time."],
        ),
        ("Please fix. The export fails on large boards.", ["Please fix. The export fails on large boards."]),
        (
            "書き出しが遅すぎて困ります。検索も使えません。",
            ["書き出しが遅すぎて困ります。", "検索も使えません。"],
        ),
        (
            "التصدير بطيء جدا في اللوحات. نخسر ساعة كل يوم.",
            ["التصدير بطيء جدا في اللوحات.", "نخسر ساعة كل يوم."],
        ),
        ("🙂🙂🙂", ["🙂🙂🙂"]),
        ("One line here\r\n\r\nwith a second one below", ["One line here\nwith a second one below"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_it_says_something_else(raw: str, wanted: list[str]) -> None:
    assert said(raw, *([(0, len(raw))] if raw else [(0, 0)])) == wanted


def test_a_record_is_cut_inside_of_its_passages_only() -> None:
    raw = "We lose our work every day. > an older mail of somebody else. It never syncs on the train."
    assert said(raw, (0, 27), (62, len(raw))) == [
        "We lose our work every day.",
        "It never syncs on the train.",
    ]


def test_a_passage_of_one_statement_is_that_statement() -> None:
    raw = "  The export\u200b fails on  large boards, every time  "
    assert said(raw) == [clean(raw).text]
