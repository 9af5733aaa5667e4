"""A draft's tree as a Word document."""

from io import BytesIO

from docx import Document
from docx.document import Document as DocxDocument
from docx.text.paragraph import Paragraph as DocxParagraph

from assistant.domain.draft import Draft
from assistant.drafting.nodes import (
    Cite,
    Code,
    Heading,
    Items,
    Node,
    Number,
    Paragraph,
    QuoteEntry,
    Spans,
    Table,
)
from assistant.drafting.tree import tree

_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 65534, 65535])


def docx(draft: Draft) -> bytes:
    """The whole draft; citations stand as [Q1], the quotes and the queries of the numbers at the end."""
    document = Document()
    for node in tree(draft):
        _add(document, draft, node)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add(document: DocxDocument, draft: Draft, node: Node) -> None:
    if isinstance(node, Heading):
        _write(document.add_heading(level=node.level), node.spans)
    elif isinstance(node, Paragraph):
        _write(document.add_paragraph(), node.spans)
    elif isinstance(node, Items):
        for item in node.items:
            _write(document.add_paragraph(style="List Number" if node.ordered else "List Bullet"), item)
    elif isinstance(node, Table):
        _table(document, node)
    elif isinstance(node, Code):
        document.add_paragraph(_legal(node.text), style="No Spacing")
    elif isinstance(node, QuoteEntry):
        quote = draft.quotes[node.quote_id]
        paragraph = document.add_paragraph(style="Intense Quote")
        paragraph.add_run(f"{node.quote_id} ").bold = True
        paragraph.add_run(_legal(f"“{quote.text}” — {quote.record_id} [{quote.start}:{quote.end}]"))


def _table(document: DocxDocument, node: Table) -> None:
    table = document.add_table(rows=1, cols=len(node.header), style="Light Grid")
    for cell, spans in zip(table.rows[0].cells, node.header, strict=True):
        _write(cell.paragraphs[0], spans)
    for row in node.rows:
        for cell, spans in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], spans)


def _write(paragraph: DocxParagraph, spans: Spans) -> None:
    for span in spans:
        if isinstance(span, Number):
            paragraph.add_run(_legal(span.text))
        elif isinstance(span, Cite):
            if span.text:
                paragraph.add_run(_legal(f"“{span.text}” ")).italic = True
            paragraph.add_run(f"[{span.quote_id}]").font.superscript = True
        else:
            run = paragraph.add_run(_legal(span.text))
            run.bold = span.style == "strong"
            run.italic = span.style == "em"


def _legal(text: str) -> str:
    """XML 1.0 can't hold most control characters."""
    return text.translate(_CONTROL)
