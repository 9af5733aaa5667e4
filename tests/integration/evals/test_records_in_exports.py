"""A file that leaves opens each of its numbers: number, query, records with their words. It can be checked again, and hides what is hidden."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from assistant.domain.draft import Draft
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.finding import CheckReport
from assistant.domain.request import DraftRequest
from assistant.drafting.formats.behind import LITERAL, Counted, Room, chosen, queries
from assistant.workbench import Workbench
from evals.documents.exported import behind_of, exported
from evals.documents.markdown import check_markdown
from evals.gate import produce
from tests.support.desks import three_topics
from tests.support.search_corpus import WordEmbedder, a_bench, a_record, add_records

MAIL = "ann.lee@kanbo.example"
LONG = "PDF export of our board is blank today. " + "PDF board blank. " * 40


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    more = [
        a_record(
            f"The board export to PDF ends blank, write to {MAIL} <b>now</b> | ok",
            "mail",
            author="ann",
            account="acc-1",
        ),
        a_record(LONG, "long", author="ben"),
    ]
    return a_bench(tmp_path / "home", [*three_topics(), *more])


@pytest.fixture
def draft(bench: Workbench) -> Draft:
    return produce(bench, DraftRequest(kind="prd", brief="PDF export of boards"), lambda *_: None)


def _text(bench: Workbench, draft: Draft) -> str:
    return exported(bench, draft, "md").decode()


def test_every_number_of_the_html_leads_to_its_records(bench: Workbench, draft: Draft) -> None:
    page = LexborHTMLParser(exported(bench, draft, "html").decode())
    targets = {node.attributes["id"] for node in page.css("[id]")}
    links = [node.attributes["href"] or "" for node in page.css("a")]
    assert {link[1:] for link in links} <= targets
    assert all(link.startswith("#") for link in links)
    of_fact, asked = queries(draft)
    found = behind_of(bench, draft, "html")
    names = found.names
    for fact in draft.facts.values():
        led = [node.attributes["href"] for node in page.css(f"#{fact.id.casefold()} a")]
        assert led == [f"#{name.casefold()}" for name in of_fact[fact.id]] or fact.measure in LITERAL
    for name in asked:
        shown = page.css_first(f"#{name.casefold()} .members")
        assert shown is not None
        assert _opened(shown.text()) == {names[one] for one in found.counted[name].members}
    for place, record in enumerate(found.records.values(), start=1):
        row = page.css_first(f"#r{place}")
        assert row is not None
        assert record.id in row.text()
        assert record.raw[:20] in row.text() or MAIL in record.raw or len(record.raw) > 400


def _opened(told: str) -> set[str]:
    names: set[str] = set()
    for first, last in re.findall(r"R(\d+)(?:–R(\d+))?", told):
        names |= {f"R{number}" for number in range(int(first), int(last or first) + 1)}
    return names


def test_the_records_are_those_that_the_number_counts(bench: Workbench, draft: Draft) -> None:
    of_fact, _ = queries(draft)
    found = behind_of(bench, draft, "html")
    counting = [one for one in draft.facts.values() if one.measure is Measure.people]
    assert counting
    for fact in counting:
        members = bench.catalog.records.get(bench.workspace, found.counted[of_fact[fact.id][0]].members)
        assert len({one.person for one in members.values() if one.person}) == fact.value
        assert found.again[fact.id] == fact.display


def test_a_long_record_shows_the_part_about_the_brief(bench: Workbench, draft: Draft) -> None:
    text = _text(bench, draft)
    assert "PDF export of our board is blank today." in text
    assert LONG.strip() not in text


def test_links_of_word_and_pdf_lead_somewhere(bench: Workbench, draft: Draft) -> None:
    with ZipFile(BytesIO(exported(bench, draft, "docx"))) as held:
        body = held.read("word/document.xml").decode()
    anchors = set(re.findall(r'w:anchor="([^"]+)"', body))
    marks = set(re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]+)"', body))
    assert {"F1", "B1", "R1"} <= anchors <= marks
    pages = PdfReader(BytesIO(exported(bench, draft, "pdf"))).pages
    links = sum(len(page.get("/Annots") or ()) for page in pages)
    assert links > len(draft.facts)
    assert "Records behind the numbers" in "".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("form", ["md", "html", "docx", "pdf"])
def test_masks_hold_and_the_same_draft_gives_the_same_bytes(
    bench: Workbench, draft: Draft, form: str
) -> None:
    content = exported(bench, draft, form)
    assert content == exported(bench, draft, form)
    if form == "docx":
        with ZipFile(BytesIO(content)) as held:
            content = held.read("word/document.xml")
    if form == "pdf":
        content = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).encode()
    assert MAIL.encode() not in content
    assert b"[e-mail]" in content.replace(b"\\", b"")
    assert form == "pdf" or b"<b>now" not in content


def _check(bench: Workbench, text: str) -> CheckReport:
    return check_markdown(bench, text)


def test_a_file_with_its_records_is_as_good_as_its_draft(bench: Workbench, draft: Draft) -> None:
    assert _check(bench, _text(bench, draft)).findings == draft.report.findings if draft.report else False


LIES: dict[str, Callable[[str], str]] = {
    "words of a record": lambda text: re.sub(r'(<a id="r2"></a>R2 \| )', r"\1Wonderful! ", text),
    "record of a row": lambda text: re.sub(r'(<a id="r2"></a>R2 \|.*\| )rec\\_\w', r"\1rec\\_z", text),
    "a line among them": lambda text: (
        text.replace("### R1 to", "All 97 % of them are angry.\n\n### R1 to", 1)
        if "### R1 to" in text
        else text.replace(
            "## Records behind the numbers\n", "## Records behind the numbers\n\nAll are angry.\n"
        )
    ),
    "a list": lambda text: re.sub(r"(?m)^\[R1\]\(#r1\)", "[R3](#r3)", text, count=1),
    "a count": lambda text: re.sub(r"(### <a id=\"b1\"></a>B1 · )\d+", r"\g<1>977", text),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_a_lie_among_the_records_blocks(bench: Workbench, draft: Draft, lie: Callable[[str], str]) -> None:
    text = _text(bench, draft)
    assert lie(text) != text
    assert _check(bench, lie(text)).blocking


def test_records_that_came_since_are_told_and_don_t_block(bench: Workbench) -> None:
    draft = produce(bench, DraftRequest(kind="insight_summary", brief=""), lambda *_: None)
    text = _text(bench, draft)
    add_records(bench.catalog, WordEmbedder(), [a_record("The PDF export fails again.", "new", author="zoe")])
    report = _check(bench, text)
    # Numbers over everyone are others by now, which the draft's own graders tell.
    assert {one.grader for one in report.blocking} == {"numbers_recomputed"}
    assert any("came or went" in one.message for one in report.findings)
    for lie in ("words of a record", "a line among them"):
        assert "markdown" in {one.grader for one in _check(bench, LIES[lie](text)).blocking}
    assert "what stands here are those of today" in _text(bench, draft)


def test_a_file_without_its_records_is_told_so(bench: Workbench, draft: Draft) -> None:
    text = _text(bench, draft)
    start, end = text.index("## Records behind"), text.index("<!-- voxspec")
    report = _check(bench, text[:start] + text[end:])
    assert report.blocking == ()
    assert any("no longer in this file" in one.message for one in report.findings)


def test_a_draft_that_counts_nothing_has_no_records(bench: Workbench) -> None:
    few = produce(bench, DraftRequest(kind="prd", brief="quantum llamas"), lambda *_: None)
    assert ("Records behind" in _text(bench, few)) == bool(few.facts)


def _query(first: int, last: int, *, is_selected: bool = True) -> Counted:
    members = tuple(f"rec_{number:04}" for number in range(first, last))
    return Counted(members, is_selected=is_selected, voices=last - first, people=0, accounts=0)


def test_what_is_shown_fits_the_room_and_spreads_over_the_time() -> None:
    small, all_of_them = _query(0, 30), _query(0, 900, is_selected=False)
    shown, listed = chosen([small, all_of_them], Room(words=60, listed=500, ids=1000))
    assert set(small.members) <= set(shown)
    sample = sorted(set(shown) - set(small.members))
    assert len(sample) in {19, 20}
    assert sample[-1] == "rec_0899"
    assert listed == []
    shown, listed = chosen([_query(0, 400), _query(300, 700)], Room(words=60, listed=500, ids=100))
    assert len(shown) <= 60
    assert {"rec_0000", "rec_0399", "rec_0699"} <= set(shown)
    assert len(shown) + len(listed) == 100


def test_a_query_has_one_name(draft: Draft) -> None:
    of_fact, asked = queries(draft)
    assert list(asked) == [f"B{place}" for place in range(1, len(asked) + 1)]
    assert len({one.model_dump_json() for one in asked.values()}) == len(asked)
    for fact in draft.facts.values():
        if fact.measure not in LITERAL:
            assert isinstance(asked[of_fact[fact.id][0]], FactFilter)
            assert asked[of_fact[fact.id][0]] == fact.filter
