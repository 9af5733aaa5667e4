"""Invented personal data in the forms people write it, and look-alikes that are none. Formats only; no real person's data."""

import random
import string
import uuid
from collections.abc import Callable

from assistant.domain.personal.kinds import PersonalKind

_NAMES = [
    "ann",
    "bob",
    "chloe",
    "dmitri",
    "emma",
    "farid",
    "greta",
    "hugo",
    "ines",
    "jonas",
    "karin",
    "luca",
    "mei",
    "nora",
    "omar",
    "petra",
    "quinn",
    "rosa",
    "sven",
    "tara",
]
_SURNAMES = [
    "lee",
    "okafor",
    "schmidt",
    "garcia",
    "rossi",
    "tanaka",
    "novak",
    "dubois",
    "silva",
    "jensen",
    "kowalski",
    "murphy",
    "singh",
    "haddad",
    "lind",
]
_TOPS = [
    "com",
    "org",
    "net",
    "de",
    "fr",
    "es",
    "it",
    "co.uk",
    "com.au",
    "io",
    "dev",
    "nl",
    "se",
    "pl",
    "jp",
    "com.br",
    "ac.uk",
    "info",
    "app",
    "ch",
    "at",
    "museum",
    "travel",
]


def _digits(dice: random.Random, count: int, first: str = string.digits) -> str:
    return dice.choice(first) + "".join(dice.choice(string.digits) for _ in range(count - 1))


def _filled(dice: random.Random, pattern: str) -> str:
    """`#` is any digit, `N` one from 2 to 9."""
    return "".join(
        dice.choice(string.digits) if c == "#" else dice.choice("23456789") if c == "N" else c
        for c in pattern
    )


def email(dice: random.Random) -> str:
    """An address, with the characters that local parts and hosts have."""
    first, last = dice.choice(_NAMES), dice.choice(_SURNAMES)
    local = dice.choice(
        [first, f"{first}.{last}", f"{first}_{last}", f"{first[0]}{last}", f"{first}+{last}", f"{first}-{last}",
         f"{first}{dice.randrange(1, 2000)}", f"{first[0]}.{last}.{dice.randrange(99)}", first.upper(), f"{first.title()}.{last.title()}",
         f"{first}%{last}", f"o'{last}"]
    )  # fmt: skip
    host = dice.choice(
        [f"{last}-{first}", last, f"mail.{last}", f"{first}.{last}", f"{last}{dice.randrange(9)}", "example"]
    )
    return f"{local}@{host}.{dice.choice(_TOPS)}"


_PHONES = (
    "+1 NNN NNN ####", "+1-NNN-NNN-####", "+1 (NNN) NNN-####", "+1NNNNNN####", "(NNN) NNN-####", "NNN-NNN-####", "NNN.NNN.####",
    "1-NNN-NNN-####", "(NNN)NNN-####", "NNN-NNN-#### x123", "1-800-NNN-####", "+44 20 7### ####", "+44 7### ######", "+447#########",
    "020 7### ####", "0161 4## ####", "07### ######", "+49 30 N#######", "+49 (0)30 N#######", "+49 171 #######", "0049 30 N#######",
    "0171 #######", "0171/N######", "030 N#######", "089/N#######", "+33 6 ## ## ## ##", "+33 (0)6 ## ## ## ##", "06 ## ## ## ##",
    "06.##.##.##.##", "01 4# ## ## ##", "06-##-##-##-##", "+34 6## ### ###", "+34 91# ### ###", "6## ### ###", "+39 06 #### ####",
    "+39 34# #######", "+81 3-3###-####", "+81 90-N###-####", "03-3###-####", "090-N###-####", "+86 138 #### ####", "+86139########",
    "138 #### ####", "139-####-####", "+91 98### #####", "+91-98########", "098### #####", "+61 4## ### ###", "+61 2 9### ####",
    "04## ### ###", "+55 11 9####-####", "+55 (11) 9####-####", "+52 55 1### ####", "+31 6 ########", "+41 79 ### ## ##", "079 4## ## ##",
    "+43 664 #######", "+48 60# ### ###", "+46 70 ### ## ##", "+45 N# ## ## ##", "+47 4## ## ###", "+358 40 ### ####", "+353 85 ### ####",
    "+351 91# ### ###", "+32 47# ## ## ##", "+30 69# ### ####", "+90 53# ### ## ##", "+972 52 ### ####", "+971 50 ### ####",
    "+82 10-N###-####", "010-N###-####", "+65 9### ####", "+852 9### ####", "+64 21 ### ####", "+27 82 ### ####", "+7 916 ###-##-##",
    "+380 67 ### ## ##", "+234 803 ### ####", "+254 722 ######", "+54 11 4###-####", "+56 9 N### ####", "+57 310 ### ####",
)  # fmt: skip
_CALLS = (
    "call me on ",
    "phone: ",
    "Tel. ",
    "Tel.: ",
    "mobile ",
    "WhatsApp ",
    "my number is phone ",
    "电话",
    "電話: ",
    "Telefon ",
    "Handy: ",
    "cell ",
    "fax: ",
)
_CALLED = (
    "NNN#######",
    "NNN NNN ####",
    "07#########",
    "0171#######",
    "138########",
    "06########",
    "NNN-####",
)


