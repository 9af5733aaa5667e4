"""Files that aren't UTF-8, or not all of them: refused, read with a remark, or read but for the bad rows."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import InputRejected
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench

ROW = "Die Größe der Tafel stört mich beim Export jeden Tag."


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_bench(tmp_path / "home") as opened:
        yield opened


def _raws(bench: Workbench) -> set[str]:
    return {record.raw for record in bench.catalog.pages.page("default", None, 100)}


def _read(bench: Workbench, folder: Path, content: bytes, name: str = "a.csv") -> FileReport:
    (folder / name).write_bytes(content)
    [report] = ingest(bench, [folder / name], IngestOptions()).files
    return report


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.json", "a.md"])
@pytest.mark.parametrize("size", [200, 5_000, 300_000])
@pytest.mark.parametrize("first", [0, 128])
def test_random_bytes_are_no_text(bench: Workbench, tmp_path: Path, name: str, size: int, first: int) -> None:
    chance = random.Random(size)
    content = bytes(chance.randrange(first, 256) for _ in range(size))
    with pytest.raises(InputRejected) as refused:
        _read(bench, tmp_path, content, name)
    assert refused.value.hint
    assert _raws(bench) == set()


@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_another_encoding_in_a_utf8_file_are_rejected_alone(
    bench: Workbench, tmp_path: Path, turned: bool
) -> None:
    rows = [f"1,{ROW}\n".encode(), f"2,{ROW} Auch am Abend.\n".encode("latin-1")]
    report = _read(bench, tmp_path, b"id,text\n" + b"".join(rows[::-1] if turned else rows))
    assert (report.rows, report.kept, report.rejected) == (2, 1, 1)
    assert any("1 row" in reason for reason in report.reasons)
    assert _raws(bench) == {ROW}


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", ROW),
        ("cp1251", "Экспорт доски длится целую вечность и я жду каждый день."),
        ("gb18030", "导出看板的速度非常慢，我每天都要等很久，请尽快修复这个问题。"),
        ("cp932", "ボードのエクスポートがとても遅いです。毎日待っています。早く直してください。"),
    ],
)
def test_a_guessed_encoding_is_told(bench: Workbench, tmp_path: Path, encoding: str, text: str) -> None:
    lines = [f"{number},{text} ({number})\n" for number in range(20)]
    report = _read(bench, tmp_path, b"id,text\n" + "".join(lines).encode(encoding))
    assert report.kept == 20
    assert any("a guess" in reason and encoding in reason for reason in report.reasons)
    assert f"{text} (7)" in _raws(bench)


def test_utf8_is_no_guess(bench: Workbench, tmp_path: Path) -> None:
    report = _read(bench, tmp_path, f"id,text\n1,{ROW}\n2,{ROW} Ja.\n".encode())
    assert not [reason for reason in report.reasons if "guess" in reason]
