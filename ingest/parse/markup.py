"""Whether HTML is of a shape that can be parsed: the rules of browsers take square time on hostile nesting."""

import re

_MAX_TAGS = 250_000
"""Each costs some 300 bytes; long pages have ten thousand."""
_MAX_DEPTH = 10_000
_MAX_REOPENED = 500_000
"""Elements that the parser adds, because formatting that was never closed begins anew in every block."""
_MAX_ATTRIBUTES = 2_000
"""Of one tag: the parser compares each with all others."""
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,100000}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_CLOSED_BY_ITSELF_WORDS = (
    "area base br col embed hr img input link meta source track wbr p li dt dd option optgroup rb rt rtc rp tr td th thead tbody"
    " tfoot colgroup"
)
_CLOSED_BY_ITSELF = frozenset(_CLOSED_BY_ITSELF_WORDS.split())
_FORMATTING_WORDS = "a b big code em font i nobr s small strike strong tt u"
_FORMATTING = frozenset(_FORMATTING_WORDS.split())


def markup_problem(source: str) -> str:
    """What is wrong with a page's markup, as the end of a sentence; empty if it can be parsed."""
    if source.count("<") > _MAX_TAGS:
        return f"holds more than {_MAX_TAGS:,} tags"
    for tag in _LONG_TAG.finditer(source):
        if len(_QUOTED.sub('""', tag.group()).split()) > _MAX_ATTRIBUTES:
            return f"holds a tag with more than {_MAX_ATTRIBUTES:,} attributes"
    depth = unclosed = reopened = 0
    for slash, name in _TAG.findall(source):
        tag_name = name.lower()
        if tag_name in _FORMATTING:
            unclosed = max(0, unclosed + (-1 if slash else 1))
        elif not slash:
            reopened += unclosed
        if tag_name not in _CLOSED_BY_ITSELF:
            depth = max(0, depth + (-1 if slash else 1))
        if depth > _MAX_DEPTH or reopened > _MAX_REOPENED:
            return "is nested more deeply than a page is"
    return ""
