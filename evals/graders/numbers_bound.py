"""Every digit, number word, quantifier and trend word of the prose is licensed: by a fact, or by a label that says so."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from assistant.domain.draft import Draft
from assistant.domain.fact import Fact
from assistant.domain.finding import Finding, Severity
from assistant.stores.port import CorpusRows
from evals.grader import Grader
from evals.language.lexicon import Words
from evals.language.number_words import Worded, licensed, number_words
from evals.language.plain import back, plain
from evals.once import once_each
from evals.reading.belonging import strays
from evals.reading.groups import other_groups
from evals.reading.heard import heard, says_only
from evals.reading.proofs import piece_at
from evals.reading.prose import Place, Voice, blank_placeholders, placeholders, places
from evals.reading.spot import names_of
from evals.reading.whose import miscounted
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "numbers_bound"
_TOKEN = re.compile(
    r"[^\W_]+(?:[.,:/-](?=\d)[^\W_]+)*|[\u00b2\u00b3\u00b9\u00bc-\u00be\u2150-\u218b\u2460-\u249b]"
)
_CJK_NUMBER = re.compile(r"[一二三四五六七八九十百千万億]+(?=[人名件社割倍%])")
_NAME_LIKE = re.compile(r"[A-Za-z]+\d\w*|\d+[A-Z]{2,}|[23]D")
_DIGIT = re.compile(r"[0-9]")
_ORDINAL = re.compile(r"\s*\d{1,2}[.)](?=\s)")


def numbers_bound(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on each word of number, amount or trend that no fact licenses, and on a fact that counts something else
    than the sentence says: another noun, other records than the need's, another time.

    Digits are never typed: a fact's placeholder holds them. Free of this are ids of the draft, the number in front of a
    section's title, names with digits that the evidence or the brief holds (`B2B`),
    names of sources, accounts and segment values (`tier 2`), and places that are marked as proposed:
    targets, assumptions, bounds of requirements and steps of criteria whose note says so.
    """
    ids = _ids(draft)
    names = set(_TOKEN.findall(" ".join([draft.brief, *(quote.text for quote in draft.quotes.values())])))
    vocabulary = heard(draft)
    words = Words()
    found: list[Finding] = []
    for written in places(draft):
        folded, offsets = plain(written.text)
        place = written if offsets is None else replace(written, text=folded)
        here = [
            _finding(place, stray.span, stray.message, stray.fix, blocks=stray.blocks)
            for stray in (*strays(draft, place), *other_groups(draft, place), *miscounted(draft, place))
        ]
        if place.voice is not Voice.proposed:
            facts = _facts(draft, place)
            text = blank_placeholders(place.text)
            if _has_digit(text):
                text = _blank_names(text, _known_names(view.corpus))
            text = _blank_brief(place, text, draft.brief)
            here += _digits(place, text, ids, names)
            here += _number_words(place, facts, number_words(text, draft.language))
            here += _quantifiers(place, text, facts, draft, vocabulary, words)
        found += [
            one.model_copy(update={"span": back(one.span, offsets)}) if offsets else one for one in here
        ]
    return found


def _ids(draft: Draft) -> set[str]:
    blocks = {str(getattr(block, "id", "")) for block in draft.blocks()}
    return blocks | {*draft.claims, *draft.quotes, *draft.facts}


def _facts(draft: Draft, place: Place) -> tuple[Fact, ...]:
    named = dict.fromkeys((*placeholders(place.text), *place.fact_ids))
    held = [draft.facts[name] for name in named if name in draft.facts]
    selections = {draft.facts[name].filter.selection for name in place.row if name in draft.facts} - {None}
    return (*held, *(fact for fact in draft.facts.values() if fact.filter.selection in selections))


def _beside(place: Place, facts: tuple[Fact, ...], offset: int) -> tuple[Fact, ...]:
    """Facts that may license a word: those that its own sentence shows, and those that its claim cites without showing them."""
    shown = set(placeholders(place.text))
    if not shown or place.row:
        return facts
    here = set(placeholders(piece_at(place.text, offset)))
    return tuple(fact for fact in facts if fact.id in here or fact.id not in shown)


@once_each
def _known_names(corpus: CorpusRows) -> dict[str, list[str]]:
    """Names of sources, accounts and segment values that hold a digit beside letters (`tier 2`), by their first word with a digit."""
    found: dict[str, list[str]] = {}
    for name in sorted(names_of(corpus)):
        if re.search(r"[^\W\d_]{2}", name) and (numbered := _with_digits(name)):
            found.setdefault(numbered[0], []).append(name)
    return found


