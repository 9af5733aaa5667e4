"""Words by which an intent is certain, in the languages that people write in. What no rule knows goes to the examples."""

import re

from assistant.chat.intents.mentions import style_named, target_named
from assistant.domain.thread import Intent

_UNDO = (
    r"\bundo\b|\brevert\b|take (?:that|it|this) back|\broll(?:ed)? back|previous version|restore\b"
    r"|rückgängig|vorige\w* version|vorherige\w* version|nimm .*zurück|\bannule|version précédente"
    r"|\bdeshaz|\bdeshacer|versión anterior|元に戻|取り消|撤销|恢复上"
)
_HELP = (
    r"^\W*(?:help|hilfe|ayuda|aide|\?+)\W*$|what can (?:you|i) (?:do|ask)|how does (?:this|it) work|i['’]?m new here"
    r"|was kannst du|wie funktioniert (?:das|es|hier)|(?:que|qu['’]est-ce que tu) (?:sais|peux)[- ](?:tu )?faire|aide[- ]moi\b"
    r"|qué puedes hacer|cómo funciona|何ができ|使い方|你能做什么|怎么用"
)
_COMPARE = (
    r"\bcompar|\bversus\b|\bvs\b\.?|\bdiff(?:erence|erent)?\b|\bagainst last\b|\bthan before\b|\bvergleich|unterschied"
    r"|\b\w+er als\b|différence|diferencia|\bfrente a\b|比較|比较|区别|对比|違い"
)
_EXPLAIN = (
    r"where (?:does|do|did|is) .*(?:come|came|from)|how (?:did|do|was|were|is|are) .*(?:count|comput|calculat|arriv|measur|get (?:to|that))"
    r"|\bexplain\b.*\b(?:f\d+|number|figure|share|percent|count|this|that)\b|behind (?:the|that|this|these)\b.*(?:number|figure|share|\d)"
    r"|why (?:does it say |is it |are there |only |)\d|who are (?:these|those|the) \d"
    r"|woher kommt|wie (?:hast|habt|wurde|wird|kommst) .*(?:berechnet|gezählt|ermittelt|auf)|was steckt hinter|erklär\w*"
    r"|d['’]où vien|comment .*(?:calcul|compt)|pourquoi \d|de dónde sale|cómo .*(?:calcul|cont)|por qué \d"
    r"|どこから|計算|怎么算|从哪里来|怎么来"
)
_EDIT = (
    r"\bshorten\b|\bshorter\b|\btighten\b|more concise|\bcut (?:it|this|that) down|\bless jargon|\bplainer\b|\bsound(?:s)? (?:more |less |)\w+er\b"
    r"|(?:rephrase|reword|rewrite|put|word) (?:this|that|it)\b|\brephrase\b|\breword\b|\bsplit\b.*(?:stor|us-?\d|two|into)|failure (?:path|case)"
    r"|\bkürz(?:e|er)\b|fachchinesisch|weniger (?:jargon|fach)|formulier\w* (?:das|dies|es|den|die) .*|\bteile\b.*\b(?:stor|us-?\d)|fehler(?:pfad|fall)"
    r"|\braccourci|\babrège|moins de jargon|cas d['’](?:échec|erreur)|\bacort|menos jerga|caso de (?:fallo|error)|\bdivid\w*\b.*histori"
    r"|短く|言い換え|改短|缩短|简短|精简"
)
_REVISE = (
    r"\b(?:rewrite|redo|regenerate|rework|revise|work over|update|refresh)\b.*\b(?:section|part|goals?|risks?|questions?|problem|requirements?|statement|criteria|non-?goals?|them|it)\b"
    r"|\b(?:goals?|risks?|questions?|problem|section|requirements?)\b.*\b(?:redo|again|rewrite|rework|anew)\b"
    r"|überarbeite|neu (?:formulier|machen|schreiben)|noch einmal neu|\bschreib\w*\b.*\bteil\b.*neu"
    r"|\bréécri|\breprends? la (?:section|partie)|\bà revoir\b|\brefais\b|vuelve a escribir|\breescrib|\brehaz\b|書き直|重写|重新写"
)
_SCOPE = (
    r"^\W*(?:please |bitte |)(?:only|just|nur|seulement|uniquement|solo|sólo|solamente)\b|\b(?:leave|lass)\b.*\b(?:out|weg)\b|\brestrict\b|\bnarrow\b.*\bdown\b"
    r"|\bexclude\b|\binclude\b.*\b(?:again|too|also|reviews?|records?)\b|\b(?:use|look at|take|keep)\b.*\b(?:only|just)\b|\bwithout the\b|\bignore the\b"
    r"|beschränk|begrenz|\bohne die\b|\blimit|\bsans les\b|\bsin las?\b|だけにして|のみに|に絞|只看|仅限|只用"
)
_EVIDENCE = (
    r"(?:show|find|give|get|list)\b.*\b(?:quotes?|feedback|evidence|voices?|records?|comments?|reviews?)\b|what (?:do|are|did) .*\bsay(?:ing)?\b|^\W*(?:search|look) for\b"
    r"|\bwhat(?:['’]?s| is| are)\b.*\b(?:biggest|worst|main|top|most)\b|\bwas (?:ist|sind|stört)\b.*\b(?:größte|wichtigste|schlimmste|meiste)\w*\b"
    r"|\bquel(?:le)?s? (?:est|sont)\b.*\b(?:plus|principa\w+)\b|\bcuál(?:es)? (?:es|son)\b.*\b(?:mayor\w*|peor\w*|principal\w*|más)\b"
    r"|\b(?:any|is there|are there)\b.*\b(?:evidence|voices?|proof|feedback|quotes?)\b|\bwho (?:complain|mention|ask|want|say)|\b(?:does|did) any(?:one|body)\b"
    r"|\bzeig\w*\b.*\b(?:zitat|stimm|beleg|rückmeld|feedback)|was sagen\b|gibt es (?:belege|zitate|stimmen)|\bsuche?\b.*\bnach\b"
    r"|\bmontre\w*\b.*\b(?:citation|avis|retour|preuve)|que disent|\bcherche\b|\bmuéstra\w*\b.*\b(?:cita|comentario|prueba)|qué dicen|\bhay (?:pruebas|citas)|\bbusca\b"
    r"|声を(?:見|探|聞)|引用を|どう(?:言|思)って|怎么评价|怎么说|有没有.*证据|引用"
)
_DRAFT_VERB = (
    r"\b(?:write|draft|create|generate|prepare|produce|compose|make|do|need|want|put together|turn|give me)\b|\bsummar"
    r"|\bschreib|\berstell|\bbrauche|\bmach\b|\bfass\b.*\bzusammen\b|\brédige|\bécris|\bcrée|\bfais\b|\bfais-moi|aimerais|\bescrib|\bnecesito|\bhaz|\bcrea\b"
    r"|書いて|作って|作成|まとめて|请写|写一|生成|总结"
)
_KIND = (
    r"\bprds?\b|requirements?\b|\bspecs?\b|specification|user[ -]?stor|\bstories\b|\bstorys\b|insight|summar|one[- ]pager"
    r"|lastenheft|pflichtenheft|anforderung|zusammenfassung|cahier des charges|récits|synthèse|résumé|requisitos|historias de usuario|resumen"
    r"|\bfass\b.*\bzusammen\b|要件|ユーザーストーリー|需求|用户故事|摘要"
)
_KIND_FIRST = r"^\W*(?:a |an |the |new |)(?:prd|user stories|insight summary|stories|requirements)\b\W*(?:on|about|for|:|zu|für|sur|sobre)"
_JUST_DRAFT = r"^\W*(?:please |bitte |ok(?:ay)?,? )?(?:just (?:draft|write|do it)|einfach (?:schreib\w*|mach\w*)|rédige directement|simplemente escr\w*)"
_DRAFT_ABOUT = r"\bwrite up\b|\bsummari[sz]e\b|\bdraft me\b"