def phone(dice: random.Random) -> tuple[str, str]:
    """Words before it, and a number: with its country, grouped as at home, or plain after a word such as `call`."""
    if dice.random() < 0.2:
        form = dice.choice(_CALLED[:-1])
        return dice.choice(_CALLS), _filled(dice, form)
    return "", _filled(dice, dice.choice(_PHONES))


_CARDS = (("4", 16), ("4", 13), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16),
          ("3530", 16), ("36", 14), ("305", 14), ("62", 16), ("6759", 16), ("2204", 16))  # fmt: skip


def card(dice: random.Random) -> str:
    """A number of an issuer with its check digit, plain or in groups."""
    prefix, length = dice.choice(_CARDS)
    digits = with_check_digit(
        prefix + "".join(dice.choice(string.digits) for _ in range(length - len(prefix) - 1))
    )
    joint = dice.choice(["", " ", "-"])
    sizes = {16: (4, 4, 4, 4), 15: (4, 6, 5), 14: (4, 6, 4), 13: (13,)}[length]
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return joint.join(parts)


def with_check_digit(body: str) -> str:
    """The digits with the one that makes them pass Luhn."""
    total = sum(
        sum(divmod(int(c) * (2 if place % 2 == 0 else 1), 10)) for place, c in enumerate(reversed(body))
    )
    return body + str(-total % 10)


_BANKS = {
    "DE": "#" * 18, "GB": "AAAA" + "#" * 14, "FR": "#" * 10 + "X" * 11 + "##", "NL": "AAAA" + "#" * 10, "ES": "#" * 20,
    "IT": "A" + "#" * 10 + "X" * 12, "CH": "#" * 5 + "X" * 12, "AT": "#" * 16, "BE": "#" * 12, "PL": "#" * 24, "SE": "#" * 20,
    "NO": "#" * 11, "IE": "AAAA" + "#" * 14, "PT": "#" * 21, "LU": "###" + "X" * 13, "SA": "##" + "X" * 18,
    "BR": "#" * 23 + "AX", "MT": "AAAA" + "#####" + "X" * 18,
}  # fmt: skip
"""Country → what follows its check digits (SWIFT's registry)."""


def iban(dice: random.Random) -> str:
    """An account of a country with its check digits, plain or in groups of four."""
    country, form = dice.choice(list(_BANKS.items()))
    held = "".join(
        dice.choice({"#": string.digits, "A": string.ascii_uppercase, "X": string.digits + string.ascii_uppercase}[c])
        for c in form
    )  # fmt: skip
    spelt = "".join(str(int(c, 36)) for c in held + country + "00")
    whole = f"{country}{98 - int(spelt) % 97:02}{held}"
    joint = dice.choice(["", " ", " ", "-"])
    shown = joint.join(whole[at : at + 4] for at in range(0, len(whole), 4))
    return shown.lower() if dice.random() < 0.05 else shown


def ip(dice: random.Random) -> str:
    """Version 4 as hosts and home networks have it, version 6 in full and shortened."""

    def octet() -> int:
        return dice.randrange(1, 255)

    groups = [f"{dice.randrange(65536):x}" for _ in range(8)]
    return dice.choice(
        [f"{dice.randrange(11, 224)}.{octet()}.{octet()}.{octet()}", f"192.168.{octet()}.{octet()}", f"10.{octet()}.{octet()}.{octet()}",
         f"172.16.{octet()}.{octet()}", f"203.0.113.{octet()}", f"2001:{':'.join(groups[1:])}",
         f"2001:db8::{groups[0]}:{groups[1]}", f"fe80::{':'.join(groups[:4])}", f"2A02:{':'.join(groups[:3]).upper()}::1",
         f"fd00:{groups[0]}::{groups[1]}"]
    )  # fmt: skip


