"""The table of results: what was missed stands there, and a partial run replaces only its own rows."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from evals.bench.measure import Result, at_least, at_most
from evals.bench.table import merge, read_results, to_lines, to_markdown

_TITLES = {"ingest": "Ingest", "search": "Search"}
_FAST = Result(
    bench="ingest",
    what="ingest over embedding",
    value=1.1,
    unit="x",
    target=at_most(1.15),
    measured="2026-01-02",
)
_SLOW = Result(
    bench="search", what="p50 over raw", value=2.5, unit="x", target=at_most(2), note="5 against 2 ms"
)
_PLAIN = Result(bench="search", what="our search", value=5.25, unit="ms")


def test_a_missed_target_is_said_plainly_at_the_top() -> None:
    text = to_markdown([_FAST, _SLOW, _PLAIN], _TITLES)
    assert "Targets reached: 1 of 2." in text
    assert "- search: p50 over raw: 2.50x, target ≤ 2 x (5 against 2 ms)" in text.replace("2x (", "2 x (")
    assert text.index("Not reached") < text.index("## Ingest")
    assert "| p50 over raw | 2.50x | ≤ 2x | **no** | 5 against 2 ms |" in text
    assert "| ingest over embedding | 1.10x | ≤ 1.15x | yes |  |" in text


def test_each_table_says_how_to_repeat_it_and_when_it_was_measured() -> None:
    text = to_markdown([_FAST], _TITLES)
    assert "--only ingest` (2026-01-02)" in text
    assert "## Search" not in text


def test_a_measurement_that_broke_off_has_not_reached_its_target() -> None:
    broken = Result(
        bench="search", what="Search", value=None, target=at_least(1), note="its process ended with -11"
    )
    text = to_markdown([broken], _TITLES)
    assert broken.reached is False
    assert "| Search | broke off | ≥ 1 | **no** | its process ended with -11 |" in text


def test_quick_figures_are_marked_as_meaningless() -> None:
    assert "mean nothing" in to_markdown([_FAST.model_copy(update={"quick": True})], _TITLES)
    assert "mean nothing" not in to_markdown([_FAST], _TITLES)


def test_a_partial_run_replaces_all_rows_of_its_measurement_and_no_others() -> None:
    newer = _SLOW.model_copy(update={"value": 1.5})
    assert merge([_SLOW, _PLAIN, _FAST], [newer], list(_TITLES)) == [_FAST, newer]


def test_rows_of_a_measurement_that_no_longer_exists_go() -> None:
    assert merge([_FAST], [_PLAIN], ["search"]) == [_PLAIN]


def test_lines_read_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(to_lines([_FAST, _SLOW, _PLAIN]), encoding="utf-8")
    assert read_results(path) == [_FAST, _SLOW, _PLAIN]
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3


def test_no_earlier_run_gives_no_rows_and_a_damaged_file_is_refused(tmp_path: Path) -> None:
    assert read_results(tmp_path / "none.json") == []
    (tmp_path / "bad.json").write_text('{"bench": 3}\n', encoding="utf-8")
    with pytest.raises(ValidationError):
        read_results(tmp_path / "bad.json")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.8764, "", "0.876"),
        (100.0, "%", "100 %"),
        (99.5, "%", "99.50 %"),
        (1234.56, "records/s", "1,234.6 records/s"),
    ],
)
def test_figures_keep_the_digits_that_matter(value: float, unit: str, shown: str) -> None:
    row = Result(bench="ingest", what="it", value=value, unit=unit)
    assert f"| it | {shown} |" in to_markdown([row], _TITLES)
