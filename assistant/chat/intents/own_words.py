"""The person's own words of a turn: what they quote or paste is data, and can't choose what is done."""

import re
import unicodedata

_FENCED = re.compile(r"```.*?(?:```|\Z)|<<<.*?(?:>>>|\Z)", re.DOTALL)
_CITED_LINE = re.compile(r"^\s{0,3}>.*$", re.MULTILINE)
_QUOTED = re.compile(
    r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«|「[^」]*」|『[^』]*』|\"[^\"]*\"|(?<!\w)'[^'\n]{12,}'(?!\w)",
    re.DOTALL,
)
_HIDDEN = frozenset({"Cf", "Cc", "Cs", "Co"})
_PASTED_LINES = 3
"""From so many lines on, a text is taken for one with something pasted below its first paragraph."""


def own_words(text: str) -> str:
    """The text without quotations, cited lines, code blocks, and what is pasted below the first paragraph; on one line.

    Where nothing else is left the text is all quotation, and nothing is asked for: empty.
    """
    bare = _FENCED.sub(" ", text)
    bare = _CITED_LINE.sub(" ", bare)
    paragraphs = [part for part in re.split(r"\n\s*\n", bare) if part.strip()]
    if len(paragraphs) > 1 and len(bare.strip().splitlines()) >= _PASTED_LINES:
        bare = paragraphs[0]
    bare = _QUOTED.sub(" ", bare)
    shown = "".join(
        " " if character in "\n\r\t" else character
        for character in unicodedata.normalize("NFKC", bare)
        if character in "\n\r\t" or unicodedata.category(character) not in _HIDDEN
    )
    return " ".join(shown.split())


def quoted(text: str) -> list[str]:
    """What the person put in quotation marks."""
    return [match.group()[1:-1].strip() for match in _QUOTED.finditer(text) if match.group()[1:-1].strip()]
