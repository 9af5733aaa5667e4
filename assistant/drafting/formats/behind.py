"""The records behind a draft's numbers, for the end of a file: each query once, its records by short names, the words of each record once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.domain.draft import Draft
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.domain.personal.find import masked, masked_piece
from assistant.domain.record import Record
from assistant.domain.text import index_terms, sentences
from assistant.drafting.formats.describe import filter_words
from assistant.drafting.formats.nodes import Fold, Heading, Items, Node, Number, Paragraph, Spans, Table, Text

LITERAL = (Measure.constant, Measure.stated)
"""Numbers that count no records."""
TITLE = "Records behind the numbers"
_LONGEST = 400
"""Characters of a record that are shown."""
_SAMPLE = 20
"""Records with their words of a query that is no selection of a need or theme but everyone's records, or of a very large one."""
_LARGE = 500
_LONGEST_SEGMENT = 24
"""A longer value is a sentence, for example a survey's question."""
_CAPS = (500, 200, 100, 50, 20, 10, 5, 2, 1)


@dataclass(frozen=True)
class Room:
    """How much of the records a format has room for."""

    words: int
    """Records that are shown with their words."""
    listed: int
    """A query with more records names only its sample."""
    ids: int
    """Records that are named at all."""


ROOMS: Mapping[str, Room] = {
    "html": Room(words=2_000, listed=10_000, ids=20_000),
    **dict.fromkeys(("md", "docx", "pdf"), Room(words=500, listed=_LARGE, ids=5_000)),
}
"""A printed page holds 25 records with their words, or 200 ids; what is folded in HTML costs only bytes."""


@dataclass(frozen=True)
class Counted:
    """What a query finds today."""

    members: tuple[str, ...]
    """Record ids, oldest first."""
    is_selected: bool
    """Whether it asks for the records of a need or theme, not for everyone's."""
    voices: int
    people: int
    accounts: int


@dataclass(frozen=True)
class Behind:
    """What stands behind a draft's numbers, as one file shows it."""

    queries: Mapping[str, tuple[str, ...]]
    """Fact id → names of its queries, `B1`: what it counts, then what that is a part of or compared with."""
    counted: Mapping[str, Counted]
    """Name of a query → what it finds."""
    again: Mapping[str, str]
    """Fact id → the same number counted again, as it is shown; empty where it can't be."""
    records: Mapping[str, Record]
    """Record id → record, for those that are shown with their words, oldest first."""
    listed: tuple[str, ...]
    """Further records that are named by id only."""
    has_changed: bool
    """Whether records came, changed or went since the draft was written."""
    show_personal: bool = False

    @property
    def names(self) -> dict[str, str]:
        """Record id → its short name in the file, `R1`."""
        return {one: f"R{place}" for place, one in enumerate((*self.records, *self.listed), start=1)}


def queries(draft: Draft) -> tuple[dict[str, tuple[str, ...]], dict[str, FactFilter]]:
    """Fact id → names of its queries, and name → query. Each distinct query has one name, in the order of the facts."""
    named: dict[str, tuple[str, FactFilter]] = {}
    of_fact = {}
    for fact in in_order(draft):
        keys = {where.model_dump_json(): where for where in parts_of(fact)}
        for key, where in keys.items():
            named.setdefault(key, (f"B{len(named) + 1}", where))
        of_fact[fact.id] = tuple(named[key][0] for key in keys)
    return of_fact, dict(named.values())


def chosen(counted: Iterable[Counted], room: Room) -> tuple[list[str], list[str]]:
    """Which records are shown with their words, and which others are named; each once, in the order of the queries.

    Where there are too many, each query shows a sample spread evenly over its time.
    """
    held = list(counted)
    shown: dict[str, None] = {}
    for cap in _CAPS:
        shown = dict.fromkeys(one for query in held for one in _spread(query, cap))
        if len(shown) <= room.words:
            break
    first = list(shown)[: room.words]
    others = dict.fromkeys(
        one for query in held if len(query.members) <= room.listed for one in query.members
    )
    rest = [one for one in others if one not in shown]
    return first, rest[: max(0, room.ids - len(first))]


def behind_nodes(draft: Draft, behind: Behind) -> list[Node | Fold]:
    """The last part of a file."""
    names = behind.names
    asked: dict[str, tuple[FactFilter, list[Fact]]] = {}
    for fact in in_order(draft):
        # By place: where personal data is masked, two queries may read alike.
        for name, where in zip(behind.queries[fact.id], parts_of(fact), strict=False):
            asked.setdefault(name, (where, []))[1].append(fact)
    folds = [_query(draft, behind, names, name, *asked[name]) for name in asked if name in behind.counted]
    shown = [_row(draft, behind, names[one], record) for one, record in behind.records.items()]
    found: list[Node | Fold] = [Heading(2, (Text(TITLE),)), Paragraph(_lead(draft, behind)), *folds]
    if shown:
        head = tuple((Text(cell),) for cell in ("", "what was said", "where, when and by whom"))
        title = (Text(f"R1 to R{len(shown)}: {len(shown):,} records with their words"),)
        found.append(Fold("", title, (Table(head, tuple(shown), "records"),)))
    if behind.listed:
        first = len(shown) + 1
        title = (
            Text(
                f"R{first} to R{first + len(behind.listed) - 1}: {len(behind.listed):,} further records by id"
            ),
        )
        told = ", ".join(f"{names[one]} {one}" for one in behind.listed)
        found.append(Fold("", title, (Paragraph((Text(told),), "ids"),)))
    return found


def in_order(draft: Draft) -> list[Fact]:
    """The facts by their numbers."""
    return sorted(draft.facts.values(), key=lambda fact: int(fact.id[1:]))


