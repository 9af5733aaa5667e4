"""What people want, why, under which condition and what goes wrong: phrases cut from their own sentences by rule.

A phrase is a verbatim span, so that a story can rest on words that somebody wrote. The rules here are English; those of other
languages come from `search.cues`, and their phrases stay in the original.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.domain.base import Frozen
from assistant.search.cues import Cues, cues_for
from assistant.search.screen import Screen

PhraseKind = Literal["want", "thing", "benefit", "burden", "loss", "condition", "role"]
"""want: a verb phrase (`export the board`) · thing: a noun phrase asked for (`a progress bar`) · benefit: what they could
then do · burden: what they have to do instead (`copy the board`) · loss: what it costs, or what they do each time (`lose two hours`) · condition:
when it happens · role: who they say they are."""

_SUBJECT = r"(?:I|we|you|one|my team|our team|people|users|they|our (?:admins|people|users|technicians))"
_CLAUSE_END = re.compile(
    r"\s*(?:[.!?;:…()\[\]\"“”–—](?!\d)|(?<!\d),|,(?!\d)|\s-\s|\b(?:because|but|although|though|since|so that|so I|so we|and then|and it|and the|and I"
    r"|and we|and that|and can(?:'|’)?t|and cannot|and couldn(?:'|’)t|or I|or we|which|without it|it just|it only|whenever|until|unless|while|if|when|as soon as|every time"
    r"|anymore|any more|any longer|again and again|please|thanks|thank you|lol|at all|right now|at the moment)\b|\s[:;]-?[)(])",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"(?:not\s+)?(?!the\b|a\b|an\b|this\b|that\b|it\b|my\b|our\b|some\b|more\b|any\b|be\b)[a-z]{2,}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Rule:
    kind: PhraseKind
    pattern: re.Pattern[str]
    weight: float


def _rule(kind: PhraseKind, pattern: str, weight: float) -> _Rule:
    return _Rule(kind, re.compile(pattern, re.IGNORECASE), weight)


_RULES = (
    _rule(
        "want", rf"\b(?:wish|hope)\s+(?:that\s+)?{_SUBJECT}\s+(?:could|can|was able to|were able to)\s+", 1.3
    ),
    _rule(
        "want",
        rf"\b(?:would|'d)\s+(?:really\s+)?(?:like|love|want)\s+(?:{_SUBJECT}\s+)?to\s+(?:be able to\s+)?",
        1.3,
    ),
    _rule("want", r"\b(?:let|allow|enable)\s+(?:me|us|people|users|our \w+)\s+(?:to\s+)?", 1.2),
    _rule(
        "want",
        r"\b(?:great|nice|good|helpful|useful|handy|amazing|lovely)\s+(?:if\s+(?:I|we|one|you)\s+could|to be able to|to)\s+",
        1.2,
    ),
    _rule(
        "want",
        rf"\b{_SUBJECT}\s+(?:just\s+|really\s+|only\s+|still\s+)?(?:need|want|have)\s+to\s+be able to\s+",
        1.3,
    ),
    _rule("want", rf"\b{_SUBJECT}\s+(?:just\s+|really\s+|only\s+)?(?:need|want)\s+to\s+", 1.1),
    _rule(
        "want",
        r"\b(?:can(?:'|’)?t|cannot|can not|could(?:n't|n’t| not))\s+(?:even\s+|really\s+|just\s+)?",
        0.9,
    ),
    _rule(
        "want",
        r"\b(?:unable|not able|impossible|no way|no option|no possibility|no chance)\s+(?:for\s+\w+\s+)?to\s+",
        1.0,
    ),
    _rule("want", r"\b(?:tried|trying|try|attempt(?:ed|ing)?)\s+to\s+", 0.8),
    _rule(
        "want",
        r"\bplease\s+(?=(?:show|tell|let|make|give|warn|send|keep|stop|allow|fix|bring|support|remember|save|ask|offer)\b)",
        1.0,
    ),
    _rule("thing", r"\b(?:please|pls)\s+(?:add|implement|provide|build|bring back|include)\s+", 1.2),
    _rule("thing", r"\b(?:wish|if only)\s+(?:that\s+)?there\s+(?:was|were|would be)\s+", 1.2),
    _rule("thing", rf"\b{_SUBJECT}\s+(?:really\s+|urgently\s+|badly\s+|just\s+)?need\s+(?!to\b)", 0.9),
    _rule(
        "thing",
        r"\b(?:would|'d)\s+(?:really\s+)?(?:like|love|appreciate)\s+(?!to\b|it\b|if\b|you\b|me\b|us\b)",
        1.0,
    ),
    _rule(
        "thing", r"\b(?:missing|lacks?|there(?:'|’)?s no|there is no|still no|no sign of|waiting for)\s+", 0.7
    ),
    _rule(
        "benefit",
        rf"\bso\s+(?:that\s+)?(?={_SUBJECT}\s+(?:can|could|don't|don’t|do not|never|no longer|am|are|know|see)\b)",
        1.3,
    ),
    _rule("benefit", r"\b(?:in order|just)\s+to\s+", 0.9),
    _rule(
        "burden",
        rf"\b{_SUBJECT}\s+(?:now\s+|still\s+|always\s+|then\s+|end up\s+)?(?:have|has|had|am forced|are forced)\s+to\s+(?!be able|say|admit|wait\b)",
        1.1,
    ),
    _rule(
        "loss",
        rf"\b(?:every|each)\s+(?:single\s+)?(?:day|week|morning|month|monday|tuesday|wednesday|thursday|friday|sprint|time)\s*,?\s+{_SUBJECT}\s+(?=[a-z]+\b)(?!can|could|will|get|see)",
        1.3,
    ),
    _rule(
        "loss",
        rf"\b{_SUBJECT}\s+(?:have\s+|has\s+|just\s+|already\s+)?(?=(?:lost|lose|losing|waste|wasted|spend|spent|missed|miss)\b)(?!spen[dt]\s+(?:more|less)\s+on\b)",
        1.0,
    ),
    _rule(
        "condition",
        r"\b(?=(?:when|whenever|as soon as|every time|each time|once|after)\s+(?:I|we|you|the|a|an|my|our|there|someone|somebody|more than|over)\b)",
        1.0,
    ),
    _rule("condition", r"\b(?=(?:above|over|more than|with)\s+~?\d[\d.,]*\s?k?\s+[a-z]+)", 1.2),
    _rule("role", r"\b(?:as|I am|I'm|I’m|we are|we're|we’re)\s+(?=an?\s+[a-z])", 1.0),
)
_KINDS: dict[str, PhraseKind] = {"want": "want", "thing": "thing", "burden": "burden", "loss": "loss"}
_SHORTEST = 3
"""Characters of a phrase in another language."""
_LIMITS: dict[str, tuple[int, int]] = {
    "want": (2, 14),
    "thing": (1, 12),
    "benefit": (3, 16),
    "burden": (3, 14),
    "loss": (3, 14),
    "condition": (3, 14),
    "role": (2, 7),
}
_BAD_START = re.compile(
    r"(?:be|say|believe|stand|complain|recommend|wait|imagine|tell you|thank|seem|help|explain|stress|emphasi[sz]e|understand why"
    r"|figure|think|express|even|get over|fault|ask for|speak|comment|remember the|agree|go wrong|you)\b",
    re.IGNORECASE,
)


_NEGATED = re.compile(r"\b(?:can(?:'|’)?t|cannot|can not|couldn(?:'|’)t|never|nothing)\b", re.IGNORECASE)
"""`so I can't …` tells what hurts, not what for."""


class Phrase(Frozen):
    """A span of a sentence with what it tells."""

    kind: PhraseKind
    text: str
    start: int
    end: int
    weight: float
    """How plainly the sentence says so; about 1."""
    original: bool = False
    """Whether it is in another language than English, and so can't be made part of an English sentence but as a quotation."""


