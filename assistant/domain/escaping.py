"""Text of anybody in a form where it is nothing but text."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~@&])")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|\b(www)(\.)")


def markdown_words(text: str) -> str:
    """Text as Markdown that shows exactly its words, on one line, and links nowhere."""
    flat = " ".join(text.split())
    edges = (" " if text[:1].isspace() else "", " " if len(text) > 1 and text[-1:].isspace() else "")
    return edges[0] + markdown_escaped(flat) + (edges[1] if flat else "")


def markdown_escaped(text: str) -> str:
    """Text as Markdown that shows exactly its characters; blanks and line breaks stay as they are."""
    return _AUTOLINK.sub(r"\1\3\\\2\4", _SPECIAL.sub(r"\\\1", text))
