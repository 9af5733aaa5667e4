"""Whether a wording that a model returned may stand: nothing in it that the proven text and its evidence don't have.

A wording is held to what it may be made of; there is no list of what it may not say.
"""

import re
import unicodedata
from collections.abc import Iterable

from assistant.domain.draft import PLACEHOLDER
from assistant.domain.quantities import stated_quantities
from assistant.domain.text import content_words, stem, words
from assistant.search.stance import is_instruction_like, stance

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|without|cannot|nothing|neither|nor|nicht|kein\w*|ohne|nie)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that turn a statement round."""
_PLAIN = frozenset(" ,.;:!?'’()-–—/…")
"""Beside letters, all that a sentence needs; whatever else the proven one has may stay."""
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that show nothing."""
_ADDRESS = re.compile(r"\w[.:]\w+|//|@")
_QUOTED = re.compile(r"[“„«‘\"][^“”„«»‘’\"]*[”“»’\"]|(?<!\w)'[^']*'(?!\w)")
_SAID = """able according account come customer describe experience face feel find get give happen hear know let mean mention
name note one part people person place point product record report say see share speak state tell talk team thing time
use user way word write written wrote done"""
_DONE = "easily help instead keep make manage need simply start stay stop try want wish work"
_TURNED = """above after against before below beyond but down just may might must off once only other out over should since
than too under unless until up very while will would"""
_LINKED = "among and as by for from in of so that the these those to when where which who with"

_SAYING = frozenset(stem(word) for word in _SAID.split())
"""Words that connect; they state nothing by themselves, neither good nor bad nor when."""
_DOING = frozenset(stem(word) for word in _DONE.split())
"""What a wish may say besides: it claims nothing about the world."""
_TURNING = frozenset(_TURNED.split())
"""Stop words that change what a sentence says; a wording can't bring its own."""
_LINKING = frozenset(_LINKED.split())
"""May stand before a number that had another word before it. `up to` and `out of` fall to `_TURNING`."""


def refusal(text: str, original: str, sources: Iterable[str], *, most_words: int = 60) -> str:
    """Why a wording can't stand in place of a proven one; empty where it can.

    It has the same placeholders, each with its noun; the same negations; no quotation, number, character or word that
    neither the proven text nor its sources have. What a quarter of new words could say was measured: fires and refunds.

    Args:
        text: what the model returned.
        original: the proven text with its placeholders.
        sources: the quotes and the brief that the wording may take words from.
    """
    held = list(sources)
    return (
        _misshapen(text, original, held, most_words)
        or _uncounted(text, original)
        or ("it turns a “not” round" if _negated(text) != _negated(original) else "")
        or _renumbered(text, original)
        or ("it praises or complains otherwise" if _tone(text) not in ("neutral", _tone(original)) else "")
        or _unheard(text, original, held, _SAYING)
    )


def invention(text: str, sources: Iterable[str], *, relieves: bool = False, most_words: int = 24) -> str:
    """As `refusal`, for words that have no original: no quantity at all, and nothing that the sources don't say.

    Args:
        text: what the model returned.
        sources: the sentences, the brief and the words that stand there now.
        relieves: it may say “not” of what the sources say, as in `I don't have to retype it`.
    """
    held = list(sources)
    negated = {name for source in held for name in _negated(source)}
    turned = _negated(text) if not relieves or not negated else []
    return (
        _misshapen(text, "", held, most_words)
        or _uncounted(text, "")
        or ("it turns a “not” round" if not negated.issuperset(turned) else "")
        or _unheard(text, " ".join(held), [], _SAYING | _DOING)
    )


def bare_quantity(words: str) -> str:
    """A quantity as it is compared."""
    return " ".join(words.casefold().split())


def _bare(text: str) -> str:
    return PLACEHOLDER.sub(" ", text)


def _misshapen(text: str, original: str, sources: list[str], most_words: int) -> str:
    """What is wrong before a word is read: size, placeholders, characters, quotations, orders."""
    if not text.strip() or len(text.split()) > most_words:
        return "it is empty or too long"
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(original)):
        return "it lost, doubled or invented a number or a quote"
    bare, proven = _bare(text), _bare(original)
    marks = {c for source in sources for c in source if unicodedata.category(c).startswith("M")}
    if any(not (_is_prose(c) or c in proven or c in marks) for c in bare):
        return "it holds markup, a link or hidden characters"
    if any(found not in proven for found in _ADDRESS.findall(bare)):
        return "it holds markup, a link or hidden characters"
    if any(found not in original for found in _QUOTED.findall(text)):
        return "it quotes what wasn't cut from a record"
    return "it repeats an instruction from the evidence" if is_instruction_like(bare) else ""


