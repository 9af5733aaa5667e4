"""A draft's tree as HTML: a fragment for the service's pages, and a document that stands alone. No script, no remote asset."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from importlib.resources import files

from assistant.domain.draft import Draft
from assistant.drafting.formats.behind import Behind, behind_nodes
from assistant.drafting.formats.excerpts import Excerpt
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
from assistant.drafting.formats.to_markdown import quote_anchor
from assistant.drafting.formats.tree import plain, tree

Href = Callable[[str], str]
"""Quote id → address of its passage."""


def body_html(
    draft: Draft,
    href: Href | None = None,
    excerpts: Mapping[str, Excerpt] | None = None,
    behind: Behind | None = None,
) -> str:
    """The draft as a safe HTML fragment.

    Args:
        href: where a citation leads; None: to the quote in the same document.
        excerpts: with them, each quote of the appendix is shown inside its record.
        behind: with it, the records behind the numbers stand at the end, folded.
    """
    link = href or (lambda quote_id: f"#{quote_anchor(quote_id)}")
    nodes: list[Node | Fold] = [*tree(draft, behind.queries if behind else None)]
    nodes += behind_nodes(draft, behind) if behind else []
    return "\n".join(part for node in nodes for part in _node(draft, node, link, excerpts or {}))


def document_html(
    draft: Draft, excerpts: Mapping[str, Excerpt] | None = None, behind: Behind | None = None
) -> str:
    """The draft as one file that opens anywhere."""
    style = files("assistant.drafting.formats").joinpath("draft.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{escape(draft.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(plain(draft, draft.title))}</title>\n<style>\n{style}</style>\n</head>\n"
        f'<body>\n<main class="draft">\n{body_html(draft, None, excerpts, behind)}\n</main>\n</body>\n</html>\n'
    )


def _node(draft: Draft, node: Node | Fold, link: Href, excerpts: Mapping[str, Excerpt]) -> Iterator[str]:
    if isinstance(node, Fold):
        body = "".join(part for held in node.body for part in _node(draft, held, link, excerpts))
        # A browser opens what holds the target of a link, but not the fold that is the target itself.
        anchor = f' id="{escape(node.name.casefold())}"' if node.name else ""
        yield f"<details><summary>{_inline(node.title, link)}</summary><div{anchor}>{body}</div></details>"
    elif isinstance(node, Heading):
        yield f"<h{node.level}>{_inline(node.spans, link)}</h{node.level}>"
    elif isinstance(node, Paragraph):
        role = f' class="{escape(node.role)}"' if node.role else ""
        yield f'<p{role} dir="auto">{_inline(node.spans, link)}</p>'
    elif isinstance(node, Items):
        tag = "ol" if node.ordered else "ul"
        items = "".join(f'<li dir="auto">{_inline(item, link)}</li>' for item in node.items)
        yield f"<{tag}>{items}</{tag}>"
    elif isinstance(node, Table):
        yield _table(node, link)
    elif isinstance(node, Code):
        yield f'<pre class="{escape(node.language)}"><code>{escape(node.text)}</code></pre>'
    elif isinstance(node, QuoteEntry):
        yield _entry(draft, node, link, excerpts)


def _table(node: Table, link: Href) -> str:
    heads = (_inline(cell, link) for cell in node.header)
    # A heading without words is announced as nothing; a wide table is scrolled by keyboard once it can have the focus.
    head = "".join(f"<th>{words}</th>" if words else "<td></td>" for words in heads)
    rows = []
    for row in node.rows:
        name = row[0][0].text if node.anchors else ""
        anchor = f' id="{escape(name.casefold())}"' if name else ""
        first = f"<td>{escape(name)}</td>" if name else f"<td>{_inline(row[0], link)}</td>"
        rows.append(
            f"<tr{anchor}>{first}{''.join(f'<td>{_inline(cell, link)}</td>' for cell in row[1:])}</tr>"
        )
    role = f' class="{escape(node.role)}"' if node.role else ""
    return f'<div class="wide" tabindex="0"><table{role}><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _entry(draft: Draft, node: QuoteEntry, link: Href, excerpts: Mapping[str, Excerpt]) -> str:
    quote = draft.quotes[node.quote_id]
    excerpt = excerpts.get(node.quote_id)
    if excerpt is not None:
        words = f"{escape(excerpt.before)}<mark>{escape(excerpt.words)}</mark>{escape(excerpt.after)}"
    else:
        words = f"<mark>{escape(quote.text)}</mark>"
    about = [
        quote.source.replace("_", " "),
        quote.said_at.date().isoformat() if quote.said_at else "",
        quote.anchor or "",
    ]
    source = escape(" · ".join(part for part in about if part))
    place = f'<a class="place" href="{escape(link(node.quote_id))}">{escape(quote.record_id)} [{quote.start}:{quote.end}]</a>'
    name = f"<b>{escape(node.quote_id)}</b>"
    return (
        f'<figure class="quote" id="{escape(quote_anchor(node.quote_id))}"><blockquote dir="auto">{words}</blockquote>'
        f"<figcaption>{name} {source} {place}</figcaption></figure>"
    )


def _inline(spans: Spans, link: Href) -> str:
    return "".join(_span(span, link) for span in spans)


def _span(span: Span, link: Href) -> str:
    if isinstance(span, Number):
        return f'<a class="fact" href="#{escape(span.fact_id.casefold())}">{escape(span.text)}</a>'
    if isinstance(span, Cite):
        chip = f'<a class="cite" href="{escape(link(span.quote_id))}">{escape(span.quote_id)}</a>'
        return f'<q dir="auto">{escape(span.text)}</q> {chip}' if span.text else chip
    tag = {"strong": "strong", "em": "em"}.get(span.style)
    return f"<{tag}>{escape(span.text)}</{tag}>" if tag else escape(span.text)
