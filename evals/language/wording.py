"""Rules about the wording of one wish or requirement, for English, and for German where they are simple.

They know words, not grammar: what they see is advice, never a fault that stops a draft. Sources: QUS (Lucassen et al. 2016),
EARS (Mavin et al. 2009), the INCOSE guide to writing requirements (R8, R10, R16, R24), ISO/IEC/IEEE 29148.
"""

import re
from dataclasses import dataclass

_VERBS = (
    "access|add|adjust|allow|analyse|analyze|annotate|answer|apply|approve|archive|ask|assign|attach|browse|"
    "build|calculate|call|cancel|capture|categorise|change|chat|check|choose|clear|click|close|collect|comment|"
    "compare|complete|configure|confirm|connect|contact|copy|correct|create|customise|customize|define|delete|"
    "deliver|derive|describe|determine|disable|discover|display|document|download|draw|drag|duplicate|edit|"
    "enable|enter|evaluate|explore|export|extract|filter|find|follow|format|generate|get|give|group|handle|"
    "hide|identify|import|improve|include|inform|insert|inspect|install|integrate|invite|keep|know|learn|limit|"
    "link|list|load|locate|lock|log|maintain|make|manage|mark|match|measure|merge|modify|monitor|move|navigate|"
    "notify|open|order|organise|organize|pay|perform|plan|play|post|prepare|preview|print|prioritise|process|"
    "produce|provide|publish|query|rate|read|receive|recognise|record|redo|refine|register|relate|reject|"
    "release|remove|rename|reorder|replace|reply|report|request|reset|resize|resolve|restore|restrict|retrieve|"
    "return|reuse|review|rotate|run|save|scan|schedule|scroll|search|see|select|send|separate|set|share|show|"
    "sign|simulate|skip|sort|specify|split|start|stop|store|structure|submit|subscribe|suggest|switch|sync|tag|"
    "take|tell|test|track|transfer|translate|trigger|try|turn|type|understand|undo|unlock|unsubscribe|update|"
    "upgrade|upload|use|validate|verify|view|visit|visualise|visualize|vote|watch|work|write|zoom"
)
_VERB = rf"(?:{_VERBS})"
_JOIN = r"(?:and|&|or|and/or|as well as|and then|and also)"
_AND_TO = re.compile(
    rf"\s*,?\s+{_JOIN} (?=(?:be able )?to (?!me\b|us\b|them\b|him\b|her\b|the\b|an?\b){_VERB}\b)",
    re.IGNORECASE,
)
_OBJECT = r"(?:an?|the|my|our|their|its|his|her|all|any|it|them|this|that|these|those|new|each|every|what|who|which|how|where|when|if|whether)"
_AND_VERB = re.compile(rf"\s*,?\s+{_JOIN} (?={_VERB} {_OBJECT}\b)", re.IGNORECASE)
_NO_NOUNS = (
    "add|adjust|allow|analyse|analyze|annotate|apply|assign|attach|browse|build|calculate|cancel|capture|"
    "categorise|choose|clear|collect|compare|complete|configure|confirm|connect|correct|create|customise|"
    "customize|define|delete|deliver|derive|describe|determine|disable|discover|duplicate|enable|enter|"
    "evaluate|explore|extract|generate|get|give|hide|identify|improve|include|inform|insert|inspect|install|"
    "integrate|invite|keep|know|learn|locate|maintain|make|manage|merge|modify|navigate|notify|open|organise|"
    "organize|perform|prepare|prioritise|produce|provide|publish|read|receive|recognise|redo|refine|relate|"
    "reject|remove|rename|reorder|reset|resize|resolve|restore|restrict|retrieve|reuse|see|select|send|"
    "separate|simulate|skip|specify|submit|subscribe|suggest|take|tell|translate|understand|undo|unlock|"
    "unsubscribe|upload|validate|verify|visualise|visualize|write"
)
_AND_DO = re.compile(
    rf"\s*,?\s+{_JOIN} (?=(?:{_NO_NOUNS}) (?!(?:of|for|by|in|on|at|to|with|from)\b)[^\W\d_]{{2,}})",
    re.IGNORECASE,
)
"""Verbs that are no nouns: whatever follows them is their object."""
_VERBS_IN_ROW = re.compile(
    rf"^(?:to )?(?:be able to )?(?P<first>{_VERB})(?P<more>(?:, {_VERB})*),?\s+{_JOIN} (?P<last>{_VERB}) (?P<rest>\w.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ADDS = (
    r"(?:plus|besides|on top(?: of (?:that|it|this|which))?|as well as|along with|together with|in addition(?: to (?:that|this|it)|(?=,))|additionally|moreover|furthermore|not to mention"
    r"|(?:but|and) also|(?:and )?(?:while|whilst) (?:also|at it|simultaneously|at the same time|(?:I am|we are) at it)|(?:and )?(?:in the same (?:go|breath|step)|at the same time|on the side|by the way)"
    r"|, (?:also|and|then)|and then|außerdem|zusätzlich|obendrein)"
)
_DOES = rf"(?:to (?:be|have|let|put|bring|{_VERBS})\b|(?:{_VERB}|have|let|put|bring|throw|ring) {_OBJECT}\b|[a-z]{{2,}}ing (?:{_OBJECT}|rid of|out|up|down|off|away|back)\b)"
_BESIDES = re.compile(
    rf"\s*[,;–-]?\s*(?<!\w){_ADDS},? (?=(?:to )?{_DOES})|\s*,?\s+(?:while|whilst) (?:also|at the same time|simultaneously) (?=[a-z]{{2,}}ing\b)"
    rf"|\s*,?\s+(?:in addition to|besides|apart from|on top of|as well as) (?=[a-z]{{2,}}ing {_OBJECT}\b)"
    rf"|\s*,\s+(?:along with|together with|plus|as well as|in addition to|on top of|besides|not forgetting) (?={_OBJECT}\b|some\b)"
    r"|\s*,?\s+(?:and|with|plus|including) (?=(?:also )?(?:the |an? )?(?:option|ability|possibility|chance|means|opportunity) (?:to|of)\b)",
    re.IGNORECASE,
)
"""What is added by another word than `and`: told by the verb that follows, as an infinitive, with its object, or in -ing; and an afterthought
behind a comma. `Open as well as closed cards` are one thing."""
_UND = re.compile(r"\s*,?\s+(?:und|sowie|oder) (?=[^.;]*\bzu \w+(?:en|ern|eln)\b)", re.IGNORECASE)
_TWO_SHALL = re.compile(r"\s*[,;]?\s+(?:and|und) (?=[^.;]*?\b(?:shall|must|muss|soll)\b)", re.IGNORECASE)
_NOTE = re.compile(r"\s*(?:\([^()]*\w{2}[^()]*\)|\[[^\][]*\])")
_ABBREVIATION = re.compile(r"\s*\((?:[A-Z]{2,6}s?|e?s)\)")
_AFTER_STOP = re.compile(
    r"(?<=[\w)])(?:\.\s+(?=[A-Z\u00c0-\u00de])|\s*;\s+|\s+[-–—]{1,2}\s+(?=\w)|\s*(?:NB|N\.B\.|Note|Hinweis|Anm\.)\s*:).*",
    re.DOTALL,
)
VAGUE = re.compile(
    r"(?<![\w-])(?:(?:user|customer)[- ]friendly|easy(?: to use)?|easily|intuitive(?:ly)?|seamless(?:ly)?|robust|flexible|efficient(?:ly)?|effective(?:ly)?"
    r"|quick(?:ly)?|fast(?:er)?|rapid(?:ly)?|timely|in a timely manner|adequate(?:ly)?|sufficient(?:ly)?|reasonabl[ey]|appropriate(?:ly)?|suitabl[ey]|proper(?:ly)?"
    r"|modern|state[- ]of[- ]the[- ]art|optimal(?:ly)?|smooth(?:ly)?|convenient(?:ly)?|simple|simply|nice(?:ly)?|good|better|best|great|acceptable|high[- ]quality"
    r"|high performance|responsive|scalable|reliabl[ey]|approximately|roughly|various"
    r"|benutzerfreundlich\w*|nutzerfreundlich\w*|einfach\w*|intuitiv\w*|schnell\w*|angemessen\w*|ausreichend\w*|geeignet\w*|optimal\w*|zeitnah\w*)(?![\w-])",
    re.IGNORECASE,
)
FELT = re.compile(
    r"(?<![\w-])(?:(?:user|customer)[- ]friendly|easy(?: to use)?|easily|intuitive(?:ly)?|seamless(?:ly)?|flexible|flexibly|modern|state[- ]of[- ]the[- ]art|smooth(?:ly)?"
    r"|convenient(?:ly)?|simple|simply|nice(?:ly)?|elegant(?:ly)?|pleasant(?:ly)?|attractive(?:ly)?|clean|clear(?:ly)?|benutzerfreundlich\w*|nutzerfreundlich\w*|einfach\w*|intuitiv\w*)(?![\w-])",
    re.IGNORECASE,
)
"""Vague words that no number of the sentence makes clear: `fast, within 2 s` says how fast, `easily, within 2 s` doesn't say how easily."""
DANGLING_START = re.compile(
    r"(?:It|They|He|She|(?:This|These|That|Those)(?= (?:shall|must|should|will|is|are|can|may|needs?)\b)|The same|Es|Dies(?:es)?|Das gleiche)\b(?! is (?:possible|shown)\b)"
)
PASSIVE = re.compile(
    r"\b(?:shall|must|should|will) (?:always |then |also )?be (?P<verb>\w+ed|shown|kept|sent|made|given|told|set|put|written|read|found|held|done|run|hidden|taken|built|chosen)\b"
    r"(?![^.]*\b(?:by|able|to)\b)",
    re.IGNORECASE,
)
HOLLOW = re.compile(
    r"(?:(?:it|this|that|everything|all|the (?:system|app|application|product|feature|function|action|process|page|result))\s+(?:just |still |then )?"
    r"(?:works?|functions?|runs?|behaves?|is (?:fine|good|ok|okay|right|correct|successful|handled|done|improved|better|easier|faster|working)|goes well|succeeds|responds)"
    r"(?:\s+(?:well|fine|correctly|properly|as expected|as intended|as (?:it )?should|normally|smoothly|successfully|right|again|without (?:problems|issues|errors)))*"
    r"|(?:the )?\w+(?: \w+)? (?:is|am|are) (?:happy|satisfied|pleased|delighted|content)(?: with .*)?|as expected|(?:it is )?(?:a )?success|no (?:problem|issue)s?(?: occurs?)?"
    r"|(?:es|alles|das) (?:funktioniert|klappt|geht|passt)(?: \w+)*)\W*",
    re.IGNORECASE,
)
_INFINITIVE = re.compile(r"^to ", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """Wants that one sentence holds."""

    parts: tuple[str, ...]


def wants(text: str, language: str) -> Split | None:
    """The wants of a wish that holds several, each with the shared object (`view and edit issues`: two wants); None for one.

    `a search and replace`, `black and white` are one thing. In German only infinitives with `zu` are told apart.
    """
    if language == "de":
        return _halves(text, _UND)
    if language != "en":
        return None
    if row := _VERBS_IN_ROW.match(text):
        verbs = [row["first"], *(verb for verb in row["more"].split(", ") if verb), row["last"]]
        return Split(tuple(f"to {verb} {row['rest']}" for verb in verbs))
    return next(
        filter(None, (_halves(text, joint) for joint in (_AND_TO, _AND_VERB, _AND_DO, _BESIDES))), None
    )


def shalls(text: str) -> Split | None:
    """The sentences of a requirement that says `shall` twice."""
    return _halves(text, _TWO_SHALL)


def _halves(text: str, pattern: re.Pattern[str]) -> Split | None:
    match = pattern.search(text)
    if match is None or len(text[: match.start()].split()) < 2:
        return None
    rest = text[match.end() :]
    whole = pattern is _BESIDES or not _INFINITIVE.match(text) or rest.startswith("to ")
    return Split((text[: match.start()], rest if whole else f"to {rest}"))


def without_note(text: str) -> str:
    """The text without remarks in brackets, and without what stands behind its end. `(PDF)` is a name, no remark."""
    kept = _NOTE.sub(lambda match: match.group() if _ABBREVIATION.fullmatch(match.group()) else "", text)
    return re.sub(r"\s+([,.])", r"\1", _AFTER_STOP.sub("", kept)).strip()
