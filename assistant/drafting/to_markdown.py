"""A draft's tree as GitHub-flavoured Markdown. Everything that came from a record is escaped."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.escaping import markdown_words as escape
from assistant.drafting.nodes import (
    Cite,
    Code,
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
from assistant.drafting.tree import tree


def markdown(draft: Draft) -> str:
    """The whole draft. Facts link to the table of numbers, citations to the quotes, both in the same file."""
    blocks = [block for node in tree(draft) for block in _node(draft, node)]
    comment = f"<!-- voxspec draft={draft.id} version={draft.version} workspace={draft.workspace} -->"
    return "\n\n".join([*_tight(blocks), comment]) + "\n"


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


def _node(draft: Draft, node: Node) -> Iterator[str]:
    if isinstance(node, Heading):
        yield f"{'#' * node.level} {_inline(node.spans)}"
    elif isinstance(node, Paragraph):
        yield _inline(node.spans)
    elif isinstance(node, Items):
        marks = (f"{place}." if node.ordered else "-" for place in range(1, len(node.items) + 1))
        yield "\n".join(f"{mark} {_inline(item)}" for mark, item in zip(marks, node.items, strict=True))
    elif isinstance(node, Table):
        yield _table(node)
    elif isinstance(node, Code):
        fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", node.text)), default=0) + 1)
        yield f"{fence}{node.language}\n{node.text}\n{fence}"
    elif isinstance(node, QuoteEntry):
        yield _entry(draft, node)


def _entry(draft: Draft, node: QuoteEntry) -> str:
    quote = draft.quotes[node.quote_id]
    about = [
        quote.source.replace("_", " "),
        quote.said_at.date().isoformat() if quote.said_at else "",
        quote.anchor or "",
    ]
    place = f"{quote.record_id} [{quote.start}:{quote.end}]"
    return (
        f'- <a id="{quote_anchor(node.quote_id)}"></a>**{node.quote_id}** “{escape(quote.text)}” — {escape(place)}'
        f" {escape(' · '.join(part for part in about if part))}".rstrip()
    )


def quote_anchor(quote_id: str) -> str:
    """Id of the element that a citation links to."""
    return quote_id.casefold()


def _table(node: Table) -> str:
    lines = [f"| {' | '.join(_inline(cell) for cell in node.header)} |", f"|{'---|' * len(node.header)}"]
    for row in node.rows:
        cells = [_inline(cell) for cell in row]
        if node.role == "numbers":
            name = row[0][0].text
            cells[0] = f'<a id="{name.casefold()}"></a>{name}'
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _inline(spans: Spans) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    if isinstance(span, Number):
        return f"[{escape(span.text)}](#{span.fact_id.casefold()})"
    if isinstance(span, Cite):
        link = f"[{span.quote_id}](#{quote_anchor(span.quote_id)})"
        return f"*“{escape(span.text)}”* {link}" if span.text else link
    text = escape(span.text)
    mark = {"strong": "**", "em": "*"}.get(span.style, "")
    bare = text.strip()
    return text.replace(bare, f"{mark}{bare}{mark}", 1) if mark and bare else text
