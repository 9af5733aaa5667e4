"""Numbers that prove themselves: cards (Luhn and issuer), IBANs (mod 97 and length), IP addresses."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from assistant.domain.personal.kinds import LEFT, RIGHT, PersonalKind, PersonalSpan

_RUN = re.compile(rf"{LEFT}(?<![.,/#+-])\d+(?:[ -]\d+)*(?![.,-]?\d){RIGHT}")
_CARD_GROUPS = frozenset(
    {
        (4, 4, 4, 4),
        (4, 6, 5),
        (4, 6, 4),
        (4, 4, 4, 4, 3),
        (4, 4, 4, 1),
        (6, 13),
        (4, 4, 4, 4, 1),
        (4, 4, 4, 4, 2),
    }
)
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),
    (51, 55, frozenset({16})),
    (2221, 2720, frozenset({16})),
    (34, 34, frozenset({15})),
    (37, 37, frozenset({15})),
    (300, 305, frozenset({14})),
    (309, 309, frozenset({14})),
    (36, 36, frozenset({14, 16})),
    (38, 39, frozenset({14, 16})),
    (3500, 3599, frozenset({16, 17, 18, 19})),
    (2131, 2131, frozenset({15})),
    (1800, 1800, frozenset({15})),
    (6011, 6011, frozenset({16, 19})),
    (644, 659, frozenset({16, 19})),
    (62, 62, frozenset({16, 17, 18, 19})),
    (2200, 2204, frozenset({16})),
    (5600, 5899, frozenset({12, 13, 16, 19})),
    *(
        (prefix, prefix, frozenset({12, 13, 16, 19}))
        for prefix in (5018, 5020, 5038, 6304, 6390, 6759, 6761, 6762, 6763)
    ),
)
"""First and last prefix, lengths: Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Mir, Maestro."""
_ID_WORD = re.compile(
    r"(?:\b(?:order|bestell\w*|commande|pedido|ticket|invoice|rechnung\w*|tracking|shipment|parcel|ref(?:erence)?|booking|case"
    r"|serial|imei|id|sku|job|batch|kundennummer|auftrag\w*|voucher|coupon|claim|request|session|trace|span|message|event|item"
    r"|article|product|barcode|ean|isbn|po|rma|awb|confirmation|receipt|contract|policy|member(?:ship)?|licen[cs]e|document|record"
    r"|device|asset|transaction(?=\W+(?:id|no|nr|num|number|ref)\b))\b|订单|注文|単号|单号)"
    r"[\s:#=.-]{0,3}(?:\b(?:no|nr|num|number|nummer|id|code|is)\b)?[\s:#=.-]{0,3}\Z|#\s?\Z",
    re.IGNORECASE | re.ASCII,
)
_BEFORE = 40


def find_cards(text: str) -> Iterator[PersonalSpan]:
    """Payment cards: the check digit holds, and prefix and length are an issuer's.

    One in ten numbers passes Luhn, so an unbroken one that is called an order or a ticket is none.
    """
    for run in _RUN.finditer(text):
        groups = list(re.finditer(r"\d+", run.group()))
        sizes = [one.end() - one.start() for one in groups]
        first = 0
        while first < len(groups):
            # The sizes of the groups rule out nearly all, in a tenth of the time.
            counts = (n for n in (5, 4, 3, 1) if _could_be_card(sizes[first : first + n], n))
            taken = next((n for n in counts if _is_card(text, run, groups[first : first + n])), 0)
            if taken:
                start, end = groups[first].start(), groups[first + taken - 1].end()
                yield PersonalSpan(run.start() + start, run.start() + end, PersonalKind.card)
            first += taken or 1


def _could_be_card(sizes: list[int], count: int) -> bool:
    return 12 <= sizes[0] <= 19 if count == 1 else len(sizes) == count and tuple(sizes) in _CARD_GROUPS


def _is_card(text: str, run: re.Match[str], groups: list[re.Match[str]]) -> bool:
    digits = "".join(one.group() for one in groups)
    if not 12 <= len(digits) <= 19 or len(set(digits)) < 2 or not (_is_issued(digits) and _luhn(digits)):
        return False
    if len(groups) > 1:
        return len({run.group()[one.end()] for one in groups[:-1]}) == 1
    start = run.start() + groups[0].start()
    return _ID_WORD.search(text[max(0, start - _BEFORE) : start]) is None


def _is_issued(digits: str) -> bool:
    return any(
        len(digits) in lengths and first <= int(digits[: len(str(first))]) <= last
        for first, last, lengths in _ISSUERS
    )


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    odd = sum(int(c) for c in digits[-1::-2])
    even = sum(sum(divmod(2 * int(c), 10)) for c in digits[-2::-2])
    return (odd + even) % 10 == 0


_IBAN = re.compile(rf"{LEFT}[A-Za-z]{{2}}\d{{2}}(?:[ -]?[A-Za-z0-9]){{11,30}}")
_IBAN_LENGTHS = {
    name: int(length)
    for length, names in {
        "15": "NO", "16": "BE", "18": "DK FI FO GL NL FK SD", "19": "MK SI", "20": "AT BA EE KZ LT LU XK MN",
        "21": "CH HR LI LV", "22": "BG BH CR DE GB GE IE ME RS VA", "23": "AE GI IL IQ TL OM SO",
        "24": "AD CZ ES MD PK RO SA SE SK TN VG", "25": "LY PT ST", "26": "IS TR", "27": "BI DJ FR GR IT MC MR SM",
        "28": "AL AZ BY CY DO GT HU LB NI PL SV", "29": "BR EG PS QA UA", "30": "JO KW MU YE", "31": "MT SC",
        "32": "LC", "33": "RU",
    }.items()
    for name in names.split()
}  # fmt: skip
"""ISO 13616 registry of SWIFT: country → characters."""


def find_ibans(text: str) -> Iterator[PersonalSpan]:
    """Bank accounts: a country's length, and the check digits of ISO 7064 hold."""
    position = 0
    while match := _IBAN.search(text, position):
        end = _iban_end(text, match.start(), match.end())
        if end:
            yield PersonalSpan(match.start(), end, PersonalKind.iban)
        position = end or match.start() + 2


