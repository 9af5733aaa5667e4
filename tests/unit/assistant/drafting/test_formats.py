"""What a draft is exported to opens in its own reader, whole, harmless, masked, and the same bytes each time."""

import csv
import json
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any, get_args
from zipfile import ZipFile

import jsonschema
import pytest
from docx import Document
from docx.document import Document as DocxDocument
from gherkin.parser import Parser
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader
from reqif.parser import ReqIFParser
from reqif.unparser import ReqIFUnparser

from assistant.domain.draft import Draft, QuestionBlock, RequirementBlock, Section, StoryBlock
from assistant.drafting.formats.items import items_of
from assistant.drafting.formats.nodes import Items
from assistant.drafting.formats.render import Format, render
from assistant.drafting.formats.tree import plain, tree
from assistant.drafting.formats.words import legal, one_line
from tests.support.drafts import valid_draft
from tests.support.house import ROOT
from tests.support.naughty import NAUGHTY, draft_holding
from tests.support.reading import squeezed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MACROS = 'xmlns:ac="http://atlassian.com/content" xmlns:ri="http://atlassian.com/resource/identifier"'


def _hostile() -> Draft:
    return draft_holding(
        [*NAUGHTY, "a\x00b\x0bc\x1bd\x7fe\ufffef", "@SUM(A1)", "]]> out", "# language: fr", '"""']
    )


def _without_items() -> Draft:
    """As an insight summary is: claims, quotes and numbers, nothing with an id of its own."""
    draft = valid_draft(checked=True)
    sections = (
        section.model_copy(
            update={
                "blocks": tuple(
                    block for block in section.blocks if block.type in {"claims", "quotes", "text"}
                )
            }
        )
        for section in draft.sections
    )
    return draft.model_copy(update={"kind": "insight_summary", "sections": tuple(sections)})


DRAFTS: dict[str, Callable[[], Draft]] = {
    "valid": lambda: valid_draft(checked=True),
    "hostile": _hostile,
    "without stories": _without_items,
}


@pytest.fixture(params=DRAFTS, scope="module")
def draft(request: pytest.FixtureRequest) -> Draft:
    return DRAFTS[request.param]()


@pytest.mark.parametrize("fmt", sorted(set(get_args(Format)) - {"pdf"}))
def test_twice_gives_the_same_bytes(draft: Draft, fmt: str) -> None:
    assert render(draft, fmt) == render(draft, fmt)


def _adf_words(content: bytes) -> str:
    found: list[str] = []

    def walk(node: dict[str, Any]) -> None:
        found.append(node.get("text", ""))
        for below in node.get("content", ()):
            walk(below)
        if node["type"] in {"paragraph", "heading", "codeBlock"}:
            found.append(" ")

    walk(json.loads(content))
    return "".join(found)


