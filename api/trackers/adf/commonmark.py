"""Markdown that isn't written as we write, as nodes of a document: nested lists, other marks, breaks. Nothing of its words is lost."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from assistant.drafting.formats.to_adf import AdfNode, Mark

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_MARKS: dict[str, Mark] = {"strong": {"type": "strong"}, "em": {"type": "em"}, "s": {"type": "strike"}}
_LINKED = ("http://", "https://", "mailto:")


def parsed(markdown: str) -> list[AdfNode]:
    """Its blocks."""
    from markdown_it.tree import SyntaxTreeNode

    return list(_blocks(SyntaxTreeNode(_parser().parse(markdown)).children))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _blocks(held: Iterable["SyntaxTreeNode"]) -> Iterator[AdfNode]:
    for one in held:
        yield _block(one)


def _block(one: "SyntaxTreeNode") -> AdfNode:
    match one.type:
        case "heading":
            return {"type": "heading", "attrs": {"level": int(one.tag[1])}, "content": _inside(one)}
        case "bullet_list":
            return {"type": "bulletList", "content": list(_blocks(one.children))}
        case "ordered_list":
            order = int(one.attrs.get("start", 1))
            return {"type": "orderedList", "attrs": {"order": order}, "content": list(_blocks(one.children))}
        case "list_item":
            return {"type": "listItem", "content": _beginning(list(_blocks(one.children)))}
        case "blockquote":
            quoted = [_plainer(node) for node in _blocks(one.children)]
            return {"type": "blockquote", "content": quoted or [{"type": "paragraph", "content": []}]}
        case "fence" | "code_block":
            text = one.content.removesuffix("\n")
            language = one.info.split()[0] if one.type == "fence" and one.info.split() else ""
            content: list[AdfNode] = [{"type": "text", "text": text}] if text else []
            return {
                "type": "codeBlock",
                "attrs": {"language": language} if language else {},
                "content": content,
            }
        case "hr":
            return {"type": "rule"}
        case "table":
            rows = [row for part in one.children for row in part.children]
            return {"type": "table", "content": [_row(row) for row in rows]}
    return {"type": "paragraph", "content": _inside(one)}


def _row(row: "SyntaxTreeNode") -> AdfNode:
    cells: list[AdfNode] = [
        {
            "type": "tableHeader" if cell.type == "th" else "tableCell",
            "attrs": {},
            "content": [{"type": "paragraph", "content": _inside(cell)}],
        }
        for cell in row.children
    ]
    return {"type": "tableRow", "content": cells}


def _beginning(held: list[AdfNode]) -> list[AdfNode]:
    """What an item may hold: a text first, and no headings or quotes."""
    plain = [_plainer(node) for node in held]
    if not plain or plain[0]["type"] not in ("paragraph", "codeBlock"):
        plain.insert(0, {"type": "paragraph", "content": []})
    return plain


def _plainer(node: AdfNode) -> AdfNode:
    """A block as quotes and items may hold it."""
    if node["type"] in ("paragraph", "bulletList", "orderedList", "codeBlock"):
        return node
    if node["type"] == "rule":
        return {"type": "paragraph", "content": [{"type": "text", "text": "---"}]}
    return {"type": "paragraph", "content": list(_flat(node))}


def _flat(node: AdfNode) -> Iterator[AdfNode]:
    for place, one in enumerate(node.get("content", [])):
        if one["type"] in ("text", "hardBreak"):
            yield one
            continue
        if place:
            yield {"type": "hardBreak"}
        yield from _flat(one)


def _inside(one: "SyntaxTreeNode") -> list[AdfNode]:
    return [node for child in one.children for node in _spans(child, [])]


def _spans(one: "SyntaxTreeNode", marks: list[Mark]) -> Iterator[AdfNode]:
    if one.type in ("softbreak", "hardbreak"):
        yield {"type": "hardBreak"}
    elif one.type in _MARKS:
        for child in one.children:
            yield from _spans(child, marks if _MARKS[one.type] in marks else [*marks, _MARKS[one.type]])
    elif one.type in ("link", "image"):
        href = str(one.attrs.get("href") or one.attrs.get("src") or "")
        told: list[Mark] = marks
        if href.startswith(_LINKED):
            told = [*marks, {"type": "link", "attrs": {"href": href}}]
        if one.type == "image":
            yield from _text(one.content or href, told)
        for child in one.children if one.type == "link" else ():
            yield from _spans(child, told)
    elif one.type == "code_inline":
        # Jira knows no code that is bold or slanted.
        linked = [mark for mark in marks if mark["type"] == "link"]
        yield from _text(one.content, [*linked, {"type": "code"}])
    elif one.children:
        for child in one.children:
            yield from _spans(child, marks)
    else:
        yield from _text(one.content, marks)


def _text(text: str, marks: list[Mark]) -> Iterator[AdfNode]:
    # An empty text is none that Jira takes.
    if text:
        yield {"type": "text", "text": text, "marks": marks} if marks else {"type": "text", "text": text}
