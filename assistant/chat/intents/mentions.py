"""What a turn names: a kind of draft, a section, an id, a style of wording, versions."""

import re

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "user_stories",
        r"user[ -]?stor(?:y|ies|ys)|\bstories\b|\bstorys\b|anwenderstor|nutzerstor|récits? (?:d.)?utilisateurs?"
        r"|historias? de usuario|ユーザーストーリー|用户故事",
    ),
    (
        "prd",
        r"\bprds?\b|requirements?\b|\bspec(?:ification)?s?\b|lastenheft|pflichtenheft|anforderung|cahier des charges"
        r"|spécification|exigences|requisitos|especificaci|要件|要求仕様|需求",
    ),
    (
        "insight_summary",
        r"insight|summar(?:y|ise|ize)|one[- ]pager|overview|zusammenfassung|fass\w* .*zusammen|überblick|synth[èe]se"
        r"|résum|resum|síntesis|要約|まとめ|总结|摘要",
    ),
)
_SECTIONS: tuple[tuple[str, str], ...] = (
    ("problem", r"\bproblem"),
    ("goals", r"\bgoals?\b|\bziele?n?\b|objecti[fv]|objetivo|目標|目标"),
    ("non_goals", r"non[- ]goals?|nicht-?ziele|non-objectifs|no objetivos"),
    ("stories", r"\bstories\b|user stor|récits|historias"),
    ("requirements", r"requirements?\b|anforderung|exigences|requisitos"),
    ("against", r"\bagainst\b|counter|gegenargument|contre\b|en contra"),
    ("risks", r"\brisks?\b|risik|risques?|riesgos?|リスク|风险"),
    ("questions", r"(?:open )?questions?\b|fragen\b|preguntas"),
    ("assumptions", r"assumption|annahmen?|hypothèses|supuestos"),
    ("evidence", r"\bevidence\b|belege|preuves|evidencias"),
    ("themes", r"\bthemes?\b|themen|thèmes|temas"),
    ("summary", r"\bsummary\b"),
    ("basis", r"\brest on\b|\bbasis\b"),
)
_STYLES: tuple[tuple[str, str], ...] = (
    ("for_sales", r"\bsales\b|vertrieb|\bcommercia(?:l|ux)|\bventes\b|ventas|営業|销售"),
    (
        "less_jargon",
        r"jargon|plain|simpl(?:er|e)|fach\w+|verständlich|einfacher|jerga|sencill|plus clair|やさしく|通俗|简单",
    ),
    (
        "shorter",
        r"short|tight|concise|trim|cut (?:it|this|that)|half|kürz|knapper|raccourci|abrège|plus court|acort|más cort|短",
    ),
)
TARGET = re.compile(r"\b(US|FR|NFR|OQ|DEC|R|G|C|F|Q)-?(\d{1,3})\b", re.IGNORECASE)
_DASHED = frozenset({"US", "FR", "NFR", "OQ", "R", "G"})
_VERSION = re.compile(r"(?:version|versión|fassung|バージョン|版本|\bv)\s*\.?\s*(\d{1,4})", re.IGNORECASE)
_MORE_VERSIONS = re.compile(
    r"(?:and|to|vs\.?|und|et|y|à|a|と|和)\s+(?:version\s*|v)?(\d{1,4})", re.IGNORECASE
)


def kind_named(words: str) -> str:
    """The kind of draft that the words name; empty where they name none."""
    return _first(_KINDS, words)


def section_named(words: str) -> str:
    """The section that the words name; the longer name goes before the one inside it."""
    return (
        "non_goals"
        if re.search(dict(_SECTIONS)["non_goals"], words, re.IGNORECASE)
        else _first(_SECTIONS, words)
    )


def style_named(words: str) -> str:
    """How the words want a passage; empty where they don't say."""
    return _first(_STYLES, words)


def target_named(words: str) -> str:
    """The id of a claim, story, requirement, fact or quote, as drafts write it; empty where there is none."""
    match = TARGET.search(words)
    if match is None:
        return ""
    letters = match[1].upper()
    return f"{letters}-{int(match[2])}" if letters in _DASHED else f"{letters}{int(match[2])}"


def versions_named(words: str) -> tuple[int, ...]:
    """Versions of a draft, in the order in which they are named."""
    first = _VERSION.search(words)
    if first is None:
        return ()
    rest = list(_VERSION.finditer(words, first.end())) or list(_MORE_VERSIONS.finditer(words, first.end()))
    return tuple(dict.fromkeys(int(match[1]) for match in (first, *rest)))


def _first(named: tuple[tuple[str, str], ...], words: str) -> str:
    return next((name for name, pattern in named if re.search(pattern, words, re.IGNORECASE)), "")
