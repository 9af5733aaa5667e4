"""A draft's tree as a Word document: named styles, lists that Word numbers itself, citations that lead to the quotes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from assistant.domain.draft import Draft
from assistant.drafting.formats.behind import Behind, behind_nodes
from assistant.drafting.formats.nodes import (
    Cite,
    Code,
    Fold,
    Heading,
    Items,
    Node,
    Number,
    Paragraph,
    QuoteEntry,
    Spans,
    Table,
    targets_of,
)
from assistant.drafting.formats.tree import plain, tree
from assistant.drafting.formats.word_styles import (
    CELL,
    CITATION,
    CODE,
    HEAD,
    ORIGIN,
    QUOTE,
    TABLE,
    lay_out,
    prepare,
)
from assistant.drafting.formats.words import legal, one_line, runs_from_right
from assistant.drafting.formats.zipped import rezipped

_STYLES: Mapping[str, str] = {"byline": "Subtitle", "basis": "Body Text", "members": CELL, "ids": CELL}
_MOMENT = datetime(2000, 1, 1)
_LONGEST_PROPERTY = 255


def docx(draft: Draft, behind: Behind | None = None) -> bytes:
    """The whole draft; citations stand as [Q1], the quotes, the queries of the numbers and their records at the end."""
    document = Document()
    prepare(document, draft)
    _describe(document, draft)
    nodes = tree(draft, behind.queries if behind else None)
    last = behind_nodes(draft, behind) if behind else []
    writer = _Writer(document, draft, [*nodes, *last])
    for node in (*nodes, *last):
        writer.add(node)
    stream = BytesIO()
    document.save(stream)
    return rezipped(stream.getvalue())


def _describe(document: DocxDocument, draft: Draft) -> None:
    about = document.core_properties
    about.title = one_line(plain(draft, draft.title))[:_LONGEST_PROPERTY]
    about.author, about.language, about.comments = "Voxspec", draft.language, f"Voxspec draft {draft.id}"
    about.created = about.modified = _MOMENT


class _Writer:
    def __init__(self, document: DocxDocument, draft: Draft, nodes: Sequence[Node | Fold]) -> None:
        self.document = document
        self.draft = draft
        self.marks = 0
        self.targets = targets_of(nodes)

    def add(self, node: Node | Fold) -> None:
        if isinstance(node, Fold):
            title = self.document.add_heading(level=3)
            self.write(title, node.title)
            if node.name:
                self.mark(title, node.name)
            for held in node.body:
                self.add(held)
        elif isinstance(node, Heading):
            self.write(self.document.add_heading(level=node.level), node.spans)
        elif isinstance(node, Paragraph):
            self.write(self.document.add_paragraph(style=_STYLES.get(node.role)), node.spans)
        elif isinstance(node, Items):
            self.items(node)
        elif isinstance(node, Table):
            self.table(node)
        elif isinstance(node, Code):
            self.document.add_paragraph(legal(node.text), style=CODE)
        elif isinstance(node, QuoteEntry):
            self.quote(node.quote_id)

    def items(self, node: Items) -> None:
        number = _new_list(self.document) if node.ordered else None
        for item in node.items:
            paragraph = self.document.add_paragraph(style="List Number" if node.ordered else "List Bullet")
            if number is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number
            self.write(paragraph, item)

    def table(self, node: Table) -> None:
        table = self.document.add_table(rows=1 + len(node.rows), cols=len(node.header), style=TABLE)
        # By id: a name is looked for among all styles, 0.7 s for the 600 cells of an insight summary.
        styles = [self.document.styles[name].style_id for name in (HEAD, CELL)]
        for at, (row, line) in enumerate(zip(table.rows, (node.header, *node.rows), strict=True)):
            cells = row.cells
            for cell, spans in zip(cells, line, strict=True):
                cell.paragraphs[0]._p.style = styles[at > 0]
                self.write(cell.paragraphs[0], spans)
            if at and node.anchors:
                self.mark(cells[0].paragraphs[0], line[0][0].text)
        lay_out(table, node.shares())
        # Without it what follows stands at the table's foot.
        self.document.add_paragraph(style=CELL)

    def quote(self, name: str) -> None:
        quote = self.draft.quotes[name]
        paragraph = self.document.add_paragraph(style=QUOTE)
        self.mark(paragraph, name)
        paragraph.add_run(f"{name} ").bold = True
        about = [
            f"{quote.record_id} [{quote.start}:{quote.end}]",
            quote.source.replace("_", " "),
            quote.said_at.date().isoformat() if quote.said_at else "",
            quote.anchor or "",
        ]
        told = " · ".join(part for part in about if part)
        _run(paragraph, f"“{quote.text}”")
        paragraph.add_run().add_break()
        _run(paragraph, told).style = ORIGIN

    def write(self, paragraph: DocxParagraph, spans: Spans) -> None:
        words = "".join(span.text for span in spans)
        if runs_from_right(words):
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for span in spans:
            if isinstance(span, Number):
                self.link(paragraph, span.fact_id, Run(OxmlElement("w:r"), paragraph), span.text)
            elif isinstance(span, Cite):
                if span.text:
                    _run(paragraph, f"“{span.text}” ").italic = True
                run = Run(OxmlElement("w:r"), paragraph)
                run.style = CITATION
                self.link(paragraph, span.quote_id, run, f"[{span.quote_id}]")
            else:
                run = _run(paragraph, span.text)
                run.bold = span.style == "strong" or None
                run.italic = span.style == "em" or None

    def link(self, paragraph: DocxParagraph, name: str, run: Run, text: str) -> None:
        """Words that lead to the bookmark of that name, where there is one."""
        run.text = legal(text)
        if name not in self.targets:
            paragraph._p.append(run._r)
            return
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), name)
        link.append(run._r)
        paragraph._p.append(link)

    def mark(self, paragraph: DocxParagraph, name: str) -> None:
        """A bookmark at the end of what the paragraph holds now."""
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            element = OxmlElement(tag)
            element.set(qn("w:id"), str(self.marks))
            if tag == "w:bookmarkStart":
                element.set(qn("w:name"), name)
            paragraph._p.append(element)
        self.marks += 1


def _run(paragraph: DocxParagraph, text: str) -> Run:
    run = paragraph.add_run(legal(text))
    if runs_from_right(text):
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
    return run


def _new_list(document: DocxDocument) -> int:
    """A numbering that begins at 1: paragraphs of one style would be counted on through the whole document."""
    numbering = document.part.numbering_part.element
    used = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(num.abstractNumId.val for num in numbering.num_lst if num.numId == used)
    num = numbering.add_num(abstract)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)
