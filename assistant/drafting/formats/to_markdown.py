"""A draft's tree as GitHub-flavoured Markdown. Everything that came from a record is escaped."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from assistant.domain.draft import Draft
from assistant.domain.escaping import markdown_words as escape
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
    Span,
    Spans,
    Table,
)
from assistant.drafting.formats.tree import tree


@dataclass(frozen=True)
class Marks:
    """How a document shows what leads to its proof. What they return is Markdown."""

    cite: Callable[[str], str]
    """Quote id → the mark of a citation."""
    number: Callable[[str, str], str]
    """Fact id and the escaped value → the number in the text."""
    fact: Callable[[str], str]
    """Fact id → its name in the table of numbers."""
    said: Callable[[str], str] = str
    """Words of the draft → the same words, as they may stand where the document goes. They are escaped after that."""


def quote_anchor(quote_id: str) -> str:
    """Id of the element that a citation links to."""
    return quote_id.casefold()


INSIDE = Marks(
    cite=lambda quote_id: f"[{quote_id}](#{quote_anchor(quote_id)})",
    number=lambda fact_id, value: f"[{value}](#{fact_id.casefold()})",
    fact=lambda fact_id: f'<a id="{fact_id.casefold()}"></a>{fact_id}',
)
"""Facts link to the table of numbers, citations to the quotes, both in the same file."""


def markdown(
    draft: Draft, behind: Behind | None = None, *, queried: Mapping[str, tuple[str, ...]] | None = None
) -> str:
    """The whole draft, with the quotes and the queries of the numbers in the same file.

    Args:
        behind: with it, the records behind the numbers stand at the end.
        queried: fact id → names of its queries, for the same file without those records.
    """
    nodes = tree(draft, behind.queries if behind else queried)
    blocks = [block for node in nodes for block in blocks_of(draft, node, INSIDE)]
    for last in behind_nodes(draft, behind) if behind else []:
        blocks += _fold(draft, last) if isinstance(last, Fold) else blocks_of(draft, last, INSIDE)
    comment = f"<!-- voxspec draft={draft.id} version={draft.version} workspace={draft.workspace} -->"
    return "\n\n".join([*_tight(blocks), comment]) + "\n"


def _fold(draft: Draft, node: Fold) -> Iterator[str]:
    anchor = f'<a id="{node.name.casefold()}"></a>' if node.name else ""
    yield f"### {anchor}{_inline(node.title, INSIDE)}"
    for held in node.body:
        yield from blocks_of(draft, held, INSIDE)


def _tight(blocks: list[str]) -> Iterator[str]:
    """Lines of one list stay together."""
    run: list[str] = []
    for block in blocks:
        if block.startswith('- <a id="q'):
            run.append(block)
            continue
        if run:
            yield "\n".join(run)
            run = []
        yield block
    if run:
        yield "\n".join(run)


def blocks_of(draft: Draft, node: Node, marks: Marks) -> Iterator[str]:
    """A node as blocks of Markdown."""
    if isinstance(node, Heading):
        yield f"{'#' * node.level} {_inline(node.spans, marks)}"
    elif isinstance(node, Paragraph):
        yield _inline(node.spans, marks)
    elif isinstance(node, Items):
        bullets = (f"{place}." if node.ordered else "-" for place in range(1, len(node.items) + 1))
        yield "\n".join(
            f"{bullet} {_inline(item, marks)}" for bullet, item in zip(bullets, node.items, strict=True)
        )
    elif isinstance(node, Table):
        yield _table(node, marks)
    elif isinstance(node, Code):
        fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", node.text)), default=0) + 1)
        yield f"{fence}{node.language}\n{marks.said(node.text)}\n{fence}"
    elif isinstance(node, QuoteEntry):
        yield _entry(draft, node, marks)


def _entry(draft: Draft, node: QuoteEntry, marks: Marks) -> str:
    quote = draft.quotes[node.quote_id]
    about = [
        quote.source.replace("_", " "),
        quote.said_at.date().isoformat() if quote.said_at else "",
        quote.anchor or "",
    ]
    place = f"{quote.record_id} [{quote.start}:{quote.end}]"
    return (
        f'- <a id="{quote_anchor(node.quote_id)}"></a>**{node.quote_id}** “{escape(marks.said(quote.text))}” — {escape(place)}'
        f" {escape(marks.said(' · '.join(part for part in about if part)))}".rstrip()
    )


def _table(node: Table, marks: Marks) -> str:
    lines = [
        f"| {' | '.join(_inline(cell, marks) for cell in node.header)} |",
        f"|{'---|' * len(node.header)}",
    ]
    for row in node.rows:
        cells = [_inline(cell, marks) for cell in row]
        if node.anchors:
            name = row[0][0].text
            cells[0] = marks.fact(name)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _inline(spans: Spans, marks: Marks) -> str:
    return "".join(_span(span, marks) for span in spans)


def _span(span: Span, marks: Marks) -> str:
    if isinstance(span, Number):
        return marks.number(span.fact_id, escape(marks.said(span.text)))
    if isinstance(span, Cite):
        mark = marks.cite(span.quote_id)
        return f"*“{escape(marks.said(span.text))}”* {mark}" if span.text else mark
    text = escape(marks.said(span.text))
    mark = {"strong": "**", "em": "*"}.get(span.style, "")
    bare = text.strip()
    return text.replace(bare, f"{mark}{bare}{mark}", 1) if mark and bare else text
