"""The words that state a quantity. Shared by those who write (must not) and those who check (must find)."""

import re

_NUMBER_WORDS = [
    "zero",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "dozen",
    "dozens",
    "half",
    "halves",
    "third",
    "thirds",
    "quarter",
    "quarters",
    "fifth",
    "fifths",
    "tenth",
    "tenths",
    "twice",
    "thrice",
    "double",
    "doubled",
    "triple",
    "tripled",
    "quadrupled",
    "couple",
    "handful",
    "score",
    "scores",
    "percent",
]
_QUANTIFIERS = [
    "most",
    "many",
    "few",
    "majority",
    "minority",
    "nobody",
    "everyone",
    "everybody",
    "all",
    "none",
    "nearly",
    "almost",
    "several",
    "numerous",
    "countless",
    "always",
    "never",
    "every",
    "each",
    "both",
    "plenty",
    "lots",
]
_TRENDS = [
    "rising",
    "rise",
    "rises",
    "rose",
    "growing",
    "grows",
    "grew",
    "grown",
    "increasing",
    "increased",
    "increases",
    "declining",
    "declined",
    "falling",
    "fell",
    "shrinking",
    "soaring",
    "spiking",
    "spiked",
    "surging",
    "doubling",
    "more",
    "less",
    "fewer",
]

DIGITS = re.compile(r"(?<![\w{])[+\-−]?\d+(?:[.,:/\-]\d+)*(?:\s?(?:%|k\b|K\b|m\b|M\b))?|\d+(?:[.,]\d+)*")
NUMBER_WORD = re.compile(r"\b(?:" + "|".join(_NUMBER_WORDS) + r")\b", re.IGNORECASE)
QUANTIFIER = re.compile(r"\b(?:" + "|".join(_QUANTIFIERS) + r")\b", re.IGNORECASE)
TREND = re.compile(r"\b(?:" + "|".join(_TRENDS) + r")\b", re.IGNORECASE)
"""Words of change; they need facts of two windows."""


def stated_quantities(text: str) -> list[tuple[int, int]]:
    """Spans of digits, number words and quantifiers in a text, in order, not overlapping."""
    spans = sorted(
        match.span()
        for pattern in (DIGITS, NUMBER_WORD, QUANTIFIER, TREND)
        for match in pattern.finditer(text)
    )
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept
