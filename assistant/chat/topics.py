"""What a turn is about, without the words that say what is wanted of it."""

import re
import tomllib
from functools import cache
from importlib import resources

from assistant.domain.languages import KNOWN, stop_words_of
from assistant.domain.text import STOP_WORDS, content_words

_LEADS = re.compile(
    r"\b(?:about|on|for|regarding|concerning|mentions?|mentioning|of|with)\b|\b(?:zum|zur|zu|über|für|bezüglich)\b"
    r"|\bsur\b|\bconcernant\b|\bde l['’]|\bde la\b|\bdu\b|\bsobre\b|\bpara\b|\bacerca de\b",
    re.IGNORECASE,
)
_COMMANDS = re.compile(
    r"\b(?:please|can|could|would|you|me|us|i|we|let's|lets|need|want|like|to|a|an|the|some|any|new|my|our|their|just|have|is|are|there|does|do|did|what|who|which|how|when"
    r"|write|draft|create|generate|prepare|produce|make|give|show|find|search|look|list|get|put|together|turn|into|up|going|say|says|saying|think|feel"
    r"|prds?|requirements?|documents?|specs?|specification|user|users|customers?|people|stor(?:y|ies)|insights?|summar(?:y|ise|ize)|overview|one-pager"
    r"|quotes?|feedback|evidence|voices?|complaints?|complain\w*|records?|comments?|reviews?|compare|versus|vs|explain|biggest|problems|all|everything|tell|something|issues?|that|this|it)\b",
    re.IGNORECASE,
)
_COMMANDS_ABROAD = re.compile(
    r"\b(?:bitte|ich|wir|du|mir|uns|ein|eine|einen|der|die|das|den|dem|brauche|möchte|will|schreib\w*|erstell\w*|mach\w*|fass|zeig\w*|such\w*|finde|nach|gibt|es|was|wer|sagen|kunden|nutzer"
    r"|lastenheft|pflichtenheft|anforderung\w*|dokument\w*|zusammen\w*|zitate?|rückmeldung\w*|beschwer\w*|belege?|user|storys?|stories|vergleich\w*|mit|beim"
    r"|je|tu|nous|moi|un|une|le|la|les|des|rédige\w*|écris|crée\w*|fais\w*|aimerais|voudrais|montre\w*|cherche\w*|que|qui|disent|clients|utilisateurs?|cahier|charges|récits?|synthèse|résumé|retours|citations?|avis|compare"
    r"|dazu|darüber|davon|hierzu|là-dessus|dessus|ça|cela|eso|esto|ello|leute|gens|gente|yo|quiero|necesito|el|los|las|del|un|una|escrib\w*|haz\w*|crea\w*|muéstra\w*|busca\w*|qué|quién|dicen|clientes|usuarios?|documento|requisitos|historias|resumen|comentarios|citas|hay|pruebas)\b"
    r"|について|に関する|を?(?:書いて|作って|作成して|見せて|まとめて)(?:ください)?|ください|ユーザーストーリー|要件|の声|写一?份?|关于|请|的?(?:需求文档|用户故事|反馈|引用)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:this|that|it|these|those|them|the same|dazu|darüber|davon|hierzu|damit|là-dessus|ça|cela|eso|esto|ello|lo mismo)\b"
    r"|これ|それ|这个|这些|那个",
    re.IGNORECASE,
)
_EDGES = " ,.;:!?¿¡-–—…'\"()、。?！："


def topic_of(words: str) -> str:
    """The subject: what follows a word such as `about`, else what is left without words of command. Empty where nothing is.

    Args:
        words: the person's own (`own_words`).
    """
    for match in _LEADS.finditer(words):
        rest = _trimmed(words[match.end() :])
        if bare(rest):
            return rest
    return bare(words)


def bare(words: str) -> str:
    """The words without those of command, on one line; empty where they say nothing."""
    left = _COMMANDS_ABROAD.sub(" ", _COMMANDS.sub(" ", words))
    return _trimmed(" ".join(left.split()))


def tells(topic: str, words: str) -> bool:
    """Whether a topic names anything that could be looked for. Args: words: the whole turn, which shows its language."""
    told = words.casefold().split()
    stops = {"en": STOP_WORDS} | {code: stop_words_of(code) for code in KNOWN}
    spoken = max(
        stops, key=lambda code: (sum(word.strip(_EDGES) in stops[code] for word in told), code == "en")
    )
    return any(word not in _asking() for word in content_words(topic, spoken))


def is_asking(word: str) -> bool:
    """Whether a word in lower case is one of grammar or of asking, in a language that turns are written in."""
    return word in STOP_WORDS or word in _asking() or any(word in stop_words_of(code) for code in KNOWN)


@cache
def _asking() -> frozenset[str]:
    text = resources.files("assistant.languages").joinpath("asking.toml").read_text("utf-8")
    return frozenset(word for words in tomllib.loads(text).values() for word in words.casefold().split())


def points_back(words: str) -> bool:
    """Whether the words mean something that was spoken of before: `about this`, `dazu`."""
    return bool(_POINTS.search(words))


def _trimmed(text: str) -> str:
    words = text.strip(_EDGES)
    words = re.sub(
        r"^(?:the|our|my|a|an|die|der|das|den|le|la|les|el|los|las)\s+", "", words, flags=re.IGNORECASE
    )
    words = re.sub(
        r"\s+(?:please|pls|plz|thanks|thx|asap|bitte|s['’]il (?:te|vous) plaît|por favor|by tomorrow|today)$",
        "",
        words,
        flags=re.IGNORECASE,
    )
    return words.strip(_EDGES)
