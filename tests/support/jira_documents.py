"""Whether a document is one that Jira takes: an excerpt of the rules of Atlassian Document Format for the nodes that we write."""

from typing import Any

_MARKS = {"strong", "em", "strike", "code", "link"}
_INLINE = {"text", "hardBreak", "mention", "inlineCard"}
_LISTS = {"bulletList", "orderedList"}
_MAY_HOLD: dict[str, set[str]] = {
    "doc": {"paragraph", "heading", "blockquote", "codeBlock", "rule", "table", "panel", "mediaSingle", *_LISTS},
    "paragraph": _INLINE,
    "heading": _INLINE,
    "blockquote": {"paragraph", "codeBlock", *_LISTS},
    "panel": {"paragraph", "heading", *_LISTS},
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": {"paragraph", "codeBlock", *_LISTS},
    "codeBlock": {"text"},
    "table": {"tableRow"},
    "tableRow": {"tableHeader", "tableCell"},
    "tableHeader": {"paragraph"},
    "tableCell": {"paragraph"},
    "mediaSingle": {"media"},
}  # fmt: skip
_NEVER_EMPTY = {*_LISTS, "listItem", "blockquote", "table", "tableRow", "tableHeader", "tableCell"}


def is_taken(document: Any) -> bool:
    """Whether the document is made of what is allowed where it stands."""
    return (
        isinstance(document, dict)
        and document.get("type") == "doc"
        and document.get("version") == 1
        and _fits(document)
    )


def _fits(node: dict[str, Any]) -> bool:
    kind, held = node["type"], node.get("content", [])
    marks = [mark["type"] for mark in node.get("marks", ())]
    if not set(marks) <= _MARKS or len(set(marks)) != len(marks):
        return False
    if "code" in marks and not set(marks) <= {"code", "link"}:
        return False
    if kind == "text":
        return bool(node.get("text")) and not held
    if kind == "heading" and node["attrs"]["level"] not in range(1, 7):
        return False
    if kind == "listItem" and held and held[0]["type"] not in ("paragraph", "codeBlock"):
        return False
    if kind in _NEVER_EMPTY and not held:
        return False
    if kind == "codeBlock" and any(one.get("marks") for one in held):
        return False
    return all(one["type"] in _MAY_HOLD.get(kind, ()) and _fits(one) for one in held)
