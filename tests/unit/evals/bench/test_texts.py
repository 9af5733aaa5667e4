"""The inputs of the benchmarks: distinct, and the same on every machine."""

import csv
import json
from pathlib import Path

import pytest

from evals.bench.odd_texts import write_odd_file
from evals.bench.shuffling import shuffle_rows
from evals.bench.texts import PLANS, many_sentences, questions, reviews, short_texts, write_csv
from evals.kanbo.sheet import xlsx


def _sets(folder: Path) -> Path:
    """A tiny folder in the layout of the public data sets."""
    tables = {
        "banking77/train.csv": (
            "text",
            ["Where is my new card?", "Where is my new card?", "My transfer is still pending"],
        ),
        "banking77/test.csv": ("text", ["How do I top up with cash?", "Is the card free of charge?"]),
        "skytrax/lounge.csv": (
            "content",
            ["The lounge was crowded. The food was cold though.", "A calm place to work."],
        ),
        "skytrax/seat.csv": ("content", ["Legroom is fine in row 12."]),
        "minibar/classes_garmin_connect.en.csv": ("data", ["It loses the route halfway. Sync is slow!"]),
    }
    for name, (column, texts) in tables.items():
        _table(folder / name, [column], [[text] for text in texts])
    for name in ("SeaMonkey_bugs.csv", "hadoop_bugs.csv"):
        _table(
            folder / "gitbugs" / name,
            ["Summary", "Description"],
            [[f"Crash on start in {name}", "It hangs.\nThen it crashes badly."]],
        )
    (folder / "clinc150").mkdir()
    (folder / "clinc150" / "data_full.json").write_text(
        json.dumps({"train": [["set an alarm for nine", "alarm"]]})
    )
    return folder


def _table(path: Path, header: list[str], rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def test_short_texts_are_varied_until_there_are_enough_and_none_comes_twice(tmp_path: Path) -> None:
    data = _sets(tmp_path)
    texts = short_texts(data, 50)
    assert len(texts) == len(set(texts)) == 50
    assert texts[:4] == (
        "Where is my new card?",
        "My transfer is still pending",
        "How do I top up with cash?",
        "Is the card free of charge?",
    )
    assert texts == short_texts(data, 50)


def test_reviews_stay_whole(tmp_path: Path) -> None:
    assert "The lounge was crowded. The food was cold though." in reviews(_sets(tmp_path))


@pytest.mark.parametrize("count", [3, 40])
def test_sentences_of_all_sets_are_distinct_and_leave_the_questions_out(tmp_path: Path, count: int) -> None:
    data = _sets(tmp_path)
    parts = many_sentences(data, count)
    texts = [text for part in parts for text in part.texts]
    assert len(texts) == len({text.casefold() for text in texts})
    assert abs(len(texts) - count) <= len(parts)
    assert not set(texts) & set(questions(data, 9))
    assert parts == many_sentences(data, count)


def test_each_plan_gets_a_fifth_of_the_rows(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [f"text number {n}" for n in range(50)], first=7)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows[:2]] == ["T7", "T8"]
    assert {plan: sum(row["plan"] == plan for row in rows) for plan in PLANS} == dict.fromkeys(PLANS, 10)


def test_the_odd_file_holds_what_it_says_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    texts = write_odd_file(tmp_path / "odd.csv", rows=200)
    assert texts == write_odd_file(tmp_path / "again.csv", rows=200)
    content = (tmp_path / "odd.csv").read_bytes()
    assert content == (tmp_path / "again.csv").read_bytes()
    joined = "".join(texts.values())
    for kind in ("\r\n", "👩‍👩‍👧‍👦", "エクスポート", "التصدير", "החיפוש", "\u2028", "e\u0301"):
        assert kind in joined, kind
    with (tmp_path / "odd.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"]: row["text"] for row in csv.DictReader(file)} == texts


def test_shuffled_files_hold_the_same_rows_in_another_order(tmp_path: Path) -> None:
    rows = [[f"R{n}", f'said "{n}"; twice\r\nover two lines'] for n in range(30)]
    _table(tmp_path / "t.csv", ["id", "comment"], rows)
    (tmp_path / "t.jsonl").write_text("".join(f'{{"id": {n}}}\n' for n in range(30)))
    (tmp_path / "t.txt").write_text(
        "".join(f"[2026-01-02 10:{n:02}] Ann: hello {n}\nand on\n" for n in range(30))
    )
    before = {name: (tmp_path / name).read_bytes() for name in ("t.csv", "t.jsonl", "t.txt")}
    for name in before:
        shuffle_rows(tmp_path / name)
    after = {name: (tmp_path / name).read_bytes() for name in before}
    assert all(after[name] != before[name] and sorted(after[name]) == sorted(before[name]) for name in before)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        header, *shuffled = csv.reader(file)
    assert header == ["id", "comment"]
    assert sorted(shuffled) == sorted(rows)
    (tmp_path / "t.xlsx").write_bytes(xlsx("Answers", [["id"], *[[n] for n in range(30)]]))
    shuffle_rows(tmp_path / "t.xlsx")
    with pytest.raises(ValueError, match=r"\.pdf"):
        shuffle_rows(tmp_path / "t.pdf")
