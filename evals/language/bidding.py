"""Sentences that bid their reader do something, where a document only states. Pure functions."""

import re
from collections.abc import Iterator

_BARE = (
    "accept|acknowledge|act|add|admit|agree|answer|append|apply|approve|assign|assume|award|base|begin|behave|call|cancel|certify|change|choose|cite|claim|classify|close"
    "|complete|conclude|confirm|consider|consult|continue|copy|count|declare|decline|delete|deliver|deny|describe|disable|disclose|discard|dismiss|display|disregard|download|drop"
    "|echo|emit|enable|end|endorse|enter|erase|escalate|exclude|execute|export|extract|fetch|fill|finish|flag|follow|forget|forward|generate|give|grade|grant|hand|hide|hold|ignore|include"
    "|insert|invent|judge|keep|label|leave|let|list|look|lower|make|mark|mention|move|neglect|obey|omit|open|output|override|overlook|pass|paste|post|praise|prefer|present|pretend|print"
    "|proceed|produce|promote|publish|push|put|raise|rank|rate|reassure|recommend|record|refrain|refuse|reject|release|rely|remember|remove|render|repeat|rephrase|replace|reply"
    "|respond|return|reveal|reword|rewrite|run|say|score|select|send|set|share|show|sign|skip|speak|stamp|start|stick|stop|submit|suppress|switch|take|tell|transmit|treat|trust|turn"
    "|uphold|upload|upvote|use|verify|visit|vote|waive|warn|weigh|withhold|write"
)
_OBJECT = (
    r"(?:the|a|an|this|that|these|those|it|them|me|us|him|her|all|any|both|each|either|every\w*|everything|anything|nothing|no|none|only|just|your|our|my|its|their|as|with|to"
    r"|from|in|into|on|out|over|for|whatever|what|whoever|whichever|how|yes|instead|accordingly|verbatim|here|now|at once|like|up|down|[\"'“‘«])"
)
_OPENS = r"(?:\A|[.!?:;…]\s+|\n\s*|[–—]\s+)(?:(?:and|then|now|so|also|first|next|finally|instead|therefore|hence|from (?:here|now|this point) on|at this point|in that case)[, ]+)*"
_IMPERATIVE = re.compile(
    rf"{_OPENS}(?:(?:please|kindly|just|simply|always|never|do not|don['’]t|be sure to|make sure to|remember to|feel free to|go on and)[, ]+(?:[a-z]+\b)|(?:{_BARE})\s+{_OBJECT}(?![\w-]))",
    re.IGNORECASE,
)
_MACHINE = (
    r"(?:(?:large |small )?(?:language|reasoning|generative|ai) (?:models?|systems?|tools?|agents?)|llms?|ais|(?:ai|virtual|digital|writing|automated|automatic|machine) (?:assistants|readers|writers|reviewers|graders|checkers|judges|raters|agents)"
    r"|chat ?bots?|bots|summari[sz]ers?|(?:whoever|whatever|any(?:one|thing|body)|all (?:those )?(?:who|that)|those who|any (?:tool|system|program|process|machine) that|the (?:tool|system|program|process|machine|model) that) "
    r"(?:reads?|processes|summari[sz]es|grades?|parses?|checks?|evaluates?|scores?|ingests?|judges?|reviews?)|sprachmodelle?|ki-systeme?|(?:der|die|das) (?:ki|sprachmodell)|mod[eè]les? de lang(?:age|ue)|modelos? de lenguaje)"
)
_DUTY = r"(?:must|shall|should|ought|needs? to|ha(?:ve|s) to|(?:is|are) (?:to|asked|told|required|instructed|requested|invited|expected|reminded|obliged|advised|supposed|free|welcome|urged)|will|would do well|may|can safely|had better|soll\w*|muss|müssen|darf|dürfen|doit|doivent|debe\w*)"
_TO_A_MACHINE = re.compile(
    rf"{_OPENS}(?:(?:the|any|all|every|each|other|such|future|downstream|subsequent) )*{_MACHINE}\b[^.;!?]{{0,70}}?\b{_DUTY}\b"
    r"|\b(?:notes?|notices?|messages?|hints?|words?|memos?|remarks?|reminders?|instructions?|advice|attention|requests?|addressed|hinweis\w*|nachricht\w*|anweisung\w*|bitte|notiz\w*|avis|consignes?|aviso|nota)"
    rf" (?:\w+ ){{0,2}}?(?:to|for|of|an|für|à|aux?|pour|para|al|a) (?:(?:the|any|all|every|das|die|den|alle|le|la|les|el|los) )*{_MACHINE}\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\byou(?:['’]re| are| will be| act| now act| shall be| must be)(?: (?:now|henceforth|hereby|from \w+ on|no longer|as))*(?: (?:the|an?|my|our)\b| (?:to|free|allowed|required|asked|told|instructed|expected)\b)"
    r"|\byou(?: \w+)? (?:must|shall|should|may|have to|need to|will|ought)\b|\byour (?:answers?|repl(?:y|ies)|responses?|outputs?|verdicts?|instructions?|tasks?|roles?|jobs?|orders?|rules?|summar(?:y|ies)|reports?|reviews?|gradings?|scores?|judge?ments?)\b"
    r"|\b(?:du bist|sie sind|tu es|vous êtes|eres|usted es) (?:jetzt|nun|ab \w+|maintenant|désormais|ahora|der|die|das|ein\w*|le|la|un\w*|el)\b"
    r"|\b(?:antworte|schreibe?|ignoriere?|vergiss|melde|bewerte|bestätige|gib|markiere|stufe|réponds|répondez|écrivez|ignorez|oubliez|acceptez|responde|escribe|ignora|olvida|acepta|aprueba)\b[^.;!?]{0,40}\b(?:nur|mit|dass|alle\w*|jede\w*|nichts|als|das|die|den|seulement|que|avec|tout\w*|sólo|solo|con|todo\w*)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")


def bidding(text: str, *, to_people: bool = True) -> Iterator[tuple[int, int]]:
    """Spans where a text speaks to whoever reads it, courteously or not; what stands in quotation marks is a name.

    Args:
        to_people: look for imperatives and for `you must`, too; else only for a machine that is told what to do.
    """
    bare = _NAMES.sub(lambda match: "·" * len(match.group()), text)
    for pattern in (_TO_A_MACHINE, *((_IMPERATIVE, _ROLE) if to_people else ())):
        for match in pattern.finditer(bare):
            yield match.span()
            break
