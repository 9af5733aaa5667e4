"""How bad a ticket is: the worst that one of its sentences tells, by rules that each say why.

Each sentence is rated alone and the worst counts, so text that is added can only make it worse, never better. What a report says of its
own severity ("P4", "mark as trivial") is in no rule. `severity.toml` holds the rules. A low rank needs a reason too: a title that asks for
something, or is about looks or tedium, over a text whose every sentence does so. A title is words of the report as well, and doesn't speak
for the rest: what no rule understands is major. What no rule has words for is read by weights that were learned
(`assistant.triage.graveness`): they can make a ticket critical, and keep it from being low.
"""

import re
import tomllib
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from assistant.domain.record import Record
from assistant.domain.triage import Rated, Severity
from assistant.llm.port import Embedder
from assistant.triage.graveness import GRAVE_FROM, HARMLESS_TO, Reading, read_gravely
from assistant.triage.reading import Plain, read, sentence_quote

_SENTENCE = re.compile(r"[^.!?\n。！？；]*(?:[.!?](?!\s|$)[^.!?\n。！？；]*)*(?:[.!?]+|[\n。！？；]|$)")
_ORDER = tuple(Severity)
_STAKES, _NOT_UNDERSTOOD = "stakes", "not-understood"
_READS_GRAVE = "reads-grave"
UNREAD = frozenset({_STAKES, _NOT_UNDERSTOOD})
"""Rules that rank a ticket major for caution, not because it tells of a failure."""
_LOW = frozenset({Severity.minor, Severity.trivial})
_LONGEST = 600
"""Characters of a sentence that are looked at together; what has no full stops is cut there, so that a log costs linear time."""
_OVERLAP = 120
_SHORT = 8
"""Characters of what is no sentence: a number of a list, a greeting."""


@dataclass(frozen=True)
class _Rule:
    id: str
    severity: Severity
    because: str
    patterns: tuple[re.Pattern[str], ...]
    inner: bool


@dataclass(frozen=True)
class _Rules:
    rules: tuple[_Rule, ...]
    before: re.Pattern[str]
    inside: re.Pattern[str]
    after: re.Pattern[str]
    stakes: re.Pattern[str]
    harm: re.Pattern[str]
    wish: re.Pattern[str]
    question: re.Pattern[str]
    danger: re.Pattern[str]
    label: re.Pattern[str]


def rate(record: Record, title: str, reader: Embedder | None = None) -> Rated:
    """The severity of a ticket, with the rule that fired and the words that fired it.

    Args:
        record: the ticket as it came in; quotes are cut from it.
        title: of the ticket, whether or not the record's text begins with it.
        reader: the multilingual embedder, for what no rule has words for; None: rules alone.

    Raises: ModelError.
    """
    plain = read(record.raw)
    own_title = read(title or record.raw.strip().partition("\n")[0])
    if told := _by_rules(record, plain, own_title, {Severity.critical}):
        return told
    reading = _reading(record, title, plain, reader)
    if reading and reading.odds >= GRAVE_FROM:
        return Rated(
            severity=Severity.critical,
            rule=_READS_GRAVE,
            because="It reads like reports of lost or leaked data, wrong money, danger or an outage.",
            quote=sentence_quote(record, reading.part.start, reading.part.end) if reading.is_quoted else None,
        )
    if told := _by_rules(record, plain, own_title, {Severity.major}):
        return told
    if span := _doubtful(plain):
        return Rated(
            severity=Severity.major,
            rule=_STAKES,
            because="It tells of something going wrong with what people depend on, so it isn't ranked low before somebody has read it.",
            quote=sentence_quote(record, *plain.raw_span(*span)),
        )
    return _low(record, plain, own_title, reading) or Rated(
        severity=Severity.major,
        rule=_NOT_UNDERSTOOD,
        because="No rule tells how bad it is, so it isn't ranked low before somebody has read it.",
    )


def _by_rules(
    record: Record, plain: Plain, own_title: Plain, severities: Container[Severity]
) -> Rated | None:
    for rule in _rules().rules:
        if rule.severity not in severities:
            continue
        if span := _fired(rule, plain):
            return _rated(rule, record, plain.raw_span(*span))
        if _fired(rule, own_title):
            return _rated(rule, record, None)
    return None


