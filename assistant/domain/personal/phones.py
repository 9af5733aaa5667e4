"""Telephone numbers: international ones by their plus, national ones by how they are written or what they are called."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.domain.personal.kinds import PersonalKind, PersonalSpan

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,/#$€£¥=%+])(?<!\d:)(?<![A-Za-z0-9_][-–])"
    r"(?:\+ ?|\(\+?)?\d(?:[ \u00a0]?[-–./()]{0,2}[ \u00a0]?\d){6,16}(?![A-Za-wyzX0-9_]|x(?!\d{1,6}\b))(?![%€$£¥]|[.,:/-]\d)"
)
_EXTENSION = re.compile(
    r"[ ,;]{0,2}(?:ext\.?|extension|x|durchwahl|poste)[ .:]{0,2}\d{1,6}(?![A-Za-z0-9])", re.IGNORECASE
)
_NANP = re.compile(r"(?:(?:\+|00)?1[-. ]?)?(?:\(\d{3}\)[-. ]?|\d{3}[-. ])\d{3}[-. ]\d{4}\Z")
_OTHER = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)\d{1,2}([-./ ])\d{1,2}\1(?:19|20)\d\d(?!\d)|^\d{1,2}([-./])\d{1,2}\2\d\d$"
    r"|^(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d$"
    r"|(?<![\d.])[1-9]\d{0,5}(?:\.\d{1,5}){3}(?![\d.])"
    r"|^[0-2]?\d[:.]?[0-5]\d ?[-–] ?[0-2]?\d[:.]?[0-5]\d(?![\d-])"
)
"""Dates, spans of years, versions, times of day."""
_CALLED = re.compile(
    r"(?:\b(?:tel(?:e(?:phone|fon\w*|fono))?|phones?|call(?:ed|ing|s)?|mobile|mobil|cell|fax|whats ?app|sms|handy|ruf\w*|telefoon"
    r"|ring|t[ée]l(?:[ée]phone)?|appele[zr]|ll[áa]m\w*|m[óo]vil|celular|cel|contact|reach|text|dial|hotline|signal|anrufen|erreichbar"
    r"|callback)\b|電話|电话|手机|携帯|連絡先|联系|致电|☎|📞|📱)"
    r"(?:\W{1,3}(?:me|us|him|her|them|back|my|the|number|numbers|no|nr|num|nummer|numéro|número|is|are|ist|est|es|at|on|under|unter|au|al"
    r"|via|by|番号|号码)\b){0,4}(?:番号|号码|是|は)?[^\w.!?]{0,3}(?:(?<=[Tt]el)\.:? ?)?\Z",
    re.IGNORECASE | re.ASCII,
)
"""A word that says what the number is, right before it."""
_ID = re.compile(
    r"\b(?:order|bestell\w*|ticket|invoice|rechnung\w*|tracking|ref(?:erence)?|booking|case|serial|transaction|id|sku|issue|bug"
    r"|version|build|account|konto|customer|kunden\w*|isbn|ean|imei|pid|error|code|timestamp|epoch|port|commit|rev|patch|hash"
    r"|job|task|attempt|container|application|line|row|size|bytes)\b[\s:#=-]{0,3}(?:\b(?:no|nr|number|nummer|id|is)\b)?[\s:#=._-]{0,3}\Z",
    re.IGNORECASE | re.ASCII,
)
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}\Z")
"""Written without groups, even in print."""
_REGIONS = (
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "AT", "CH", "PL", "SE", "NO", "DK", "FI", "PT", "IE", "AU", "NZ", "JP", "CN",
    "IN", "BR", "MX", "KR", "SG", "HK", "ZA", "TR",
)  # fmt: skip
_TRUNK = (
    "GB",
    "DE",
    "FR",
    "NL",
    "BE",
    "AT",
    "CH",
    "SE",
    "IE",
    "AU",
    "NZ",
    "JP",
    "IT",
    "CN",
    "KR",
    "IN",
    "ZA",
    "TR",
    "FI",
)
"""Where a national number is written with a leading 0."""
_BEFORE = 40


def find_phones(text: str) -> Iterator[PersonalSpan]:
    """Telephone numbers, with their extension."""
    for match in _NUMBER.finditer(text):
        start, end = _phone_in(text, match)
        if start < end:
            extension = _EXTENSION.match(text, end)
            yield PersonalSpan(start, extension.end() if extension else end, PersonalKind.phone)


def _phone_in(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The longest part of a run of numbers that is one to call; other numbers may stand beside it, behind a space."""
    groups = [found.span() for found in re.finditer(r"[^ ]+", match.group())]
    last = len(groups) - 1
    for first, dropped in ((0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0)):
        if first > last - dropped:
            continue
        start, end = match.start() + groups[first][0], match.start() + groups[last - dropped][1]
        if text[start] == "(" and text.count("(", start, end) > text.count(")", start, end):
            start += 1
        shown = text[start:end]
        if shown[-1].isdigit() and _is_phone(shown, text[max(0, start - _BEFORE) : start]):
            return start, end
    return 0, 0