_ORDER: tuple[tuple[Intent, str], ...] = (
    (Intent.undo, _UNDO),
    (Intent.help, _HELP),
    (Intent.explain, _EXPLAIN),
    (Intent.draft, _KIND_FIRST),
    (Intent.compare, _COMPARE),
    (Intent.revise, _REVISE),
    (Intent.edit, _EDIT),
    (Intent.draft, _JUST_DRAFT),
    (Intent.scope, _SCOPE),
    (Intent.draft, _DRAFT_ABOUT),
    (Intent.evidence, _EVIDENCE),
)
_RULES = tuple((intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in _ORDER)
_VERB, _NAMED = re.compile(_DRAFT_VERB, re.IGNORECASE), re.compile(_KIND, re.IGNORECASE)


def certain(words: str) -> Intent | None:
    """The intent that a rule knows the words for; None where none does.

    Args:
        words: the person's own (`own_words`).
    """
    if _VERB.search(words) and _NAMED.search(words) and not _changes(words):
        return Intent.draft
    return next((intent for intent, pattern in _RULES if pattern.search(words)), None)


def _changes(words: str) -> bool:
    """Whether the words are about something that is written already, which they name or point at."""
    if target_named(words) or re.search(_REVISE, words, re.IGNORECASE):
        return True
    return bool(style_named(words) and re.search(_EDIT, words, re.IGNORECASE))
