"""Word documents: paragraphs and tables in order, with the path of headings as anchor."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from assistant.errors import InputRejected
from ingest.connectors.archive import check_archive
from ingest.damage import Damage
from ingest.parse.headings import HeadingPath
from ingest.parse.limits import MAX_TAGS, assemble
from ingest.port import Document, TextBlock

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_P, _TBL, _SDT, _SDT_CONTENT, _TR, _TC = (
    qn(name) for name in ("w:p", "w:tbl", "w:sdt", "w:sdtContent", "w:tr", "w:tc")
)
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), frozenset({qn("w:br"), qn("w:cr")})
_PLAIN = frozenset(
    qn(name) for name in ("w:r", "w:hyperlink", "w:pPr", "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr")
)
_COPIES = frozenset({qn("w:txbxContent"), qn("w:pict"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})  # fmt: skip
_HEADING_NAME = re.compile(
    r"(?:heading|überschrift|titre|título|encabezado|titolo|kop|nagłówek|見出し)\s*(\d)", re.IGNORECASE
)
_TITLE_NAMES = frozenset({"title", "titel", "titre", "título"})
_MAX_STYLE_CHAIN = 12
_MAX_NESTING = 20


def parse_docx(path: Path) -> Document:
    """Read a .docx file; table rows become lines with cells between bars.

    Headers, footers and comments are left out; text that was inserted with tracked changes is in, deleted text is not.

    Raises: InputRejected if it is damaged, encrypted, a zip bomb, or without text.
    """
    check_archive(path, needs="[Content_Types].xml", max_tags=MAX_TAGS)
    damage = Damage(
        (OpcError, LxmlError, KeyError, ValueError, AttributeError, TypeError, SyntaxError, OSError),
        lambda: InputRejected(
            f"{path.name} is damaged or not a Word document.",
            hint="Open and save it again, or save it as PDF.",
        ),
    )
    with damage:
        opened = docx.Document(str(path))
        body = opened.element.body
        title = opened.core_properties.title
    reader = _Reader(opened, damage)
    blocks = list(reader.blocks(body)) if body is not None else []
    # What python-docx writes into a document that has no title.
    named = "" if title == "Word Document" else title
    return assemble(path, blocks, named or reader.headings.first)


class _Reader:
    """Walks over the body once."""

    def __init__(self, opened: "WordDocument", damage: Damage) -> None:
        self._opened = opened
        self._damage = damage
        self._levels: dict[str | None, int | None] = {}
        self.headings = HeadingPath()

    def blocks(self, body: Any) -> Iterator[TextBlock]:
        for item in _items(body):
            if item.tag == _TBL:
                yield TextBlock("\n".join(_table_lines(item)), self.headings.label)
                continue
            text = self._text(item).strip()
            if text and (level := self._level(item)) is not None:
                self.headings.enter(level, text)
            yield TextBlock(text, self.headings.label)

    def _level(self, paragraph: Any) -> int | None:
        """Level of a heading, 0 for a title; None for running text."""
        outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            return _outline_level(outline)
        with self._damage:
            name = paragraph.style
            if name not in self._levels:
                self._levels[name] = self._style_level(paragraph)
        return self._levels[name]

    def _text(self, paragraph: Any) -> str:
        if all(child.tag in _PLAIN for child in paragraph.iterchildren()):
            with self._damage:
                return str(Paragraph(paragraph, self._opened._body).text)
        return _paragraph_text(paragraph)

    def _style_level(self, paragraph: Any) -> int | None:
        style: Any = Paragraph(paragraph, self._opened._body).style
        # A style may be based on itself through others: the chain is followed a few steps only.
        for _ in range(_MAX_STYLE_CHAIN):
            if style is None:
                return None
            name = (style.name or "").strip()
            if name.casefold() in _TITLE_NAMES:
                return 0
            if match := _HEADING_NAME.match(name):
                return int(match[1])
            outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                return _outline_level(outline)
            style = style.base_style
        return None


def _outline_level(outline: Any) -> int | None:
    value = outline.get(qn("w:val")) or ""
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None


def _items(parent: Any, depth: int = 0) -> Iterator[Any]:
    """Paragraphs and tables in order, also those inside content controls; a table of contents is left out."""
    for child in parent.iterchildren():
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag == _SDT and depth < _MAX_NESTING and not _is_contents(child):
            content = child.find(_SDT_CONTENT)
            if content is not None:
                yield from _items(content, depth + 1)


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and "contents" in (gallery.get(qn("w:val")) or "").casefold()


def _paragraph_text(paragraph: Any) -> str:
    # Insertions, fields and inline controls: what python-docx passes over.
    parts: list[str] = []
    stack = [iter(paragraph.iterchildren())]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag == _TEXT:
            parts.append(node.text or "")
        elif node.tag == _TAB:
            parts.append("\t")
        elif node.tag in _BREAKS:
            parts.append("\n")
        elif node.tag not in _COPIES:
            stack.append(iter(node.iterchildren()))
    return "".join(parts)


def _table_lines(table: Any, depth: int = 0) -> Iterator[str]:
    # By element, not through python-docx's grid: that repeats merged cells as often as the file claims.
    for row in table.iterchildren(_TR):
        cells = []
        inner: list[str] = []
        for cell in row.iterchildren(_TC):
            parts = []
            for item in _items(cell):
                if item.tag == _P:
                    parts.append(_paragraph_text(item))
                elif depth < _MAX_NESTING:
                    inner.extend(_table_lines(item, depth + 1))
            cells.append(" ".join(" ".join(parts).split()))
        if any(cells):
            yield " | ".join(cells).strip(" |") if len(cells) == 1 else " | ".join(cells)
        yield from inner
