"""Whether a wording that a model returned may stand: nothing in it that the proven text and its evidence don't have.

A wording is held to what it may be made of; there is no list of what it may not say.
"""

import re
from collections.abc import Iterable

from assistant.domain.draft import PLACEHOLDER
from assistant.domain.quantities import stated_quantities
from assistant.domain.text import content_words, stem
from assistant.search.stance import is_instruction_like

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|without|cannot|nothing|neither|nor|nicht|kein\w*|ohne|nie)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that turn a statement round."""
_NOT_PROSE = re.compile(r"[<>`|\\]|\]\(|https?:|www\.|\n|[\u202a-\u202e\u2066-\u2069\u200b-\u200f]")
_SAYING = frozenset(
    stem(word)
    for word in [
        "account",
        "affect",
        "ask",
        "able",
        "also",
        "become",
        "before",
        "after",
        "come",
        "customer",
        "describe",
        "experience",
        "face",
        "feel",
        "find",
        "get",
        "give",
        "happen",
        "hard",
        "help",
        "issue",
        "keep",
        "know",
        "let",
        "mean",
        "mention",
        "need",
        "new",
        "note",
        "number",
        "people",
        "person",
        "place",
        "point",
        "problem",
        "product",
        "record",
        "release",
        "report",
        "run",
        "say",
        "see",
        "since",
        "span",
        "start",
        "tell",
        "team",
        "thing",
        "time",
        "trouble",
        "try",
        "use",
        "user",
        "want",
        "way",
        "week",
        "work",
        "write",
        "wrote",
        "written",
        "while",
        "during",
        "instead",
        "still",
        "today",
        "already",
        "often",
    ]
)
"""Words that connect; they state nothing by themselves."""
_NEW_WORDS = 0.25
"""Greatest share of content words that come from nowhere."""


def refusal(text: str, original: str, sources: Iterable[str], *, most_words: int = 60) -> str:
    """Why a wording can't stand in place of a proven one; empty where it can.

    Args:
        text: what the model returned.
        original: the proven text with its placeholders.
        sources: the quotes and the brief that the wording may take words from.
    """
    bare = PLACEHOLDER.sub(" ", text)
    if not text.strip() or len(text.split()) > most_words:
        return "it is empty or too long"
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(original)):
        return "it lost, doubled or invented a number or a quote"
    if "{" in bare or "}" in bare or _NOT_PROSE.search(text):
        return "it holds markup, a link or hidden characters"
    if is_instruction_like(bare):
        return "it repeats an instruction from the evidence"
    allowed = {bare_quantity(original[a:b]) for a, b in stated_quantities(PLACEHOLDER.sub(" ", original))}
    quantities = [bare[a:b] for a, b in stated_quantities(bare)]
    if added := [words for words in quantities if bare_quantity(words) not in allowed]:
        return f"it states a quantity that no fact licenses: “{added[0]}”"
    if bool(NEGATION.search(bare)) != bool(NEGATION.search(PLACEHOLDER.sub(" ", original))):
        return "it turns a “not” round"
    known = _stems(original) | _SAYING
    for source in sources:
        known |= _stems(source)
    words = [stem(word) for word in content_words(bare)]
    new = [word for word in words if word not in known]
    if len(new) > max(1, _NEW_WORDS * len(words)):
        return f"it says what the evidence doesn't: “{', '.join(new[:3])}”"
    return ""


def bare_quantity(words: str) -> str:
    """A quantity as it is compared."""
    return " ".join(words.casefold().split())


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(PLACEHOLDER.sub(" ", text))}