def phrases(sentence: str, language: str = "en") -> list[Phrase]:
    """Find the phrases of a sentence; `sentence[p.start:p.end] == p.text`. Raises nothing; none gives []."""
    if cues := cues_for(language, sentence):
        return _foreign(sentence, cues)
    found: list[Phrase] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(sentence):
            phrase = _cut(sentence, match.end(), rule)
            if phrase:
                found.append(phrase)
    return found


def _foreign(sentence: str, cues: Cues) -> list[Phrase]:
    """Phrases by the cues of a language; of those that overlap, the first rule's."""
    found: list[Phrase] = []
    for kind, pattern in cues.phrases:
        for match in pattern.finditer(sentence):
            start, end = match.span("p")
            start += len(sentence[start:end]) - len(sentence[start:end].lstrip())
            text = sentence[start:end].rstrip(" ,，、'’")
            if len(text) >= _SHORTEST and not any(start < one.end and one.start < end for one in found):
                found.append(
                    Phrase(
                        kind=_KINDS[kind],
                        text=text,
                        start=start,
                        end=start + len(text),
                        weight=1.2,
                        original=True,
                    )
                )
    return found


def has_phrase(sentence: str, kinds: frozenset[PhraseKind], language: str = "en") -> bool:
    """Whether `phrases` would find one of these kinds; it stops at the first."""
    if cues := cues_for(language, sentence):
        return any(phrase.kind in kinds for phrase in _foreign(sentence, cues))
    rules, screen = _screened(kinds)
    return any(
        _cut(sentence, match.end(), rules[place])
        for place in screen.hits(sentence)
        for match in rules[place].pattern.finditer(sentence)
    )