def secret(dice: random.Random) -> tuple[str, str]:
    """Words before it, and a key: in an issuer's form, or random beside the word that names it."""

    def word(count: int, letters: str = string.ascii_letters + string.digits) -> str:
        return "".join(dice.choice(letters) for _ in range(count))

    key = "".join(dice.choice(string.ascii_letters + string.digits + "+/") for _ in range(320))
    known = [
        "AKIA" + word(16, string.ascii_uppercase + string.digits), "ghp_" + word(36), "github_pat_" + word(22) + "_" + word(59),
        "glpat-" + word(20), f"xoxb-{_digits(dice, 11)}-{_digits(dice, 12)}-{word(24)}", "sk-" + word(48), "sk-proj-" + word(60),
        "sk-ant-api03-" + word(80), "sk_live_" + word(24), "rk_test_" + word(24), "AIza" + word(35), f"SG.{word(22)}.{word(43)}",
        "npm_" + word(36), "hf_" + word(34), "whsec_" + word(32), f"eyJ{word(33)}.eyJ{word(60)}.{word(43)}", "shpat_" + word(32, "0123456789abcdef"),
        f"-----BEGIN RSA PRIVATE KEY-----\n{key}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{key}\n-----END OPENSSH PRIVATE KEY-----",
    ]  # fmt: skip
    if dice.random() < 0.6:
        return "", dice.choice(known)
    before = dice.choice(
        [
            "api key: ",
            "API_KEY=",
            "token: ",
            "access token is ",
            "secret = ",
            "client secret: ",
            "my api key is ",
            "Bearer ",
        ]
    )
    if dice.random() < 0.4:
        return dice.choice(
            ["password: ", "Password=", "Passwort: ", "pwd: ", "my password is ", "密码："]
        ), f"{dice.choice(_NAMES).title()}{word(4)}{dice.randrange(10, 999)}!"
    return before, word(4, string.digits) + word(dice.choice([24, 32, 40]))


def handle(dice: random.Random) -> str:
    """An @name."""
    first, last = dice.choice(_NAMES), dice.choice(_SURNAMES)
    return "@" + dice.choice(
        [
            f"{first}_{last}",
            f"{first}{last}",
            f"{first}{dice.randrange(999)}",
            f"{first.title()}{last.title()}",
            f"{first}.{last}",
            f"{first}-{last}",
        ]
    )


def _alone(make: Callable[[random.Random], str]) -> Callable[[random.Random], tuple[str, str]]:
    return lambda dice: ("", make(dice))


SEEDS: dict[PersonalKind, Callable[[random.Random], tuple[str, str]]] = {
    PersonalKind.email: _alone(email),
    PersonalKind.phone: phone,
    PersonalKind.card: _alone(card),
    PersonalKind.iban: _alone(iban),
    PersonalKind.ip: _alone(ip),
    PersonalKind.secret: secret,
    PersonalKind.handle: _alone(handle),
}
"""Kind → words that stand before it, and the personal data itself."""


def _order(dice: random.Random) -> str:
    digits = with_check_digit(_digits(dice, 15, "123456789"))
    return (
        dice.choice(
            [
                "order ",
                "Order #",
                "order no. ",
                "ticket ",
                "tracking number ",
                "invoice ",
                "reference ",
                "Bestellnummer ",
                "case id ",
                "ref: ",
            ]
        )
        + digits
    )


def _version(dice: random.Random) -> str:
    held = ".".join(str(dice.randrange(1, 30)) for _ in range(4))
    return (
        dice.choice(
            [
                "version ",
                "v",
                "since version ",
                "update ",
                "build ",
                "app version ",
                "after the upgrade to ",
                "iOS ",
                "firmware ",
            ]
        )
        + held
    )


TRAPS: dict[str, Callable[[random.Random], str]] = {
    "order numbers that pass Luhn": _order,
    "version numbers of four parts": _version,
    "version 1.2.3.4": lambda dice: "1.2.3.4",
    "UNIX timestamps": lambda dice: str(dice.randrange(1_500_000_000, 1_800_000_000) * dice.choice([1, 1000])),
    "ISO dates and times": lambda dice: f"20{dice.randrange(10, 30)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
    + dice.choice(["", f"T{dice.randrange(24):02}:{dice.randrange(60):02}:{dice.randrange(60):02}Z", f" {dice.randrange(24):02}:{dice.randrange(60):02}:{dice.randrange(60):02}.123"]),
    "other dates": lambda dice: f"{dice.randrange(1, 29):02}{(sign := dice.choice('./-'))}{dice.randrange(1, 13):02}{sign}20{dice.randrange(10, 30)}",
    "money": lambda dice: dice.choice(["$", "€", "USD ", "£"]) + f"{dice.randrange(1000, 99_999_999):,}.{dice.randrange(100):02}",
    "ticket ids": lambda dice: dice.choice(["HADOOP-", "BUG-", "#", "JIRA-", "INC00"]) + str(dice.randrange(1000, 9_999_999)),
    "hashes": lambda dice: f"{dice.getrandbits(160):040x}" if dice.random() < 0.5 else f"{dice.getrandbits(28):07x}",
    "UUIDs": lambda dice: str(uuid.UUID(int=dice.getrandbits(128), version=4)),
    "time ranges": lambda dice: f"{dice.randrange(24):02}{dice.choice(['', ':', '.'])}30-{dice.randrange(24):02}{dice.choice(['', ':'])}45",
    "MAC addresses": lambda dice: ":".join(f"{dice.randrange(256):02x}" for _ in range(6)),
    "code": lambda dice: dice.choice(["std::vector<int>", "@Override", "@param name", "icon@2x.png", "a::b::c", "user@", "@ 5 pm", "token = getToken()", "password is wrong", "api key: missing"]),
}  # fmt: skip
"""What → a look-alike that is no personal data."""
