"""Column names that exports use, in English, German, French, Spanish and Japanese."""

import re
import unicodedata


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("|"))


SYNONYMS: dict[str, tuple[str, ...]] = {
    "text": _names(
        "text|review text|review body|review content|comment text|feedback text|content|body|comment|comments|feedback|review|message"
        "|verbatim|open feedback|description|ticket body|response|answer|data|quote|opinion|transcript|notes|suggestion|suggestions|remarks"
        "|kommentar|kommentare|rezension|rezensionstext|nachricht|inhalt|beschreibung|antwort|ruckmeldung|anmerkung|anmerkungen|freitext"
        "|bewertungstext|commentaire|commentaires|avis|texte|contenu|message client|reponse|remarque|remarques"
        "|comentario|comentarios|resena|texto|mensaje|contenido|respuesta|descripcion|opiniones|sugerencias"
        "|本文|コメント|内容|レビュー|レビュー本文|テキスト|感想|意見|ご意見|回答|自由記述|自由回答|お問い合わせ内容"
),
    "title": _names(
        "title|subject|headline|summary|review title|topic title|betreff|titel|uberschrift|titre|objet|sujet|asunto|titulo"
        "|件名|タイトル|題名"
),
    "external_id": _names(
        "id|external id|review id|ticket id|issue id|response id|record id|comment id|feedback id|message id|conversation id|case id"
        "|uuid|guid|key|issue key|ticket number|case number|ticket|respondent id|submission id|nr|ticket nr|ticketnummer|numero|identifiant|identificador|番号"
),
    "said_at": _names(
        "date|said at|created at|created|created date|creation date|date created|review date|submitted at|submitted|submission date|timestamp|time|datetime|posted at"
        "|posted|posted on|received at|sent at|reported at|opened at|opened|response date|start date|end date|date of review"
        "|datum|erstellt|erstellt am|zeitstempel|zeit|eingegangen am|cree le|date de creation|horodatage|fecha|fecha de creacion|creado|marca temporal"
        "|日付|日時|作成日|作成日時|投稿日|タイムスタンプ|updated at|last modified|date updated"
),
    "author": _names(
        "author|author name|reviewer|reviewer name|reviewer nickname|user|user name|username|user id|nickname|requester|requester name"
        "|respondent|customer name|customer|client name|full name|name|reporter|from|sender|email|e mail|email address|user email|customer email|requester email|handle|contact"
        "|autor|verfasser|benutzer|nutzer|kunde|kundenname|absender|auteur|utilisateur|client|nom|expediteur|usuario|cliente|nombre|remitente"
        "|投稿者|ユーザー|名前|氏名|お名前|作成者"
),
    "account": _names(
        "account|account name|account id|company|company name|organisation|organization|org|organization name|tenant|customer account|customer id|business name"
        "|firma|unternehmen|konto|mandant|entreprise|societe|compte|empresa|cuenta|organizacion|会社|会社名|企業|アカウント"
),
    "rating": _names(
        "rating|overall rating|stars|star rating|score|nps|nps score|csat|csat score|satisfaction|grade|bewertung|sterne|note|punkte|punktzahl|evaluation"
        "|etoiles|puntuacion|calificacion|estrellas|valoracion|評価|星|点数|スコア"
),
    "language": _names("language|lang|locale|review language|reviewer language|ori lang|original language|sprache|langue|idioma|言語"),
    "url": _names("url|link|permalink|href|review url|ticket url|issue url|web link|lien|enlace|リンク"),
}  # fmt: skip
"""Field → names, best first; normalised as `normal_name` does."""

SEGMENTS = frozenset(
    _names(
        "plan|tier|edition|subscription|segment|country|region|territory|market|device|device model|platform|os|os version|browser"
        "|app version|version|release|role|job role|job title|industry|company size|team size|channel|source|product|app|app name|feature|area"
        "|category|topic|tag|label|type|ticket type|status|priority|severity|component|language|cohort|persona|gender|age group|affects version s"
        "|tarif|land|gerat|rolle|kategorie|branche|produkt|version|pays|appareil|role|categorie|secteur|pais|dispositivo|rol|categoria|sector"
        "|プラン|国|端末|役割|業種|カテゴリ|製品|バージョン"
    )
)
"""Names of attributes that are segments even where a file is too short to tell by counting."""

QUESTION_WORDS = re.compile(
    r"(?:what|why|how|which|where|when|who|tell us|please|was|warum|wie|welche|pourquoi|comment (?:pouvons|avez)|quel|que\b|qu'|por que|como)\b",
    re.IGNORECASE,
)
OPINION_PAIRS = frozenset(
    _names(
        "pros|cons|likes|dislikes|like|dislike|positives|negatives|advantages|disadvantages|vorteile|nachteile|avantages|inconvenients|ventajas|desventajas|良い点|悪い点"
    )
)
"""Columns that hold one half of an opinion each: every one of them is feedback."""


def normal_name(header: str) -> str:
    """A header as words: `reviewBody`, `Review_body` and `REVIEW BODY` are the same; accents don't count."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spaced) if not "\u0300" <= c <= "\u036f")
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare).casefold()))


def name_score(header: str, field: str) -> float:
    """How well a header names a field: 1 exactly, less as a part of it, less further down the list."""
    name = normal_name(header)
    synonyms = SYNONYMS[field]
    if name in synonyms:
        return 1.0 - 0.004 * synonyms.index(name)
    padded = f" {name} "
    parts = [0.6 - 0.004 * i for i, word in enumerate(synonyms) if len(word) > 2 and f" {word} " in padded]
    return max(parts, default=0.0)


def is_question(header: str) -> bool:
    """Whether a header is a question of a survey, or one half of an opinion."""
    name = normal_name(header)
    if name in OPINION_PAIRS or header.rstrip().endswith(("?", "？")):
        return True
    return len(name.split()) >= 4 and QUESTION_WORDS.match(header.strip()) is not None


def is_known(header: str) -> bool:
    """Whether a header is one that exports use."""
    name = normal_name(header)
    return name in SEGMENTS or name in OPINION_PAIRS or any(name in words for words in SYNONYMS.values())
