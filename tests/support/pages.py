"""What a page of ours never holds."""

import re

from selectolax.lexbor import LexborHTMLParser as HTMLParser

_INLINE = re.compile(r"<[^>]*\s(on\w+|style)=")


def demand_nothing_active(html: str) -> None:
    """Fail where a page holds a script or a style of its own, a handler, or an address elsewhere."""
    tree = HTMLParser(html)
    assert tree.css("style, iframe, object, embed, base") == []
    assert not _INLINE.search(html)
    for script in tree.css("script"):
        assert (script.attributes.get("src") or "").startswith("/static/"), script.html
        assert not script.text()
    for node in tree.css("[src], [href], [action], [hx-get], [formaction]"):
        for name in ("src", "href", "action", "hx-get", "formaction"):
            address = node.attributes.get(name)
            assert address is None or address.startswith(("/", "#", "?")), node.html
            assert address is None or not address.startswith("//"), node.html
