"""Whether a cut through a text leaves out a negation that turns it around, or half a word. Pure functions."""

import re

_EN = (
    r"not|never|cannot|cant|dont|doesnt|didnt|isnt|wasnt|arent|wont|wouldnt|couldnt|shouldnt|hasnt|havent|hadnt|\w+n['’]t"
    r"|nobody|none|nothing|neither|nor|hardly|barely|scarcely|no longer|no one|no-one|unable to|fail(?:s|ed)? to"
)
_DE = r"nicht|kein\w{0,2}|nie|niemals|niemand\w*|nichts|kaum|weder"
_OTHER = {
    "fr": r"ne|n['’]\w+|pas|jamais|aucune?|rien",
    "es": r"no|nunca|jamás|ning[uú]n\w*|nadie|nada",
    "it": r"non|mai|nessuno?|niente",
    "pt": r"não|nunca|nenhum\w*|ninguém|nada",
    "nl": r"niet|geen|nooit|niemand|niets",
    "sv": r"inte|aldrig|ingen|inget",
    "pl": r"nie|nigdy|nikt|nic",
    "ru": r"не|нет|никогда|никто|ничего",
    "tr": r"değil|asla|hiç",
}
_ONLY_BEFORE = r"no|without|stopped|refuses? to|ohne|sans|sin|senza|sem|zonder"
_UNREAL = re.compile(
    r"(?:\b(?:wish(?:ed|es)?|hop(?:e|ed|ing)|if|if only|unless|imagine|pretend(?:ed|s)?|suppos(?:e|ed|ing)|assum(?:e|ed|ing)|as though|in case|provided|until|whether|say that|claims?|claimed|promis(?:e|ed|es)"
    r"|advertis\w+|told|wenn|falls|ob|wünsch\w*|hoff\w+|angeblich|bevor|si|ojalá|espero que|j['’]espère que|j['’]aimerais que)(?: (?:that|dass|only|nur|then|us|me))?)\s*\Z",
    re.IGNORECASE,
)
"""Right before a statement: it is wished, supposed or promised, not so."""
_CLAUSE_END = re.compile(
    r"[.!?…;:,\n()。！？；，、—–\"“”]|\s-\s|\b(?:but|because|although|however|aber|weil|obwohl|mais|pero)\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"\bnot (?:only|just|to mention)\b|\bnicht nur\b|\bno (?:doubt|wonder|problem)\b|\bpor qué no\b",
    re.IGNORECASE,
)
_NEAR_WORDS = 4
_CLOSED = re.compile(r"[.!?…;:,\n。！？][\s\"'”’»)\]]*\Z")
"""The span itself ends its clause; what follows is another one."""
_JAPANESE = re.compile(r"\s*(?:な(?:い|く|か)|ませ|ぬ|ず)")
_CHINESE = re.compile(r"[不没沒未无無别別]\Z")


def cuts_word(raw: str, start: int, end: int) -> bool:
    """Whether a span begins or ends inside a word or a number: `usable` cut out of `unusable`, `1` out of `1.5`."""
    return _inside(raw, start) or _inside(raw, end)


def _inside(raw: str, at: int) -> bool:
    if not 0 < at < len(raw):
        return False
    left, right = raw[at - 1], raw[at]
    if _is_cased(left) and (
        _is_cased(right) or (right in "'’" and at + 1 < len(raw) and _is_cased(raw[at + 1]))
    ):
        return True
    if left in "'’" and _is_cased(right) and at > 1 and _is_cased(raw[at - 2]):
        return True
    if left.isdecimal() and (right.isdecimal() or (right in ".," and raw[at + 1 : at + 2].isdecimal())):
        return True
    return left in ".," and right.isdecimal() and at > 1 and raw[at - 2].isdecimal()


def _is_cased(character: str) -> bool:
    return character.lower() != character.upper()


def cut_negation(raw: str, start: int, end: int, language: str = "und") -> str:
    """The negation that stands just outside of the span, in the same clause; empty where there is none.

    Args:
        language: ISO 639-1 of the text; English and German negations are looked for in any.

    Returns: the words left out, for example `does not`.
    """
    if language == "ja" and _JAPANESE.match(raw[end : end + 4]):
        return raw[end : end + 4].strip()
    if language in ("zh", "ja") and _CHINESE.search(raw[:start]):
        return raw[start - 1]
    listed = "|".join(filter(None, (_EN, _DE, _OTHER.get(language))))
    before = _words(_last_clause(raw[max(0, start - 120) : start]))[-_NEAR_WORDS:]
    if unreal := _UNREAL.search(_last_clause(raw[max(0, start - 120) : start])):
        return unreal.group().strip()
    closed = _CLOSED.search(raw[start:end]) is not None
    after = [] if closed else _words(_first_clause(raw[end : end + 120]))[:_NEAR_WORDS]
    for words, pattern in ((before, f"{listed}|{_ONLY_BEFORE}"), (after, listed)):
        text = " ".join(words)
        if not _HARMLESS.search(text) and (
            found := re.search(rf"(?<![\w'’])(?:{pattern})(?![\w'’])", text, re.IGNORECASE)
        ):
            return found.group()
    return ""


def negations(text: str, language: str = "und") -> int:
    """How many words of a text turn something round, in English, German and the given language."""
    listed = "|".join(
        filter(
            None,
            ("no longer|no one|unable to|fail(?:s|ed)? to", _EN, _ONLY_BEFORE, _DE, _OTHER.get(language)),
        )
    )
    found = re.findall(rf"(?<![\w'’])(?:{listed})(?![\w'’])", text, re.IGNORECASE)
    return len(found) - len(_HARMLESS.findall(text))


def _last_clause(text: str) -> str:
    ends = list(_CLAUSE_END.finditer(text))
    return text[ends[-1].end() :] if ends else text


def _first_clause(text: str) -> str:
    stop = _CLAUSE_END.search(text)
    return text[: stop.start()] if stop else text


def _words(text: str) -> list[str]:
    return text.split()
