"""Which part of a web page is its content: navigation, footers, cookie banners and their like are left out."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ALWAYS_DROPPED = (
    "script, style, noscript, template, svg, iframe, object, nav, footer, aside, form, button, select, dialog, [hidden],"
    " [aria-hidden='true'], [aria-modal='true'], [role='navigation'], [role='contentinfo'], [role='search'], [role='dialog'],"
    " [role='alertdialog'], [role='menu'], [role='menubar'], [role='complementary'],"
    " [style*='display:none'], [style*='display: none'], [style*='visibility:hidden'], [style*='visibility: hidden']"
)
_FURNITURE_WORDS = (
    "nav navbar navigation menu menubar breadcrumb breadcrumbs sidebar footer cookie cookies cookiebar cookiebanner consent gdpr"
    " onetrust cookiebot usercentrics didomi newsletter share sharing social socials skiplink popup modal advert advertisement"
    " ads sponsored pagination pager topbar masthead"
)
_FURNITURE = frozenset(_FURNITURE_WORDS.split())
"""Words of ids and classes that mark what surrounds a page's content."""
_WORD = re.compile(r"[A-Za-z][a-z]*|[A-Z]+(?![a-z])")
_MAX_SHARE = 0.33
"""What holds more of the page's text than this is content, whatever it is called: cookie policies exist."""
_MIN_LINKS = 4
_LINK_SHARE = 0.85
_LINK_CHARS = 40
_LISTS = frozenset({"ul", "ol", "div", "section", "header", "p"})
_CONTENT = frozenset({"main", "article", "body", "html", "h1"})
_MIN_MAIN_SHARE = 0.25


@dataclass
class _Weight:
    chars: int = 0
    link_chars: int = 0
    links: int = 0
    holds_content: bool = False
    """Whether it is, or contains, `main`, `article` or the page's first heading."""

    def add(self, other: "_Weight") -> None:
        self.chars += other.chars
        self.link_chars += other.link_chars
        self.links += other.links
        self.holds_content |= other.holds_content


def main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """Take out of a page what isn't its content.

    Returns: the element to read; None where the page has no body.
    """
    for node in tree.css(_ALWAYS_DROPPED):
        node.decompose()
    body = tree.body
    if body is None:
        return None
    weights = _weights(body)
    _drop_furniture(body, weights, weights[body.mem_id].chars)
    return _main_element(tree, body, weights)


def _weights(body: LexborNode) -> dict[int, _Weight]:
    """Text and links of every element, by its place in memory; one pass, without recursion."""
    weights: dict[int, _Weight] = {body.mem_id: _Weight()}
    stack: list[tuple[LexborNode, int, bool]] = [(body, 0, False)]
    while stack:
        node, parent, closing = stack.pop()
        if closing:
            own = weights[node.mem_id]
            if node.tag == "a":
                own.links, own.link_chars = own.links + 1, own.chars
            if node.tag in _CONTENT:
                own.holds_content = True
            if parent in weights:
                weights[parent].add(own)
        elif node.is_text_node:
            weights[parent].chars += len((node.text_content or "").strip())
        elif node.is_element_node:
            weights[node.mem_id] = _Weight()
            stack.append((node, parent, True))
            stack.extend((child, node.mem_id, False) for child in node.iter(include_text=True))
    return weights


def _drop_furniture(body: LexborNode, weights: dict[int, _Weight], total: int) -> None:
    stack = list(body.iter())
    while stack:
        node = stack.pop()
        weight = weights.get(node.mem_id)
        if weight is None:  # a comment
            continue
        if node.tag not in _CONTENT and (
            _is_named_furniture(node, weight, total) or _is_link_list(node, weight)
        ):
            node.decompose()
        else:
            stack.extend(node.iter())


def _is_named_furniture(node: LexborNode, weight: _Weight, total: int) -> bool:
    if weight.holds_content or weight.chars > _MAX_SHARE * total:
        return False
    named = f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"[:500]
    return any(word.casefold() in _FURNITURE for word in _WORD.findall(named))


def _is_link_list(node: LexborNode, weight: _Weight) -> bool:
    return (
        node.tag in _LISTS
        and not weight.holds_content
        and weight.links >= _MIN_LINKS
        and weight.link_chars >= _LINK_SHARE * weight.chars
        and weight.link_chars <= _LINK_CHARS * weight.links
    )


def _main_element(tree: LexborHTMLParser, body: LexborNode, weights: dict[int, _Weight]) -> LexborNode:
    """`main` where there is one with text in it, else the one article of a page that is mostly that article."""
    found = tree.css("main, [role='main']")
    outer = found[:1] if found else tree.css("article")
    if len(outer) != 1 or outer[0].mem_id not in weights:
        return body
    share = _MIN_MAIN_SHARE if found else 0.6
    return outer[0] if weights[outer[0].mem_id].chars >= share * weights[body.mem_id].chars else body
