"""Delimited text: every row arrives, or says why it doesn't."""

from pathlib import Path

import pytest

from assistant.errors import InputRejected
from ingest.connectors.delimited import DelimitedRows, sniff_delimiter
from ingest.connectors.encoding import inspect


def read(path: Path, content: bytes, max_field: int = 1_000) -> DelimitedRows:
    path.write_bytes(content)
    return DelimitedRows(path, inspect(path).encoding, max_field)


@pytest.mark.parametrize(
    ("delimiter", "layout"), [(",", "csv"), ("\t", "tsv"), (";", "csv (semicolons)"), ("|", "csv (pipes)")]
)
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str, layout: str) -> None:
    rows = read(
        tmp_path / "a.csv",
        f"id{delimiter}text\n1{delimiter}one, two; three\n2{delimiter}x\n".replace(", ", " ").encode(),
    )
    assert rows.layout == layout
    assert list(rows.columns()) == ["id", "text"]


def test_one_column_needs_no_delimiter_and_keeps_commas(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b"text\nHello, I like it, really\nbye\n")
    assert [row.cells for row in rows.rows()] == [{"text": "Hello, I like it, really"}, {"text": "bye"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    rows = read(tmp_path / "a.csv", "id,text\r\n1,Größe 東京 🙂\r\n".encode(encoding))
    assert [row.cells["text"] for row in rows.rows()] == ["Größe 東京 🙂"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Die Größe und die Übersicht sind schön – aber langsam"),
        ("cp932", "アプリが落ちます。とても遅いです"),
        ("cp1251", "Приложение не работает после обновления"),
        ("gb18030", "导出功能坏了，无法使用。请尽快修复"),
        ("cp949", "앱이 자꾸 꺼져요 정말 불편합니다"),
    ],
)
def test_older_encodings_are_recognised(tmp_path: Path, encoding: str, text: str) -> None:
    rows = read(tmp_path / "a.csv", f"id,text\n1,{text}\n".encode(encoding))
    assert [row.cells["text"] for row in rows.rows()] == [text]


def test_a_few_bad_bytes_cost_their_rows_only(tmp_path: Path) -> None:
    good = "".join(f"{i},schön und größer\n" for i in range(20))
    rows = list(read(tmp_path / "a.csv", b"id,text\n" + good.encode() + b"99,bad \xff byte\n").rows())
    assert [row.problem for row in rows if row.problem] == [
        "holds bytes that are not text in the file's encoding"
    ]
    assert len(rows) == 21


def test_quoted_cells_keep_their_line_breaks(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b'id,text\r\n1,"one\r\ntwo ""quoted"", yes"\r\n')
    assert next(rows.rows()).cells["text"] == 'one\r\ntwo "quoted", yes'


def test_nul_characters_reject_the_row(tmp_path: Path) -> None:
    rows = list(read(tmp_path / "a.csv", b"id,text\n1,a\x00b and more words here\n2,fine\n").rows())
    assert [bool(row.problem) for row in rows] == [True, False]


def test_a_cell_past_the_limit_rejects_its_row(tmp_path: Path) -> None:
    content = b"id,text\n1," + b"x" * 1_001 + b"\n2,fine\n"
    assert [row.problem for row in read(tmp_path / "a.csv", content).rows()] == [
        "longer than 1,000 characters",
        "",
    ]


@pytest.mark.parametrize(
    ("quote", "filler"),
    [
        (b'"', b"x" * 300_000),
        (b'"', b'y""z' * 80_000),
        (b'"', b"l\r\n" * 100_000),
        (b"", b"x" * 300_000),
        (b"", b'y"z' * 100_000),
    ],
)
def test_a_row_past_the_memory_limit_is_skipped_to_its_end(
    tmp_path: Path, quote: bytes, filler: bytes
) -> None:
    content = b"id,text,more\n1," + quote + filler + quote + b",tail\n2,fine,\n"
    rows = list(read(tmp_path / "a.csv", content).rows())
    assert [(row.number, row.problem) for row in rows] == [(1, "longer than 1,000 characters"), (2, "")]


def test_an_unclosed_quote_costs_one_line(tmp_path: Path) -> None:
    rows = list(read(tmp_path / "a.csv", b'id,text\n1,fine\n2,"oops\n3,also fine\n4,and this\n').rows())
    assert [(row.number, row.problem) for row in rows if row.problem] == [(2, "a quote that is never closed")]
    assert [row.cells["text"] for row in rows if not row.problem] == ["fine", "also fine", "and this"]


def test_an_unclosed_quote_in_a_large_file_costs_one_line(tmp_path: Path) -> None:
    tail = b"".join(b"%d,row number %d\n" % (i, i) for i in range(20_000))
    rows = list(read(tmp_path / "a.csv", b'id,text\n1,"oops\n' + tail).rows())
    assert len(rows) == 20_001
    assert sum(bool(row.problem) for row in rows) == 1


def test_more_cells_than_columns_reject_the_row_unless_they_are_blank(tmp_path: Path) -> None:
    rows = list(read(tmp_path / "a.csv", b"id,text\n1,a\n2,b,\n3,c,d\n").rows())
    assert [row.problem for row in rows] == ["", "", "more cells than the header has columns"]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b"id,text\n\n1,a\n\n\n2,b\n")
    assert [row.number for row in rows.rows()] == [1, 2]


