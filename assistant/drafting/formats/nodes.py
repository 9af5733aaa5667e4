"""What a rendered draft consists of: spans of text inside headings, paragraphs, lists, tables and quotes."""

from collections.abc import Iterable
from dataclasses import dataclass

_WIDEST = 8


@dataclass(frozen=True)
class Text:
    """Plain words; `style` is `plain`, `strong` or `em`."""

    text: str
    style: str = "plain"


@dataclass(frozen=True)
class Number:
    """A fact's value, linked to its query; in the last part of a file, the name of a query or a record, linked to it."""

    fact_id: str
    text: str


@dataclass(frozen=True)
class Cite:
    """A citation; with `text`, the quote's verbatim words stand before it."""

    quote_id: str
    text: str = ""


Span = Text | Number | Cite
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    spans: Spans


@dataclass(frozen=True)
class Paragraph:
    """A run of spans; `role` tells what it is, for the stylesheet."""

    spans: Spans
    role: str = ""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Spans, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `role` is `numbers` for the appendix of facts and `records` for records, whose first columns anchor them."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    role: str = ""

    @property
    def anchors(self) -> bool:
        """Whether the first column holds names that something leads to."""
        return self.role in ("numbers", "records")

    def shares(self) -> list[int]:
        """How the columns share the page: by the square root of the longest cell, so that ids stay narrow and long texts don't take all."""
        columns = zip(self.header, *self.rows, strict=True)
        longest = [max(sum(len(span.text) for span in cell) for cell in column) for column in columns]
        return [min(_WIDEST, max(1, round((length + 4) ** 0.5 / 2))) for length in longest]


@dataclass(frozen=True)
class Code:
    """Preformatted text, for example Gherkin."""

    text: str
    language: str


@dataclass(frozen=True)
class QuoteEntry:
    """A quote of the appendix: it anchors the citations."""

    quote_id: str


@dataclass(frozen=True)
class Fold:
    """What a reader opens who wants to see it: folded where a format can, else printed under its title."""

    name: str
    """What leads here; empty where nothing does."""
    title: Spans
    body: "tuple[Node, ...]"


Node = Heading | Paragraph | Items | Table | Code | QuoteEntry


def targets_of(nodes: "Iterable[Node | Fold]") -> set[str]:
    """Names of all that something can lead to: quotes, numbers, queries, records."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Fold):
            found |= {node.name} - {""}
            found |= targets_of(node.body)
        elif isinstance(node, QuoteEntry):
            found.add(node.quote_id)
        elif isinstance(node, Table) and node.anchors:
            found |= {row[0][0].text for row in node.rows}
    return found