@lru_cache(maxsize=16)
def _screened(kinds: frozenset[PhraseKind]) -> tuple[list[_Rule], Screen]:
    rules = [rule for rule in _RULES if rule.kind in kinds]
    return rules, Screen([rule.pattern for rule in rules])


def _cut(sentence: str, start: int, rule: _Rule) -> Phrase | None:
    # A condition or a benefit opens with a word that would end another phrase.
    offset = 4 if rule.kind in {"condition", "benefit"} else 0
    stop = _CLAUSE_END.search(sentence, start + offset)
    end = stop.start() if stop else len(sentence)
    text = sentence[start:end].rstrip(" ,'’")
    count = len(text.split())
    low, high = _LIMITS[rule.kind]
    if not low <= count <= high:
        return None
    if rule.kind == "benefit" and _NEGATED.search(text):
        return None
    if rule.kind == "want" and (not _VERB_FIRST.match(text) or _BAD_START.match(text)):
        return None
    return Phrase(kind=rule.kind, text=text, start=start, end=start + len(text), weight=rule.weight)


class Symptom(Frozen):
    """A way in which things go wrong, and what its absence looks like."""

    id: str
    noun: str
    """As in «reports of …»."""
    pattern: str
    outcome: str
    """The `Then` of a scenario in which it doesn't happen."""
    guard: str
    """The `Then` of a scenario in which it can't be avoided."""
    measure: str
    """What to measure."""
    target: str
    unit: str


