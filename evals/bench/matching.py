"""How a quotation is matched against what was said: real texts, tampered with, set in other type, and cut beside a negation.

The kinds of change share no word list and no code with `evals.language.match` and `evals.language.negation`.
"""

import random
import re
import unicodedata
from collections.abc import Callable

from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.personal import Tally, real_texts
from evals.language.match import quotes

_SEED = 20_261_122
_TEXTS = 12_000
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|cannot|can't|don't|doesn't|didn't|won't|isn't|wasn't|aren't|couldn't|wouldn't|unable to)\s+"
    r"(?P<rest>\w+(?: \w+){1,6})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

Change = Callable[[str, random.Random, list[str]], str | None]
"""(text, dice, words of all texts) → the changed text; None where it has nothing to change."""


def measure_matching(setting: Setting) -> list[Result]:
    """Each text once under each change; a change that leaves the text as it was isn't counted."""
    dice = random.Random(_SEED)
    texts = [text for _, text in real_texts(setting.data)]
    texts = dice.sample(texts, 300 if setting.quick else _TEXTS)
    vocabulary = sorted({word for text in texts for word in _WORD.findall(text)})
    tampered = {
        name: _tried(texts, change, dice, vocabulary, caught=True) for name, change in _TAMPERED.items()
    }
    variants = {
        name: _tried(texts, change, dice, vocabulary, caught=False) for name, change in _VARIANTS.items()
    }
    cut = _tried(texts, _cut_beside, dice, vocabulary, caught=True)
    return [
        _result("tampered quotations caught", tampered, len(texts), at_least(99.5)),
        _result("other typography refused", variants, len(texts), at_most(0.1), missed=True),
        _result("quotations cut beside a negation caught", {"cut": cut}, len(texts), at_least(95.0)),
    ]


def _tried(
    texts: list[str], change: Change, dice: random.Random, vocabulary: list[str], *, caught: bool
) -> Tally:
    tally = Tally()
    for text in texts:
        changed = change(text, dice, vocabulary)
        if changed is not None and changed != text:
            tally.note(quotes(changed, text, "en") is not caught, f"{text} → {changed}")
    return tally


def _result(
    what: str, tallies: dict[str, Tally], texts: int, target: Target, *, missed: bool = False
) -> Result:
    total = sum(tally.total for tally in tallies.values())
    right = sum(tally.right for tally in tallies.values())
    worst = min(tallies, key=lambda name: tallies[name].right / max(1, tallies[name].total))
    share = 100 * tallies[worst].right / max(1, tallies[worst].total)
    return Result(
        bench="matching",
        what=what,
        value=100 * ((total - right) if missed else right) / total,
        unit="%",
        target=target,
        note=f"{total:,} of {texts:,} texts in {len(tallies)} ways; worst: {worst}, {share:.2f} % right",
    )


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(text))


def _replaced(text: str, match: re.Match[str], by: str) -> str:
    return text[: match.start()] + by + text[match.end() :]


