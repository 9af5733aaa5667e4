"""Reads rendered drafts as a person would see them, and lists what in them could act."""

from io import BytesIO

from docx import Document
from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

SAFE_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "pre",
        "code",
        "figure",
        "blockquote",
        "figcaption",
        "a",
        "q",
        "mark",
        "b",
        "strong",
        "em",
        "-text",
        "_comment",
        "!doctype",
    ]
)
SAFE_ATTRIBUTES = frozenset(
    ["class", "id", "dir", "href", "lang", "charset", "name", "content", "http-equiv", "tabindex"]
)


def squeezed(text: str) -> str:
    """The text with single blanks, as a page shows it."""
    return " ".join(text.split())


def html_text(page: bytes) -> str:
    """What a reader of the page sees."""
    tree = HTMLParser(page.decode())
    tree.strip_tags(["style", "title"])
    return squeezed(tree.body.text() if tree.body else "")


def html_dangers(page: bytes) -> list[str]:
    """Elements, attributes and links that a draft has no use for."""
    found = []
    for node in _nodes(HTMLParser(page.decode()).root):
        if node.tag not in SAFE_TAGS:
            found.append(f"<{node.tag}>")
        found += [f"{node.tag} {name}" for name in node.attributes if name not in SAFE_ATTRIBUTES]
        if node.tag == "a" and not (node.attributes.get("href") or "#").startswith("#"):
            found.append(f"href {node.attributes['href']}")
    return found


def _nodes(root: Node | None) -> list[Node]:
    return list(root.traverse(include_text=False)) if root else []


def markdown_tokens(text: str, *, html: bool = False) -> list[Token]:
    """All tokens, inline ones too. Args: html: whether raw HTML acts, as it does on some sites."""
    parser = MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])
    tokens: list[Token] = []
    for token in parser.parse(text):
        tokens += [token, *(token.children or [])]
    return tokens


def markdown_dangers(text: str) -> list[str]:
    """Images, HTML but our own anchors and mark, and links that leave the document."""
    found = []
    for token in markdown_tokens(text):
        if token.type == "image":
            found.append("image")
        if token.type == "link_open" and not str(token.attrs.get("href", "")).startswith("#"):
            found.append(f"link {token.attrs.get('href')}")
    raw = [
        token.content.strip() for token in markdown_tokens(text, html=True) if token.type.startswith("html")
    ]
    return found + [f"html {content}" for content in raw if not _is_ours(content)]


def _is_ours(html: str) -> bool:
    named = html.startswith('<a id="') and html.endswith('">') and html[7:-2].isalnum()
    mark = html.startswith("<!-- voxspec draft=") and html.endswith("-->") and html.count("<!--") == 1
    return named or mark or html == "</a>"


def markdown_text(text: str) -> str:
    """What a reader of the rendered Markdown sees."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return html_text(f"<html><body>{parser.render(text)}</body></html>".encode())


def docx_text(document: bytes) -> str:
    """All text of a Word document, tables too."""
    opened = Document(BytesIO(document))
    parts = [paragraph.text for paragraph in opened.paragraphs]
    parts += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return squeezed("\n".join(parts))
