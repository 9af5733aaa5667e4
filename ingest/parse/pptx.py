"""Presentations: the text of each slide, its tables and its notes, with the slide as anchor."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml.etree import LxmlError

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive
from ingest.parse.limits import MAX_PAGES, MAX_TAGS, assemble
from ingest.port import Document, TextBlock

_MAX_NESTING = 20
_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_FURNITURE = frozenset({"SLIDE_NUMBER", "FOOTER", "DATE", "HEADER"})


def parse_pptx(path: Path) -> Document:
    """Read a .pptx file: shapes in their order, groups opened, table rows as lines with cells between bars.

    Notes have an anchor of their own (`slide 3 notes`). Slide numbers, dates and footers are left out.

    Raises: InputRejected if it is damaged, encrypted, a zip bomb, or without text.
    """
    check_archive(path, needs="[Content_Types].xml", max_tags=MAX_TAGS)
    # Imported here: it takes longer than a small presentation does.
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    # python-pptx checks neither the kind of a part nor that it is there, and raises NotImplementedError for shapes it doesn't know.
    damage = (PythonPptxError, LxmlError, KeyError, ValueError, AttributeError, IndexError, TypeError, SyntaxError,
              OSError, NotImplementedError, RecursionError)  # fmt: skip
    try:
        opened = Presentation(str(path))
        if len(opened.slides) > MAX_PAGES:
            raise InputRejected(
                f"{path.name} has {len(opened.slides):,} slides; {MAX_PAGES:,} are allowed.", hint="Split it."
            )
        blocks = [
            block for number, slide in enumerate(opened.slides, 1) for block in _slide_blocks(number, slide)
        ]
        title = opened.core_properties.title
        first = opened.slides[0].shapes.title.text_frame.text if _has_title(opened) else ""
    except damage as problem:
        raise InputRejected(
            f"{path.name} is damaged or not a presentation.",
            hint="Open and save it again, or save it as PDF.",
        ) from problem
    # What python-pptx writes into a presentation that has no title.
    named = "" if title == "PowerPoint Presentation" else " ".join((title or "").split())
    return assemble(path, blocks, named or " ".join(first.split()) or None)


def _has_title(opened: Any) -> bool:
    return len(opened.slides) > 0 and opened.slides[0].shapes.title is not None


def _slide_blocks(number: int, slide: Any) -> Iterator[TextBlock]:
    label = f"slide {number}"
    for text in _texts(slide.shapes):
        yield TextBlock(text, label)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        if frame is not None and frame.text.strip():
            yield TextBlock(_lines(frame.text), f"{label} notes")


def _texts(shapes: Any, depth: int = 0) -> Iterator[str]:
    for shape in shapes:
        if _is_furniture(shape):
            continue
        if hasattr(shape, "shapes"):
            if depth < _MAX_NESTING:
                yield from _texts(shape.shapes, depth + 1)
        elif getattr(shape, "has_table", False):
            yield "\n".join(_table_lines(shape.table))
        elif shape.has_text_frame:
            yield _lines(shape.text_frame.text)


def _is_furniture(shape: Any) -> bool:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    return kind is not None and kind.name in _FURNITURE


def _table_lines(table: Any) -> Iterator[str]:
    # By element: the grid of python-pptx repeats what the file claims to be merged.
    for row in table._tbl.tr_lst:
        cells = [_cell_text(cell) for cell in row.tc_lst if not (cell.hMerge or cell.vMerge)]
        if any(cells):
            yield " | ".join(cells)


def _cell_text(cell: Any) -> str:
    return " ".join(" ".join(paragraph.text for paragraph in cell.iter(_PARAGRAPH)).split())


def _lines(text: str) -> str:
    """A vertical tab is a line break inside a paragraph."""
    return text.replace("\v", "\n")