def _reading(record: Record, title: str, plain: Plain, reader: Embedder | None) -> Reading | None:
    """How grave the ticket reads, title or text, whichever is worse. What it says of its own rank isn't read."""
    if reader is None:
        return None
    label = _rules().label
    skipped = [
        plain.raw_span(start, start + len(sentence))
        for start, sentence in _sentences(plain.text)
        if label.search(sentence)
    ]
    found = read_gravely(reader, record.raw, skipped)
    if title and not record.raw.startswith(title) and not label.search(read(title).text):
        of_title = read_gravely(reader, title)
        if of_title and (found is None or of_title.odds > found.odds):
            return replace(of_title, is_quoted=False)
    return found


def _low(record: Record, plain: Plain, own_title: Plain, reading: Reading | None) -> Rated | None:
    if _rules().danger.search(plain.text) or _rules().danger.search(own_title.text):
        return None
    if _is_understood(plain) and (reading is None or reading.odds <= HARMLESS_TO):
        for rule in _rules().rules:
            if rule.severity in _LOW and _fired(rule, own_title):
                return _rated(rule, record, None)
    return None


def _rated(rule: _Rule, record: Record, span: tuple[int, int] | None) -> Rated:
    quote = sentence_quote(record, *span) if span else None
    return Rated(severity=rule.severity, rule=rule.id, because=rule.because, quote=quote)


def _fired(rule: _Rule, plain: Plain) -> tuple[int, int] | None:
    """Where a rule first matches without being taken back."""
    for start, sentence in _sentences(plain.text):
        for pattern in rule.patterns:
            for match in pattern.finditer(sentence):
                if match.end() > match.start() and not _taken_back(rule, sentence, match):
                    return start + match.start(), start + match.end()
    return None


def _doubtful(plain: Plain) -> tuple[int, int] | None:
    """The first sentence that tells of something going wrong with what matters to people, and neither asks nor wishes."""
    rules = _rules()
    for start, sentence in _sentences(plain.text):
        stake = rules.stakes.search(sentence)
        # A wish counts only where it comes first: what is put behind a failure doesn't play it down.
        if stake and rules.harm.search(sentence) and not _asks(sentence[: stake.start()]):
            return start + stake.start(), start + stake.end()
    return None


def _is_understood(plain: Plain) -> bool:
    """Whether each sentence asks, wishes, or is about looks or tedium, so that no title speaks for a text that nobody has read."""
    low = [pattern for rule in _rules().rules if rule.severity in _LOW for pattern in rule.patterns]
    return all(
        len(sentence.strip()) < _SHORT
        or _asks(sentence)
        or _rules().label.search(sentence)
        or any(pattern.search(sentence) for pattern in low)
        for _, sentence in _sentences(plain.text)
    )


def _asks(sentence: str) -> bool:
    return bool(_rules().question.search(sentence) or _rules().wish.search(sentence))


def _taken_back(rule: _Rule, sentence: str, match: re.Match[str]) -> bool:
    rules = _rules()
    return bool(
        rules.before.search(sentence[: match.start()])
        or rules.after.search(sentence[match.end() :])
        or (rule.inner and rules.inside.search(match.group()))
    )


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while end - start > _LONGEST:
            yield start, text[start : start + _LONGEST]
            start += _LONGEST - _OVERLAP
        if end > start:
            yield start, text[start:end]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    told = tomllib.loads(resources.files("assistant.triage").joinpath("severity.toml").read_text("utf-8"))
    words: dict[str, str] = told["words"]
    found = tuple(
        _Rule(
            one["id"],
            Severity(one["severity"]),
            one["because"],
            tuple(re.compile(_filled(pattern, words)) for pattern in one["patterns"]),
            one.get("inner", False),
        )
        for one in told["rule"]
    )
    guard = told["guard"]
    ranked = tuple(sorted(found, key=lambda rule: _ORDER.index(rule.severity)))
    doubt = {name: re.compile(_filled(pattern, words)) for name, pattern in told["doubt"].items()}
    return _Rules(
        ranked,
        re.compile(guard["before"]),
        re.compile(guard["inside"]),
        re.compile(guard["after"]),
        **doubt,
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda m: words[m[1]] if m[1] in words else m[0], pattern)
