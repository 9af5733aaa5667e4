"""HTML: the text a reader sees, with headings as anchors."""

from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.parse.limits import assemble
from ingest.parse.text import read_text
from ingest.port import Document, TextBlock

_DROPPED = (
    "script, style, noscript, template, svg, iframe, object, nav, header nav, footer, aside, form, button, select, dialog,"
    " [hidden], [aria-hidden='true'], [role='navigation'], [style*='display:none'], [style*='display: none'],"
    " [style*='visibility:hidden'], [style*='visibility: hidden']"
)
_BLOCK_TAGS = (
    "address article blockquote body dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr li main ol p pre section"
    " summary table tbody thead tfoot tr ul header br"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def parse_html(path: Path) -> Document:
    """Read a page. Scripts, styles, navigation and hidden parts are left out.

    Raises: InputRejected if nothing readable is left.
    """
    tree = LexborHTMLParser(read_text(path))
    titles = tree.css("title")
    title = " ".join(titles[0].text().split()) if titles else ""
    for node in tree.css(_DROPPED):
        node.decompose()
    if tree.body is None:
        return assemble(path, [], None)
    blocks: list[TextBlock] = []
    label = ""
    for tag, text in _runs(tree.body):
        if tag in _HEADINGS:
            label = f"§ {text}"
        blocks.append(TextBlock(text, label))
    headings = [block.label.removeprefix("§ ") for block in blocks if block.label]
    return assemble(path, blocks, title or (headings[0] if headings else None))


def _runs(body: LexborNode) -> Iterator[tuple[str, str]]:
    """(tag of the block, text) in reading order: inline text is joined up to the next block's border."""
    held: list[str] = []
    tag = "body"
    for event, node_tag, text in _events(body):
        if event == "text":
            held.append(text)
            continue
        if node_tag in _BLOCKS:
            if joined := _line(held):
                yield tag, joined
            held.clear()
            tag = node_tag if event == "open" else "body"
    if joined := _line(held):
        yield tag, joined


def _line(held: list[str]) -> str:
    return " ".join("".join(held).split()).strip("| ")


def _events(body: LexborNode) -> Iterator[tuple[str, str, str]]:
    """Opening and closing tags and texts, without recursion: pages may be nested as deep as they like."""
    stack: list[tuple[LexborNode, bool]] = [(body, False)]
    while stack:
        node, closing = stack.pop()
        if closing:
            if node.tag in _CELLS:
                yield "text", "", " | "
            yield "close", node.tag or "", ""
            continue
        if node.is_text_node:
            yield "text", "", node.text_content or ""
            continue
        if not node.is_element_node:
            continue
        yield "open", node.tag or "", ""
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
