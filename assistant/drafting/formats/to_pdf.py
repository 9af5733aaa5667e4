"""A draft's tree as PDF, typeset by typst (the extra `pdf`) with the fonts that it brings and those of the machine."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from assistant.domain.draft import Draft
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
    Span,
    Spans,
    Table,
    targets_of,
)
from assistant.drafting.formats.tree import plain, tree
from assistant.drafting.formats.words import legal, one_line, runs_from_right
from assistant.errors import UsageError

_UNSHOWN = "could not be displayed"
_TOLD = "Some characters of this draft have no font on the machine that made this file, and are shown as boxes. The HTML has them."
_SMALL = ("members", "ids")
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def pdf(draft: Draft, behind: Behind | None = None) -> bytes:
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
    data = _data(draft, behind)
    try:
        # The archival standard demands a font for every character; without one it refuses, which is how we know.
        return _compiled(typst, source, data, standard="a-2u")
    except typst.TypstError as problem:
        if _UNSHOWN not in str(problem):
            raise
    data["nodes"].insert(
        1, {"type": "paragraph", "small": False, "rtl": False, "spans": [_plain_span(_TOLD, "em")]}
    )
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


def _data(draft: Draft, behind: Behind | None) -> dict[str, Any]:
    nodes: list[Node | Fold] = [*tree(draft, behind.queries if behind else None)]
    nodes += behind_nodes(draft, behind) if behind else []
    # The evidence's day, since that of writing would change the bytes.
    as_of = max((fact.as_of for fact in draft.facts.values() if fact.as_of), default=_NO_DAY)
    return {
        "date": [as_of.year, as_of.month, as_of.day],
        "title": one_line(plain(draft, draft.title)),
        "lang": draft.language.partition("-")[0],
        "footer": f"Voxspec draft {draft.id}, version {draft.version}",
        "targets": sorted(name.casefold() for name in targets_of(nodes)),
        "nodes": [told for node in nodes for told in _nodes(draft, node)],
    }


def _nodes(draft: Draft, node: Node | Fold) -> Iterator[dict[str, Any]]:
    if not isinstance(node, Fold):
        yield _node(draft, node)
        return
    yield {
        "type": "heading",
        "level": 3,
        "mark": node.name.casefold(),
        "spans": _spans(node.title),
    }
    for held in node.body:
        yield _node(draft, held)


def _node(draft: Draft, node: Node) -> dict[str, Any]:
    if isinstance(node, Heading):
        return {"type": "heading", "level": node.level, "mark": "", "spans": _spans(node.spans)}
    if isinstance(node, Paragraph):
        return {"type": "paragraph", "small": node.role in _SMALL, **_directed(node.spans)}
    if isinstance(node, Items):
        return {"type": "items", "ordered": node.ordered, "items": [_directed(item) for item in node.items]}
    if isinstance(node, Table):
        rows = [
            {
                "mark": row[0][0].text.casefold() if node.anchors else "",
                # The row's own name leads nowhere but to itself.
                "cells": [
                    [_plain_span(row[0][0].text)] if node.anchors and not at else _spans(cell)
                    for at, cell in enumerate(row)
                ],
            }
            for row in node.rows
        ]
        header = [_spans(cell) for cell in node.header]
        return {
            "type": "table",
            "header": header,
            "rows": rows,
            "small": node.role == "records",
            "widths": node.shares(),
        }
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
