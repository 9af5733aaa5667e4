"""Word and PowerPoint: every text once, in order, with the place it stands at."""

import re
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx import Presentation
from pptx.util import Inches

from assistant.errors import InputRejected
from ingest.parse.docx import parse_docx
from ingest.parse.pptx import parse_pptx
from ingest.port import Document


def places(document: Document) -> dict[str, str]:
    return {a.label: document.text[a.start : a.end].strip() for a in document.anchors}


def saved(document: Any, path: Path) -> Path:
    document.save(str(path))
    return path


def test_tables_lie_under_the_path_of_their_headings(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_paragraph("Terms", style="Title")
    word.add_heading("Limits", 1)
    word.add_heading("Export", 2)
    table = word.add_table(rows=2, cols=3)
    for i, text in enumerate(["Plan", "Rows", "Files", "Free", "100", ""]):
        table.cell(i // 3, i % 3).text = text
    word.add_heading("Billing", 1)
    word.add_paragraph("Monthly.")
    assert places(parse_docx(saved(word, tmp_path / "a.docx"))) == {
        "§ Terms": "Terms",
        "§ Terms › Limits": "Limits",
        "§ Terms › Limits › Export": "Export\n\nPlan | Rows | Files\nFree | 100 |",
        "§ Terms › Billing": "Billing\n\nMonthly.",
    }


def test_merged_cells_are_read_once_and_nested_tables_too(tmp_path: Path) -> None:
    word = docx.Document()
    table = word.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).text = "x"
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "side"
    text = parse_docx(saved(word, tmp_path / "a.docx")).text
    assert text == "wide | x\nin | side"


def test_a_cell_that_claims_to_span_a_billion_columns_costs_nothing(tmp_path: Path) -> None:
    word = docx.Document()
    table = word.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "small"
    table.cell(0, 0)._tc.grid_span = 1_000_000_000
    assert parse_docx(saved(word, tmp_path / "a.docx")).text == "small"


def test_inserted_text_and_content_controls_are_read_deleted_text_is_not(tmp_path: Path) -> None:
    word = docx.Document()
    paragraph = word.add_paragraph("It costs ")
    for xml in (
        "<w:ins {ns}><w:r><w:t>nine</w:t><w:tab/></w:r></w:ins>",
        "<w:del {ns}><w:r><w:delText>five</w:delText></w:r></w:del>",
        "<w:sdt {ns}><w:sdtContent><w:r><w:t>euros</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(xml.replace("{ns}", nsdecls("w"))))
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    paragraph._p.addnext(parse_xml(control))
    assert parse_docx(saved(word, tmp_path / "a.docx")).text == "It costs nine\teuros\n\nBoxed."


def test_a_style_counts_by_what_it_is_based_on(tmp_path: Path) -> None:
    word = docx.Document()
    own = word.styles.add_style("Chapter", 1)
    own.base_style = word.styles["Heading 2"]
    word.add_heading("Part", 1)
    word.add_paragraph("Prices", style="Chapter")
    word.add_paragraph("Nine euros.")
    assert [a.label for a in parse_docx(saved(word, tmp_path / "a.docx")).anchors] == [
        "§ Part",
        "§ Part › Prices",
    ]


def deck(path: Path) -> Path:
    slides = Presentation()
    slides.core_properties.title = ""
    first = slides.slides.add_slide(slides.slide_layouts[1])
    first.shapes.title.text = "Roadmap"
    first.placeholders[1].text = "Exports\nImports"
    first.notes_slide.notes_text_frame.text = "Say that exports come first."
    second = slides.slides.add_slide(slides.slide_layouts[5])
    second.shapes.title.text = "Prices"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for i, text in enumerate(["Plan", "Price", "Team", "9 €"]):
        table.cell(i // 2, i % 2).text = text
    group = second.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Grouped"
    return saved(slides, path)


def test_slides_and_their_notes_are_anchors(tmp_path: Path) -> None:
    document = parse_pptx(deck(tmp_path / "a.pptx"))
    assert document.title == "Roadmap"
    assert places(document) == {
        "slide 1": "Roadmap\n\nExports\nImports",
        "slide 1 notes": "Say that exports come first.",
        "slide 2": "Prices\n\nPlan | Price\nTeam | 9 €\n\nGrouped",
    }


def test_a_presentation_without_text_is_refused(tmp_path: Path) -> None:
    slides = Presentation()
    slides.slides.add_slide(slides.slide_layouts[6])
    with pytest.raises(InputRejected, match="no text"):
        parse_pptx(saved(slides, tmp_path / "a.pptx"))


@pytest.mark.parametrize("parse", [parse_docx, parse_pptx])
def test_a_container_of_the_other_kind_is_refused_with_a_hint(tmp_path: Path, parse: Any) -> None:
    path = deck(tmp_path / "a.pptx") if parse is parse_docx else saved(docx.Document(), tmp_path / "a.docx")
    with pytest.raises(InputRejected, match="damaged or not a") as refused:
        parse(path)
    assert re.search("PDF", refused.value.hint)
