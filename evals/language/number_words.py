"""Numbers in words: `ninety-seven`, `three out of four`, `siebzig`, `a couple`, `XII people`. Pure data and functions.

English is read in every draft, German, French, Spanish, Italian, Portuguese and Dutch, too: whoever lies may do so in any
language. In drafts of another language only words count that mean nothing in English (`once` is eleven in Spanish).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.fact import Fact, Measure
from evals.language.licences import SHARES

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SIZES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_EN: dict[str, int] = {
    **{word: value for value, word in enumerate(_ONES.split())},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), start=2)},
}
_FRACTIONS = {
    name: value
    for names, value in (
        ("half halves", 2), ("third thirds", 3), ("quarter quarters fourth fourths", 4), ("fifth fifths", 5), ("sixth sixths", 6),
        ("seventh sevenths", 7), ("eighth eighths", 8), ("ninth ninths", 9), ("tenth tenths", 10), ("twentieth twentieths", 20),
        ("hundredth hundredths", 100),
    )
    for name in names.split()
}  # fmt: skip
_HYPHEN = "[-\u2010-\u2013]"
_JOIN = rf"(?:\s+(?:and\s+)?|{_HYPHEN}(?:and{_HYPHEN})?)"
_WORD = "|".join(sorted([*_EN, *_SIZES], key=len, reverse=True))
_RUN = rf"(?:an?\s+(?={'|'.join(_SIZES)}\b))?(?:{_WORD})(?:{_JOIN}(?:{_WORD}))*"
_NUMBER = re.compile(rf"(?<![\w-])(?:{_RUN})(?![\w-])", re.IGNORECASE)
_OUT_OF = re.compile(
    rf"(?<![\w-])(?P<part>{_RUN})(?:\s+\w+)?(?:\s+(?:in|out\s+of|of|from)(?:\s+every)?\s+|{_HYPHEN}(?:in|out{_HYPHEN}of){_HYPHEN})(?P<whole>{_RUN})(?![\w-])",
    re.IGNORECASE,
)
_PARTS = "|".join(sorted(_FRACTIONS, key=len, reverse=True))
_OTHER_THIRD = (
    r"(?![\w-])(?!\s+(?:part(?:y|ies)|time|option|way|screen|device|one|version|person|attempt|try)\b)"
)
_FRACTION = re.compile(
    rf"(?<![\w-])(?:(?:(?P<times>an?|{'|'.join(_EN)})(?:\s+|{_HYPHEN})(?P<of>{_PARTS}){_OTHER_THIRD})|(?P<bare>{_PARTS})(?=\s+of\b)|(?P<half>half|halves)(?![\w-]))",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"(?<![\w-])(?:every|each)\s+(?P<nth>other|second|third|fourth|fifth|tenth)\s+"
    r"(?:user|customer|person|account|admin|team|respondent|reviewer|company|client|member|one|report|review|ticket|complaint|record|day|week|month|time)\b",
    re.IGNORECASE,
)
_NTH = {"other": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "tenth": 10}
_PERCENT = re.compile(
    r"[\s-]*(?:per\s?cent(?:age)?\b|%|in\s+a\s+hundred\b)(?P<points>[\s-]+points?\b)?", re.IGNORECASE
)
_VALUED = {
    "twice": 2.0,
    "thrice": 3.0,
    "dozen": 12.0,
    "a couple": 2.0,
    "a pair of": 2.0,
    "a trio": 3.0,
    "a duo": 2.0,
}
_BOTH = r"both(?=\s+(?:of\s+(?:them|the)|users|customers|people|accounts|teams|admins))"
_VAGUE = rf"""dozens|hundreds|thousands|millions|billions|trillions?|zillions?|gazillions?|jillions?|umpteen|umpteenth|scores\s+of|\w+fold
|(?:\w+{_HYPHEN})?(?:{"|".join(_EN)}|hundred|thousand){_HYPHEN}(?:fold|odd|plus|something|digit|figure)|(?:single|double|triple){_HYPHEN}(?:digits?|figures?)
|(?:single|double|triple)\s+(?:digits|figures)|four\s+score|half{_HYPHEN}(?:a{_HYPHEN})?dozen|baker['’]s\s+dozen"""
_VALUED_WORD = re.compile(
    rf"(?<![\w-])(?:{'|'.join(name.replace(' ', chr(92) + 's+') for name in _VALUED)}|{_BOTH})(?![\w-])",
    re.IGNORECASE,
)
_VAGUE_WORD = re.compile(rf"(?<![\w-])(?:{_VAGUE.replace(chr(10), '')})(?![\w-])", re.IGNORECASE)
_FOLDS = re.compile(r"(?:uni|mani|bi|bill|un|en|blind|scaf|scaff|pin|two|inter)?fold", re.IGNORECASE)
_ROMAN = re.compile(
    r"(?<![\w-])(?=[MDCLXVI]{2})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
    r"(?=\s*(?:%|per ?cent|percent|(?:\w+\s+)?(?:people|persons|customers|users|accounts|companies|teams|firms|admins|reports|records|reviews"
    r"|tickets|complaints|respondents|clients|members|requests|times)|of (?:our|the|all|them))(?!\w))"
)  # fmt: skip


def _counted(listed: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(listed.split())}


def _german() -> dict[str, float | None]:
    ones = _counted("zwei drei vier fünf sechs sieben acht neun", 2)
    tens = _counted("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10)
    teens = _counted("zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn", 10)
    both = {f"{one}und{ten}": a + b for ten, b in tens.items() for one, a in (*ones.items(), ("ein", 1))}
    hundreds = {f"{one}hundert": 100 * value for one, value in (*ones.items(), ("ein", 1))}
    return {
        **{word: float(value) for word, value in {**ones, **tens, **teens, **both, **hundreds}.items()},
        "null": 0.0, "hundert": 100.0, "tausend": 1000.0, "dreissig": 30.0,
        "zweimal": 2.0, "dreimal": 3.0, "halb": 0.5, "hälfte": 0.5, "drittel": 1 / 3, "viertel": 0.25, "fünftel": 0.2, "zehntel": 0.1,
        "dutzend": 12.0, "dutzende": None, "dutzenden": None, "hunderte": None, "hunderten": None, "tausende": None, "tausenden": None,
        "million": None, "millionen": None, "milliarden": None, "ein paar": None, "jeder zweite": 0.5, "jede zweite": 0.5, "jeder dritte": 1 / 3, "jede dritte": 1 / 3,
    }  # fmt: skip


def _listed(words: str, values: list[float]) -> dict[str, float | None]:
    return dict(zip((word.replace("_", " ") for word in words.split()), values, strict=True))


def _french() -> dict[str, float | None]:
    small = "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
    tens = _listed("vingt trente quarante cinquante soixante", [20, 30, 40, 50, 60])
    ones = [("un", 1.0), *_listed("deux trois quatre cinq six sept huit neuf", [*map(float, range(2, 10))]).items()]  # fmt: skip
    both = {f"{ten}-{one}": (b or 0) + (a or 0) for ten, b in tens.items() for one, a in ones}
    late = {"soixante-dix": 70.0, "quatre-vingts": 80.0, "quatre-vingt": 80.0, "quatre-vingt-dix": 90.0}
    return {
        **_listed(small, [*map(float, range(2, 20))]), **tens, **both, **late,
        "cent": 100.0, "mille": 1000.0, "une douzaine": 12.0, "la moitié": 0.5, "un tiers": 1 / 3, "deux tiers": 2 / 3, "un quart": 0.25,
        "trois quarts": 0.75, "un sur deux": 0.5, "une dizaine": 10.0, "une vingtaine": 20.0, "une centaine": 100.0,
        "dizaines": None, "centaines": None, "milliers": None, "millions": None, "une poignée": None,
    }  # fmt: skip


def _spanish() -> dict[str, float | None]:
    small = "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte"
    late = "veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
    tens = _listed(
        "treinta cuarenta cincuenta sesenta setenta ochenta noventa", [*map(float, range(30, 100, 10))]
    )
    ones = [
        ("uno", 1.0),
        *_listed("dos tres cuatro cinco seis siete ocho nueve", [*map(float, range(2, 10))]).items(),
    ]
    both = {f"{ten} y {one}": (b or 0) + (a or 0) for ten, b in tens.items() for one, a in ones}
    return {
        **_listed(small, [*map(float, range(2, 21))]), **_listed(late, [*map(float, range(21, 30))]), **tens, **both,
        "cien": 100.0, "ciento": 100.0, "mil": 1000.0, "la mitad": 0.5, "un tercio": 1 / 3, "dos tercios": 2 / 3, "un cuarto": 0.25,
        "tres cuartos": 0.75, "una docena": 12.0, "una decena": 10.0, "uno de cada dos": 0.5, "un par": 2.0,
        "docenas": None, "decenas": None, "cientos": None, "miles": None, "millones": None, "un puñado": None,
    }  # fmt: skip


def _more(words: str, first: int = 2) -> dict[str, float | None]:
    parts = words.split()
    tens = {word: float(value) for word, value in zip(parts[-8:], range(20, 100, 10), strict=True)}
    return {**{word: float(value) for value, word in enumerate(parts[:-8], start=first)}, **tens}


_WORDS: dict[str, dict[str, float | None]] = {
    "de": _german(),
    "fr": _french(),
    "es": _spanish(),
    "it": _more("due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta quaranta cinquanta sessanta settanta ottanta novanta"),
    "pt": _more("dois três quatro cinco seis sete oito nove dez onze doze vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"),
    "nl": _more("twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig zestig zeventig tachtig negentig"),
}  # fmt: skip
_NOT_ENGLISH = re.compile(
    r"(?!once\Z|cent\Z|mille\Z|elf\Z|null\Z|million\Z|millions\Z|six\Z|mil\Z|miles\Z|dove\Z)\S.{3,}"
)
"""Words of another language that an English reader can't take for English ones."""


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    joined = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in ordered)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


_PATTERN = {language: _any_of(list(held)) for language, held in _WORDS.items()}
_ABROAD: dict[str, float | None] = {
    word: value for held in _WORDS.values() for word, value in held.items() if _NOT_ENGLISH.fullmatch(word)
}
_ABROAD_PATTERN = _any_of(list(_ABROAD))
_STARTS = frozenset(re.split(r"[\s-]", word)[0] for word in _ABROAD)
"""First words of these numbers: most texts hold none, and a look into a set costs a hundredth of the pattern."""


@dataclass(frozen=True)
class Worded:
    """A number word at its place in a text."""

    start: int
    end: int
    text: str
    value: float | None
    """None: a vague one, such as `dozens`."""
    parts: tuple[int, ...] = ()
    """Both numbers of `three of five`, which may be a share or two counts."""
    points: bool = False
    """Percentage points: a difference, which no share is."""


@lru_cache(maxsize=1024)
def number_words(text: str, language: str) -> tuple[Worded, ...]:
    """Number words of a text, in order, none inside another."""
    found = [*_shares(text), *_idioms(text), *_counts(text)]
    if language in _WORDS:
        found += _foreign(text, _PATTERN[language], _WORDS[language])
    if not _STARTS.isdisjoint(re.findall(r"[^\W\d_]+", text.casefold())):
        found += _foreign(text, _ABROAD_PATTERN, _ABROAD)
    kept: list[Worded] = []
    for word in sorted(found, key=lambda word: (word.start, -word.end)):
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return tuple(kept)


def _shares(text: str) -> list[Worded]:
    found = []
    for match in _OUT_OF.finditer(text):
        part, whole = _value(match["part"]), _value(match["whole"])
        if part < whole:
            found.append(Worded(*match.span(), match.group(), part / whole, (part, whole)))
    for match in _FRACTION.finditer(text):
        times = (
            _value(match["times"]) if match["times"] and match["times"].casefold() not in ("a", "an") else 1
        )
        parts = _FRACTIONS[(match["of"] or match["bare"] or match["half"]).casefold()]
        found.append(Worded(*match.span(), match.group(), times / parts))
    found += [Worded(*m.span(), m.group(), 1 / _NTH[m["nth"].casefold()]) for m in _EVERY.finditer(text)]
    return found


def _idioms(text: str) -> list[Worded]:
    found = []
    for match in _VALUED_WORD.finditer(text):
        name = re.sub(r"\s+", " ", match.group().casefold())
        found.append(Worded(*match.span(), match.group(), _VALUED.get(name, 2.0)))
    found += [
        Worded(*match.span(), match.group(), None)
        for match in (*_VAGUE_WORD.finditer(text), *_ROMAN.finditer(text))
        if not _FOLDS.fullmatch(match.group())
    ]
    return found


def _counts(text: str) -> list[Worded]:
    found = []
    for match in _NUMBER.finditer(text):
        if match.group().casefold() == "one":
            continue
        value = float(_value(match.group()))
        percent = _PERCENT.match(text, match.end())
        if percent:
            points = percent["points"] is not None
            whole = text[match.start() : percent.end()]
            found.append(Worded(match.start(), percent.end(), whole, value / 100, points=points))
        else:
            found.append(Worded(*match.span(), match.group(), value))
    return found


def _foreign(text: str, pattern: re.Pattern[str], held: dict[str, float | None]) -> list[Worded]:
    return [
        Worded(*match.span(), match.group(), held.get(re.sub(r"\s+", " ", match.group().casefold())))
        for match in pattern.finditer(text)
    ]


def _value(words: str) -> int:
    """97 of `ninety-seven`, 340 of `three hundred and forty`."""
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", words.casefold()):
        if word in _EN:
            current += _EN[word]
        elif word in _SIZES:
            size = _SIZES[word]
            if size == 100:
                current = max(1, current) * size
            else:
                total, current = total + max(1, current) * size, 0
    return total + current


def licensed(word: Worded, facts: tuple[Fact, ...]) -> bool:
    """Whether facts say what a number word says: the same count, or the same share to within 0.04.

    One half is said of a share, not of a rating of 0.5; a difference of percentage points is said of nothing.
    """
    if word.value is None or word.points:
        return False
    if any(_says(fact, word.value) for fact in facts):
        return True
    return bool(word.parts) and all(any(_says(fact, part) for fact in facts) for part in word.parts)


def _says(fact: Fact, value: float) -> bool:
    if isinstance(fact.value, str):
        return False
    if 0 < value <= 1:
        return fact.measure in SHARES and abs(fact.value - value) <= 0.04
    return fact.measure is not Measure.mean_rating and abs(fact.value - value) <= 1e-9
