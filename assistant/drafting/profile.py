"""What is known about a need: who has it, since when, what goes wrong, who disagrees. Numbers only, no sentences."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.text import content_words
from assistant.drafting.counter import on_subject
from assistant.drafting.desk import Desk
from assistant.drafting.facts import Rows, narrow
from assistant.drafting.reader import Heard, Reader, Saying, Sentence
from assistant.drafting.segments import VERSION, Lift, lift
from assistant.drafting.themes import Group
from assistant.search.column import are_first
from assistant.search.matrix import Ints
from assistant.search.phrases import SYMPTOMS, Symptom
from assistant.synthesis.change_point import Times, Trend, trend

TOO_FEW = 3
"""Fewer people than this are an anecdote."""
LOUD_ACCOUNTS = 3
READ = 200
"""Passages of a need that are read for quotes and wishes. Counting needs no reading (`search.marks`)."""
_SPEAKS_FOR = 0.2
"""A symptom that a smaller share names is a detail, or a word that means something else here."""
_FARTHER = 0.8
"""What the passage farthest from the brief loses as a quote: as much as a plain complaint is worth."""
_JUDGES = 12
"""Fewer judgements don't tell what a source thinks."""


@dataclass(frozen=True)
class Facet:
    """Those who name one symptom."""

    symptom: Symptom
    selection: str
    people: int
    passages: Ints
    """Most central first."""


@dataclass(frozen=True)
class Split:
    """Sources that disagree: one mostly complains, another mostly praises."""

    complaining: Scope
    content: Scope
    complaining_source: str
    content_source: str


@dataclass
class Profile:
    """A need with its selections; every number of it can be made a fact."""

    label: str
    keywords: tuple[str, ...]
    about: str
    """Selection: everyone who speaks of it."""
    hurts: str
    """Selection: those who complain, ask for something or name a failure."""
    works: str | None
    """Selection: those for whom it works."""
    people: int
    """Of `hurts`."""
    contented: int
    """Of `works`."""
    trend: Trend
    lift: Lift | None
    release: tuple[str, tuple[str, ...]] | None
    """Name of the version segment, and the versions that came up with the change."""
    loud: bool
    """A few accounts wrote most of it."""
    split: Split | None
    facets: list[Facet]
    reader: Reader
    telling: list[int]
    """The passages of `hurts` that are read: the most central ones first."""
    praising: list[int]
    """The most central passages of `works`."""
    all_read: bool
    """Whether `telling` is all of `hurts`."""
    language: str
    """The language most of them write in."""
    clear: float = 1.0
    """How clear its subject is, as `Group.told`."""
    is_topic: bool = False
    """Whether it is what the whole draft is about, which then needs no name."""
    used: set[tuple[int, int]] = field(default_factory=set)
    """Sentences that were quoted already: (row, start)."""
    benefits: list[str] = field(default_factory=list)
    """What stories of this need promise already."""

    @property
    def marked(self) -> list[Facet]:
        """The symptoms that enough of them name to speak for the need."""
        least = max(TOO_FEW, _SPEAKS_FOR * self.people)
        return [facet for facet in self.facets if facet.people >= least]

    @property
    def sayings(self) -> list[Saying]:
        """`telling`, as read."""
        return self.reader.read(self.telling)

    @property
    def praise(self) -> list[Saying]:
        """`praising`, as read."""
        return self.reader.read(self.praising)

    @property
    def is_problem(self) -> bool:
        return self.people >= self.contented


def profile(desk: Desk, groups: Iterable[Group], topic: str = "", keywords: tuple[str, ...] = ()) -> Profile:
    """Count what there is to know about a need; the groups are taken together as one.

    Args:
        topic: the brief, where the need is what the whole draft is about.
        keywords: of the topic; where there are none, those of its largest group.
    """
    groups = list(groups)
    central = np.array([row for group in groups for row in group.central], dtype=np.int64)
    heard = desk.reader.hear(central).usable
    troubled = heard.troubled
    words = keywords or groups[0].keywords
    content = on_subject(desk.reader, heard.praise, troubled, words)
    label = topic or groups[0].label
    where = groups[0].where or f"close to «{label}»"
    about = desk.book.select(
        heard.rows, f"records with a {'statement' if groups[0].where else 'passage'} {where}"
    )
    hurts = desk.book.select(
        troubled.rows, f"of those {where}: the ones that complain, ask for something or name a failure"
    )
    works = (
        desk.book.select(content.rows, f"of those {where}: the ones that praise it") if len(content) else None
    )
    base = desk.book.scope
    change = trend(_times(desk, desk.book.rows(hurts, base)), _times(desk, desk.book.rows(None, base)))
    if change.direction == "steady" and not _holds(desk, hurts):
        change = Trend("unknown")
    window = narrow(base, since=change.since) if change.direction == "growing" else base
    return Profile(
        label=label,
        keywords=words,
        about=about,
        hurts=hurts,
        works=works,
        people=desk.how_many(hurts),
        contented=desk.how_many(works) if works else 0,
        trend=change,
        lift=lift(desk, hurts, window),
        release=_release(desk, hurts, change),
        loud=_is_loud(desk, hurts),
        split=_split_by_source(desk, heard),
        facets=_facets(desk, troubled),
        reader=desk.reader,
        telling=_telling(troubled),
        praising=content.passages[:READ].tolist(),
        language=_language(desk, heard),
        all_read=len(troubled) <= READ,
        clear=max(group.told for group in groups),
        is_topic=bool(topic),
    )


