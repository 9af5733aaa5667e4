"""Responses from Google Forms: a time stamp whose name follows the owner's language, then the questions as they were asked."""

import re
from collections.abc import Mapping

from ingest.layouts.port import Shape, TableLook, names_of, squashed
from ingest.names import is_question
from ingest.values import DateOrder, parse_date


def _keys(listed: str) -> frozenset[str]:
    return frozenset(squashed(name) for name in listed.split("|"))


_STAMPS = _keys(
    "Timestamp|Zeitstempel|Horodateur|Horodatage|Marca temporal|Marca de tiempo|Informazioni cronologiche|Carimbo de data/hora"
    "|Carimbo de data e hora|Tijdstempel|Sygnatura czasowa|Tidsstämpel|Tidstämpel|Tidsstempel|Tidsmerke|Aikaleima|Časová značka"
    "|Časové razítko|Zaman damgası|Отметка времени|Позначка часу|Időbélyeg|Marcaj de timp|Χρονική σήμανση|タイムスタンプ|时间戳记"
    "|时间戳|時間戳記|타임스탬프|חותמת זמן|طابع زمني|Cap waktu|Stempel waktu|Dấu thời gian|ประทับเวลา"
)
_EMAILS = _keys(
    "Email Address|Email|Username|E-Mail-Adresse|Adresse e-mail|Dirección de correo electrónico|Indirizzo email|Endereço de e-mail"
    "|E-mailadres|Adres e-mail|E-postadress|メールアドレス|电子邮件地址|이메일 주소|Адрес электронной почты"
)
_SCORES = frozenset({"score", "punktzahl", "puntuacion"})
_HALVES = (("午前", "AM"), ("午後", "PM"), ("上午", "AM"), ("下午", "PM"), ("오전", "AM"), ("오후", "PM"))
_HALF_FIRST = re.compile(r"\s*(AM|PM)\s*(\d{1,2}:\d{2}(?::\d{2})?)")
_ANY_ORDER = DateOrder(day_first=True, certain=False)
_MIN_WORDS = 4
_DATE_COLUMN = "time of the response"


def google_forms(look: TableLook) -> Shape | None:
    """The localised time stamp, nearly always first, over dates; beside it at least one header that is a question."""
    places = [place for place, key in enumerate(look.keys) if key in _STAMPS]
    if len(places) != 1:
        return None
    stamp = places[0]
    values = [_plain(value) for value in look.below(stamp)]
    if not values or not all(parse_date(value, _ANY_ORDER) for value in values):
        return None
    names = names_of(look)
    asked = [place for place, key in enumerate(look.keys) if place != stamp and key not in _EMAILS | _SCORES]
    questions = sum(is_question(names[place]) or len(names[place].split()) >= _MIN_WORDS for place in asked)
    if not questions:
        return None
    fields = {"said_at": _DATE_COLUMN}
    email = next((names[place] for place, key in enumerate(look.keys) if key in _EMAILS), None)
    if email is not None:
        fields["author"] = email

    def said_at(cells: Mapping[str, str]) -> str:
        return _plain(cells.get(names[stamp], ""))

    return Shape(
        layout="google-forms",
        # One name alone is a weak sign; its place and the share of questions make it a strong one.
        confidence=round(0.7 + 0.15 * (stamp == 0) + 0.14 * min(1.0, 2 * questions / len(asked)), 2),
        columns=names,
        fields=fields,
        answers=tuple(names[place] for place in asked),
        derived={_DATE_COLUMN: said_at},
    )


def _plain(stamp: str) -> str:
    """A time stamp whose half of the day is written as Google writes it in the owner's language."""
    if stamp.isascii():
        return stamp
    for local, half in _HALVES:
        stamp = stamp.replace(local, half)
    return _HALF_FIRST.sub(r" \2 \1", stamp)
