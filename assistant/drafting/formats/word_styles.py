"""How a Word document looks: its page, its named styles, its footer. No text of a draft but its id is handled here.

What python-docx brings is a page of 8.5 x 11 inches with lines of 15 cm, tables banded in a dark grey, quotes in bold blue italics.
"""

from collections.abc import Sequence

from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from assistant.domain.draft import Draft

CODE, CITATION, ORIGIN, QUOTE = "Code", "Citation", "Origin", "Quote"
"""Names of styles: criteria, marks of citations, where a quote stands, quotes."""
TABLE, HEAD, CELL = "Table Grid", "Table Head", "Table Cell"
WIDTH_MM = 166
"""Of the text: A4 with margins of 22 mm, as in the PDF."""
_MARGIN_MM = 22
_FONT, _MONOSPACED = "Calibri", "Courier New"
_GREY, _LINE, _SHADE, _INK = RGBColor(0x5A, 0x5A, 0x5A), "BEBEBE", "F2F2F2", RGBColor(0x1B, 0x3A, 0x5C)
_HEADINGS = {1: 20, 2: 14, 3: 11.5}
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
"""What may follow the borders of a paragraph: Word refuses a file whose properties stand in another order."""


def prepare(document: DocxDocument, draft: Draft) -> None:
    """The styles that the writer names, the page, and a footer with the draft's id and the number of the page."""
    _set_page(document)
    _set_text(document)
    code = _added(document, CODE)
    code.font.name, code.font.size = _MONOSPACED, Pt(9)
    code.paragraph_format.keep_together = True
    code.paragraph_format.space_before = code.paragraph_format.space_after = Pt(6)
    code.element.get_or_add_pPr().insert_element_before(_shading(), *_AFTER_BORDERS[1:])
    for name in (CELL, HEAD):
        cell = _added(document, name)
        cell.font.size, cell.font.bold = Pt(9), name == HEAD or None
        cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(1.5)
    document.styles.add_style(CITATION, WD_STYLE_TYPE.CHARACTER).font.superscript = True
    origin = document.styles.add_style(ORIGIN, WD_STYLE_TYPE.CHARACTER)
    origin.font.size, origin.font.color.rgb = Pt(8), _GREY
    _set_quote(document)
    _set_borders(document)
    _set_footer(document, f"Voxspec draft {draft.id}, version {draft.version}")


def lay_out(table: Table, shares: Sequence[int]) -> None:
    """Columns by their shares of the text's width, a head that each page repeats, rows that no page cuts."""
    table.autofit = False
    widths = [Mm(WIDTH_MM * share / sum(shares)) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        # `row.cells` looks through the whole table each time: a third of the time of a long document.
        for cell, width in zip(row._tr.tc_lst, widths, strict=True):
            cell.width = width
    head = table.rows[0]._tr
    head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in head.tc_lst:
        cell.get_or_add_tcPr().append(_shading())


def _set_page(document: DocxDocument) -> None:
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(_MARGIN_MM)
        section.top_margin = section.bottom_margin = Mm(20)


def _set_text(document: DocxDocument) -> None:
    normal = _styled(document, "Normal")
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    for level, size in _HEADINGS.items():
        heading = _styled(document, f"Heading {level}")
        heading.font.size, heading.font.color.rgb = Pt(size), _INK
        heading.paragraph_format.space_before = Pt(16 - 3 * level)
        heading.paragraph_format.space_after = Pt(4)
    byline = _styled(document, "Subtitle")
    byline.font.name, byline.font.size, byline.font.color.rgb = _FONT, Pt(10), _GREY
    byline.element.rPr.remove(byline.element.rPr.find(qn("w:spacing")))


def _set_quote(document: DocxDocument) -> None:
    quote = _styled(document, QUOTE)
    quote.font.italic, quote.font.color.rgb = False, RGBColor(0, 0, 0)
    quote.paragraph_format.left_indent = Mm(4)
    quote.paragraph_format.keep_together = True
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:left", val="single", sz="12", space="8", color=_LINE))
    quote.element.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _set_borders(document: DocxDocument) -> None:
    for line in document.styles[TABLE].element.find(f".//{qn('w:tblBorders')}"):
        line.set(qn("w:color"), _LINE)


def _set_footer(document: DocxDocument, words: str) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    stops = footer.paragraph_format.tab_stops
    for stop in list(_styled(document, "Footer").paragraph_format.tab_stops):
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(Mm(WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run(f"{words}\t", style=ORIGIN)
    _add_field(footer, "PAGE")
    footer.add_run(" / ", style=ORIGIN)
    _add_field(footer, "NUMPAGES")


def _add_field(paragraph: Paragraph, name: str) -> None:
    field = _element("w:fldSimple", instr=name)
    run = paragraph.add_run("1", style=ORIGIN)
    field.append(run._r)
    paragraph._p.append(field)


def _styled(document: DocxDocument, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _added(document: DocxDocument, name: str) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles["Normal"]
    style.paragraph_format.space_after = Pt(0)
    return style


def _shading() -> BaseOxmlElement:
    return _element("w:shd", val="clear", color="auto", fill=_SHADE)


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
