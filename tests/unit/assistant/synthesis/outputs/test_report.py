"""The report as a file: bounded, the same for any order of arrival, honest about what it leaves out."""

import re
from pathlib import Path

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.synthesis.outputs import compact, page, report
from assistant.synthesis.outputs.charts import spark
from assistant.synthesis.outputs.compact import compact_of
from assistant.synthesis.outputs.export import export_of
from assistant.synthesis.outputs.report import report_html
from tests.support.theme_sample import bring_in, exported, rows_of, themed


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    told = []
    for name, rows in (("one", rows_of(90)), ("other", rows_of(90)[::-1])):
        (tmp_path / name).mkdir()
        with exported(tmp_path / name, rows).bench as bench:
            told.append(report_html(export_of(bench)))
    assert told[0] == told[1]


@pytest.mark.parametrize("count", [1, 3])
def test_too_little_for_a_theme_is_said(tmp_path: Path, count: int) -> None:
    rows = [{"text": f"word{number} other{number}"} for number in range(count)]
    with themed(tmp_path, rows) as bench:
        html = LexborHTMLParser(report_html(export_of(bench)))
    assert "too little for a theme" in html.css_first(".lead").text()
    assert html.css("svg") == []


def test_records_are_counted_where_no_author_is_known(tmp_path: Path) -> None:
    rows = [{"text": f"The export of boards fails {number % 3} times."} for number in range(9)]
    with themed(tmp_path, rows) as bench:
        html = LexborHTMLParser(report_html(export_of(bench)))
    assert "people" not in html.css_first(".lead").text()
    assert html.css_first(".theme .share b").text() == "100.0 %"
    assert "No author is known" in html.css_first(".how").text()


def test_what_waits_is_told(tmp_path: Path) -> None:
    with themed(tmp_path, rows_of(30)) as bench:
        bring_in(bench, tmp_path, [{"text": "A wish nobody had before, about quantum boards.", "id": "new"}])
        html = LexborHTMLParser(report_html(export_of(bench)))
    assert html.css_first(".waiting").text().startswith("1 record came in since")


def test_hundreds_of_themes_and_thousands_of_values_stay_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {
            "id": str(number),
            "text": f"alpha{number // 3} beta{number // 3} gamma{number // 3}",
            "city": f"city {number}",
            "author": f"person {number}",
        }
        for number in range(1500)
    ]
    with themed(tmp_path, rows, dimension=1024) as bench:
        export = export_of(bench)
        real = [one for one in export.themes.themes if not one.is_single_voice]
        assert len(real) > 300
        monkeypatch.setattr(report, "MAX_THEMES", 100)
        monkeypatch.setattr(report, "MAX_QUOTES", 200)
        html = report_html(export)
        assert html.count('class="theme ') == 100
        assert html.count("<blockquote") <= 100 * report.LEAST_QUOTES + report.MAX_VOICES
        assert f"{len(real) - 100:,} smaller themes aren't told here" in html
        cities = next(one for one in compact_of(export).filters if one.label == "city")
        assert len(cities.choices) == compact.MAX_VALUES + 1
        assert cities.choices[-1].label == "1,476 other values"
        assert sum(choice.records for choice in cities.choices) == export.themes.records


def test_too_many_records_leave_out_the_filters_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MAX_ROWS", 10)
    with themed(tmp_path, rows_of(30)) as bench:
        html = LexborHTMLParser(report_html(export_of(bench)))
    assert html.css("select") == []
    assert "no filters" in html.css_first(".how").text()
    assert '"rows"' not in html.css_first("#data").text()


def test_nothing_in_the_file_leads_outside(tmp_path: Path) -> None:
    with themed(tmp_path, rows_of(60)) as bench:
        html = report_html(export_of(bench))
    assert not re.search(r"(src|href|action)=[\"'](?!#)", html)
    policy = str(LexborHTMLParser(html).css_first("meta[http-equiv]").attributes["content"])
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert html.count("</script>") == 2


def test_filters_cover_every_record_once(tmp_path: Path) -> None:
    with themed(tmp_path, rows_of(80)) as bench:
        found = compact_of(export_of(bench))
    for one in found.filters:
        assert set(one.codes.tolist()) == {choice.code for choice in one.choices}
    assert {one.label for one in found.filters} >= {"plan", "city", "language"}


def test_a_small_chart_is_scaled_to_its_own_largest() -> None:
    assert spark([0, 4, 2]) == "M0 22L0 21L48 2L96 11.5L96 22Z"
    assert spark([0, 0]) == spark([3]) == spark([]) == ""


def test_places_on_the_map_do_not_depend_on_the_sign_of_a_vector() -> None:
    from assistant.synthesis.outputs.positions import scaled

    dice = np.random.default_rng(3)
    centres = dice.normal(size=(12, 8))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    assert (scaled(centres) == scaled(-centres)).all()
