"""Two documents side by side."""

from api.web.diffs import Row, side_by_side


def _sides(rows: list[Row]) -> tuple[str, str]:
    shown = [row for row in rows if row.kind != "folded"]
    one = "\n".join("".join(text for _, text in row.before) for row in shown if row.kind != "come")
    return one, "\n".join("".join(text for _, text in row.after) for row in shown if row.kind != "gone")


def test_both_sides_hold_their_lines_byte_for_byte() -> None:
    before, after = "a b  c\nsame\ngone\nx", "a b  d\nsame\nx\ncome <b>"
    assert _sides(side_by_side(before, after)) == (before, after)


def test_a_changed_line_marks_the_words_that_differ_and_no_others() -> None:
    [row] = side_by_side("Export takes 3 minutes.", "Export takes 9 minutes.")
    assert [text for differs, text in row.before if differs] == ["3"]
    assert [text for differs, text in row.after if differs] == ["9"]


def test_long_stretches_that_stayed_are_folded_and_counted() -> None:
    lines = [f"line {number}" for number in range(50)]
    rows = side_by_side("\n".join(lines), "\n".join([*lines[:25], "new", *lines[25:]]))
    assert [row.kind for row in rows].count("come") == 1
    assert sum(row.folded for row in rows) + [row.kind for row in rows].count("same") == 50
    assert len(rows) < 10


def test_equal_texts_are_one_fold() -> None:
    assert side_by_side("a\nb", "a\nb") == [Row("folded", folded=2)]
