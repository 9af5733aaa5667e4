"""A draft's tree as a document of Jira: Atlassian Document Format, version 1."""

from collections.abc import Iterator
from typing import Any, Literal, TypedDict

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
    Spans,
    Table,
)
from assistant.drafting.formats.tree import tree
from assistant.drafting.formats.words import legal, one_line


class Mark(TypedDict, total=False):
    """How a text looks."""

    type: Literal["strong", "em", "code", "strike", "link", "subsup"]
    attrs: dict[str, str]


class AdfNode(TypedDict, total=False):
    """A node of the document; which parts it has depends on its type, see Atlassian's JSON schema."""

    type: str
    version: int
    attrs: dict[str, Any]
    content: list["AdfNode"]
    text: str
    marks: list[Mark]


def adf(draft: Draft) -> AdfNode:
    """The whole draft. Citations stand as raised [Q1]; the quotes and the queries of the numbers at the end."""
    content = [block for node in tree(draft) for block in _node(draft, node)]
    return {"type": "doc", "version": 1, "content": content}


def _node(draft: Draft, node: Node) -> Iterator[AdfNode]:
    if isinstance(node, Heading):
        yield {"type": "heading", "attrs": {"level": node.level}, "content": _inline(node.spans)}
    elif isinstance(node, Paragraph):
        yield _paragraph(node.spans)
    elif isinstance(node, Items):
        rows: list[AdfNode] = [{"type": "listItem", "content": [_paragraph(item)]} for item in node.items]
        if rows and node.ordered:
            yield {"type": "orderedList", "attrs": {"order": 1}, "content": rows}
        elif rows:
            yield {"type": "bulletList", "content": rows}
    elif isinstance(node, Table):
        yield {
            "type": "table",
            "content": [_row(node.header, "tableHeader"), *(_row(row, "tableCell") for row in node.rows)],
        }
    elif isinstance(node, Code):
        yield {
            "type": "codeBlock",
            "attrs": {"language": node.language},
            "content": [{"type": "text", "text": legal(node.text) or " "}],
        }
    elif isinstance(node, QuoteEntry):
        quote = draft.quotes[node.quote_id]
        about = f" — {quote.record_id} [{quote.start}:{quote.end}]"
        words = [
            _text(f"{node.quote_id} ", "strong"),
            _text(f"“{one_line(quote.text)}”"),
            _text(about, "em"),
        ]
        yield {"type": "blockquote", "content": [{"type": "paragraph", "content": words}]}


def _row(cells: tuple[Spans, ...], kind: str) -> AdfNode:
    return {"type": "tableRow", "content": [{"type": kind, "content": [_paragraph(cell)]} for cell in cells]}


def _paragraph(spans: Spans) -> AdfNode:
    return {"type": "paragraph", "content": _inline(spans)}


def _inline(spans: Spans) -> list[AdfNode]:
    found: list[AdfNode] = []
    for span in spans:
        if isinstance(span, Cite):
            if span.text:
                found.append(_text(f"“{one_line(span.text)}” ", "em"))
            found.append(
                {
                    "type": "text",
                    "text": f"[{span.quote_id}]",
                    "marks": [{"type": "subsup", "attrs": {"type": "sup"}}],
                }
            )
        # An empty text is none that Jira takes.
        elif words := one_line(span.text):
            found.append(_text(words, "plain" if isinstance(span, Number) else span.style))
    return found


def _text(text: str, style: str = "plain") -> AdfNode:
    if style == "strong":
        return {"type": "text", "text": text, "marks": [{"type": "strong"}]}
    if style == "em":
        return {"type": "text", "text": text, "marks": [{"type": "em"}]}
    return {"type": "text", "text": text}