def _with_digits(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if _has_digit(word)]


def _blank_names(text: str, known: dict[str, list[str]]) -> str:
    said = [name for word in _with_digits(text) for name in known.get(word, ())]
    for name in sorted(said, key=lambda name: (-len(name), name)):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "·" * len(name), text, flags=re.IGNORECASE)
    return text


def _blank_brief(place: Place, text: str, brief: str) -> str:
    """A title repeats what the person asked for, word for word; those words state nothing about the evidence."""
    asked = " ".join(brief.split())
    if place.target != "draft" or place.field != "title" or not asked:
        return text
    return text.replace(asked, "·" * len(asked), 1)


def _digits(place: Place, text: str, ids: set[str], names: set[str]) -> Iterator[Finding]:
    if not _has_digit(text) and not _CJK_NUMBER.search(text):
        return
    # Each number of a proposed bound (or of the brief, in the title) may be said once for each time it stands there.
    allowed = Counter(_TOKEN.findall(place.bound))
    ordinal = _ORDINAL.match(text) if place.field == "title" else None
    for match in [*_TOKEN.finditer(text), *_CJK_NUMBER.finditer(text)]:
        token = match.group()
        if not _has_digit(token) and match.re is _TOKEN:
            continue
        if (ordinal and match.end() < ordinal.end()) or _is_id(text, match, ids):
            continue
        if _NAME_LIKE.fullmatch(token) and token in names:
            continue
        if allowed[token] > 0:
            allowed[token] -= 1
            continue
        yield _finding(
            place,
            match.span(),
            f"The number '{token}' was typed; no fact stands behind it.",
            "Use a fact's placeholder, or mark it as proposed.",
        )


def _has_digit(token: str) -> bool:
    if token.isascii():
        return _DIGIT.search(token) is not None
    return any(c.isdecimal() or unicodedata.category(c) in ("No", "Nl") for c in token)


def _is_id(text: str, match: re.Match[str], ids: set[str]) -> bool:
    prefix = re.search(r"[A-Z]+-\Z", text[: match.start()])
    return (prefix.group() if prefix else "") + match.group() in ids


def _number_words(place: Place, facts: tuple[Fact, ...], found: tuple[Worded, ...]) -> Iterator[Finding]:
    for word in found:
        if not licensed(word, _beside(place, facts, word.start)):
            yield _finding(
                place,
                (word.start, word.end),
                f"'{word.text}' states a number; no fact says so.",
                "Use a fact's placeholder.",
            )


def _theme_names(draft: Draft, place: Place) -> list[tuple[int, int]]:
    """Where a place names a theme; its words are the customers', so `falls` in it tells of no trend."""
    names = {name for one in draft.selections.values() for name in re.findall(r"«([^»]+)»", one.rule)}
    spans = []
    for name in sorted(names):
        bare = place.field in ("title", "cell")
        pattern = rf"“{re.escape(name)}”" + (rf"|\A{re.escape(name)}" if bare else "")
        spans += [match.span() for match in re.finditer(pattern, place.text, re.IGNORECASE)]
    return spans


def _quantifiers(
    place: Place, text: str, facts: tuple[Fact, ...], draft: Draft, vocabulary: frozenset[str], words: Words
) -> Iterator[Finding]:
    found = words.of(text)
    if not found:
        return
    named = _theme_names(draft, place)
    among_people = words.people_of(text)
    for rule, start, end in found:
        if rule.of_time and any(first <= start < last for first, last in named):
            continue
        if rule.ambiguous and says_only(text[start:end], vocabulary):
            continue
        speaks_of_people = any(first <= start < last for first, last in among_people)
        if (place.voice is Voice.world or speaks_of_people) and not rule.licensed(
            _beside(place, facts, start)
        ):
            yield _finding(
                place,
                (start, end),
                f"'{text[start:end]}' needs {rule.needs}; the facts here don't give it.",
                "Cite such a fact, or leave the word out.",
            )


def _finding(place: Place, span: tuple[int, int], message: str, fix: str, *, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(grader=_NAME, severity=severity, target=place.target, span=span, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return with_claim(
        draft,
        "C3",
        text="Three quarters of those who write are affected ({F3}), yet it opens for others: {Q4}",
    )


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C1", text="Nearly everyone in {F2} accounts can't open the timetable: {Q1}")


GRADER = Grader(_NAME, 1, Severity.block, numbers_bound, _good, _bad)
