"""The five standard answers of a Kano questionnaire, in words and numbers.

Only whole answers are recognised, never parts of one: "I can live without it" is not "I can live with it".
"""

import re
import unicodedata
from collections.abc import Mapping

from assistant.domain.priority import KanoAnswer

_PHRASES: Mapping[KanoAnswer, str] = {
    KanoAnswer.like: (
        "like|i like it|i like it that way|i like it very much|i like this|i would like it|i would like that|i d like it|i enjoy it|i love it"
        "|i enjoy it that way|satisfied|i am satisfied"
        "|das wurde mich sehr freuen|das wurde mich freuen|wurde mich sehr freuen|wurde mich freuen|das freut mich|das freut mich sehr"
        "|gefallt mir|das gefallt mir|das gefallt mir sehr|das mag ich|ich mag das|ich mag es|das fande ich gut|mag ich"
        "|j aime|j aime ca|j aime cela|j aimerais|j aimerais cela|ca me plait|cela me plait|ca me fait plaisir|cela me fait plaisir"
        "|cela me ferait plaisir|cela me ferait tres plaisir|ca me ferait plaisir|je serais content|je serais satisfait"
        "|me gusta|me gusta asi|me gustaria|me gusta mucho|me gustaria mucho|me encanta|me agrada|me agradaria"
    ),
    KanoAnswer.must_be: (
        "must be|must|must have|must be that way|it must be that way|it must be so|expect|i expect it|i expect it that way|i expect this|i would expect it|i expect that"
        "|i need it|it is a must|it has to be that way|it s a must|basic need"
        "|das setze ich voraus|setze ich voraus|ich setze das voraus|ich setze es voraus|das muss so sein|muss so sein|es muss so sein|das erwarte ich"
        "|ich erwarte das|ich erwarte es|das ist selbstverstandlich|selbstverstandlich|ist selbstverstandlich"
        "|je m y attends|je m attends a cela|je l attends|cela doit etre ainsi|ca doit etre ainsi|ca doit etre comme ca|cela doit etre comme ca|il doit en etre ainsi"
        "|c est un minimum|c est indispensable|c est obligatoire|c est necessaire|c est normal|cela va de soi"
        "|lo espero|lo espero asi|espero que sea asi|es lo que espero|debe ser asi|deberia ser asi|tiene que ser asi|es imprescindible|es necesario|es indispensable"
        "|lo doy por hecho|lo doy por sentado|es basico"
    ),
    KanoAnswer.neutral: (
        "neutral|i am neutral|i m neutral|neither|i don t care|i do not care|don t care|indifferent|i am indifferent|i have no opinion|no preference"
        "|it does not matter|it doesn t matter|i feel neutral"
        "|das ist mir egal|ist mir egal|egal|es ist mir egal|das ware mir egal|ware mir egal|das ist mir gleichgultig|ist mir gleichgultig|ich bin neutral|gleichgultig"
        "|neutre|je suis neutre|cela m est egal|ca m est egal|cela me serait egal|ca me serait egal|indifferente|cela m est indifferent|je suis indifferent|peu importe|peu m importe"
        "|me es indiferente|me da igual|me da lo mismo|soy neutral|me daria igual|me seria indiferente|indiferente|no me importa|estoy neutral"
    ),
    KanoAnswer.live_with: (
        "live with|i can live with it|i can live with it that way|i could live with it|i can live with that|can live with it|i can tolerate it|i can tolerate it that way"
        "|i could tolerate it|i tolerate it|tolerate|i can accept it|i could accept it|i can put up with it|tolerable|i can live with this"
        "|das konnte ich in kauf nehmen|das kann ich in kauf nehmen|konnte ich in kauf nehmen|kann ich in kauf nehmen|das nehme ich in kauf|nehme ich in kauf"
        "|das nehme ich gerade noch hin|nehme ich hin|das nehme ich hin|damit kann ich leben|damit konnte ich leben|ich kann damit leben|ich konnte damit leben|das kann ich tolerieren"
        "|je peux vivre avec|je peux vivre avec cela|je peux vivre avec ca|je peux m en accommoder|je m en accommode|je m en accommoderais|je peux le tolerer|je peux l accepter|je l accepte"
        "|je l accepterais|je le tolere|je le tolererais|je peux tolerer cela|je peux m en contenter"
        "|puedo vivir con ello|puedo vivir con eso|puedo vivir asi|podria vivir con ello|puedo tolerarlo|lo puedo tolerar|lo tolero|lo toleraria|puedo aceptarlo|lo puedo aceptar|lo acepto"
        "|lo aceptaria|puedo soportarlo"
    ),
    KanoAnswer.dislike: (
        "dislike|i dislike it|i dislike it that way|i dislike this|i would dislike it|i don t like it|i do not like it|i hate it|i don t like it that way|i do not like it that way"
        "|i can t accept it|i cannot accept it|i can not accept it|dissatisfied|i am dissatisfied|i would not like it|i wouldn t like it"
        "|das wurde mich sehr storen|das wurde mich storen|wurde mich sehr storen|wurde mich storen|das stort mich|das stort mich sehr|stort mich|das gefallt mir nicht"
        "|gefallt mir nicht|das mag ich nicht|ich mag das nicht|ich mag es nicht|mag ich nicht|das missfallt mir"
        "|je n aime pas|je n aime pas ca|je n aime pas cela|je n aimerais pas|je n aimerais pas cela|ca me deplait|cela me deplait|cela me deplairait|ca me derange|cela me derange"
        "|cela me derangerait|cela me derangerait beaucoup|ca me derangerait|je deteste|je serais mecontent"
        "|no me gusta|no me gusta asi|no me gustaria|me disgusta|me disgustaria|me molesta|me molestaria|me desagrada|me desagradaria|no lo acepto|no puedo aceptarlo|lo odio"
    ),
}  # fmt: skip
_KNOWN = {phrase: answer for answer, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_NUMBERED = re.compile(r"([1-5])(?:\s*[-–—.:)=]\s*|\s+)(\S.*)\Z", re.DOTALL)
_WHOLE = re.compile(r"([1-5])(?:[.,]0+)?\Z")


def parse_answer(text: str, own: Mapping[str, KanoAnswer] | None = None) -> KanoAnswer | None:
    """The answer that a cell gives; None where it gives none of the five.

    Args:
        text: words in English, German, French or Spanish, a number from 1 (like) to 5 (dislike), or both: `1 - I like it`.
        own: further wordings of this questionnaire, as `plain` writes them.
    """
    stripped = text.strip()
    if whole := _WHOLE.match(stripped):
        return KanoAnswer(int(whole[1]))
    known = {**_KNOWN, **(own or {})}
    if (found := known.get(plain(stripped))) is not None:
        return found
    if numbered := _NUMBERED.match(stripped):
        return known.get(plain(numbered[2]), KanoAnswer(int(numbered[1])))
    return None


def plain(text: str) -> str:
    """Words without case, accents and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())
