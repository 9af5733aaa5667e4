"""HTML: the main text that a reader sees, with the path of headings as anchor."""

from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.errors import InputRejected
from ingest.parse.headings import HeadingPath
from ingest.parse.limits import assemble
from ingest.parse.mainpart import main_part
from ingest.parse.markup import markup_problem
from ingest.parse.text import read_text
from ingest.port import Document, TextBlock

_BLOCK_TAGS = (
    "address article blockquote body dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr li main ol p pre section"
    " summary table tbody thead tfoot tr ul header br"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def parse_html(path: Path) -> Document:
    """Read a page. Scripts, styles, navigation, footers, cookie banners and hidden parts are left out.

    Raises: InputRejected if nothing readable is left, or there is more markup than a page has.
    """
    source = read_text(path)
    if problem := markup_problem(source):
        raise InputRejected(f"{path.name} {problem}.", hint="Save the page as text, or split it.")
    tree = LexborHTMLParser(source)
    titles = tree.css("title")
    title = " ".join(titles[0].text().split()) if titles else ""
    content = main_part(tree)
    headings = HeadingPath()
    blocks: list[TextBlock] = []
    for tag, text in _runs(content) if content is not None else ():
        if tag in _HEADINGS:
            headings.enter(int(tag[1]), text)
        blocks.append(TextBlock(text, headings.label))
    return assemble(path, blocks, title or headings.first)


def html_text(source: str) -> str:
    """The text of a piece of HTML as lines, for example of a mail's body; empty where there is none.

    Raises: ValueError where its markup can't be parsed in reasonable time.
    """
    if problem := markup_problem(source):
        raise ValueError(problem)
    tree = LexborHTMLParser(source)
    for node in tree.css("script, style, noscript, template, svg, head, title"):
        node.decompose()
    return "\n".join(text for _, text in _runs(tree.body)) if tree.body is not None else ""


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
