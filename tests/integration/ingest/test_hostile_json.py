"""Hostile JSON: refused with a sentence, or a rejected row; quickly, and in little memory."""

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.connectors.json_source import JsonSource, parse_bounded
from ingest.recognise import open_file
from tests.support.json_exports import EXPORTS, as_document, elements_of
from tests.support.layout_reading import read

CASES_FOLDER = Path(__file__).parents[4] / "shared" / "data" / "json" / "test_parsing"
CASES = sorted(CASES_FOLDER.glob("*.json")) if CASES_FOLDER.is_dir() else []
without_cases = pytest.mark.skipif(not CASES, reason="the shared folder of JSON cases is not on this machine")


def problems(path: Path) -> list[str]:
    """What a file's rows say is wrong with them. Raises: InputRejected."""
    connector = open_file(path, Settings(home=path.parent, max_upload_mb=64)).connector
    assert connector is not None
    return [row.problem for row in connector.rows()]


@without_cases
def test_all_cases_are_here() -> None:
    assert len(CASES) == 318


@without_cases
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_document_is_accepted_or_refused_as_the_standard_says(path: Path) -> None:
    try:
        problems(path)
        accepted = True
    except InputRejected as refused:
        accepted = False
        assert refused.hint  # noqa: PT017
    assert path.name.startswith("i_") or accepted == path.name.startswith("y_")


@without_cases
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_line_is_accepted_or_rejected_as_json_lines(path: Path, tmp_path: Path) -> None:
    held = tmp_path / "case.jsonl"
    good = b'{"text": "good"}\n'
    content = path.read_bytes()
    # A good line on either side shows that a bad one doesn't spoil its neighbours.
    held.write_bytes(good + content + b"\n" + good)
    source = JsonSource(held, "utf-8", 1_000_000, 64 << 20, lines=True)
    [first, *middle, last] = list(source.values())
    assert first == last == ({"text": "good"}, "")
    one_line = b"\n" not in content.strip(b"\n") and content.strip(b" \t\r\n")
    if one_line and not path.name.startswith("i_"):
        assert [not problem for _, problem in middle] == [path.name.startswith("y_")]


HOSTILE: dict[str, Callable[[], Iterator[str]]] = {
    "deep arrays": lambda: iter(["[" * 5_000_000]),
    "deep objects": lambda: iter(['{"a":' * 2_000_000]),
    "nothing but brackets": lambda: iter(["[", "{},{},{},{}," * 1_500_000, "{}]"]),
    "nothing but arrays": lambda: iter(["[", "[],[],[],[]," * 1_500_000, "[]]"]),
    "not a number": lambda: iter(['[{"text": "a", "x": NaN}]']),
    "infinity": lambda: iter(['[{"text": "a", "x": -Infinity}]']),
    "a number of a million digits": lambda: iter(['[{"text": "a", "x": ', "9" * 1_000_000, "}]"]),
    "cut off": lambda: iter(['[{"text": "', "a" * 1_000_000]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_within_a_second(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("".join(HOSTILE[name]()))
    started = time.process_time()
    with pytest.raises(InputRejected) as refused:
        problems(path)
    assert time.process_time() - started < 1
    assert refused.value.hint


def sparse(path: Path, head: bytes, size: int) -> Path:
    """A file of a size that takes no room: after its head come NUL bytes."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_field_of_a_gigabyte_is_refused_within_a_second(name: str, tmp_path: Path) -> None:
    path = sparse(tmp_path / name, b'{"text": "', 1 << 30)
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(InputRejected, match=r"larger than 64 MB|begins with a line of more than"):
        problems(path)
    assert time.process_time() - started < 1
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()


def test_a_long_line_between_others_is_a_rejected_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"text": "' + "x" * 20_000_000 + '"}\n{"text": "b"}\n')
    assert problems(path) == ["", "longer than 1,000,000 characters", ""]


def test_a_hundred_thousand_keys_are_a_rejected_row(tmp_path: Path) -> None:
    wide = json.dumps({f"k{n}": "x" for n in range(100_000)})
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n' + wide + "\n")
    started = time.process_time()
    assert problems(path) == ["", "more than 2,000 fields"]
    assert time.process_time() - started < 1


def test_large_documents_of_data_are_read() -> None:
    text = json.dumps(
        [{"id": n, "text": "A sentence of the usual length, more or less."} for n in range(150_000)]
    )
    assert len(text) > 8 << 20
    parsed = parse_bounded(text)
    assert isinstance(parsed, list)
    assert len(parsed) == 150_000


def test_json_lines_in_a_large_json_file_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    line = json.dumps({"text": "x" * 1000}) + "\n"
    path.write_text(line * 1_100)
    opened = open_file(path, Settings(home=tmp_path, max_upload_mb=1))
    assert opened.layout == "jsonl"


def test_separators_of_lines_inside_texts_end_no_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"text": "one\u2028two"}\n{"text": "three\x85four"}\n', encoding="utf-8")
    connector = open_file(path, Settings(home=tmp_path)).connector
    assert connector is not None
    assert [row.cells["text"] for row in connector.rows()] == ["one\u2028two", "three\x85four"]


ODD = [
    None,
    True,
    -1,
    1e308,
    "",
    "\x00",
    "\ud800",
    "x" * 1_000_001,
    [],
    [[[[]]]],
    {},
    {"a": {"b": [None]}},
    [None, {}],
    {f"k{n}": n for n in range(5_000)},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
@pytest.mark.parametrize("layout", EXPORTS)
def test_a_value_of_any_kind_in_any_place_is_a_row_of_its_own_trouble(
    layout: str, odd: object, tmp_path: Path
) -> None:
    export = EXPORTS[layout]()
    elements = elements_of(export)
    calm = elements[10:]
    for key in list(elements[0]):
        spoiled = dict(elements[12])
        spoiled[key] = odd
        calm.append(spoiled)
        if isinstance(inner := elements[12][key], dict):
            calm.extend(spoiled | {key: inner | {name: odd}} for name in inner)
    calm.extend([odd, {}])
    if isinstance(export, dict):
        name = next(name for name, value in export.items() if isinstance(value, list))
        export = export | {name: calm}
    else:
        export = calm
    path = as_document(tmp_path / "a.json", json.loads(json.dumps(export)), ascii_only=True)
    reading = read(path)
    assert reading.opened.layout == layout
    assert reading.rows >= len(calm) - 2
    assert len(reading.records) >= 9
