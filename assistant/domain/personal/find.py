"""Finding personal data in a text, and masking it. Pure; a text without any costs a few searches.

The raw text of a record is never changed: texts are masked where they are shown or sent.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.domain.personal.extra import Finder, choose_finder, find_more, is_chosen
from assistant.domain.personal.kinds import PersonalKind, PersonalSpan
from assistant.domain.personal.names import find_emails, find_handles
from assistant.domain.personal.numbers import find_cards, find_ibans, find_ips
from assistant.domain.personal.phones import find_phones
from assistant.domain.personal.secrets import find_secrets

_DIGIT = re.compile(r"\d")
_MARKS = ("@", "(at)", "[at]", "(AT)", "[AT]", "PRIVATE KEY", "glpat-", "ghp_", "_live_", "_test_", "://")
_DIGITS = re.compile(r"\d(?:[^\w\n]{0,3}\d){6}")
_V4_HINT = re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d")
_V6_HINT = re.compile(r"::[0-9A-Fa-f]|:[0-9A-Fa-f]{1,4}:")
_IBAN_HINT = re.compile(r"(?<=[A-Za-z]{2})\d\d[ -]?[A-Za-z0-9]{4}")
_AT = re.compile(r"[@＠]|[\[(](?:at|AT)[\])]")
_WIDE = {0xFF01 + at: 0x21 + at for at in range(94)} | {
    0x3000: 0x20,
    0x2011: 0x2D,
    0x2010: 0x2D,
    0x2212: 0x2D,
}
"""Full-width forms of ASCII and other dashes, one character each, so that offsets stay."""


def find_personal(text: str) -> tuple[PersonalSpan, ...]:
    """Personal data in a text, in its order; spans never overlap and are never empty."""
    return _found(text) if len(text) <= _KEPT else _search(text)


def use_finder(finder: Finder | None) -> None:
    """Look with a finder beside the built-in ones from now on, in this process; None: with those alone."""
    if choose_finder(finder):
        _found.cache_clear()


def masked(text: str) -> str:
    """The text with a word in brackets for each finding; masking twice changes nothing."""
    spans = find_personal(text)
    return _replaced(text, spans) if spans else text


def masked_piece(text: str, start: int, end: int) -> str:
    """A piece of a text, masked by what the whole text or the piece alone shows to be personal."""
    # What decides about a passage stands near it; a document of a megabyte isn't searched for each of its quotes.
    first = max(0, start - _NEAR)
    text, start, end = text[first : end + _NEAR], start - first, end - first
    return masked_pieces(text, (start, end))[1]


def masked_pieces(text: str, cuts: Sequence[int]) -> list[str]:
    """The text cut at offsets, each piece masked; what a cut goes through is masked on both sides."""
    spans = find_personal(text)
    edges = [0, *cuts, len(text)]
    pieces = []
    for start, end in pairwise(edges):
        inside = [
            PersonalSpan(max(one.start, start) - start, min(one.end, end) - start, one.kind)
            for one in spans
            if one.start < end and one.end > start
        ]
        piece = text[start:end]
        pieces.append(_replaced(piece, _apart([*inside, *find_personal(piece)])))
    return pieces


_ROUNDS = 8
_MOST_WORK = 50_000_000
"""Characters that are compared to find the same words again."""
_NEAR = 4000
_KEPT = 20_000
"""Longer texts are not kept for the next time; they are seldom asked for twice."""


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[PersonalSpan, ...]:
    return _search(text)


def _search(text: str) -> tuple[PersonalSpan, ...]:
    plain = text if text.isascii() else text.translate(_WIDE)
    # Most texts end here: whatever is personal has an @, a digit, or says what it is.
    if not is_chosen() and _DIGIT.search(plain) is None and not any(mark in plain for mark in _MARKS):
        return ()
    spans = _apart(_candidates(plain))
    # A mask changes what stands beside it, and says what the next number may be: looked at again until nothing is new.
    for _ in range(_ROUNDS if spans else 0):
        more = [*_again(plain, spans), *_behind(plain, spans)]
        if not more:
            break
        spans = _joined([*spans, *more])
    return spans


def _behind(text: str, spans: tuple[PersonalSpan, ...]) -> Iterator[PersonalSpan]:
    """What is found in the masked text, at its place in the text itself."""
    shift = 0
    starts: list[int] = []
    for one in spans:
        starts.append(one.start + shift)
        shift += len(one.kind.mask) - (one.end - one.start)

    def back(at: int, *, ends: bool) -> int:
        """The place in the text of one in the masked text; a place inside a mask is the edge of what it stands for."""
        place = (bisect_left(starts, at) if ends else bisect_right(starts, at)) - 1
        if place < 0:
            return at
        held, end = spans[place], starts[place] + len(spans[place].kind.mask)
        return held.end + at - end if at >= end else held.end if ends else held.start

    for found in _apart(_candidates(_replaced(text, spans))):
        start, end = back(found.start, ends=False), back(found.end, ends=True)
        place = bisect_right(spans, start, key=lambda one: one.start) - 1
        if place < 0 or end > spans[place].end:
            yield PersonalSpan(start, end, found.kind)


def _candidates(text: str) -> Iterator[PersonalSpan]:
    """What the finders see, the surest first: where two overlap, the earlier stands."""
    yield from find_secrets(text)
    if _AT.search(text):
        yield from find_emails(text)
    if _IBAN_HINT.search(text):
        yield from find_ibans(text)
    numbers = _DIGITS.search(text) is not None
    if numbers:
        yield from find_cards(text)
    if _V4_HINT.search(text) or _V6_HINT.search(text):
        yield from find_ips(text)
    if numbers:
        yield from find_phones(text)
    if "@" in text:
        yield from find_handles(text)
    yield from find_more(text)


def _again(text: str, spans: Sequence[PersonalSpan]) -> Iterator[PersonalSpan]:
    """The same words elsewhere in the text, where nothing around them told what they are."""
    known = {text[one.start : one.end]: one.kind for one in spans}
    if len(known) * len(text) > _MOST_WORK:
        # A list of thousands of people: their addresses tell what they are by themselves.
        return
    ends = [one.end for one in spans]
    for held, kind in known.items():
        at = text.find(held)
        while at >= 0:
            place = bisect_right(ends, at)
            inside = place < len(spans) and spans[place].start <= at and at + len(held) <= ends[place]
            if not inside:
                yield PersonalSpan(at, at + len(held), kind)
            at = text.find(held, at + 1)


def _apart(spans: Iterable[PersonalSpan]) -> tuple[PersonalSpan, ...]:
    """Without those that overlap an earlier one, in the order of the text."""
    kept: list[PersonalSpan] = []
    for one in spans:
        place = bisect_right(kept, one.start, key=lambda held: held.start)
        before, after = kept[max(0, place - 1) : place], kept[place : place + 1]
        if one.start < one.end and all(
            one.end <= held.start or one.start >= held.end for held in (*before, *after)
        ):
            kept.insert(place, one)
    return tuple(kept)


def _joined(spans: Iterable[PersonalSpan]) -> tuple[PersonalSpan, ...]:
    """Overlapping ones as one, of the kind that begins first."""
    kept: list[PersonalSpan] = []
    for one in sorted(spans):
        if kept and one.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, one.end))
        else:
            kept.append(one)
    return tuple(kept)


def _replaced(text: str, spans: Iterable[PersonalSpan]) -> str:
    parts: list[str] = []
    position = 0
    for one in spans:
        parts += [text[position : one.start], one.kind.mask]
        position = one.end
    return "".join([*parts, text[position:]])


def describe_counts(counts: dict[str, int]) -> str:
    """`12 e-mail addresses, 3 phone numbers`, in the order of the kinds."""
    names = {
        PersonalKind.secret: ("secret", "secrets"),
        PersonalKind.email: ("e-mail address", "e-mail addresses"),
        PersonalKind.iban: ("IBAN", "IBANs"),
        PersonalKind.card: ("card number", "card numbers"),
        PersonalKind.ip: ("IP address", "IP addresses"),
        PersonalKind.phone: ("phone number", "phone numbers"),
        PersonalKind.handle: ("handle", "handles"),
        PersonalKind.document: ("ID number", "ID numbers"),
        PersonalKind.name_of_person: ("name of a person", "names of persons"),
    }
    return ", ".join(
        f"{counts[kind.value]:,} {one if counts[kind.value] == 1 else many}"
        for kind, (one, many) in names.items()
        if counts.get(kind.value)
    )