def _is_prose(character: str) -> bool:
    if character in _PLAIN or unicodedata.numeric(character, None) is not None:
        return True  # Numbers are looked at where they can be named.
    # Look-alikes of plain letters (𝐞, ﬁ, ª) are other characters under NFKC.
    return (
        character.isalpha()
        and character not in _FILLERS
        and unicodedata.normalize("NFKC", character) == character
    )


def _uncounted(text: str, original: str) -> str:
    """Quantities that the proven text doesn't state itself."""
    bare, proven = _bare(text), _bare(original)
    allowed = {bare_quantity(proven[a:b]) for a, b in stated_quantities(proven)}
    numerals = [c for c in bare if unicodedata.numeric(c, None) is not None and c not in proven]
    stated = [bare[a:b] for a, b in stated_quantities(bare) if bare_quantity(bare[a:b]) not in allowed]
    added = [*stated, *numerals]
    return f"it states a quantity that no fact licenses: “{added[0]}”" if added else ""


def _negated(text: str) -> list[str]:
    """What each negation is about: the stem of the next word that says something."""
    found = []
    bare = _bare(text)
    for match in NEGATION.finditer(bare):
        said = (stem(word) for word in content_words(bare[match.end() :]))
        found.append(next((name for name in said if name not in _SAYING | _DOING), ""))
    return sorted(found)


def _tone(text: str) -> str:
    return stance(_bare(text))


def _renumbered(text: str, original: str) -> str:
    """Whether a number counts something else than before: each keeps its noun, and no modifier comes before it."""
    had, has = _places(original), _places(text)
    known = {stem(word) for word in content_words(_bare(original))}
    for name, before, after in has:
        own = [place for place in had if place[0] == name]
        if after not in {noun for _, _, noun in own}:
            return "a number counts something else"
        if before not in {word for _, word, _ in own} | _LINKING | {""} and stem(before) not in known:
            return "a number has another word before it"
    nouns = [noun for _, _, noun in had]
    # Where two numbers count the same noun, what else tells them apart must stay on its side of them.
    if len(set(nouns)) < len(nouns) and _crosses(text, original):
        return "words moved from one number to another"
    return ""


def _places(text: str) -> list[tuple[str, str, str]]:
    """Each number with the word before it and what follows: a word, a mark that touches it, or nothing."""
    found = []
    for match in PLACEHOLDER.finditer(text):
        if match[1].startswith("F"):
            before = re.search(r"(\w+|[^\w\s,.;:!?(–—…“]+)[ ]*\Z", text[: match.start()])
            after = re.match(r" *([^\W_]+)|([^\s,.;:!?)…”{])", text[match.end() :])
            found.append(
                (
                    match[1],
                    before[1].casefold() if before else "",
                    after[0].strip().casefold() if after else "",
                )
            )
    return found


def _crosses(text: str, original: str) -> bool:
    numbers = re.compile(r"\{(F\d+)\}")
    if numbers.findall(text) != numbers.findall(original):
        return True
    sides: dict[str, set[int]] = {}
    for side, part in enumerate(re.split(r"\{F\d+\}", original)):
        for name in _stems(part):
            sides.setdefault(name, set()).add(side)
    parts = enumerate(re.split(r"\{F\d+\}", text))
    return any(side not in sides.get(name, {side}) for side, part in parts for name in _stems(part))


def _unheard(text: str, original: str, sources: list[str], connecting: frozenset[str]) -> str:
    """Words that come from nowhere. One is enough for a lie: `Berlin`, `free`, `only`."""
    known = _stems(original).union(connecting, *(_stems(source) for source in sources))
    new = [word for word in content_words(_bare(text)) if stem(word) not in known]
    new += [word for word in words(_bare(text)) if word in _TURNING and word not in words(_bare(original))]
    return f"it says what the evidence doesn't: “{', '.join(new[:3])}”" if new else ""


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(_bare(text))}
