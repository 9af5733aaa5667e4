"""Markdown as a document of Jira: what our texts are made of exactly, the rest as a parser of CommonMark reads it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from api.trackers.adf.commonmark import parsed
from api.trackers.adf.reading import block
from api.trackers.adf.spans import nodes
from assistant.drafting.formats.to_adf import AdfNode
from assistant.drafting.formats.words import legal

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_CODE = re.compile(r"(`{3,})([^\s`]*)\n(?:(.*)\n)?\1", re.DOTALL)
_HEADING = re.compile(r"(#{1,6}) (.*)")
_NUMBER = re.compile(r"(\d{1,9})\. ")
_CELL = re.compile(r"(?<!\\)\|")
_STARTS_BLOCK = re.compile(r"\s*(?:[-*+] |\d+[.)] |#{1,6} |>|`{3}|~{3}|\||=+\s*$|-+\s*$)|    |\t")


def to_adf(markdown: str, held: AdfNode | None = None) -> AdfNode:
    """The document of a text.

    Args:
        held: what stands there now: its blocks are kept as they are where the text still says them, with all that Markdown can't say
            (pictures, mentions, colours).
    """
    return {"type": "doc", "version": 1, "content": list(_blocks(chunks(legal(markdown)), held))}


def chunks(markdown: str) -> list[str]:
    """What stands between empty lines; a fenced block is whole."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in markdown.split("\n"):
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif mark := _FENCE.match(line):
            fence = mark[1]
        elif not line.strip():
            found.append([])
            continue
        found[-1].append(line)
    return ["\n".join(lines) for lines in found if lines]


def _blocks(wanted: Sequence[str], held: AdfNode | None) -> Iterator[AdfNode]:
    there: defaultdict[str, list[tuple[list[str], AdfNode]]] = defaultdict(list)
    for node in (held or {}).get("content", []):
        if said := chunks(block(node)):
            there[said[0]].append((said, node))
    place = 0
    while place < len(wanted):
        same = [one for one in there[wanted[place]] if list(wanted[place : place + len(one[0])]) == one[0]]
        if same:
            there[wanted[place]].remove(same[0])
            place += len(same[0][0])
            yield same[0][1]
        else:
            yield from _block(wanted[place])
            place += 1


def _block(chunk: str) -> list[AdfNode]:
    for strict in (_code, _heading, _rule, _quote, _bullets, _numbers, _table, _paragraph):
        node = strict(chunk)
        if node is not None and block(node) == chunk:
            return [node]
    return parsed(chunk)


def _code(chunk: str) -> AdfNode | None:
    found = _CODE.fullmatch(chunk)
    if found is None:
        return None
    content: list[AdfNode] = [{"type": "text", "text": found[3]}] if found[3] else []
    return {"type": "codeBlock", "attrs": {"language": found[2]} if found[2] else {}, "content": content}


def _heading(chunk: str) -> AdfNode | None:
    found = _HEADING.fullmatch(chunk)
    inside = nodes(found[2]) if found else None
    if found is None or inside is None:
        return None
    return {"type": "heading", "attrs": {"level": len(found[1])}, "content": inside}


def _rule(chunk: str) -> AdfNode | None:
    return {"type": "rule"} if chunk == "---" else None


def _quote(chunk: str) -> AdfNode | None:
    lines = chunk.split("\n")
    if not all(line.startswith("> ") for line in lines):
        return None
    inside = _line("\n".join(line[2:] for line in lines))
    return {"type": "blockquote", "content": [inside]} if inside else None


def _bullets(chunk: str) -> AdfNode | None:
    lines = chunk.split("\n")
    if not all(line.startswith("- ") for line in lines):
        return None
    return _list({"type": "bulletList"}, [line[2:] for line in lines])


def _numbers(chunk: str) -> AdfNode | None:
    lines = chunk.split("\n")
    found = [_NUMBER.match(line) for line in lines]
    if found[0] is None or not all(found):
        return None
    node: AdfNode = {"type": "orderedList", "attrs": {"order": int(found[0][1])}}
    return _list(node, [line[mark.end() :] for line, mark in zip(lines, found, strict=True) if mark])


def _list(node: AdfNode, items: Sequence[str]) -> AdfNode | None:
    held = [_line(item) for item in items]
    rows: list[AdfNode] = [{"type": "listItem", "content": [item]} for item in held if item is not None]
    return {**node, "content": rows} if len(rows) == len(items) else None


def _table(chunk: str) -> AdfNode | None:
    lines = chunk.split("\n")
    if len(lines) < 2 or not all(
        line.startswith("| ") and line.endswith(" |") for line in lines if line != lines[1]
    ):
        return None
    cells = [
        [_line(cell) for cell in _CELL.split(line[2:-2].replace(" | ", "|"))]
        for line in (lines[0], *lines[2:])
    ]
    rows: list[AdfNode] = []
    for place, row in enumerate(cells):
        kind = "tableCell" if place else "tableHeader"
        told: list[AdfNode] = [
            {"type": kind, "attrs": {}, "content": [cell]} for cell in row if cell is not None
        ]
        rows.append({"type": "tableRow", "content": told})
    return {"type": "table", "content": rows}


def _paragraph(chunk: str) -> AdfNode | None:
    first, *rest = chunk.split("\n")
    if first.startswith(("    ", "\t")) or any(_STARTS_BLOCK.match(line) for line in rest):
        return None
    return _line(chunk)


def _line(text: str) -> AdfNode | None:
    inside = nodes(text)
    return None if inside is None else {"type": "paragraph", "content": inside}
