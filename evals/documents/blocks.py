"""Markdown as the blocks that a reader sees: paragraphs, items, rows, lines of code, each with its words and links."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARK = re.compile(
    r"<!--\s*voxspec draft=(?P<id>[\w.-]{1,100}) version=(?P<version>\d{1,18}) workspace=(?P<workspace>[\w.-]{1,100})\s*-->"
)
"""The comment that says which draft a file shows."""
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_ANCHOR = re.compile(r"<a id=\"(?P<name>[qf]\d+)\">")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Piece:
    """A run of a block: words, a link, or mark-up that shows something or hides it."""

    kind: Literal["text", "link", "markup"]
    text: str
    href: str = ""
    emphasis: bool = False


@dataclass(frozen=True)
class Block:
    """What stands between two breaks. A table's row is one block with several cells, a line of code one with one."""

    kind: Literal["heading", "paragraph", "item", "row", "code", "markup"]
    cells: tuple[tuple[Piece, ...], ...]
    span: tuple[int, int]
    """Offsets into the file's text."""
    heading: str = ""
    """The nearest heading above."""
    quoted: bool = False
    first: int = 1
    """The number that its list starts with."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(piece for cell in self.cells for piece in cell)

    @property
    def anchor(self) -> str:
        """`Q1` or `F1` where this is a line of the evidence or of the numbers, else empty."""
        first = next(iter(self.pieces), None)
        found = _ANCHOR.fullmatch(first.text) if first and first.kind == "markup" else None
        return found["name"].upper() if found else ""

    @property
    def key(self) -> tuple[object, ...]:
        """What two blocks share that say the same to the letter, whatever the typography."""
        under = self.heading if self.anchor else ""
        return (self.kind, self.quoted, self.first, folded(under), tuple(map(_cell_key, self.cells)))

    @property
    def words(self) -> str:
        """Its words as they are read, with cells apart."""
        return " | ".join("".join(p.text for p in cell if p.kind != "markup") for cell in self.cells).strip()


@dataclass(frozen=True)
class Page:
    """A file: its blocks, its Gherkin, and links that are defined but not shown."""

    blocks: tuple[Block, ...]
    scenarios: tuple[tuple[str, tuple[int, int]], ...] = ()
    references: tuple[str, ...] = ()


def read_page(text: str) -> Page:
    """Read Markdown as CommonMark with tables. Comments that mark the draft are left out, nothing else is."""
    env: dict[str, Mapping[str, Mapping[str, str]]] = {}
    tokens = _parser().parse(text, env)
    reader = _Reader(_offsets(text))
    blocks = tuple(block for token in tokens for block in reader.read(token) if block.pieces)
    references = tuple(str(held["href"]) for held in env.get("references", {}).values())
    return Page(blocks, tuple(reader.scenarios), references)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _offsets(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]


@dataclass
class _Reader:
    """Where in the file the reading is."""

    offsets: list[int]
    scenarios: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    heading: str = ""
    kind: Literal["heading", "paragraph", "item"] = "paragraph"
    quotes: int = 0
    first: int = 1
    row: list[tuple[Piece, ...]] | None = None

    def read(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                self.kind = "heading"
            case "list_item_open":
                self.kind = "item"
            case "ordered_list_open":
                self.first = int(token.attrs.get("start", 1))
            case "heading_close" | "list_item_close" | "paragraph_close":
                self.kind = "paragraph"
            case "ordered_list_close":
                self.first = 1
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting
            case "tr_open":
                self.row = []
            case "tr_close":
                yield Block("row", tuple(self.row or ()), self._span, self.heading, self.quotes > 0)
                self.row = None
            case "inline":
                yield from self._inline(token)
            case "fence" | "code_block":
                yield from self._code(token)
            case "html_block":
                yield from self._markup(token)

    _span: tuple[int, int] = (0, 0)

    def _place(self, token: Token) -> tuple[int, int]:
        first, last = token.map or (0, 0)
        highest = len(self.offsets) - 1
        self._span = (self.offsets[min(first, highest)], self.offsets[min(last, highest)])
        return self._span

    def _inline(self, token: Token) -> Iterator[Block]:
        span = self._place(token)
        pieces = tuple(_pieces(token.children or []))
        if self.row is not None:
            self.row.append(pieces)
            return
        block = Block(self.kind, (pieces,), span, self.heading, self.quotes > 0, self.first)
        if self.kind == "heading":
            self.heading = block.words
        yield block

    def _code(self, token: Token) -> Iterator[Block]:
        span = self._place(token)
        language = token.info.strip()
        if language == "gherkin":
            self.scenarios.append((token.content, span))
        shown = token.content.split("\n")
        for line in shown if language in ("", "gherkin") else (language, *shown):
            if line.strip():
                yield Block("code", ((Piece("text", line.strip()),),), span, self.heading, self.quotes > 0)

    def _markup(self, token: Token) -> Iterator[Block]:
        span = self._place(token)
        if rest := MARK.sub("", token.content).strip():
            yield Block("markup", ((Piece("markup", rest),),), span, self.heading)


def _pieces(tokens: Iterable[Token]) -> Iterator[Piece]:
    emphasis = 0
    link: Piece | None = None
    held = Piece("text", "")
    for token in tokens:
        piece: Piece | None = None
        match token.type:
            case "text" | "code_inline" | "text_special":
                piece = Piece("text", token.content, emphasis=emphasis > 0)
            case "softbreak" | "hardbreak":
                piece = Piece("text", " ", emphasis=emphasis > 0)
            case "em_open" | "em_close":
                emphasis += token.nesting
            case "link_open":
                # A title is text that shows when a pointer rests on the link.
                parts = (str(token.attrs.get(name, "")) for name in ("href", "title"))
                link = Piece("link", "", " ".join(filter(None, parts)))
            case "link_close" if link is not None:
                piece, link = link, None
            case "html_inline":
                rest = MARK.sub("", token.content)
                piece = Piece("markup", rest) if rest and rest != "</a>" else None
            case "image":
                piece = Piece("markup", token.content, str(token.attrs.get("src", "")))
        if piece is None:
            continue
        if link is not None:
            link = replace(link, text=link.text + piece.text)
        elif (piece.kind, piece.emphasis) == (held.kind, held.emphasis) == ("text", piece.emphasis):
            held = replace(held, text=held.text + piece.text)
        else:
            if held.text or held.kind != "text":
                yield held
            held = piece
    for piece in (held, link):
        if piece is not None and (piece.text or piece.kind != "text"):
            yield piece


def _cell_key(cell: tuple[Piece, ...]) -> tuple[tuple[str, str, str], ...]:
    merged: list[tuple[str, str, str]] = []
    for piece in cell:
        if merged and piece.kind == merged[-1][0] == "text":
            merged[-1] = ("text", merged[-1][1] + piece.text, "")
        else:
            merged.append((piece.kind, piece.text, piece.href))
    return tuple((kind, folded(text), href) for kind, text, href in merged if text.strip() or href)


def folded(text: str) -> str:
    """The text with one kind of quotation marks, dashes and blanks."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY).split())
