"""How people complain, wish and praise in languages other than English, compiled from `assistant/languages`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.domain.languages import KNOWN, by_script, language

_PHRASE = r"(?P<p>[^.!?;:…。！？；，、\n(){}]{3,120}?)"
"""What a story may cite: inside one clause, as short as the rest of the pattern lets it be."""
_END = r"(?=\s*(?:[.!?;:…。！？；\n()]|$))"
_NEVER = re.compile(r"(?!)")
_UNSPACED = frozenset({"ja", "zh"})


@dataclass(frozen=True)
class Cues:
    """One language's cues. Patterns are for lower case."""

    code: str
    problem_words: frozenset[str]
    praise_words: frozenset[str]
    problem_marks: tuple[str, ...]
    """Looked for anywhere: in Chinese and Japanese, words aren't separated."""
    praise_marks: tuple[str, ...]
    wish: re.Pattern[str]
    """Words of praise and courtesy that ask: `estaría bien`. They say neither."""
    problem: re.Pattern[str]
    praise: re.Pattern[str]
    phrases: tuple[tuple[str, re.Pattern[str]], ...]
    """Kind of phrase and a pattern whose group `p` is the phrase, plainest first."""
    symptoms: Mapping[str, re.Pattern[str]]
    time_lost: re.Pattern[str]
    by_hand: re.Pattern[str]


def cues_for(code: str, text: str) -> Cues | None:
    """The cues to read a text with; None for English and for languages that have none.

    Args:
        code: the language of the text; with `und` its script decides, where one language alone writes it.
    """
    known = by_script(text) if code == "und" else code
    return _cues(known) if known in KNOWN else None


@lru_cache(maxsize=len(KNOWN))
def _cues(code: str) -> Cues:
    told = language(code).cues
    stance, costs = told["stance"], told["costs"]
    problem, praise = stance["problem"].split(), stance["praise"].split()
    spaced = code not in _UNSPACED
    return Cues(
        code=code,
        problem_words=frozenset(problem if spaced else ()),
        praise_words=frozenset(praise if spaced else ()),
        # A longer mark first: it covers those that it holds.
        problem_marks=() if spaced else tuple(sorted(problem, key=lambda mark: (-len(mark), mark))),
        praise_marks=() if spaced else tuple(sorted(praise, key=lambda mark: (-len(mark), mark))),
        wish=_any(stance["wish"], spaced),
        problem=_any(stance["problem_phrases"], spaced),
        praise=_any(stance["praise_phrases"], spaced),
        phrases=_phrases(told["phrases"], spaced),
        symptoms={name: re.compile(pattern) for name, pattern in told["symptoms"].items()},
        time_lost=re.compile(costs["time"]),
        by_hand=re.compile(costs["by_hand"]),
    )


def _any(patterns: list[str], spaced: bool) -> re.Pattern[str]:
    if not patterns:
        return _NEVER
    joined = "|".join(patterns)
    return re.compile(rf"\b(?:{joined})(?!\w)" if spaced else f"(?:{joined})")


def _phrases(told: Mapping[str, Any], spaced: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    before = r"\b" if spaced else ""
    return tuple(
        (kind, re.compile(before + pattern.replace("{p}", _PHRASE).replace("{end}", _END), re.IGNORECASE))
        for kind, patterns in told.items()
        for pattern in patterns
    )
