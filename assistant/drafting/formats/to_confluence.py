"""A draft's tree in Confluence's storage format: XHTML with macros, well-formed whatever the texts hold."""

from collections.abc import Iterator
from html import escape

from assistant.domain.draft import Draft
from assistant.drafting.formats.nodes import (
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
from assistant.drafting.formats.tree import tree
from assistant.drafting.formats.words import legal


def confluence(draft: Draft) -> str:
    """The body of a page. Citations lead to the quotes, numbers to their queries, both on the same page."""
    return "\n".join(block for node in tree(draft) for block in _node(draft, node)) + "\n"


def _node(draft: Draft, node: Node) -> Iterator[str]:
    if isinstance(node, Heading):
        yield f"<h{node.level}>{_inline(node.spans)}</h{node.level}>"
    elif isinstance(node, Paragraph):
        yield f"<p>{_inline(node.spans)}</p>"
    elif isinstance(node, Items):
        tag = "ol" if node.ordered else "ul"
        rows = "".join(f"<li>{_inline(item)}</li>" for item in node.items)
        yield f"<{tag}>{rows}</{tag}>" if rows else ""
    elif isinstance(node, Table):
        yield _table(node)
    elif isinstance(node, Code):
        yield (
            '<ac:structured-macro ac:name="code"><ac:parameter ac:name="title">'
            f"{_words(node.language)}</ac:parameter><ac:plain-text-body>{_cdata(node.text)}</ac:plain-text-body>"
            "</ac:structured-macro>"
        )
    elif isinstance(node, QuoteEntry):
        quote = draft.quotes[node.quote_id]
        place = f"{quote.record_id} [{quote.start}:{quote.end}]"
        yield (
            f"<blockquote><p>{_anchor(node.quote_id)}<strong>{_words(node.quote_id)}</strong> “{_words(quote.text)}” — "
            f"{_words(place)}</p></blockquote>"
        )


def _table(node: Table) -> str:
    head = "".join(f"<th><p>{_inline(cell)}</p></th>" for cell in node.header)
    rows = []
    for row in node.rows:
        cells = [_inline(cell) for cell in row]
        if node.role == "numbers":
            name = row[0][0].text
            cells[0] = f"{_anchor(name)}{_words(name)}"
        rows.append(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in cells)}</tr>")
    return f"<table><tbody><tr>{head}</tr>{''.join(rows)}</tbody></table>"


def _inline(spans: Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    if isinstance(span, Number):
        return _link(span.fact_id, span.text)
    if isinstance(span, Cite):
        mark = f"<sup>{_link(span.quote_id, f'[{span.quote_id}]')}</sup>"
        return f"<em>“{_words(span.text)}”</em> {mark}" if span.text else mark
    tag = {"strong": "strong", "em": "em"}.get(span.style)
    return f"<{tag}>{_words(span.text)}</{tag}>" if tag else _words(span.text)


def _anchor(name: str) -> str:
    return (
        '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">'
        f"{_words(name.casefold())}</ac:parameter></ac:structured-macro>"
    )


def _link(anchor: str, text: str) -> str:
    body = f"<ac:plain-text-link-body>{_cdata(text)}</ac:plain-text-link-body>"
    return f'<ac:link ac:anchor="{_words(anchor.casefold())}">{body}</ac:link>'


def _cdata(text: str) -> str:
    return f"<![CDATA[{legal(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _words(text: str) -> str:
    # A bare CR would become LF in every XML reader; as a reference it stays.
    return escape(legal(text)).replace("\r", "&#13;")