def parts_of(fact: Fact) -> Iterator[FactFilter]:
    """The queries of a fact, none for one that counts no records."""
    if fact.measure in LITERAL:
        return
    yield fact.filter
    if fact.denominator is not None:
        yield fact.denominator
    for peer in fact.peers:
        yield fact.filter.model_copy(update={"selection": peer})


def _spread(query: Counted, cap: int) -> Sequence[str]:
    members = query.members
    most = cap if query.is_selected and len(members) <= _LARGE else min(cap, _SAMPLE)
    if len(members) <= most:
        return members
    step = (len(members) - 1) / max(1, most - 1)
    return [members[round(place * step)] for place in range(most)]


def _lead(draft: Draft, behind: Behind) -> Spans:
    counting = [fact for fact in in_order(draft) if fact.measure not in LITERAL]
    same = sum(behind.again.get(fact.id) == fact.display for fact in counting)
    told = (
        f"Each number above is a query; its records stand here. Counted again for this file, by code that shares nothing with "
        f"the code that wrote them: {same} of {len(counting)} numbers are the same."
    )
    if behind.has_changed:
        told += " Records have come, changed or gone since the draft was written: what stands here are those of today."
    if not behind.show_personal:
        told += " Personal data is masked."
    return (Text(told),)


def _query(
    draft: Draft, behind: Behind, names: Mapping[str, str], name: str, where: FactFilter, facts: list[Fact]
) -> Fold:
    found = behind.counted[name]
    repeats = len(found.members) - found.voices
    title = f"{name} · {len(found.members):,} {_noun(len(found.members), 'record')}"
    title += f" of {found.people:,} {'person' if found.people == 1 else 'people'}"
    title += f" in {found.accounts:,} {_noun(found.accounts, 'account')}" if found.accounts else ""
    told = f"{filter_words(where, draft.selections)}."
    if repeats:
        told += f" {repeats:,} of them {'repeats' if repeats == 1 else 'repeat'} what the same voice said and {'counts' if repeats == 1 else 'count'} once."
    lines: list[Spans] = []
    for fact in facts:
        again = behind.again.get(fact.id, "")
        same = (
            "the same when counted again"
            if again == fact.display
            else f"counted again: {again or 'no answer'}"
        )
        lines.append((Number(fact.id, fact.id), Text(f" {fact.display}, {same}")))
    body = (
        Paragraph((Text(told),)),
        Items(tuple(lines)),
        Paragraph(_members(behind, names, found), "members"),
    )
    return Fold(name, (Text(title),), body)


def _noun(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _members(behind: Behind, names: Mapping[str, str], found: Counted) -> Spans:
    """The records by their short names, runs of neighbours as one."""
    if not found.members:
        return (Text("None: the number is counted over no record."),)
    all_named = all(one in names for one in found.members)
    named = found.members if all_named else [one for one in _spread(found, _SAMPLE) if one in behind.records]
    with_words = sum(one in behind.records for one in named)
    spans: list[Number | Text] = []
    if not all_named:
        told = f"{len(named):,} of {len(found.members):,}, spread over the time; Voxspec's page of the number lists all: "
        spans.append(Text(told))
    elif with_words < len(named):
        spans.append(Text(f"{with_words:,} of {len(named):,} with their words, the others by id: "))
    places = sorted(int(names[one][1:]) for one in named)
    for place, (first, last) in enumerate(_runs(places, len(behind.records))):
        spans += [Text(", ")] if place else []
        spans += _run(first, last, len(behind.records))
    return tuple(spans)


def _run(first: int, last: int, shown: int) -> Iterator[Number | Text]:
    for place, number in enumerate(dict.fromkeys((first, last))):
        if place:
            yield Text("–")
        yield Number(f"R{number}", f"R{number}") if number <= shown else Text(f"R{number}")


def _runs(places: Sequence[int], shown: int) -> Iterator[tuple[int, int]]:
    """Runs of neighbours; those with words and those without apart."""
    for _, group in groupby(enumerate(places), key=lambda item: (item[1] - item[0], item[1] <= shown)):
        run = [place for _, place in group]
        yield run[0], run[-1]


def _row(draft: Draft, behind: Behind, name: str, record: Record) -> tuple[Spans, ...]:
    about = [
        record.id,
        record.source.replace("_", " "),
        record.said_at.date().isoformat() if record.said_at else "no date",
        record.person or "nobody known",
        record.account or "",
        *(
            f"{key.replace('_', ' ')} {value}"
            for key, value in sorted(record.segments.items())
            if len(value) <= _LONGEST_SEGMENT
        ),
        f"rating {record.rating:g}" if record.rating is not None else "",
    ]
    told = " · ".join(part for part in about if part)
    words = _words(draft, record, show_personal=behind.show_personal)
    return ((Text(name),), (Text(words),), (Text(told if behind.show_personal else masked(told)),))


def _words(draft: Draft, record: Record, *, show_personal: bool) -> str:
    """The record's own words, verbatim; of a long one the part that has most of the brief's words in it."""
    raw = record.raw
    first, last = 0, len(raw)
    if len(raw) > _LONGEST:
        wanted = frozenset(index_terms(f"{draft.brief} {draft.title}", draft.language))
        spans = list(sentences(raw)) or [(0, len(raw))]
        best = max(
            spans,
            key=lambda one: (len(wanted & set(index_terms(raw[one[0] : one[1]], record.language))), -one[0]),
        )
        first = max(0, min(best[0], len(raw) - _LONGEST))
        last = first + _LONGEST
    shown = raw[first:last] if show_personal else masked_piece(raw, first, last)
    return ("…" if first else "") + shown + ("…" if last < len(raw) else "")