def test_a_file_without_a_header_keeps_its_first_row(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "a.csv",
        b"17,2026-03-01,I really wish that the export would work again soon\n18,2026-03-02,ok\n",
    )
    assert list(rows.columns()) == ["column 1", "column 2", "column 3"]
    assert len(list(rows.rows())) == 2


def test_repeated_and_blank_headers_become_unique(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b"text,text,,text\na,b,c,d\n")
    assert list(rows.columns()) == ["text", "text (2)", "column 3", "text (3)"]


def test_reading_goes_on_after_any_row(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b'id,text\n1,"a\nb"\n2,c\n3,"oops\n4,d\n')
    everything = list(rows.rows())
    for start in range(len(everything) + 1):
        assert list(rows.rows(start)) == everything[start:]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is empty"), (b"\n\n", "no header row"), (b"\x00\x01\x02\x03" * 50, "binary data")],
)
def test_files_without_text_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputRejected, match=message) as refused:
        read(tmp_path / "a.csv", content)
    assert refused.value.hint


def test_a_hundred_thousand_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="100,000 columns"):
        read(tmp_path / "a.csv", b",".join(b"c%d" % i for i in range(100_000)) + b"\n1\n", 1_000_000)


def test_a_delimiter_must_split_most_rows_alike() -> None:
    assert sniff_delimiter("a;b\n1,5;x\n2,5;y\n", truncated=False) == ";"
    assert sniff_delimiter("Hello, you\nno comma here\nnor here\nor here\n", truncated=False) == "\x1f"


SWALLOWED = b'id,author,text\n1,Ann,"I cannot open the file\n2,Bob,Second row\n3,Cem,a "quoted" word\n4,Dee,"fine\nreally"\n'


def test_rows_that_a_stray_quote_holds_together_are_told_apart(tmp_path: Path) -> None:
    rows = list(read(tmp_path / "a.csv", SWALLOWED).rows())
    assert [(row.number, row.problem) for row in rows if row.problem] == [
        (1, "a quote that is closed only some rows later")
    ]
    assert [row.cells["text"] for row in rows if not row.problem] == [
        "Second row",
        'a "quoted" word',
        "fine\nreally",
    ]


@pytest.mark.parametrize("start", range(4))
def test_reading_goes_on_after_a_stray_quote(tmp_path: Path, start: int) -> None:
    rows = read(tmp_path / "a.csv", SWALLOWED)
    assert list(rows.rows(start)) == list(rows.rows())[start:]


def test_an_answer_of_several_lines_stays_one(tmp_path: Path) -> None:
    content = b'id,author,text\n1,Ann,"Pros, cons, rest\nFast, slow, fine\n2 stars, 3 bugs, ok"\n'
    (row,) = read(tmp_path / "a.csv", content).rows()
    assert row.cells["text"].count("\n") == 2
