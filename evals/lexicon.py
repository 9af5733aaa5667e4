"""Words that state a number, an amount or a trend, and the facts that license them. Pure data and functions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

from assistant.domain.fact import Fact, Measure

_COUNTS = {Measure.records, Measure.people, Measure.accounts, Measure.duplicates}
_SHARES = {Measure.share_of_people, Measure.share_of_records, Measure.top_accounts_share}
_OVER_TIME = {
    *_COUNTS,
    Measure.per_week,
    Measure.share_of_people,
    Measure.share_of_records,
    Measure.mean_rating,
}

_UNITS = "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBER_WORDS: dict[str, dict[str, float | None]] = {
    "en": {
        **{word: float(value) for word, value in zip(_UNITS.split(), [0, *range(2, 20)], strict=True)},
        **{word: float(value) for word, value in zip(_TENS.split(), range(20, 100, 10), strict=True)},
        "twice": 2.0,
        "thrice": 3.0,
        "half": 0.5,
        "halves": 0.5,
        "a third": 1 / 3,
        "one third": 1 / 3,
        "two thirds": 2 / 3,
        "two-thirds": 2 / 3,
        "third of": 1 / 3,
        "a quarter of": 0.25,
        "one quarter": 0.25,
        "three quarters": 0.75,
        "three-quarters": 0.75,
        "a fifth": 0.2,
        "a tenth": 0.1,
        "dozen": 12.0,
        "a couple of": 2.0,
        "dozens": None,
        "hundred": None,
        "hundreds": None,
        "thousand": None,
        "thousands": None,
        "million": None,
        "millions": None,
        "billion": None,
        "billions": None,
        "scores of": None,
        "tenfold": None,
        "twofold": None,
        "threefold": None,
    },
    "de": {
        **{
            word: float(value)
            for word, value in zip(
                [
                    "null",
                    "zwei",
                    "drei",
                    "vier",
                    "fünf",
                    "sechs",
                    "sieben",
                    "acht",
                    "neun",
                    "zehn",
                    "elf",
                    "zwölf",
                ],
                [0, *range(2, 13)],
                strict=True,
            )
        },
        "zwanzig": 20.0,
        "dreißig": 30.0,
        "vierzig": 40.0,
        "fünfzig": 50.0,
        "zweimal": 2.0,
        "dreimal": 3.0,
        "hälfte": 0.5,
        "drittel": 1 / 3,
        "viertel": 0.25,
        "dutzend": 12.0,
        "dutzende": None,
        "hundert": None,
        "hunderte": None,
        "tausend": None,
        "tausende": None,
        "millionen": None,
    },
}


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    joined = "|".join(
        re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(phrases, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


_PART = "|".join(
    [
        *_UNITS.split(),
        *_TENS.split(),
        "one|hundreds?|thousands?|millions?|billions?|dozens?|half|thirds?|quarters?|fifths?|tenths?",
    ]
)
_HYPHEN = "[-\u2010-\u2013]"
_COMPOUND = re.compile(
    rf"(?<!\w)(?:(?:{_PART})(?:{_HYPHEN}(?:in|and|out{_HYPHEN}of))?{_HYPHEN})+(?:{_PART}|percent|odd|plus|fold|something)(?!\w)",
    re.IGNORECASE,
)
"""`ninety-seven`, `one-in-three`, `forty-odd`; a name such as `two-factor` has one number only."""
_ROMAN = re.compile(
    r"(?<![\w-])(?=[MDCLXVI]{2})M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
    r"(?=\s*(?:%|per ?cent|people|persons|customers|users|accounts|companies|teams|firms|of (?:our|the|all|them))(?!\w))"
)
_NUMBER_PATTERN = {language: _any_of(list(held)) for language, held in _NUMBER_WORDS.items()}


@dataclass(frozen=True)
class Worded:
    """A number word at its place in a text."""

    start: int
    end: int
    text: str
    value: float | None
    """None: a vague one, such as `dozens`."""


def number_words(text: str, language: str) -> list[Worded]:
    """Number words of a text, in order. English ones are looked for in every language."""
    found: list[Worded] = []
    for name in dict.fromkeys(("en", language)):
        if (pattern := _NUMBER_PATTERN.get(name)) is None:
            continue
        for match in pattern.finditer(text):
            key = re.sub(r"\s+", " ", match.group().casefold())
            found.append(Worded(match.start(), match.end(), match.group(), _NUMBER_WORDS[name].get(key)))
    taken = {place for word in found for place in range(word.start, word.end)}
    found += [
        Worded(match.start(), match.end(), match.group(), _compound(match.group()))
        for match in (*_COMPOUND.finditer(text), *_ROMAN.finditer(text))
        if match.start() not in taken
    ]
    return sorted(found, key=lambda word: word.start)


def _compound(text: str) -> float | None:
    """97 of `ninety-seven`; None where it is no such pair."""
    held = _NUMBER_WORDS["en"] | {"one": 1.0}
    parts = [held.get(part) for part in re.split(_HYPHEN, text.casefold())]
    if len(parts) == 2 and parts[0] and parts[1] and parts[0] >= 20 > 10 > parts[1] >= 1:
        return parts[0] + parts[1]
    return None


def licenses_word(fact: Fact, value: float | None) -> bool:
    """Whether a fact says what a number word says: the same count, or a fraction to within 0.04."""
    if value is None or isinstance(fact.value, str):
        return False
    return abs(fact.value - value) <= (0.04 if 0 < value < 1 else 1e-9)


@dataclass(frozen=True)
class Quantifier:
    """Words that state an amount or a trend without a number."""

    name: str
    pattern: re.Pattern[str]
    licensed: Callable[[tuple[Fact, ...]], bool]
    needs: str


def _values(facts: tuple[Fact, ...], measures: set[Measure]) -> list[float]:
    return [f.value for f in facts if f.measure in measures and not isinstance(f.value, str)]


def _majority(facts: tuple[Fact, ...]) -> bool:
    return any(value > 0.5 for value in _values(facts, _SHARES))


def _superlative(facts: tuple[Fact, ...]) -> bool:
    return any(f.measure in _COUNTS | _SHARES | {Measure.rank_by_people} for f in facts)


def _many(facts: tuple[Fact, ...]) -> bool:
    return any(v >= 5 for v in _values(facts, _COUNTS)) or any(v >= 0.25 for v in _values(facts, _SHARES))


def _several(facts: tuple[Fact, ...]) -> bool:
    return any(value >= 3 for value in _values(facts, _COUNTS))


def _few(facts: tuple[Fact, ...]) -> bool:
    if any(fact.measure is Measure.top_accounts_share for fact in facts):
        return True
    return any(v <= 20 for v in _values(facts, _COUNTS)) or any(v < 0.5 for v in _values(facts, _SHARES))


def _everyone(facts: tuple[Fact, ...]) -> bool:
    return any(value >= 1 for value in _values(facts, _SHARES))


def _share(facts: tuple[Fact, ...]) -> bool:
    return bool(_values(facts, _SHARES))


def _nobody(facts: tuple[Fact, ...]) -> bool:
    return any(value == 0 for value in _values(facts, _COUNTS | _SHARES))


def _no_fact(facts: tuple[Fact, ...]) -> bool:
    return False


def _rate(facts: tuple[Fact, ...]) -> bool:
    return any(fact.measure is Measure.per_week for fact in facts)


def trends(facts: tuple[Fact, ...]) -> list[tuple[float, float]]:
    """(earlier, later) values of every two facts that measure the same in two windows, one after the other."""
    return [
        (earlier.value, later.value)
        for earlier, later in permutations(facts, 2)
        if earlier.measure == later.measure
        and earlier.measure in _OVER_TIME
        and earlier.filter.selection == later.filter.selection
        and earlier.filter.scope.until is not None
        and later.filter.scope.since is not None
        and earlier.filter.scope.until <= later.filter.scope.since
        and not isinstance(earlier.value, str)
        and not isinstance(later.value, str)
    ]


def _grown(ratio: float) -> Callable[[tuple[Fact, ...]], bool]:
    return lambda facts: any(late > early and late >= ratio * early for early, late in trends(facts))


def _shrunk(ratio: float) -> Callable[[tuple[Fact, ...]], bool]:
    return lambda facts: any(late < early and late <= ratio * early for early, late in trends(facts))


def _steady(facts: tuple[Fact, ...]) -> bool:
    return any(max(pair) < 2 * max(min(pair), 0.01) for pair in trends(facts))


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


_PEOPLE = r"(?:users?|customers?|people|persons?|accounts?|admins?|teams?|respondents?|reviewers?|companies|clients?|members?)"
_PERIOD = r"(?:hour|day|night|morning|evening|week|weekend|month|quarter|year|release|update|version)"
_GROUPS = rf"(?:{_PEOPLE}|reports?|reviews?|tickets?|complaints?|requests?|records?|wishes)"
_WINDOWS = "two facts of the same measure in two windows, the later one"

_EN = (
    Quantifier(
        "majority",
        _words(
            r"(?<!\bthe )(?<!\bat )most(?! (?:recent|likely|often|frequent|asked|used|named|common)\w*)|mostly|majority|mainly"
            r"|predominantly|overwhelming(?:ly)?|(?:the )?bulk of|more than half|lion's share|(?:almost|nearly) (?:all|every\w*)"
        ),
        _majority,
        "a share above 50 %",
    ),
    Quantifier(
        "superlative",
        _words(r"the most|most (?:often|frequent|frequently|asked|used|named|common|commonly)|biggest|largest group"),
        _superlative,
        "a count, share or rank",
    ),
    Quantifier(
        "many",
        _words(
            r"(?<!\bhow )(?<!\btoo )many|numerous|countless|a lot of|lots of|plenty of|tons of|a large number|large numbers"
            r"|widespread|commonly|frequently|(?<!\bhow )often|routinely|everywhere|myriad"
        ),
        _many,
        "a count of 5 or more, or a share of 25 % or more",
    ),
    Quantifier("several", _words(r"several|a number of"), _several, "a count of 3 or more"),
    Quantifier(
        "few",
        _words(r"(?<!\btoo )few|fewest|minority|rarely|seldom|hardly any\w*|a handful|scarcely any\w*"),
        _few,
        "a count of 20 or less, or a share below 50 %",
    ),
    Quantifier(
        "everyone",
        _words(rf"(?<!\bof )(?:everyone|everybody)(?! else)|(?<!\bof )(?:all|every|each)(?: of)?(?: our| the)? {_PEOPLE}|universally|unanimous(?:ly)?"),
        _everyone,
        "a share of 100 %",
    ),
    Quantifier("of everyone", _words(rf"of (?:everyone|everybody|all {_PEOPLE})"), _share, "a share"),
    Quantifier("nobody", _words(r"nobody|no one|no-one|none of|not a single"), _nobody, "a count of 0"),
    Quantifier("always", _words(r"always|invariably|constantly|without exception|(?:every|each)(?: single)? time"), _no_fact, "a customer's own words: no fact says how often"),
    Quantifier("never", _words(r"never|not once|at no time"), _nobody, "a count of 0"),
    Quantifier(
        "rate",
        _words(rf"(?:every|each)(?: single| other)? {_PERIOD}|{_PERIOD} (?:after|by|for) {_PERIOD}"),
        _rate,
        "a count per week",
    ),
)  # fmt: skip

_TRENDS_EN = (
    Quantifier("tripled", _words(r"tripl(?:ed|ing)|quadrupl(?:ed|ing)"), _grown(2.5), f"{_WINDOWS} three times as high"),
    Quantifier("doubled", _words(r"doubl(?:ed|ing)(?! (?:results?|entries|items?|records?|charges?|messages?))"), _grown(1.9), f"{_WINDOWS} twice as high"),
    Quantifier("halved", _words(r"halved|halving"), _shrunk(0.55), f"{_WINDOWS} half as high"),
    Quantifier(
        "rising",
        _words(
            r"rising|rises|risen|rose|growing|grows|grew|grown|increas(?:e|es|ed|ing|ingly)|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)"
            r"|spik(?:e|es|ed|ing)|escalat(?:es|ed|ing)|climb(?:s|ed|ing)|more and more|worsen(?:s|ed|ing)|mounting|on the rise"
            r"|upward|uptick|accelerat(?:es|ed|ing)|multipl(?:ied|ying)|snowball(?:s|ed|ing)|(?:goes|going|went|gone) up|(?:is|are|gets?|getting|got) worse"
            rf"|more (?:often|frequent\w*)|(?<!\bor )(?<!\bno )more {_GROUPS}|(?:rise|grow|climb|soar|surge|worsen)(?! to (?:be|a)\b)"
        ),
        _grown(1.0),
        f"{_WINDOWS} higher",
    ),
    Quantifier(
        "falling",
        _words(
            r"falling|declining|shrinking|shrank|dwindling|waning|fading|decreas(?:e|es|ed|ing)|fewer and fewer|less and less"
            r"|falls(?! (?:apart|asleep|back|behind|flat|for|into|off|on|out|over|short|through|under|within)\b)|fallen|plummet\w*|diminish\w*"
            r"|shrinks?|dwindles?|declines?|wanes?|eases|eased|easing|subsid(?:es|ed|ing)|(?:goes|going|went|gone) down|less (?:often|frequent\w*)"
            rf"|(?:fewer|less) {_GROUPS}"
            r"|downward|(?:fell|dropped|declined|drops|falls) (?:from|by|to)|(?:has|have) (?:fallen|dropped|declined)"
        ),
        _shrunk(1.0),
        f"{_WINDOWS} lower",
    ),
    Quantifier("steady", _words(r"steady|steadily|unchanged|ha(?:s|ve)(?: not|n't) changed"), _steady, f"{_WINDOWS} within a factor of 2"),
)  # fmt: skip

_DE = (
    Quantifier("majority", _words(r"die meisten|mehrheit\w*|überwiegend\w*|größtenteils"), _majority, "a share above 50 %"),
    Quantifier("many", _words(r"(?<!\bwie )viele[nrs]?|zahlreiche\w*|häufig\w*|(?<!\bwie )oft|unzählige\w*"), _many, "a count of 5 or more"),
    Quantifier("several", _words(r"mehrere[nrm]?|etliche"), _several, "a count of 3 or more"),
    Quantifier("few", _words(r"(?<!\bzu )wenige[nrs]?|minderheit|selten|kaum jemand"), _few, "a count of 20 or less"),
    Quantifier("everyone", _words(r"(?:alle|jeder|jede) (?:nutzer\w*|kund\w*|leute|teams?)|sämtliche"), _everyone, "a share of 100 %"),
    Quantifier("nobody", _words(r"niemand\w*|keiner|kein einziger"), _nobody, "a count of 0"),
)  # fmt: skip

_TRENDS_DE = (
    Quantifier("doubled", _words(r"verdoppelt\w*"), _grown(1.9), f"{_WINDOWS} twice as high"),
    Quantifier(
        "rising",
        _words(r"steig(?:t|en|end|ende[nr]?)|gestiegen|wächst|wachsend\w*|gewachsen|zunehmend\w*|zugenommen|immer mehr"),
        _grown(1.0),
        f"{_WINDOWS} higher",
    ),
    Quantifier("falling", _words(r"sink(?:t|en|end)|gesunken|abnehmend\w*|rückläufig|immer weniger"), _shrunk(1.0), f"{_WINDOWS} lower"),
)  # fmt: skip

AMONG_PEOPLE = _words(rf"(?:most|many|few|a majority|the majority)(?: of)?(?: our| the)? {_PEOPLE}")
"""What no place may say without a fact, a wish or a step included."""
OF_TIME = {"always", "never", "rate", "rising", "falling"}
"""Rules for words that also name a thing: `the tray falls`."""
_MODAL = re.compile(
    r"\b(?:may|might|could|would|will|should|can|if|könnte|kann|wird|würde)\b[^.;:!?]*\Z", re.IGNORECASE
)


def quantifiers(text: str, language: str) -> list[tuple[Quantifier, int, int]]:
    """Quantifiers and trend words of a text with their spans. A trend that may come (`may grow`) states nothing."""
    found = []
    for rule in (*_EN, *(_DE if language == "de" else ())):
        found += [(rule, match.start(), match.end()) for match in rule.pattern.finditer(text)]
    for rule in (*_TRENDS_EN, *(_TRENDS_DE if language == "de" else ())):
        found += [
            (rule, match.start(), match.end())
            for match in rule.pattern.finditer(text)
            if not _MODAL.search(text[: match.start()])
        ]
    return sorted(found, key=lambda item: item[1])
