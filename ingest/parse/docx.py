"""Word documents: paragraphs and tables in order, with headings as anchors."""

from collections.abc import Iterator
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive
from ingest.parse.limits import assemble
from ingest.port import Document, TextBlock


def parse_docx(path: Path) -> Document:
    """Read a .docx file; table rows become lines with cells between bars.

    Raises: InputRejected if it is damaged, encrypted, a zip bomb, or without text.
    """
    check_archive(path, needs="[Content_Types].xml")
    try:
        opened = docx.Document(str(path))
        blocks = list(_blocks(opened.iter_inner_content()))
        title = opened.core_properties.title
    except (OpcError, KeyError, ValueError, AttributeError, SyntaxError, OSError) as problem:
        raise InputRejected(
            f"{path.name} is damaged or not a Word document.",
            hint="Open and save it again, or save it as PDF.",
        ) from problem
    headings = [block.label.removeprefix("§ ") for block in blocks if block.label]
    return assemble(path, blocks, title or (headings[0] if headings else None))


def _blocks(content: Iterator[Paragraph | Table]) -> Iterator[TextBlock]:
    label = ""
    for item in content:
        if isinstance(item, Table):
            yield TextBlock("\n".join(_table_lines(item)), label)
            continue
        text = item.text.strip()
        style = (item.style.name if item.style is not None else "") or ""
        if text and style.startswith(("Heading", "Title", "Überschrift", "Titre", "Título")):
            label = f"§ {' '.join(text.split())}"
        yield TextBlock(text, label)


def _table_lines(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            # A merged cell is reported once per column that it spans.
            if not cells or cells[-1] != text:
                cells.append(text)
        if any(cells):
            yield " | ".join(cells)
