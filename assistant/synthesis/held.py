"""Whether what a model wrote of a theme may stand: its citations, its name, its summary sentence by sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain.quantities import stated_quantities
from assistant.domain.text import STOP_WORDS, content_words, sentences, stem, words
from assistant.domain.theme import RemovedWording
from assistant.search.cutoffs import Cutoffs
from assistant.search.ground import invention
from assistant.search.instructions import is_instruction_like
from assistant.search.stance import stance
from assistant.synthesis.questions import Question, ThemeWording
from assistant.synthesis.titles import LONGEST

_MOST_SENTENCES = 3
_NAME_WORDS, _SUMMARY_WORDS = 9, 40
_NEW_WORDS = 1
"""Words of a name that none of its statements has, where its meaning is near all the same: `export reliability`."""

Meaning = Callable[[str], float]
"""Cosine of a text to the middle of the theme."""


@dataclass(frozen=True)
class Held:
    """What is left of an answer."""

    name: str
    """Empty: the keywords stay."""
    summary: str
    cites: tuple[str, ...]
    removed: tuple[RemovedWording, ...]


def held(
    question: Question, answer: ThemeWording, others: Sequence[str], meaning: Meaning, near: Cutoffs
) -> Held:
    """Check an answer; what does not hold is left out and told.

    Args:
        others: names of the other themes of its level.
        meaning: nearness of a text to the theme.
        near: from where on that is the same meaning, for the workspace's embedder.
    """
    if reason := _miscited(question, answer.cites):
        return Held("", "", (), (RemovedWording(part="name", text=answer.name[:LONGEST], reason=reason),))
    places = sorted(set(answer.cites))
    cited = [question.texts[place - 1] for place in places]
    removed = []
    name = " ".join(answer.name.split()).strip(".")
    if reason := _misnamed(name, cited, others, meaning, near):
        removed.append(RemovedWording(part="name", text=name[:300], reason=reason))
        name = ""
    kept = []
    spans = [answer.summary[start:end] for start, end in sentences(answer.summary)]
    for place, sentence in enumerate(spans):
        reason = "it says too much" if place >= _MOST_SENTENCES else _unfounded(sentence, cited)
        if reason:
            removed.append(RemovedWording(part="summary", text=sentence[:300], reason=reason))
        else:
            kept.append(sentence)
    cites = tuple(dict.fromkeys(question.record_ids[place - 1] for place in places)) if name or kept else ()
    return Held(name, " ".join(kept), cites, tuple(removed))


def _miscited(question: Question, cites: Sequence[int]) -> str:
    if any(not 1 <= place <= len(question.texts) for place in cites):
        return "it cites a statement that it wasn't given"
    records = {question.record_ids[place - 1] for place in cites}
    if len(records) < question.least:
        return f"it cites {len(records)} records where {question.least} are asked for"
    return ""


def _misnamed(name: str, cited: list[str], others: Sequence[str], meaning: Meaning, near: Cutoffs) -> str:
    """Why a name can't stand; empty where it can."""
    if not name or len(name) > LONGEST or len(words(name)) > _NAME_WORDS:
        return f"it is empty or longer than {LONGEST} characters"
    if is_instruction_like(name):
        return "it repeats an instruction from the evidence"
    if words(name)[-1:] and words(name)[-1] in STOP_WORDS:
        return "it breaks off"
    if stated_quantities(name):
        return "it states a quantity that no fact licenses"
    own = _key(name)
    if any(_key(other) == own for other in others):
        return "another theme has this name"
    if stance(name) not in ("neutral", *(stance(one) for one in cited)):
        return "it praises or complains otherwise"
    heard = own & frozenset().union(*map(_key, cited))
    new = " ".join(word for word in content_words(name) if stem(word) not in heard)
    if reason := invention(name, [*cited, new], most_words=_NAME_WORDS):
        return reason
    if new and len(own - heard) > max(_NEW_WORDS, len(own) // 2) and heard:
        return f"it says what the evidence doesn't: “{new}”"
    if (new and meaning(new) < near.names_it) or (not heard and meaning(name) < near.relevant):
        return "it means something else than the theme"
    return ""


def _unfounded(sentence: str, cited: list[str]) -> str:
    return invention(sentence, cited, most_words=_SUMMARY_WORDS)


def _key(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text))
