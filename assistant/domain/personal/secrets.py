"""Keys and passwords: by the prefixes that their issuers gave them, or by the word beside them and how random they look."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from assistant.domain.personal.kinds import LEFT, RIGHT, PersonalKind, PersonalSpan

_KNOWN = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:.*?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s]*)"
    + "|"
    + LEFT
    + r"(?:(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255}|glpat-[\w-]{20,64}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,250}|xapp-[A-Za-z0-9-]{10,250}"
    r"|sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,250}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/=]{20,100}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,250}|GOCSPX-[\w-]{20,60}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64}|key-[0-9a-f]{32}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{32,250}|hf_[A-Za-z0-9]{30,64}"
    r"|dop_v1_[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|lin_api_[A-Za-z0-9]{40}|sq0(?:atp|csp)-[\w-]{22,43}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{6,}\.[\w-]{6,}|\d{8,10}:AA[\w-]{33}|(?:AC|SK)[0-9a-f]{32})" + RIGHT,
    re.ASCII | re.DOTALL,
)
_KNOWN_HINTS = (
    *("PRIVATE KEY", "AKIA", "ASIA", "ABIA", "ACCA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat", "glpat-", "xox", "xapp-"),
    *("sk-", "sk_", "rk_", "pk_", "whsec", "AIza", "ya29", "GOCSPX", "SG.", "key-", "npm_", "pypi-", "hf_", "dop_v1", "shp"),
    *("lin_api", "sq0", "eyJ", ":AA", "AC", "SK"),
)  # fmt: skip
"""Looking for each in turn takes a tenth of the time of one pattern."""
_WORD = re.compile(
    r"(?P<word>pass(?:word|wort|wd|phrase|code)|\bpwd|kennwort|mot de passe|contraseña|密码|パスワード"
    r"|secret(?:[ _-]?key)?|api[ _-]?key|access[ _-]?key|private[ _-]?key|(?:auth|access|refresh|bearer|api)?[ _-]?token|credentials?"
    r"|\bbearer)"
    r"[\"'`]?(?P<link>\s{0,2}(?:=>|[:=：]|\bis\b|\bwas\b|\blautet\b|\bist\b|は|是)\s{0,2}|\s)[\"'`“”]?(?P<value>[!-~]{6,512})",
    re.IGNORECASE | re.ASCII,
)
_WORD_HINTS = (
    "pass",
    "pwd",
    "mot de",
    "kennw",
    "contras",
    "密码",
    "パス",
    "secret",
    "key",
    "token",
    "credential",
    "bearer",
)
_CREDENTIALS = re.compile(r"://[^\s/:@]{1,64}:(?P<value>[^\s/@]{3,128})@")
_PLAIN_WORDS = (
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "kennwort",
    "mot de passe",
    "contraseña",
    "密码",
    "パスワード",
)


def find_secrets(text: str) -> Iterator[PersonalSpan]:
    """Private keys, tokens, passwords."""
    if any(hint in text for hint in _KNOWN_HINTS):
        for match in _KNOWN.finditer(text):
            # `sk-` also begins the names of things.
            if not match.group().startswith("sk-") or any(c.isdigit() for c in match.group()):
                yield PersonalSpan(*match.span(), PersonalKind.secret)
    if "://" in text:
        for match in _CREDENTIALS.finditer(text):
            yield PersonalSpan(*match.span("value"), PersonalKind.secret)
    lower = text.lower()
    if any(hint in lower for hint in _WORD_HINTS):
        for match in _WORD.finditer(text):
            value = match["value"].rstrip("\"'`”.,;:?)]}>")
            if _looks_random(value, match["word"].casefold(), match["link"].strip()):
                start = match.start("value")
                yield PersonalSpan(start, start + len(value), PersonalKind.secret)


def _looks_random(value: str, word: str, link: str) -> bool:
    if value.startswith(("[", "<", "{", "$", "http", "/")) or "(" in value or "://" in value:
        return False
    letters, digits = sum(c.isalpha() for c in value), sum(c.isdigit() for c in value)
    if not letters or not digits:
        return False
    if word in _PLAIN_WORDS:
        return bool(link) and len(value) >= (6 if link in (":", "=", "：") else 8) and value.count(".") < 2
    return (
        len(value) >= 16
        and _entropy(value) >= 3.0
        and value.count(".") < 3
        and bool(link or word == "bearer")
    )


def _entropy(value: str) -> float:
    """Bits a character (Shannon 1948)."""
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
