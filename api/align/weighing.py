"""From signs to one word per item: which likeness is clear, which is only worth a look, and what speaks against.

The bars were set on the branches of tests/fixtures/align and then held against real commits; docs/ci.md has the figures.
"""

import re
from collections.abc import Iterable, Sequence

from api.align.alignment import Sign, Stand
from api.align.likeness import Likeness
from api.align.naming import Passage, Says, Where
from api.align.spec import Item
from evals.graders.scope_contradictions import LATER
from evals.language.bounds import Bound, bounds

LEAST = 0.3
"""Likeness below that is none."""
_CLEAR_COVERAGE, _CLEAR_COSINE = 0.6, 0.6
_LOOK_COVERAGE, _LOOK_COSINE = 0.5, 0.5
_SEVERAL = 2
_NEARLY = 0.1
"""What comes within that of the nearest item may be meant just as well."""
_TAKES_AWAY = re.compile(
    r"^\W*(?:\w+(?:\([^)]*\))?!?:\s*)?(?:(?:this|it|we)\s+(?:pr\s+|branch\s+|change\s+)?)?"
    r"(?:remov(?:e|es|ed)|drop(?:s|ped)?|delet(?:e|es|ed)|disabl(?:e|es|ed)|turn(?:s|ed)? off|no longer|stop(?:s|ped)?|get(?:s)? rid of|revert(?:s|ed)?"
    r"|entfernt?|schaltet?\b.*\bab)\b",
    re.IGNORECASE,
)
_BYGONE = re.compile(
    r"\b(?:took|was|were|had|used to|before|instead of|from|until now|so far|bisher|dauerte)\b", re.IGNORECASE
)


def nearest(found: Sequence[Likeness]) -> list[Likeness]:
    """Of each passage, only the items that it comes nearest to."""
    best: dict[Passage, float] = {}
    for one in found:
        best[one.passage] = max(best.get(one.passage, 0.0), _score(one))
    return [one for one in found if _score(one) >= best[one.passage] - _NEARLY]


def is_clear(one: Likeness) -> bool:
    """Whether it is surely the same thing that is spoken of: a person's words, and several of the item's."""
    if not one.passage.is_said:
        return False
    if one.coverage >= _CLEAR_COVERAGE and len(one.words) > 1:
        return one.cosine == 0.0 or one.cosine >= _LOOK_COSINE - 0.1
    if one.coverage >= _LOOK_COVERAGE and len(one.words) > _SEVERAL and one.cosine >= _LOOK_COSINE:
        return True
    whole = one.coverage >= _CLEAR_COVERAGE and bool(one.words)
    return one.cosine >= _CLEAR_COSINE and (whole or (one.coverage >= LEAST and len(one.words) > 1))


def is_worth_a_look(one: Likeness) -> bool:
    """Whether a person should say what is meant."""
    if not one.passage.is_said:
        return one.coverage >= _CLEAR_COVERAGE and len(one.words) > 1
    if one.coverage >= _LOOK_COVERAGE and len(one.words) > 1:
        return True
    return one.cosine >= _LOOK_COSINE and bool(one.words)


def puts_off(passage: Passage, gist: str) -> bool:
    """Whether a sentence says that something isn't done here, unless the item itself says so."""
    return passage.is_said and LATER.search(passage.text) is not None and LATER.search(gist) is None


def takes_away(passage: Passage) -> bool:
    """Whether a sentence begins by removing something."""
    return passage.is_said and _TAKES_AWAY.search(passage.text) is not None


def misses(item: Item, passage: Passage, language: str) -> tuple[str, str] | None:
    """The value in a sentence that lies beyond the bound of an item, and that bound; None where none does, or it tells of the past."""
    if not passage.is_said or _BYGONE.search(passage.text):
        return None
    said = bounds(passage.text, language)
    for bound in bounds(item.text, language):
        same = [one for one in said if one.dimension == bound.dimension and one.unit_known]
        if bound.sense == "exact" or not same:
            continue
        beyond = [one for one in same if _is_beyond(one.value, bound)]
        if len(beyond) == len(same):
            return passage.text[beyond[0].start : beyond[0].end], item.text[bound.start : bound.end]
    return None


def _is_beyond(value: float, bound: Bound) -> bool:
    return value > bound.value if bound.sense == "most" else value < bound.value


def stand_of(signs: Iterable[Sign], *, clear: bool, look: bool) -> Stand:
    """One word for an item. Args: clear, look: whether likeness alone is clear, or worth a look."""
    held = list(signs)
    if any(one.by == "bound" for one in held):
        return Stand.contradicted
    says = {one.says for one in held if one.by != "words"}
    if Says.against in says:
        return Stand.unclear if Says.does in says else Stand.contradicted
    if Says.does in says:
        return Stand.does
    if Says.touches in says or clear:
        return Stand.touches
    return Stand.unclear if look else Stand.absent


def _score(one: Likeness) -> float:
    said = one.passage.where in (Where.pr, Where.commit)
    return (one.coverage + one.cosine) / 2 if said and one.cosine else one.coverage