SYMPTOMS = (
    Symptom(
        id="empty",
        noun="empty or blank results",
        pattern=r"\b(?:blank|empty|nothing (?:in it|inside|comes|shows|happens)|0 ?kb|zero bytes|no content|white (?:page|screen))\b",
        outcome="the result is complete and none of it is missing",
        guard="I am told that the result is incomplete, and why",
        measure="attempts that end with a complete result",
        target="99.5",
        unit="%",
    ),
    Symptom(
        id="timeout",
        noun="time-outs or things that get stuck",
        pattern=r"\b(?:time[sd]?[- ]?out|timing out|timeouts?|runs? forever|never (?:finish|end|complete)\w*|hangs?|stuck|spinner|spins|loads? forever)\b",
        outcome="it is done within 120 s",
        guard="it is marked as failed, with the reason",
        measure="attempts that finish in time",
        target="99.5",
        unit="%",
    ),
    Symptom(
        id="slow",
        noun="slowness",
        pattern=r"\b(?:slow|slowly|lags?|laggy|sluggish|takes? (?:ages|forever|minutes|so long|too long)|seconds? to (?:load|open))\b",
        outcome="it is ready within 2 s",
        guard="I see that it is still working and can go on with something else",
        measure="95th percentile of the time it takes",
        target="2",
        unit="s",
    ),
    Symptom(
        id="crash",
        noun="crashes",
        pattern=r"\b(?:crash\w*|freezes?|froze|frozen|force close\w*|closes itself|shuts? down)\b",
        outcome="the app stays open",
        guard="after a restart what I had entered is still there",
        measure="sessions without a crash",
        target="99.8",
        unit="%",
    ),
    Symptom(
        id="loss",
        noun="lost work",
        pattern=r"\b(?:lost|loses?|losing|gone|disappear\w*|vanish\w*|overwr\w+|wiped|deleted (?:itself|my)|not saved|conflict\w*)\b",
        outcome="what I entered is still there, on each of my devices",
        guard="both versions are kept and I choose",
        measure="changes that get lost",
        target="0",
        unit="changes",
    ),
    Symptom(
        id="late",
        noun="late or missing notice",
        pattern=r"\b(?:late|delayed|delay|too late|never (?:got|received|arrived?|notified)|hours later|not notified|no notification|zu spät)\b",
        outcome="I am told within 60 s",
        guard="I can see that a notice was missed, and when",
        measure="notices that arrive in time",
        target="99",
        unit="%",
    ),
    Symptom(
        id="double",
        noun="doubled results",
        pattern=r"\b(?:twice(?!\s+(?:in|a|as)\b)|duplicate[sd]?|doubled|again and again|several times|multiple times|doppelt)\b",
        outcome="it happens exactly once",
        guard="the one that runs is shown in place of a second one",
        measure="doubled results",
        target="0",
        unit="cases",
    ),
    Symptom(
        id="flood",
        noun="too much of it",
        pattern=r"\b(?:too many|spam\w*|flood\w*|bombard\w*|overwhelm\w*|constant(?:ly)?|non-?stop|every single)\b",
        outcome="I get only what I chose",
        guard="I can turn it off in one place",
        measure="notices per person and day",
        target="5",
        unit="notices",
    ),
    Symptom(
        id="silent",
        noun="failures without a message",
        pattern=r"\b(?:no error|without (?:an? )?(?:error|warning|message|explanation)|silent\w*|no (?:message|explanation|warning|reason|idea why)|doesn'?t (?:say|tell)|not (?:say|tell)|error message|why it (?:failed|fails|stopped)|(?:say|tell (?:me|us)|state) (?:why|the reason))\b",
        outcome="it says what was done",
        guard="it says in one sentence what went wrong and what to do",
        measure="failures that state their reason",
        target="100",
        unit="%",
    ),
    Symptom(
        id="unknown",
        noun="not knowing whether it still runs",
        pattern=r"\b(?:no progress|progress bar|still runn?ing|already running|show (?:me |us )?(?:the |a |its )?progress|percentage|how far|whether it|no idea (?:if|whether|how long)|(?:don'?t|never|not) know (?:if|whether)|no feedback|(?:not|wasn'?t|never) sure (?:if|whether|it)|if it (?:worked|is running|started)|(?:can'?t|couldn'?t|cannot|way to) (?:tell|see (?:if|whether))|just to be sure|start(?:s|ed|ing)? (?:it|them|one|again)?\s?(?:twice|again|a second|several|two or)|wait and hope)\b",
        outcome="I see how far it is",
        guard="I see that it stopped, and where",
        measure="long runs that show their progress",
        target="100",
        unit="%",
    ),
    Symptom(
        id="broken",
        noun="things that don't work",
        pattern=r"\b(?:fail\w*|error\w*|broken|broke|bug\w*|doesn'?t work|don'?t work|not working|stopped working|won'?t|useless)\b",
        outcome="it works the first time",
        guard="it says in one sentence what went wrong and what to do",
        measure="attempts that succeed",
        target="99.5",
        unit="%",
    ),
)
"""Most specific first."""


# On lower case: ignoring case takes the pattern twice as long.
_NAMED_BY = tuple((symptom, re.compile(symptom.pattern)) for symptom in SYMPTOMS)
_SYMPTOM_SCREEN = Screen([pattern for _, pattern in _NAMED_BY])


_NEVER = re.compile(
    r"\bnever (?:once )?(?:(?:had|saw|seen|got) (?:a|an|any) (?:\w+ )?\w+|lost|crash\w*|fail\w*|vanish\w*|disappear\w*)\b"
)
"""What people say didn't happen to them."""


def symptoms(text: str, language: str = "en") -> list[Symptom]:
    """The symptoms that a text names, most specific first. English words for them are known in every language."""
    lower = _NEVER.sub(" ", text.lower())
    possible = (_NAMED_BY[place] for place in _SYMPTOM_SCREEN.hits(lower))
    named = [symptom for symptom, pattern in possible if pattern.search(lower)]
    if cues := cues_for(language, text):
        own = {name for name, pattern in cues.symptoms.items() if pattern.search(lower)}
        return [symptom for symptom in SYMPTOMS if symptom in named or symptom.id in own]
    return named