def _add_not(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = _words(text)
    if len(found) < 2:
        return None
    match = dice.choice(found[:-1])
    return text[: match.end()] + " not" + text[match.end() :]


def _drop_not(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    for pattern, by in ((r"\bnot ", ""), (r"n['’]t\b", ""), (r"\bnever ", ""), (r"\bcannot\b", "can")):
        if re.search(pattern, text):
            return re.sub(pattern, by, text, count=1)
    return None


def _other_digit(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = list(re.finditer(r"[0-9]", text))
    if not found:
        return None
    match = dice.choice(found)
    return _replaced(text, match, str((int(match.group()) + dice.randrange(1, 10)) % 10))


def _moved_point(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    return re.sub(r"(?<=\d)[.,](?=\d)", "", text, count=1) if re.search(r"\d[.,]\d", text) else None


def _other_word(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = _words(text)
    if not found:
        return None
    match, by = dice.choice(found), dice.choice(vocabulary)
    return None if by.casefold() == match.group().casefold() else _replaced(text, match, by)


def _other_number(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    match = re.search(rf"\b(?:{'|'.join(_NUMBERS)})\b", text, re.IGNORECASE)
    if match is None:
        return None
    return _replaced(text, match, dice.choice([n for n in _NUMBERS if n != match.group().lower()]))


def _dropped_word(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = _words(text)
    if len(found) < 4:
        return None
    match = dice.choice(found[1:-1])
    left = text[: match.start()].rstrip() + " " + text[match.end() :].lstrip()
    return left if left.split() != text.split() else None


def _swapped(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    pairs = [
        m for m in re.finditer(r"\b([^\W\d_]+) ([^\W\d_]+)\b", text) if m[1].casefold() != m[2].casefold()
    ]
    if not pairs:
        return None
    match = dice.choice(pairs)
    return _replaced(text, match, f"{match[2]} {match[1]}")


def _other_ending(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = _words(text)
    return _replaced(text, match, match.group() + "s") if found and (match := dice.choice(found)) else None


def _half_word(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = [match for match in _words(text) if len(match.group()) > 5]
    if not found:
        return None
    half = text[found[0].start() + 2 :]
    return half if half.casefold() not in {word.casefold() for word in text.split()} else None


def _wrong_order(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    words = text.split()
    if len(words) < 8 or len(set(map(str.casefold, words))) < len(words):
        return None
    return f"{' '.join(words[-4:])} … {' '.join(words[:4])}"


def _cut_beside(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    found = list(_NEGATED.finditer(text))
    if not found:
        return None
    rest = dice.choice(found)["rest"]
    # The same words elsewhere in the text, without the negation, would be a fair quotation.
    return rest if text.count(rest) == 1 else None


def _full_width(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "'\"`-" else c for c in text)


def _left_out(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    """The first and the last sentence of three or more: nothing is cut inside of a sentence."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    if len(sentences) < 3 or any(len(sentence) < 12 for sentence in sentences):
        return None
    return f"{sentences[0]} {dice.choice(('…', '...', '[…]', '[...]', '(...)'))} {sentences[-1]}"


def _soft_hyphens(text: str, dice: random.Random, vocabulary: list[str]) -> str | None:
    return _WORD.sub(
        lambda m: m.group()[:3] + "\u00ad" + m.group()[3:] if len(m.group()) > 6 else m.group(), text
    )


_TAMPERED: dict[str, Change] = {
    "not added": _add_not,
    "not dropped": _drop_not,
    "digit changed": _other_digit,
    "decimal point dropped": _moved_point,
    "word exchanged": _other_word,
    "number word exchanged": _other_number,
    "word dropped": _dropped_word,
    "neighbours swapped": _swapped,
    "ending added": _other_ending,
    "begun inside a word": _half_word,
    "parts in the wrong order": _wrong_order,
}
_VARIANTS: dict[str, Change] = {
    "curly marks": lambda text, dice, words: text.replace("'", "’").replace('"', "”"),
    "straight marks": lambda text, dice, words: re.sub("[’‘]", "'", re.sub("[“”]", '"', text)),
    "dashes": lambda text, dice, words: text.replace("-", dice.choice("‐‑–—")),
    "no-break spaces": lambda text, dice, words: text.replace(" ", "\u00a0"),
    "wide spaces": lambda text, dice, words: text.replace(" ", "  "),
    "line breaks": lambda text, dice, words: text.replace(" ", "\r\n", 3),
    "capitals": lambda text, dice, words: text.upper() if "ß" not in text else None,
    "decomposed": lambda text, dice, words: unicodedata.normalize("NFD", text),
    "full width": _full_width,
    "soft hyphens": _soft_hyphens,
    "zero-width spaces": lambda text, dice, words: text.replace(" ", " \u200b"),
    "quotation marks around": lambda text, dice, words: f"“{text}”",
    "a sentence left out": _left_out,
    "comma before the closing mark": lambda text, dice, words: text.rstrip(" .!?…,;:\"'’”)") + ",",
}