def _is_phone(shown: str, before: str) -> bool:
    digits = re.sub(r"\D", "", shown)
    if not 7 <= len(digits) <= 16 or len(set(digits)) < 2 or shown.count("(") != shown.count(")"):
        return False
    if shown.lstrip("(").startswith("+"):
        return _possible("+" + digits, shown)
    if (
        _NANP.match(shown)
        and not _ID.search(before)
        and ("(" in shown or shown.count(" ") < 2 or _known(digits, ("US",)))
    ):
        return True
    if _OTHER.search(shown) or _ID.search(before):
        return False
    if _CALLED.search(before):
        return _known(digits, _REGIONS) or 9 <= len(digits) <= 12
    if digits.startswith("00"):
        beside = before[-2:-1].isdigit() and before[-1:] == " "
        return not beside and _grouped(shown) and _possible("+" + digits[2:], shown)
    if digits.startswith("0"):
        # Zeros before an id are seldom just one, and seldom before ten or eleven digits that somebody can dial.
        return len(digits) >= (9 if _grouped(shown) else 10) and _known(digits, _TRUNK)
    return _mobile(digits) if _grouped(shown) else _CHINESE_MOBILE.match(digits) is not None


def _grouped(shown: str) -> bool:
    """Written in groups as numbers that are dialled are, and not as a range or a sum."""
    groups = re.findall(r"\d+", shown)
    return 2 <= len(groups) <= 6 and max(len(group) for group in groups) <= 9


@lru_cache(maxsize=4096)
def _possible(digits: str, shown: str) -> bool:
    # The library takes 0.06 s of CPU time to load, which a text without a number does not need.
    from phonenumbers import NumberParseException, is_possible_number, is_valid_number, parse

    try:
        number = parse(shown.replace("(0)", "") if shown.startswith("+") else digits, None)
    except NumberParseException:
        return False
    return is_valid_number(number) or is_possible_number(number)


@lru_cache(maxsize=4096)
def _known(digits: str, regions: tuple[str, ...]) -> bool:
    from phonenumbers import NumberParseException, is_valid_number, parse

    for region in regions:
        try:
            if is_valid_number(parse(digits, region)):
                return True
        except NumberParseException:
            continue
    return False


@lru_cache(maxsize=4096)
def _mobile(digits: str) -> bool:
    from phonenumbers import NumberParseException, PhoneNumberType, number_type, parse

    kinds = {PhoneNumberType.MOBILE}
    for region in ("GB", "FR", "DE", "JP", "AU", "CN", "ES", "NL", "IT", "IN", "KR", "PL", "BR", "SE", "CH"):
        try:
            if number_type(parse(digits, region)) in kinds:
                return True
        except NumberParseException:
            continue
    return False
