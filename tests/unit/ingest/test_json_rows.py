"""JSON and JSON Lines: strict, flat, and row by row."""

import json
from pathlib import Path

import pytest

from assistant.errors import InputRejected
from ingest.connectors.json_rows import JsonRows, element_row, elements
from ingest.connectors.json_source import JsonSource, check_first_line, parse_strict


def read(path: Path, content: str, *, lines: bool = False, max_field: int = 1_000) -> JsonRows:
    path.write_text(content, encoding="utf-8")
    check_first_line(path, max_field, 1 << 20, lines=lines)
    return JsonRows(JsonSource(path, "utf-8", max_field, 1 << 20, lines=lines), max_field)


@pytest.mark.parametrize(
    "text", ["NaN", "[Infinity]", "[1,]", "{'a': 1}", "", "[" * 100_000, '{"a": 1} x', "01"]
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_strict(text)


@pytest.mark.parametrize(
    "document",
    [
        [{"text": "a"}, {"text": "b"}],
        {"reviews": [{"text": "a"}, {"text": "b"}]},
        {"meta": {"total": 2, "tags": ["x"]}, "data": {"items": [{"text": "a"}, {"text": "b"}]}},
        ["a", "b"],
    ],
)
def test_rows_are_found_in_envelopes(tmp_path: Path, document: object) -> None:
    rows = read(tmp_path / "a.json", json.dumps(document))
    assert [row.cells["text"] for row in rows.rows()] == ["a", "b"]


def test_a_single_object_is_one_row() -> None:
    assert elements({"text": "a"}) == [{"text": "a"}]
    assert elements({}) == []


def test_nested_keys_are_joined_by_dots() -> None:
    row = element_row(
        1, {"user": {"name": "Ana", "tags": ["a", 1, None, True]}, "n": 4.0, "list": [{"x": 1}]}, 100
    )
    assert row.cells == {"user.name": "Ana", "user.tags": "a, 1, , true", "n": "4", "list.0.x": "1"}


@pytest.mark.parametrize(
    ("element", "problem"),
    [
        ({"text": "\ud800"}, "not text in the file's encoding"),
        ({"\udfff": "x"}, "not text in the file's encoding"),
        (17, "not an object"),
        ({"text": "x" * 101}, "longer than 100 characters"),
        ({str(i): i for i in range(2_001)}, "more than 2,000 fields"),
    ],
)
def test_bad_elements_become_rows_with_a_problem(element: object, problem: str) -> None:
    row = element_row(3, element, 100)  # type: ignore[arg-type]
    assert problem in row.problem
    assert row.cells == {}


def test_deep_nesting_is_a_problem_of_its_row() -> None:
    deep: object = "x"
    for _ in range(40):
        deep = {"a": deep}
    assert "nested deeper" in element_row(1, deep, 100).problem  # type: ignore[arg-type]


def test_bad_lines_are_rejected_and_the_others_go_on(tmp_path: Path) -> None:
    rows = list(
        read(
            tmp_path / "a.jsonl", '{"text": "a"}\n\nnot json\r\n{"text": NaN}\n{"text": "b"}', lines=True
        ).rows()
    )
    assert [row.problem for row in rows] == ["", "not valid JSON", "not valid JSON", ""]


def test_json_lines_in_a_json_file_are_read(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.json", '{"text": "a"}\n{"text": "b"}\n')
    assert rows.layout == "jsonl"
    assert len(list(rows.rows())) == 2


def test_an_endless_line_is_skipped(tmp_path: Path) -> None:
    content = '{"text": "' + "x" * 300_000 + '"}\n{"text": "b"}\n'
    rows = list(read(tmp_path / "a.jsonl", content, lines=True).rows())
    assert [row.problem for row in rows] == ["longer than 1,000 characters", ""]


@pytest.mark.parametrize("content", ["[1, 2", "hello", "{"])
def test_broken_documents_are_refused_with_a_hint(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputRejected) as refused:
        read(tmp_path / "a.json", content)
    assert refused.value.hint


def test_documents_past_the_limit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="larger than 1 MB"):
        read(tmp_path / "a.json", json.dumps(["x" * 100] * 20_000))