def halves(desk: Desk) -> tuple[Scope, Scope] | None:
    """The scope before and from the middle of its usual span; None where nothing is dated."""
    span = desk.book.span()
    if span is None:
        return None
    middle = span[0] + timedelta(days=(span[1] - span[0]).days // 2)
    return narrow(desk.book.scope, since=span[0], until=middle), narrow(
        desk.book.scope, since=middle, until=span[1]
    )


def _holds(desk: Desk, selection: str) -> bool:
    """Whether a need's share of all records is about the same in both halves."""
    windows = halves(desk)
    if windows is None:
        return False
    early, late = (
        float(
            desk.book.count(
                Measure.share_of_records,
                FactFilter(scope=half, selection=selection),
                of=FactFilter(scope=half),
            )
        )
        for half in windows
    )
    return max(early, late) <= 1.8 * min(early, late)


def needs_of(
    desk: Desk, groups: Iterable[Group], brief: str, keywords: tuple[str, ...], count: int
) -> list[Profile]:
    """What stories and requirements are about: the brief as one need, or without one the needs of most people."""
    if brief:
        return [profile(desk, groups, brief, keywords)]
    groups = list(groups)
    return [profile(desk, [group]) for group in most_troubled(desk, groups, count) or groups[:1]]


def most_troubled(desk: Desk, groups: Iterable[Group], count: int) -> list[Group]:
    """The groups in which most people are troubled, told by their marks alone."""
    column = desk.reader.matrix.person if desk.counts is Measure.people else desk.reader.matrix.voice

    def people(group: Group) -> int:
        codes = column.codes[desk.reader.hear(group.passages).usable.troubled.rows]
        return len(np.unique(codes[codes >= 0]))

    ranked = sorted(
        ((people(group), place, group) for place, group in enumerate(groups)),
        key=lambda one: (-one[0], one[1]),
    )
    return [group for number, _, group in ranked[:count] if number]


def _telling(troubled: Heard) -> list[int]:
    """The passages to read: the most central ones, and such as ask for something, spread over all of them."""
    if len(troubled) <= READ:
        every: list[int] = troubled.passages.tolist()
        return every
    central: list[int] = troubled.passages[: READ // 2].tolist()
    asking: list[int] = troubled.passages[READ // 2 :][troubled.marks.wish[READ // 2 :]].tolist()
    step = max(1, len(asking) // (READ // 2))
    return central + asking[::step][: READ // 2]


def _times(desk: Desk, rows: Rows) -> dict[str, Times]:
    """Source → when its dated records were said, each voice once."""
    matrix = desk.reader.matrix
    rows = rows[are_first(matrix.voice.codes[rows])]
    rows = rows[~np.isnan(matrix.said_at[rows])]
    return {
        str(source): np.sort(matrix.said_at[rows[matrix.source.codes[rows] == code]])
        for source, code in sorted(matrix.source.known.items(), key=lambda item: str(item[0]))
    }


def _release(desk: Desk, selection: str, change: Trend) -> tuple[str, tuple[str, ...]] | None:
    """The versions that came up around the change, where most of those who name a version name one of them."""
    if change.direction != "growing" or change.since is None:
        return None
    matrix = desk.reader.matrix
    inside = desk.book.rows(selection, narrow(desk.book.scope, since=change.since))
    earlier = desk.book.rows(None, narrow(desk.book.scope, until=change.since - timedelta(days=14)))
    for name in matrix.segment_names:
        if not any(mark in name.casefold() for mark in VERSION):
            continue
        known = {matrix.rows.segments[row].get(name) for row in earlier}
        values = Counter(value for row in inside if (value := matrix.rows.segments[row].get(name)))
        fresh = tuple(sorted(value for value in values if value not in known))
        if sum(values.values()) >= 5 and sum(values[value] for value in fresh) >= 0.6 * sum(values.values()):
            return name, fresh
    return None


def _is_loud(desk: Desk, selection: str) -> bool:
    where = FactFilter(scope=desk.book.scope, selection=selection)
    records = int(desk.book.count(Measure.records, where))
    accounts = int(desk.book.count(Measure.accounts, where))
    share = float(desk.book.count(Measure.top_accounts_share, where, param=str(LOUD_ACCOUNTS)))
    return records >= 12 and accounts > LOUD_ACCOUNTS and share >= 0.45


def _split_by_source(desk: Desk, heard: Heard) -> Split | None:
    rows = desk.reader.matrix.rows
    voices: dict[str, Counter[int]] = defaultdict(Counter)
    for row, stance in zip(heard.rows.tolist(), heard.stances.tolist(), strict=True):
        voices[rows.source[row]][stance] += 1
    shares = {
        source: counts[1] / (counts[1] + counts[-1])
        for source, counts in sorted(voices.items())
        if counts[1] + counts[-1] >= _JUDGES
    }
    if len(shares) < 2:
        return None
    low = min(shares, key=lambda source: (shares[source], source))
    high = max(shares, key=lambda source: (shares[source], source))
    if shares[low] > 0.4 or shares[high] < 0.6 or shares[high] - shares[low] < 0.35:
        return None
    base = desk.book.scope
    return Split(narrow(base, sources=(low,)), narrow(base, sources=(high,)), low, high)


def _facets(desk: Desk, troubled: Heard) -> list[Facet]:
    found = []
    for symptom in SYMPTOMS:
        named = troubled.where(troubled.marks.symptoms[symptom.id])
        if len(named):
            selection = desk.book.select(named.rows, f"of those: the ones whose passage names {symptom.noun}")
            found.append(Facet(symptom, selection, desk.how_many(selection), named.passages))
    order = {symptom.id: place for place, symptom in enumerate(SYMPTOMS)}
    return sorted(found, key=lambda facet: (-facet.people, order[facet.symptom.id]))


def _language(desk: Desk, heard: Heard) -> str:
    counts = Counter(desk.reader.matrix.rows.language[row] for row in heard.rows.tolist())
    counts.pop("und", None)
    return min(counts, key=lambda code: (-counts[code], code)) if counts else "und"


def _length(text: str) -> int:
    """Words of a text; where a script has no spaces, two characters count as one."""
    spaced = text.split()
    return len(spaced) if text.isascii() or len(text) < 8 * len(spaced) else len(text) // 2


def pick(
    need: Profile,
    sayings: Iterable[Saying],
    count: int,
    wants: Callable[[Sentence], float],
    *,
    on_subject: bool = False,
) -> list[Sentence]:
    """Choose sentences that say most by a measure, each from another person; 0 or less leaves one out.

    A sentence of 6 to 32 words is preferred; one that the draft quotes already isn't chosen again.

    Args:
        on_subject: whether the sentence itself must hold a keyword of the need.
    """
    told_by = (*need.keywords, *content_words(need.label)) if need.is_topic else need.keywords
    marks = frozenset(word for keyword in told_by for word in keyword.split())
    sayings = list(sayings)
    # Under a brief the nearest come first, and the last ones hardly speak of it.
    farther = 0.002 + (_FARTHER / len(sayings) if need.is_topic and sayings else 0.0)
    ranked = []
    for place, saying in enumerate(sayings):
        if not saying.usable:
            continue
        for sentence in saying.sentences:
            length = _length(sentence.text)
            worth = wants(sentence)
            if worth <= 0 or not 4 <= length <= 45 or (sentence.row, sentence.start) in need.used:
                continue
            if sentence.text.casefold() in need.reader.shown:
                continue
            told = sum(1 for mark in marks if mark in sentence.text.casefold())
            if on_subject and not told:
                continue
            fit = 1.0 if 6 <= length <= 32 else 0.6
            ranked.append((round(-(worth + 0.35 * min(told, 3)) * fit + farther * place, 6), place, sentence))
    chosen: list[Sentence] = []
    seen: set[int] = set()
    for _, _, sentence in sorted(ranked, key=lambda item: (item[0], item[1], item[2].start)):
        if sentence.row not in seen:
            chosen.append(sentence)
            seen.add(sentence.row)
        if len(chosen) == count:
            break
    need.used.update((sentence.row, sentence.start) for sentence in chosen)
    need.reader.shown.update(sentence.text.casefold() for sentence in chosen)
    return chosen
