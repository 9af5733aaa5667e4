"""Fragments of HTML, as messages are stored by support systems, to the text that a reader sees."""

import re
from collections.abc import Iterator
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MARKED_UP = re.compile(r"<[a-zA-Z/!]|&(?:#\w+|\w+);")
_HIDDEN = "script, style, head, title, template, noscript, iframe, object, svg, [hidden]"
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "div",
        "dl",
        "dd",
        "dt",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_MAX_TAGS = 2_000
"""A tree takes time by the square of its depth: 50,000 open tags took 5 s of CPU time, these at most 0.1 s."""
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")


def plain_text(fragment: str) -> str:
    """The text of a fragment: entities resolved, a line per block, scripts and hidden parts left out.

    A text without tags and entities comes back as it is.
    """
    if not _MARKED_UP.search(fragment):
        return fragment
    if sum(1 for _ in _TAG.finditer(fragment)) > _MAX_TAGS:
        return _lines(unescape(_SPACE.sub(" ", _TAG.sub("\n", fragment))))
    tree = LexborHTMLParser(fragment)
    for node in tree.css(_HIDDEN):
        node.decompose()
    if tree.body is None:
        return ""
    return _lines("".join(_pieces(tree.body)))


def _lines(text: str) -> str:
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _pieces(body: LexborNode) -> Iterator[str]:
    """Texts and line breaks in reading order, without recursion: fragments may be nested as deep as they like."""
    stack: list[tuple[LexborNode, bool]] = [(body, False)]
    while stack:
        node, closing = stack.pop()
        if node.is_text_node:
            yield _SPACE.sub(" ", node.text_content or "")
        elif closing or node.tag == "br":
            yield "\n"
        elif node.is_element_node:
            if node.tag in _BLOCKS:
                yield "\n"
                stack.append((node, True))
            stack.extend((inner, False) for inner in reversed(list(node.iter(include_text=True))))