def _page(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(b"<page " + _MACROS.encode() + b">" + content + b"</page>", parser)


def _page_words(content: bytes) -> str:
    page = _page(content)
    for block in page.iter("p", "li", "h1", "h2", "h3", "h4", "td", "th"):
        block.tail = f" {block.tail or ''}"
    return "".join(page.itertext())


def _docx_words(content: bytes) -> str:
    document = Document(BytesIO(content))
    paragraphs = [*document.element.body.iter(f"{_W}p")]
    return " ".join("".join(text.text or "" for text in one.iter(f"{_W}t")) for one in paragraphs)


WHOLE = {"adf": _adf_words, "confluence": _page_words, "docx": _docx_words}


@pytest.mark.parametrize("fmt", WHOLE)
def test_every_claim_quote_and_number_is_in_it(draft: Draft, fmt: str) -> None:
    seen = _bare(WHOLE[fmt](render(draft, fmt, show_personal=True)))
    for name in dict.fromkeys(
        name for block in draft.blocks() if block.type == "claims" for name in block.claim_ids
    ):
        for piece in re.split(r"\{[FQ]\d+\}", draft.claims[name].text):
            assert _bare(legal(piece)) in seen
    for quote in draft.quotes.values():
        assert _bare(legal(quote.text)) in seen
    for fact in draft.facts.values():
        assert _bare(legal(fact.display)) in seen


def _bare(text: str) -> str:
    return "".join(
        letter for letter in squeezed(text) if not letter.isspace() and letter not in "\u202c\u2069"
    )


def test_a_document_of_jira_is_valid_by_the_published_schema() -> None:
    # A draft with every kind of block; a small one, since the schema's alternatives take seconds for a large one.
    draft = draft_holding(["a\x00\n\ud800", "<b>", ""])
    schema = json.loads((ROOT / "tests/fixtures/adf/full.json").read_text(encoding="utf-8"))
    document = json.loads(render(draft, "adf", show_personal=True))
    jsonschema.Draft4Validator(schema).validate(document)
    kinds = {node["type"] for node in document["content"]}
    assert kinds == {"heading", "paragraph", "bulletList", "orderedList", "table", "codeBlock", "blockquote"}


def test_a_page_of_confluence_holds_its_own_elements_only_and_every_link_has_its_anchor(draft: Draft) -> None:
    page = _page(render(draft, "confluence"))
    tags = {re.sub(r"\{.*\}", "ac:", str(element.tag)) for element in page.iter()}
    assert tags <= {
        *("page", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "table", "tbody", "tr", "th", "td"),
        *("strong", "em", "sup", "blockquote", "ac:structured-macro", "ac:parameter", "ac:plain-text-body"),
        *("ac:link", "ac:plain-text-link-body"),
    }
    names = "{http://atlassian.com/content}"
    anchors = {
        macro[0].text
        for macro in page.iter(f"{names}structured-macro")
        if macro.get(f"{names}name") == "anchor"
    }
    links = {link.get(f"{names}anchor") for link in page.iter(f"{names}link")}
    assert links <= anchors


def test_scenarios_are_parsed_as_they_were_written(draft: Draft) -> None:
    feature = Parser().parse(render(draft, "feature").decode())["feature"]
    rules = [child["rule"] for child in feature["children"]]
    stories = [block for block in draft.blocks() if isinstance(block, StoryBlock) and block.criteria]
    assert [rule["name"].split()[0] for rule in rules] == [story.id for story in stories]
    for rule, story in zip(rules, stories, strict=True):
        scenarios = [child["scenario"] for child in rule["children"]]
        assert len(scenarios) == len(story.criteria)
        for scenario, criterion in zip(scenarios, story.criteria, strict=True):
            steps = [*criterion.given, *criterion.when, *criterion.then]
            assert len(scenario["steps"]) == len(steps)
            assert all("docString" not in step and "dataTable" not in step for step in scenario["steps"])
            assert not scenario["tags"]


def test_tables_hold_the_items_and_no_cell_that_acts(draft: Draft) -> None:
    rows = list(csv.reader(StringIO(render(draft, "csv").decode("utf-8-sig"), newline="")))
    book = load_workbook(BytesIO(render(draft, "xlsx")))
    cells = [list(row) for row in book["Items"].iter_rows()]
    ids = [item.id for item in items_of(draft)]
    assert [row[0] for row in rows[1:]] == ids
    assert [row[0].value for row in cells[1:]] == ids
    for row in cells:
        assert all(cell.data_type in {"s", "n"} and cell.hyperlink is None for cell in row)
    for text in (cell for row in rows for cell in row):
        assert not text.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not any(
        name.startswith("xl/externalLinks") for name in ZipFile(BytesIO(render(draft, "xlsx"))).namelist()
    )


@pytest.mark.parametrize("live", ["=1+1", "@SUM(A1)", "+1", "-1+2", "\t=1", "=HYPERLINK(0)"])
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(live: str) -> None:
    block = RequirementBlock(id="FR-1", text=live)
    draft = valid_draft().model_copy(update={"sections": (Section(id="x", title="X", blocks=(block,)),)})
    row = list(csv.reader(StringIO(render(draft, "csv").decode("utf-8-sig"), newline="")))[1]
    sheet = load_workbook(BytesIO(render(draft, "xlsx")))["Items"]
    assert row[3] == sheet.cell(2, 4).value == f"'{live.strip()}"


def test_a_second_numbered_list_of_a_word_document_begins_at_one() -> None:
    sections = tuple(
        Section(id=name, title=name, blocks=(QuestionBlock(id=f"OQ-{name}", text="Why?"),)) for name in "ab"
    )
    document = Document(BytesIO(render(valid_draft().model_copy(update={"sections": sections}), "docx")))
    assert len(_list_numbers(document)) == 2


def test_requirements_make_the_round_through_a_requirements_tool(draft: Draft) -> None:
    first = ReqIFParser.parse_from_string(render(draft, "reqif", show_personal=True).decode())
    again = ReqIFParser.parse_from_string(ReqIFUnparser.unparse(first))
    items = items_of(draft)
    for bundle in (first, again):
        kinds = bundle.core_content.req_if_content.spec_types[0]
        names = {one.identifier: one.long_name for one in kinds.attribute_definitions}
        objects = bundle.core_content.req_if_content.spec_objects
        held = [{names[one.definition_ref]: one.value for one in spec.attributes} for spec in objects or ()]
        assert [one["ReqIF.ForeignID"] for one in held] == [item.id for item in items]
        for one, item in zip(held, items, strict=True):
            assert _bare(one.get("ReqIF.Text", "")) == _bare(legal(item.text))
            assert _bare(one.get("Quotes", "")) == _bare(legal(item.quotes))


def test_a_word_document_numbers_each_list_anew_and_its_citations_lead_somewhere(draft: Draft) -> None:
    content = render(draft, "docx")
    document = Document(BytesIO(content))
    body = document.element.body
    marks = {mark.get(f"{_W}name") for mark in body.iter(f"{_W}bookmarkStart")}
    links = {link.get(f"{_W}anchor") for link in body.iter(f"{_W}hyperlink")}
    assert links <= marks
    assert all(len(name) <= 40 for name in marks)
    assert not [one for one in document.part.rels.values() if one.is_external]
    styles = {one.style.name for one in document.paragraphs if one.style is not None}
    assert {"Heading 1", "Quote"} <= styles
    lists = [
        one._p.pPr.numPr.numId.val
        for one in document.paragraphs
        if one.style and one.style.name == "List Number"
    ]
    assert len(lists) == sum(isinstance(node, Items) and node.ordered for node in tree(draft))


def test_a_word_document_is_laid_out_for_reading(draft: Draft) -> None:
    document = Document(BytesIO(render(draft, "docx")))
    page = document.sections[0]
    assert page.page_width is not None
    assert round(page.page_width.mm) == 210
    fields = [one.get(f"{_W}instr") for one in page.footer.paragraphs[0]._p.iter(f"{_W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    assert draft.id in page.footer.paragraphs[0].text
    numbers = document.tables[-1]
    widths = [cell.width for cell in numbers.rows[0].cells]
    assert widths[0] is not None
    assert widths[-1] is not None
    assert widths[-1] > 3 * widths[0]
    assert all(row._tr.trPr is not None and row._tr.trPr.findall(f"{_W}cantSplit") for row in numbers.rows)
    heads = [
        row for row in numbers.rows if row._tr.trPr is not None and row._tr.trPr.findall(f"{_W}tblHeader")
    ]
    assert len(heads) == 1


def _list_numbers(document: DocxDocument) -> set[str]:
    """The numberings that the numbered paragraphs belong to."""
    numbered = [
        one._p for one in document.paragraphs if one.style is not None and one.style.name == "List Number"
    ]
    return {str(next(one.iter(f"{_W}numId")).get(f"{_W}val")) for one in numbered}


def test_a_pdf_has_the_words_and_no_way_out_of_it(draft: Draft) -> None:
    content = render(draft, "pdf")
    reader = PdfReader(BytesIO(content))
    assert one_line(plain(draft, draft.title)).split()[0] in reader.pages[0].extract_text()
    for page in reader.pages:
        for annotation in page.get("/Annots") or ():
            held = annotation.get_object()
            assert held["/Subtype"] == "/Link"
            assert "/A" not in held or held["/A"].get_object()["/S"] == "/GoTo"
    assert "/JavaScript" not in str(reader.trailer["/Root"])
    assert reader.metadata is not None
    assert reader.metadata.author == "Voxspec"


def test_a_pdf_is_the_same_bytes_twice_and_every_quote_can_be_read_in_it() -> None:
    draft = valid_draft(checked=True)
    content = render(draft, "pdf")
    assert content == render(draft, "pdf")
    seen = _bare(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))
    for quote in draft.quotes.values():
        assert _bare(quote.text) in seen


def test_a_pdf_says_where_a_character_has_no_font() -> None:
    told = "have no font on the machine"

    def first_page(text: str) -> str:
        # A private code point: no font that a machine should have shows it.
        return PdfReader(BytesIO(render(draft_holding([text]), "pdf"))).pages[0].extract_text()

    assert told in squeezed(first_page("odd \U0010fffd end"))
    assert told not in squeezed(first_page("plain"))


@pytest.mark.parametrize("fmt", [one for one in get_args(Format) if one not in {"pdf"}])
def test_personal_data_is_masked_in_every_format(fmt: str) -> None:
    address = "jane.doe@example.com"
    draft = valid_draft()
    story = next(block for block in draft.blocks() if isinstance(block, StoryBlock))
    step = story.criteria[0].model_copy(update={"when": (f"I write to {address}",)})
    told = story.model_copy(update={"id": "US-9", "want": f"to hear from {address}", "criteria": (step,)})
    more = Section(id="more", title="More", blocks=(told,))
    draft = draft.model_copy(update={"sections": (*draft.sections, more)})
    assert address in _any_words(fmt, render(draft, fmt, show_personal=True))
    assert address not in _any_words(fmt, render(draft, fmt))


def _any_words(fmt: str, content: bytes) -> str:
    if fmt in {"docx", "xlsx"}:
        with ZipFile(BytesIO(content)) as held:
            content = b"".join(held.read(name) for name in held.namelist())
    return re.sub(r"\\([@.])", r"\1", content.decode("utf-8", "replace"))


def test_an_open_turn_of_direction_ends_with_its_text() -> None:
    assert legal("a \u202eb") == "a \u202eb\u202c"
    assert legal("\u2067a \u202eb\u202c") == "\u2067a \u202eb\u202c\u2069"
    assert legal("plain \x00text") == "plain text"