def _iban_end(text: str, start: int, most: int) -> int:
    """Where the IBAN that starts here ends; 0 where there is none. The match may run on into the next word."""
    left = _IBAN_LENGTHS.get(text[start : start + 2].upper(), 0)
    if not left:
        return 0
    held = ""
    for position in range(start, most):
        if text[position] not in " -":
            held += text[position]
        if len(held) == left:
            follower = text[position + 1 : position + 2]
            joined = follower.isascii() and follower.isalnum()
            return 0 if joined or not _mod97(held.upper()) else position + 1
    return 0


def _mod97(iban: str) -> bool:
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


_V4 = re.compile(
    rf"{LEFT}(?<![.\d-])(\d{{1,3}})\.(\d{{1,3}})\.(\d{{1,3}})\.(\d{{1,3}})(?!\.\d)(?!-\w){RIGHT}"
)
_V6 = re.compile(
    r"(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{1,4}|:)?:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?(?![A-Za-z0-9_])"
)
_JOINT = r"(?:\W+(?:to|number|no|nr|is|was|of|on|at|with|from|address|adresse))?[^\w.!?]{0,3}\Z"
"""Between such a word and the number that it speaks of."""
_IP_WORD = re.compile(
    r"(?:\bip(?:v4)?|address|adresse|hosts?|server|ping|gateway|dns|subnet|proxy|router|lan|ssh|client|peer|node)"
    + _JOINT,
    re.IGNORECASE | re.ASCII,
)
_VERSION_WORD = re.compile(
    r"(?:\b(?:v|ver|versions?|versionen|releases?|build|firmware|updates?|updated|upgrad\w*|patch|rev|revision|since|sdk|driver"
    r"|app|ios|android|os|java|jdk|chrome|firefox|edge|safari|seamonkey|package|library|jar|plugin|section|chapter|clause"
    r"|downgrad\w*|install\w*|hotfix|bios|kernel|api|sp)|版本|バージョン|\bv)" + _JOINT + r"|[A-Za-z][-_]\Z",
    re.IGNORECASE | re.ASCII,
)  # fmt: skip


def find_ips(text: str) -> Iterator[PersonalSpan]:
    """IP addresses of both versions. Four numbers are as often a version: words around them and their size decide."""
    for match in _V4.finditer(text):
        if all(
            int(part) <= 255 and (part == "0" or part[0] != "0") for part in match.groups()
        ) and _is_address(text, match):
            yield PersonalSpan(*match.span(), PersonalKind.ip)
    for match in _V6.finditer(text):
        shown = match.group().rstrip(":") if not match.group().endswith("::") else match.group()
        if _is_v6(shown):
            yield PersonalSpan(match.start(), match.start() + len(shown), PersonalKind.ip)


def _is_address(text: str, match: re.Match[str]) -> bool:
    parts = [int(part) for part in match.groups()]
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    if _IP_WORD.search(before):
        return True
    if _VERSION_WORD.search(before):
        return False
    # `10.0.0.1` alone is an address more often than a version, `1.2.3.4` is not.
    return parts[0] >= 10 or max(parts) >= 100


def _is_v6(shown: str) -> bool:
    groups = [part for part in shown.split(":") if part]
    if len(groups) < 3 and not shown.lower().startswith(("fe80::", "2001:", "2a0", "::1", "::ffff")):
        return False
    if not any(c.isdigit() for c in shown):
        return False
    try:
        address = IPv6Address(shown)
    except (AddressValueError, ValueError):
        return False
    return not address.is_unspecified
