"""Presentations: the text of each slide, its tables and its notes, with the slide as anchor."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml.etree import LxmlError

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive
from ingest.damage import Damage
from ingest.parse.limits import MAX_PAGES, MAX_TAGS, assemble
from ingest.port import Document, TextBlock

_MAX_NESTING = 20
_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
Table = list[list[list[str]]]
"""Rows of cells of paragraphs."""
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

    # Around calls of python-pptx alone. It checks neither the kind of a part nor that it is there, and raises NotImplementedError for
    # shapes it doesn't know.
    damage = Damage(
        (PythonPptxError, LxmlError, KeyError, ValueError, AttributeError, IndexError, TypeError, SyntaxError,
         OSError, NotImplementedError, RecursionError),
        lambda: InputRejected(
            f"{path.name} is damaged or not a presentation.", hint="Open and save it again, or save it as PDF."
        ),
    )  # fmt: skip
    with damage:
        opened = Presentation(str(path))
        slides = opened.slides
        count, each = len(slides), iter(slides)
    if count > MAX_PAGES:
        raise InputRejected(f"{path.name} has {count:,} slides; {MAX_PAGES:,} are allowed.", hint="Split it.")
    blocks: list[TextBlock] = []
    for number in range(1, count + 1):
        with damage:
            shown, notes = _texts(next(each))
        blocks += _slide_blocks(number, shown, notes)
    with damage:
        title = opened.core_properties.title or ""
        first = slides[0].shapes.title.text_frame.text if count and slides[0].shapes.title is not None else ""
    # What python-pptx writes into a presentation that has no title.
    named = "" if title == "PowerPoint Presentation" else " ".join(title.split())
    return assemble(path, blocks, named or " ".join(first.split()) or None)


def _slide_blocks(number: int, shown: Sequence[str | Table], notes: str) -> Iterator[TextBlock]:
    label = f"slide {number}"
    for one in shown:
        yield TextBlock(_lines(one) if isinstance(one, str) else "\n".join(_table_lines(one)), label)
    if notes.strip():
        yield TextBlock(_lines(notes), f"{label} notes")


def _texts(slide: Any) -> tuple[list[str | Table], str]:
    """What the library tells of a slide: its texts and tables in order, and its notes. Raises whatever the library does."""
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return list(_shape_texts(slide.shapes)), notes.text if notes is not None else ""


def _shape_texts(shapes: Any, depth: int = 0) -> Iterator[str | Table]:
    for shape in shapes:
        if _is_furniture(shape):
            continue
        if hasattr(shape, "shapes"):
            if depth < _MAX_NESTING:
                yield from _shape_texts(shape.shapes, depth + 1)
        elif getattr(shape, "has_table", False):
            # By element: the grid of python-pptx repeats what the file claims to be merged.
            yield [
                [[paragraph.text for paragraph in cell.iter(_PARAGRAPH)] for cell in row.tc_lst if not (cell.hMerge or cell.vMerge)]
                for row in shape.table._tbl.tr_lst
            ]  # fmt: skip
        elif shape.has_text_frame:
            yield shape.text_frame.text


def _is_furniture(shape: Any) -> bool:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    return kind is not None and kind.name in _FURNITURE


def _table_lines(table: Table) -> Iterator[str]:
    for row in table:
        cells = [" ".join(" ".join(paragraphs).split()) for paragraphs in row]
        if any(cells):
            yield " | ".join(cells)


def _lines(text: str) -> str:
    """A vertical tab is a line break inside a paragraph."""
    return text.replace("\v", "\n")
