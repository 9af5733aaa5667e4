"""What in the wording of a passage tells a question, a request, a problem or praise; `search.facets` weighs it beside the meaning.

What hurts and what pleases stands in the passage's marks already (`marks.marks_of`), so little is looked for here.
"""

import re
from typing import Final

from assistant.search.screen import Screen

NAMES: Final = (
    "praise score",
    "problem score",
    "symptom",
    "wish",
    "asks to add",
    "asks to know",
    "question mark",
    "ends in a question",
    "opens with a question",
    "three words or fewer",
)
"""The cues in the order of `cues_of`."""
_SCORE_TOP = 4.0
_SHORT_WORDS = 3
_IDEOGRAPHS = "\u2e80"
"""From here on blanks don't part words; two characters make about one."""
_ASKS = re.compile(
    r"\b(?:pl(?:ease|s|z) (?:\w+ )?(?:add|let (?!me know|us know)|make|allow|support|bring|include|give|send|offer|consider|implement|provide|enable|cancel|close)|(?:let|allow) (?:me|us) (?!know)|please[.!]*$"
    r"|as an? (?:[\w-]+,? ){1,4}i(?:'d| would)? (?:want|need|like)\b"
    r"|why (?:is|are) there no|why not\b|(?:i|we)(?:'m)? miss(?:ing)?|(?:should|would) be (?:possible|able|nice|great|good|useful|helpful|cool)|one wish|only (?:thing )?missing|lacks? an?\b"
    r"|(?:could|can|would) (?:you|we) (?:please |maybe )?(?:add|make|have|get|include|offer|bring|support)"
    r"|would (?:also |really )?(?:be|love|like|appreciate|prefer)\b|(?:i|we)'d (?:love|like|appreciate|prefer)|wish (?:i|we|it|there|you|they|the)\b|if only"
    r"|(?:any )?(?:plans|chance) (?:for|of|to)|(?:feature request|suggestion|enhancement|rfe|missing)\b|needs? (?:an?|more|better|to (?:have|support|be able))\b"
    r"|should (?:have|be able|offer|support|let|allow|show|remember|include)|there should be|could (?:do with|use) |(?:an?|the) option (?:to|for)|ability to|how about"
    r"|bitte (?:\w+ ){0,4}(?:hinzufügen|einbauen|ergänzen|anbieten)|w[äa]re (?:schön|toll|super|gut|hilfreich)|wünsch\w*|hätten? gerne?|(?:möchten?|würden?) (?!wissen)(?:\w+ ){1,6}\w+en\b|sollte (?:man|es|die)|könnte man|ich brauche|wir brauchen|fehlt (?:\w+ ){0,4}(?:noch|nur)?|könnte[tn]? ihr|vorschlag"
    r"|il (?:faudrait|manque|serait)|(?:ce )?serait|(?:j'|nous )?aimeri\w+|voudrai[st]?|souhait\w+|(?:aucune |pas de |la )?possibilité d[e']|devrait|devriez|on devrait|pourri(?:ez|ons)|manque|aimerai[st]?|dommage (?:que|qu')|ajout\w*|prévoir|à quand"
    r"|por favor|(?:me|nos) gustaría|quisiera|querría|necesit(?:o|amos)|debería|la opción de|sería|estaría|falta|deberían|podrían|ojalá|sugerencia|añad\w+|agreg\w+)",
)
_ASKS_TO_KNOW = re.compile(
    r"\b(?:(?:like|want|need) to know|(?:tell|explain to|show) (?:me|us) (?:how|what|which|where|when|why|if|whether)|let (?:me|us) know|please (?:tell|explain)|(?:anyone|somebody|someone|anybody) (?:know|explain|tell)"
    r"|i(?:'m| am)? wonder(?:ing)?|any idea|(?:i )?don't understand how|how (?:do|can|could|would|should|long|much|many|often) |(?:möchte|würde gern) wissen|weiß jemand|können sie mir sagen|savoir (?:comment|si|où|quand)|quelqu'un (?:sait|peut)|pouvez-vous me dire|quisiera saber|alguien sabe)"
)
_SCREEN = Screen([_ASKS, _ASKS_TO_KNOW])
_ASKS_MARKS = ("希望", "建议", "建議", "请增加", "请添加", "能不能", "就好了", "してほしい", "て欲しい", "が欲しい", "お願いします", "してください", "追加", "といい", "嬉しい")  # fmt: skip
_OPENS = re.compile(
    r"\s*(?:(?:hi|hello|hey|hallo|bonjour|hola)\b[,!. ]*)?(?:(?:how|what|where|when|who|whom|whose|which|why|is|are|am|was|does|do|did|can|could|will|would|should|has|have|any(?:one|body)?"
    r"|wie|was|wo|wann|wer|welche[rsn]?|warum|wieso|gibt es|kann|können|ist|comment|où|quand|combien|quel(?:le)?s?|qui|pourquoi|est-ce|peut-on|y a-t-il|faut-il"
    r"|cómo|dónde|cuándo|cuánto|cuál|quién|qué)\b|¿|怎么|怎樣|哪里|请问|什么|どう|どこ|いつ|なぜ|何)",
    re.IGNORECASE,
)
_QUESTION_MARKS = ("?", "？", "吗", "ますか", "ですか")


def cues_of(text: str, marks: str) -> tuple[float, ...]:
    """The cues of a passage, one per name, 0 to 1.

    Args:
        text: cleaned.
        marks: `marks_of(text)`.

    Returns: multiples of an eighth, so that sums of products with whole weights are exact.
    """
    score, named, flags = marks.split("|")
    value = max(-_SCORE_TOP, min(_SCORE_TOP, round(float(score) * 2) / 2)) / _SCORE_TOP
    lower = _plain(text)
    possible = _SCREEN.hits(lower)
    asks = (0 in possible and _ASKS.search(lower) is not None) or (
        not text.isascii() and any(mark in text for mark in _ASKS_MARKS)
    )
    return (
        max(0.0, value),
        max(0.0, -value),
        float(bool(named)),
        float("w" in flags),
        float(asks),
        float(1 in possible and _ASKS_TO_KNOW.search(lower) is not None),
        float(any(mark in text for mark in _QUESTION_MARKS)),
        float(text.rstrip(" .!)\"'").endswith(("?", "？", "吗"))),
        float(_OPENS.match(text) is not None),
        float(_words(text) <= _SHORT_WORDS),
    )


def without_asking(text: str) -> str:
    """The text without the words that ask for something, which the word lists of complaint hold too."""
    return _ASKS.sub(" , ", _plain(text))


def _plain(text: str) -> str:
    return text.casefold().replace("’", "'")


def _words(text: str) -> float:
    ideographs = 0 if text.isascii() else sum(character >= _IDEOGRAPHS for character in text)
    return len(text.split()) + ideographs / 2
