"""A draft's tree as PDF, typeset by typst (the extra `pdf`) with the fonts that it brings and those of the machine."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

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
from assistant.drafting.formats.tree import plain, tree
from assistant.drafting.formats.words import legal, one_line, runs_from_right
from assistant.errors import UsageError

_UNSHOWN = "could not be displayed"
_TOLD = "Some characters of this draft have no font on the machine that made this file, and are shown as boxes. The HTML has them."
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def pdf(draft: Draft) -> bytes:
    """The whole draft, tagged and readable by machines; citations and numbers lead to their proof in the same file.

    Characters without a font on this machine are shown as boxes, and the file says so on its first page.
    The same fonts give the same bytes.

    Raises: UsageError where typst isn't installed.
    """
    try:
        import typst
    except ImportError as problem:
        raise UsageError("PDF needs the extra 'pdf'.", hint="pip install 'voxspec[pdf]'") from problem
    source = files("assistant.drafting.formats").joinpath("draft.typ").read_bytes()
    data = _data(draft)
    try:
        # The archival standard demands a font for every character; without one it refuses, which is how we know.
        return _compiled(typst, source, data, standard="a-2u")
    except typst.TypstError as problem:
        if _UNSHOWN not in str(problem):
            raise
    data["nodes"].insert(1, {"type": "paragraph", "rtl": False, "spans": [_plain_span(_TOLD, "em")]})
    return _compiled(typst, source, data, standard="1.7")


def _compiled(typst: Any, source: bytes, data: dict[str, Any], *, standard: str) -> bytes:
    content = typst.compile(
        source,
        format="pdf",
        sys_inputs={"draft": json.dumps(data, ensure_ascii=True)},
        pdf_standards=standard,
    )
    assert isinstance(content, bytes)
    return content


def _data(draft: Draft) -> dict[str, Any]:
    nodes = tree(draft)
    targets = [node.quote_id for node in nodes if isinstance(node, QuoteEntry)] + list(draft.facts)
    # The evidence's day, since that of writing would change the bytes.
    as_of = max((fact.as_of for fact in draft.facts.values() if fact.as_of), default=_NO_DAY)
    return {
        "date": [as_of.year, as_of.month, as_of.day],
        "title": one_line(plain(draft, draft.title)),
        "lang": draft.language.partition("-")[0],
        "footer": f"Voxspec draft {draft.id}, version {draft.version}",
        "targets": [name.casefold() for name in targets],
        "nodes": [_node(draft, node) for node in nodes],
    }


def _node(draft: Draft, node: Node) -> dict[str, Any]:
    if isinstance(node, Heading):
        return {"type": "heading", "level": node.level, "spans": _spans(node.spans)}
    if isinstance(node, Paragraph):
        return {"type": "paragraph", **_directed(node.spans)}
    if isinstance(node, Items):
        return {"type": "items", "ordered": node.ordered, "items": [_directed(item) for item in node.items]}
    if isinstance(node, Table):
        is_numbers = node.role == "numbers"
        rows = [
            {
                "mark": row[0][0].text.casefold() if is_numbers else "",
                # The row's own name leads nowhere but to itself.
                "cells": [
                    [_plain_span(row[0][0].text)] if is_numbers and not at else _spans(cell)
                    for at, cell in enumerate(row)
                ],
            }
            for row in node.rows
        ]
        header = [_spans(cell) for cell in node.header]
        return {"type": "table", "header": header, "rows": rows, "widths": node.shares()}
    if isinstance(node, Code):
        return {"type": "code", "text": legal(node.text)}
    quote = draft.quotes[node.quote_id]
    parts = [
        f"{quote.record_id} [{quote.start}:{quote.end}]",
        quote.source.replace("_", " "),
        quote.said_at.date().isoformat() if quote.said_at else "",
        quote.anchor or "",
    ]
    return {
        "type": "quote",
        "name": node.quote_id,
        "mark": node.quote_id.casefold(),
        "rtl": runs_from_right(quote.text),
        "text": legal(f"“{quote.text}”"),
        "about": one_line(" · ".join(part for part in parts if part)),
    }


def _directed(spans: Spans) -> dict[str, Any]:
    return {"rtl": runs_from_right("".join(span.text for span in spans)), "spans": _spans(spans)}


def _spans(spans: Spans) -> list[dict[str, str]]:
    return [told for span in spans for told in _span(span)]


def _span(span: Span) -> list[dict[str, str]]:
    if isinstance(span, Number):
        return [_plain_span(span.text, to=span.fact_id.casefold())]
    if isinstance(span, Cite):
        mark = _plain_span(f"[{span.quote_id}]", "cite", span.quote_id.casefold())
        return [_plain_span(f"“{span.text}” ", "em"), mark] if span.text else [mark]
    return [_plain_span(span.text, span.style)]


def _plain_span(text: str, style: str = "plain", to: str = "") -> dict[str, str]:
    return {"text": one_line(text), "style": style, "to": to}
