"""A stranger's spreadsheet gives the same numbers; texts are never formulas; the same table gives the same bytes."""

import csv
import io
from functools import cache

import pytest
from openpyxl import load_workbook

from assistant.domain.priority import Input, Item, PriorityTable
from assistant.synthesis.priority.kano import evaluate
from assistant.synthesis.priority.moscow import parse_rule, place
from assistant.synthesis.priority.ranking import rank
from assistant.synthesis.priority.registry import METHODS, SCORES
from assistant.synthesis.priority.render import FORMS, render, sheets
from assistant.synthesis.priority.score_sheet import LIVE_RANKS
from assistant.synthesis.priority.sheet import Formula, bare_text, letters, safe_text
from tests.support.priorities import item, random_items, random_pairs
from tests.support.spreadsheet import Workbook

EVIL = '=HYPERLINK("http://evil.example","x")'


@cache
def table(method: str) -> PriorityTable:
    if method == "kano":
        return evaluate(random_pairs(6, 40), ["plan"])
    if method == "moscow":
        rules = [parse_rule(one) for one in ("must: reach >= 5 and impact > 2", "should: reach >= 3", "could: impact < 4")]  # fmt: skip
        items = [*random_items(SCORES["rice"], 50), item(EVIL, "Should", effort=3)]
        return place(items, rules, 100)
    ties = [
        item(n, reach=r, impact=i, confidence=1, effort=1)
        for n, r, i in (("t1", 0.1, 3), ("t2", 0.3, 1), (EVIL, 0, 1))
    ]
    return rank(SCORES[method], [*random_items(SCORES[method], 50), *(ties if method == "rice" else [])])


@pytest.mark.parametrize("method", METHODS)
def test_every_formula_of_the_workbook_gives_the_number_that_the_code_worked_out(method: str) -> None:
    book = Workbook(render(table(method), "xlsx"))
    formulas = 0
    for sheet in sheets(table(method)):
        for number, row in enumerate(sheet.rows, start=2):
            for column, cell in enumerate(row, start=1):
                if isinstance(cell, Formula):
                    assert book.kinds[sheet.title, number, column] == "f"
                    got = book.value(sheet.title, number, column)
                    expected = (
                        cell.value
                        if isinstance(cell.value, str)
                        else pytest.approx(cell.value, rel=1e-12, abs=1e-14)
                    )
                    assert got == expected, (sheet.header[column - 1], number, cell)
                    formulas += 1
    assert formulas > 50


def test_a_number_that_somebody_fills_in_is_scored_and_ranked_at_once() -> None:
    gap = item("gap", reach=1000, impact=1, confidence=1, effort=None)
    book = Workbook(
        render(rank(SCORES["rice"], [gap, item("a", reach=5, impact=1, confidence=1, effort=1)]), "xlsx")
    )
    effort = book.header("RICE")["effort"]
    assert [row["rank"] for row in book.rows("RICE")] == [1, ""]
    book = Workbook(
        render(rank(SCORES["rice"], [gap, item("a", reach=5, impact=1, confidence=1, effort=1)]), "xlsx")
    )
    book.cells["RICE", 3, effort] = 2
    assert [(row["rank"], row["score"]) for row in book.rows("RICE")] == [(2, 5), (1, 500)]


@pytest.mark.parametrize("method", SCORES)
def test_the_formulas_of_the_csv_name_its_own_cells(method: str) -> None:
    text = render(table(method), "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0]
    checked = 0
    for row in rows[1:]:
        formula = row[header.index("score_formula")]
        if formula:
            cells = {f"{letters(at)}{rows.index(row) + 1}": value for at, value in enumerate(row)}
            plain = formula[1:]
            for name in sorted(cells, key=len, reverse=True):
                plain = plain.replace(name, cells[name])
            assert eval(plain) == pytest.approx(float(row[header.index("score")]), rel=1e-12)
            checked += 1
        else:
            assert row[header.index("reason")]
    assert checked > 20


@pytest.mark.parametrize("method", ["rice", "moscow"])
def test_a_name_that_looks_like_a_formula_is_text_in_every_form(method: str) -> None:
    book = load_workbook(io.BytesIO(render(table(method), "xlsx")))
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or EVIL not in str(cell.value)
                assert cell.data_type == "f" or not str(cell.value or "").startswith(("=", "+", "-", "@")) or isinstance(cell.value, int | float)  # fmt: skip
    rows = list(csv.reader(io.StringIO(render(table(method), "csv").decode("utf-8-sig"), newline="")))
    own = [at for at, name in enumerate(rows[0]) if name.endswith("_formula")]
    texts = [cell for row in rows for at, cell in enumerate(row) if at not in own]
    assert f"'{EVIL}" in texts
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@"))]
    markdown = render(table(method), "md").decode()
    assert "http\\://evil.example" in markdown


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@x", "\t=1", " =1", "＝1", "a\tb", "'=1", "''", "plain", "日本語"]
)
def test_an_escaped_text_can_be_read_back(text: str) -> None:
    assert bare_text(safe_text(text)) == text
    assert safe_text(text)[:1] not in "=+-@＝"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_gives_the_same_bytes(method: str, form: str) -> None:
    assert render(table(method), form) == render(table(method), form)


def test_facts_and_persons_numbers_are_told_apart_in_every_form() -> None:
    reach = Input.counted(42, 37, 48, measure="people", over="310 people of 13 weeks")
    fact = Item(
        name="Export", inputs=item("x", impact=2, confidence=0.8, effort=None).inputs | {"reach": reach}
    )
    ranked = rank(SCORES["rice"], [fact])
    numbers = {row["number"]: row["from"] for row in Workbook(render(ranked, "xlsx")).rows("Numbers")}
    assert numbers["reach"] == "counted: people over 310 people of 13 weeks"
    assert (numbers["impact"], numbers["effort"]) == ("set by a person", "missing")
    assert (
        "| Export | reach | 42 | 37 – 48 | counted: people over 310 people of 13 weeks |"
        in render(ranked, "md").decode()
    )
    assert b'"origin": "fact"' in render(ranked, "json")


def test_a_long_table_has_numbers_for_ranks_and_says_so() -> None:
    items = [item(f"i{n}", reach=n, impact=1, confidence=1, effort=1) for n in range(LIVE_RANKS + 1)]
    own, *_, notes = sheets(rank(SCORES["rice"], items))
    assert own.rows[3][0] == 4
    assert any("the ranks are numbers" in str(row[0]) for row in notes.rows)


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize("name", SCORES)
def test_the_formula_of_every_tie_is_what_the_code_solves(name: str) -> None:
    method = SCORES[name]
    numbers = {one.name: 0.3 + 0.17 * place for place, one in enumerate(method.parameters)}
    for one in method.parameters:
        formula = method.solved[one.name].format(
            **{key: repr(value) for key, value in numbers.items()}, target="0.9"
        )
        assert eval(formula) == method.solve(numbers, one.name, 0.9)
