"""Whether a sentence says that something hurts or is wanted, that it works, or neither."""

import re
from functools import lru_cache

from assistant.domain.evidence import Stance
from assistant.domain.text import stem
from assistant.search.cues import Cues, cues_for
from assistant.search.instructions import is_instruction_like as is_instruction_like
from assistant.search.lexicon import (
    NEGATIONS,
    PRAISE_MARKS,
    PRAISE_PHRASES,
    PRAISE_WORDS,
    PROBLEM_MARKS,
    PROBLEM_PHRASES,
    PROBLEM_WORDS,
)
from assistant.search.screen import Screen

_PHRASE_WEIGHT = 1.6
_COMPLAINT = 1.3
"""A text that praises and complains alike is about the complaint."""
_NEGATED_PRAISE = 1.2
"""`not good` is a complaint."""
_NEGATED_PROBLEM = 0.4
"""`not slow` is faint praise."""
_NEGATION_REACH = 3
"""Words after a negation that it turns round, within a clause."""
PRIOR = 1.4
"""Weight of a rating: from -0.7 at the worst to 0.7 at the best."""
DECIDES = 0.6
"""Least score, either way, that decides."""
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?()\n]")
_CLAUSE_ENDS = frozenset(".,;:!?()\n") | {"but", "however", "although", "aber", "pero", "mais"}
_TURNS = frozenset({"but", "however", "unfortunately", "aber", "leider", "pero", "mais", "malheureusement"})
_BEFORE_TURN, _AFTER_TURN = 0.7, 1.3


def stance(text: str, rating: float | None = None, language: str = "und") -> Stance:
    """Tell complaint and request (`problem`) from `praise`; `neutral` where the words don't say.

    Words and phrases of English, and short lists for German, Spanish, French, Japanese and Chinese; negation is heeded.

    Args:
        rating: the record's rating between 0 (worst) and 1 (best), a weak hint.
        language: of the text.
    """
    score = score_of(text, language) + (0.0 if rating is None else PRIOR * (rating - 0.5))
    if score >= DECIDES:
        return "praise"
    return "problem" if score <= -DECIDES else "neutral"


def score_of(text: str, language: str = "und") -> float:
    """Praise minus complaint; 1 for a plain word. Longer texts have greater scores."""
    cues = cues_for(language, text)
    lower = text.casefold().replace("’", "'")
    if cues is not None:
        lower = cues.wish.sub(" , ", lower)
    score = 0.0
    if _SCREEN.hits(lower):
        lower, found = _BYGONE.subn(" , ", lower)
        score = -_COMPLAINT * found
        # What a phrase covers is blanked, so that `no problem` isn't also a problem.
        lower, found = _PRAISE.subn(" , ", lower)
        score += _PHRASE_WEIGHT * found
        lower, found = _PROBLEM.subn(" , ", lower)
        score -= _COMPLAINT * _PHRASE_WEIGHT * found
    if cues is not None:
        lower, found = cues.praise.subn(" , ", lower)
        score += _PHRASE_WEIGHT * found
        lower, found = cues.problem.subn(" , ", lower)
        score -= _COMPLAINT * _PHRASE_WEIGHT * found
    return score + _score_words(lower, cues) + (0.0 if text.isascii() else _score_marks(lower, cues))


def _score_words(lower: str, cues: Cues | None) -> float:
    before, after, turned = 0.0, 0.0, False
    since_negation = _NEGATION_REACH + 1
    for token in _TOKEN.findall(lower):
        if token in _CLAUSE_ENDS:
            since_negation = _NEGATION_REACH + 1
            turned = turned or token in _TURNS
            continue
        since_negation += 1
        weight = _weight(token) if cues is None else _weight_in(token, cues)
        if weight and since_negation <= _NEGATION_REACH:
            weight *= -_NEGATED_PRAISE if weight > 0 else -_NEGATED_PROBLEM
        if token in NEGATIONS:
            since_negation = 0
        if turned:
            after += weight
        else:
            before += weight
    return _BEFORE_TURN * before + _AFTER_TURN * after if turned else before


def _weight_in(token: str, cues: Cues) -> float:
    if token in cues.problem_words:
        return -_COMPLAINT
    return 1.0 if token in cues.praise_words else _weight(token)


@lru_cache(maxsize=50_000)
def _weight(token: str) -> float:
    if token in PROBLEM_WORDS:
        return -_COMPLAINT
    if token in PRAISE_WORDS:
        return 1.0
    if token in _TURNS:
        return -0.5
    stemmed = stem(token) if token.isascii() and len(token) > 4 else ""
    return -0.8 if stemmed in _PROBLEM_STEMS else 0.8 if stemmed in _PRAISE_STEMS else 0.0


def _score_marks(lower: str, cues: Cues | None) -> float:
    """Marks of the text's language first; what one covers counts once."""
    score = 0.0
    for mark in (*(cues.praise_marks if cues else ()), *PRAISE_MARKS):
        if mark in lower:
            score += 1.0
            lower = lower.replace(mark, " ")
    for mark in (*(cues.problem_marks if cues else ()), *PROBLEM_MARKS):
        if mark in lower:
            score -= 1.0
            lower = lower.replace(mark, " ") if cues else lower
    return score


def _stems(words: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    stems = {stem(word) for word in words if word.isascii() and len(word) > 4}
    return frozenset(stems - {stem(word) for word in other} - _COURTESY)


_COURTESY = {stem("please"), stem("clean"), stem("powerful")}
"""`please` has the stem of `pleased`, but asks; `cleaned` is what people do, not how a thing is; `power` has the stem of `powerful`."""
_BYGONE = re.compile(
    r"\b(?:used to be|until (?:you|we|i|it|they|the)|(?:was|were) (?:fair|fine|good|great|happy) (?:until|till|before)|(?:was|were) going to (?:give|rate)"
    r"|would have (?:given|been|rated))(?: \w+){0,3}"
)
"""Praise that no longer holds."""
_PROBLEM_STEMS = _stems(PROBLEM_WORDS, PRAISE_WORDS)
_PRAISE_STEMS = _stems(PRAISE_WORDS, PROBLEM_WORDS)
_PROBLEM = re.compile(rf"\b(?:{'|'.join(PROBLEM_PHRASES)})(?!\w)")
_PRAISE = re.compile(rf"\b(?:{'|'.join(PRAISE_PHRASES)})(?!\w)")
_SCREEN = Screen([_BYGONE, _PRAISE, _PROBLEM])
