"""A word is written in the letters it seems to be: none of another alphabet in its midst, none of mathematics' own."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.spot import Spot, blocking, on_record
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "look_alike_letters"
_WORD = re.compile(r"[^\W\d_]+")
_MIXABLE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Alphabets whose letters look like another's; Japanese and Chinese mix theirs with Latin every day (UTS 39, 5.2)."""
_LIKE_LATIN = frozenset("АВЕЅІЈКМНОРСТУХЬаеѕіјорсухһԁԛԝіΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαικνρυχ")
_SHORTEST = 3


def look_alike_letters(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on words that mix look-alike alphabets and that nobody on record wrote so.

    A unit or a name with one Greek letter (`μs`, `Δt`) is none unless that letter passes for a Latin one.
    """
    if not any(True for _ in _strange(draft)):
        return []
    known = on_record(draft, view)
    return blocking(_NAME, draft, lambda text: find_look_alikes(text, known), "Write it in one alphabet.")


def _strange(draft: Draft) -> Iterator[Finding]:
    yield from blocking(_NAME, draft, find_look_alikes)


def find_look_alikes(text: str, known: str = "") -> Iterator[Spot]:
    """Words of a text that seem to be others. Args: known: texts whose words may be repeated."""
    if text.isascii():
        return
    for match in _WORD.finditer(text):
        word = match.group()
        if not word.isascii() and word not in known and _passes_for_another(word, text):
            yield Spot(*match.span(), f"'{word}' is written in letters that look like others.")


def _passes_for_another(word: str, text: str) -> bool:
    if any("\U0001d400" <= letter <= "\U0001d7ff" for letter in word):
        return True
    scripts = {_script(letter) for letter in word} & set(_MIXABLE)
    if len(scripts) > 1:
        return any(letter in _LIKE_LATIN for letter in word) or "GREEK" not in scripts
    # The whole word may be of look-alikes: in a Latin text without another word of that alphabet.
    return (
        len(word) >= _SHORTEST
        and set(word) <= _LIKE_LATIN
        and all(letter in _LIKE_LATIN or _script(letter) in ("LATIN", "") for letter in text)
        and sum(_script(letter) == "LATIN" for letter in text) > len(word)
    )


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their slow lines, as in Москва, with delays in μs.")


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", text="Pools keep their sl\u043ew lines.")


GRADER = Grader(_NAME, 3, Severity.block, look_alike_letters, _good, _bad)
