"""The report in a real browser, offline: it asks for nothing, complains of nothing, runs nothing of a record, and counts right."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from assistant.synthesis.members import counted
from assistant.synthesis.outputs.compact import Compact, compact_of
from assistant.synthesis.outputs.export import Export
from assistant.synthesis.outputs.report import report_html
from tests.support.browsing import CONTRAST, NEEDS_CHROMIUM, a_browser, a_context
from tests.support.theme_sample import exported, rows_of

pytestmark = NEEDS_CHROMIUM


class Opened:
    """A report as a file, and what the browser complained of or asked for."""

    def __init__(self, export: Export, file: Path, browser: Browser) -> None:
        self.export, self.file, self._browser = export, file, browser
        self.complaints: list[str] = []
        self.asked: list[str] = []

    def page(self, **context: Any) -> Page:
        page = a_context(self._browser, offline=True, **context).new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(self.file.as_uri())
        return page


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    home = tmp_path_factory.mktemp("home")
    export = exported(home, rows_of(240))
    (home / "report.html").write_text(report_html(export), encoding="utf-8")
    with a_browser() as browser:
        yield Opened(export, home / "report.html", browser)
    export.bench.close()


@pytest.fixture(autouse=True)
def silent(report: Opened) -> Iterator[None]:
    """Whatever a test does: no complaint, no request but for the file, and no script of a record has run."""
    report.complaints.clear()
    report.asked.clear()
    yield
    assert report.complaints == []
    assert set(report.asked) <= {report.file.as_uri()}


def numbers(page: Page) -> dict[str, tuple[int, int]]:
    """Theme id → people and records, as they stand in the page."""
    found: dict[str, tuple[int, int]] = {
        one["id"]: (one["people"], one["records"])
        for one in page.evaluate(
            "[...document.querySelectorAll('.theme')].map(node => ({id: node.id, ...Object.fromEntries("
            "['people', 'records'].map(name => [name, Number(node.querySelector(`:scope > summary > .${name}`)"
            ".firstChild.nodeValue.replaceAll(',', ''))]))}))"
        )
    }
    return found


def counted_where(
    export: Export, compact: Compact, passes: np.ndarray[Any, Any]
) -> dict[str, tuple[int, int]]:
    """The same by the rules of the product, over the statements of each theme."""
    allowed = set(compact.rows[passes].tolist())
    leaf = export.tree.leaf[export.material.rows.text]
    found = {}
    for theme in export.themes.themes:
        ids = {theme.id}
        for other in export.themes.themes:
            ids |= {other.id} if other.parent in ids else set()
        rows = [place for place, node in enumerate(export.tree.nodes) if node.id in ids]
        records = export.material.record[np.isin(leaf, rows)]
        held, people = counted(
            export.material, np.array([one for one in records if one in allowed], np.int64)
        )
        found[theme.id] = (len(people), len(held))
    return found


def test_every_filter_counts_as_the_product_does(report: Opened) -> None:
    page = report.page()
    compact = compact_of(report.export)
    before = numbers(page)
    assert before == {
        key: value
        for key, value in counted_where(report.export, compact, np.full(len(compact.rows), True)).items()
        if key in before
    }
    assert [one.label for one in compact.filters[:2]] == ["city", "plan"]
    tried = 0
    for place, one in enumerate(compact.filters):
        for choice in one.choices[-3:]:
            page.select_option(f"select[data-f='{place}']", str(choice.code))
            expected = counted_where(report.export, compact, one.codes == choice.code)
            assert numbers(page) == {key: expected[key] for key in before}, (one.label, choice.label)
            assert int(page.inner_text("#all-records").replace(",", "")) == choice.records
            tried += 1
        page.select_option(f"select[data-f='{place}']", "")
    assert tried >= 5
    page.select_option("select[data-f='1']", str(compact.filters[1].choices[0].code))
    page.select_option("#period", "2")
    both = (compact.filters[1].codes == compact.filters[1].choices[0].code) & (compact.periods.of == 2)
    expected = counted_where(report.export, compact, both)
    assert numbers(page) == {key: expected[key] for key in before}
    page.click("#clear")
    assert numbers(page) == before


def test_a_number_opens_its_records_and_a_column_those_of_its_period(report: Opened) -> None:
    page = report.page()
    area = page.locator(".theme.l1").first
    area.locator("summary").first.focus()
    page.keyboard.press("Enter")
    shown = area.locator(":scope > .inside > .quotes > li:visible")
    assert shown.count() > 0
    told = area.locator(":scope > .inside > .shown").inner_text()
    assert str(shown.count()) in told
    known = set(report.export.material.matrix.rows.record_ids)
    assert set(shown.locator("code").all_inner_texts()) <= known
    column = area.locator(":scope > .inside > .chart rect.hit").nth(1)
    month = (column.get_attribute("aria-label") or "").partition(":")[0]
    column.focus()
    page.keyboard.press("Enter")
    days = shown.locator("time").all_inner_texts()
    assert len(days) == shown.count() > 0
    assert all(day.startswith(month) for day in days)


def test_words_of_records_stay_words(report: Opened) -> None:
    page = report.page()
    assert page.evaluate("window.pwned") is None
    assert page.locator("img, iframe, object, link, base").count() == 0
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(node => [...node.attributes].every(one => !one.name.startsWith('on')))"
    )
    text = page.content()
    assert "{{ 7*7 }}" in text
    assert "lena.park@example.com" not in text
    assert page.locator("select[data-f='1'] option", has_text='"><script>window.pwned=2').count() == 1


def test_text_of_any_direction_and_script_is_marked(report: Opened) -> None:
    page = report.page()
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
    arabic = page.locator(".quotes li:not([hidden]) blockquote[lang='ar']").first
    assert arabic.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator("blockquote[lang='ja']").count() > 0
    assert page.get_attribute("html", "lang") == "en"


def test_finding_a_theme_by_a_word_leaves_the_others_out(report: Opened) -> None:
    page = report.page()
    page.fill("#find", "dark")
    names = page.locator(".theme.l1:visible > summary .name").all_inner_texts()
    assert 0 < len(names) < page.locator(".theme.l1").count()
    page.fill("#find", "nothing has this in its name")
    assert page.locator("#none").is_visible()


def test_a_circle_of_the_map_leads_to_its_theme(report: Opened) -> None:
    page = report.page()
    spot = page.locator(".map.wide a.spot").first
    spot.focus()
    page.keyboard.press("Enter")
    theme = page.locator(f"#{spot.get_attribute('data-id')}")
    page.wait_for_function("node => node.open", arg=theme.element_handle())


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits_its_window_and_keeps_its_contrast(report: Opened, width: int, scheme: str) -> None:
    page = report.page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for selector in ("body", ".lead a", ".name", ".from", ".keywords", ".note", ".share b"):
        ratio = page.locator(selector).first.evaluate(CONTRAST)
        assert ratio >= 4.5, (scheme, selector, ratio)


def test_labels_of_the_map_lie_on_nothing(report: Opened) -> None:
    page = report.page(viewport={"width": 1280, "height": 900})
    boxes = page.evaluate(
        "[...document.querySelectorAll('.map.wide text')].map(node => { const b = node.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height] })"
    )
    assert len(boxes) >= 3
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            assert not (
                one[0] < other[2] and other[0] < one[2] and one[1] + 3 < other[3] and other[1] + 3 < one[3]
            )


def test_the_report_prints(report: Opened) -> None:
    page = report.page()
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
