"""Release notes from tickets that were closed, by audience. Each line is one ticket's; each number in it is a stored fact's.

Words come from the ticket's title or from what the story that it implements wants. Who may read a line is decided in `audience`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import Field

from api.tickets.asked import asked_facts
from api.tickets.audience import Audience, Names, audience_of, doubts, may_read, walls, wording_walls
from api.tickets.mirror import ancestors, folded, is_dropped, tickets_of
from api.tickets.note_words import Group, from_story, from_title, group_of
from assistant.domain.base import Frozen
from assistant.domain.draft import Draft, StoryBlock
from assistant.domain.fact import Fact, Measure
from assistant.domain.record import RecordKind
from assistant.domain.text import index_terms
from assistant.domain.ticket import Link, Relation, Ticket, TicketState
from assistant.drafting.formats.tree import plain
from assistant.workbench import Workbench

_RUN = 6
"""So many words in a row that a customer wrote are their words, not ours."""
_LOOKED_AT = 40
_FEWEST_TOLD = 3
"""People: a number below could point at somebody."""
_LETTERED = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]{0,9}-\d{1,7})(?![\w-])")
_NUMBERED = re.compile(r"(?<![\w/&-])#(\d{1,7})(?![\w-])")
_OWN_RECORDS = "tracker:"


class NoteLine(Frozen):
    """One ticket, told."""

    ticket: str
    """Its key."""
    group: Group
    text: str
    people: int | None = None
    """Who asked for it, as the draft counted; None: nobody counted, it no longer holds, or it could point at somebody."""
    # What follows is told to the audience `internal` alone.
    url: str = Field(default="", exclude_if=lambda value: not value)
    widest: Audience | None = Field(default=None, exclude_if=lambda value: value is None)
    """The widest audience that reads it."""
    because: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    """Why nobody else does."""
    draft_id: str = Field(default="", exclude_if=lambda value: not value)
    item: str = Field(default="", exclude_if=lambda value: not value)
    fact_id: str = Field(default="", exclude_if=lambda value: not value)
    """Where the number stands."""
    commits: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    """First lines of the commits that name it."""


class Notes(Frozen):
    """Release notes for one audience."""

    connection: str
    audience: Audience
    since: datetime | None = None
    lines: tuple[NoteLine, ...]
    """New, better, fixed; within each by key."""
    # What follows is told to the audience `internal` alone.
    still_open: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    """Keys that commits name and that aren't closed."""
    without_ticket: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    """First lines of commits that name no known ticket."""


@dataclass(frozen=True)
class Wanted:
    """Which tickets make a release."""

    since: datetime | None = None
    """Changed last at or after this time, and closed."""
    labels: tuple[str, ...] = ()
    """Or a milestone or version, where the tracker's adapter tells it as a label: one of these."""
    commits: tuple[str, ...] = field(default=())
    """Messages of commits. A closed ticket that one of them names is a part of the release, whenever it was closed."""
    by_commits: bool = False
    """Whether the commits alone say what the release is, also where there are none."""
    denied: tuple[str, ...] = ()
    """Labels and components that stay inside, beside those that always do."""


def release_notes(bench: Workbench, connection: str, wanted: Wanted, audience: Audience) -> Notes:
    """Tell a release. Nothing is sent or kept. Raises: NotFound for a connection that isn't there."""
    counts_as = bench.catalog.connections.get(bench.workspace, connection).counts_as
    known = {one.key: one for one in tickets_of(bench, connection)}
    named = _named(wanted.commits, known)
    chosen = [one for one in known.values() if _is_chosen(one, wanted, named)]
    accounts = {name for name in bench.columns().account if name}
    judge = _Judge(bench, known, accounts, wanted.denied, from_customers=counts_as == "customer")
    lines = []
    for ticket in chosen:
        told = judge.line(ticket, named.get(ticket.key, ()))
        if told is not None and told.widest is not None and may_read(audience, told.widest):
            lines.append(told if audience is Audience.internal else _outside(told))
    order = list(Group)
    lines.sort(key=lambda one: (order.index(one.group), _natural(one.ticket)))
    inside = audience is Audience.internal
    return Notes(
        connection=connection,
        audience=audience,
        since=wanted.since,
        lines=tuple(lines),
        still_open=tuple(
            key for key in sorted(named, key=_natural) if known[key].state is TicketState.open and inside
        ),
        without_ticket=tuple(_without_ticket(wanted.commits, known)) if inside else (),
    )


def _outside(line: NoteLine) -> NoteLine:
    people = line.people if line.people is not None and line.people >= _FEWEST_TOLD else None
    return NoteLine(ticket=line.ticket, group=line.group, text=line.text, people=people)


def _is_chosen(ticket: Ticket, wanted: Wanted, named: Mapping[str, Sequence[str]]) -> bool:
    if ticket.state is not TicketState.closed or is_dropped(ticket):
        return False
    if ticket.key in named:
        return True
    if wanted.by_commits and wanted.since is None and not wanted.labels:
        return False
    if wanted.since is not None and (ticket.updated_at is None or ticket.updated_at < wanted.since):
        return False
    labels = {folded(one) for one in ticket.labels}
    return not wanted.labels or not labels.isdisjoint(folded(one) for one in wanted.labels)


class _Judge:
    """Words each ticket and says who may read it."""

    def __init__(
        self,
        bench: Workbench,
        known: Mapping[str, Ticket],
        accounts: Iterable[str],
        denied: Sequence[str],
        *,
        from_customers: bool,
    ) -> None:
        self._bench = bench
        self._known = known
        self._accounts = tuple(accounts)
        self._names = Names(self._accounts)
        self._denied = denied
        self._from_customers = from_customers
        self._drafts: dict[str, Draft | None] = {}
        self._links: dict[tuple[str, str], list[Link]] = {}
        for link in bench.catalog.links.links(bench.workspace):
            self._links.setdefault((link.connection, link.ticket), []).append(link)
        self._stale = {(one.draft_id, one.claim_id) for one in bench.catalog.staleness.claims(bench.workspace)}  # fmt: skip

    def line(self, ticket: Ticket, commits: Sequence[str]) -> NoteLine | None:
        links = self._links.get((ticket.connection, ticket.key), [])
        if any(one.relation is Relation.duplicate for one in links):
            return None
        link, story, fact = self._asked(links)
        group = group_of(ticket, is_story=story is not None)
        reported = Names((), {ticket.author, *(one.author for one in ticket.comments)} - {""})
        text = from_title(ticket, group)
        barred = [*self._walls(ticket), *self._wording(ticket.title, reported), *self._wording(text, reported)]  # fmt: skip
        if story is not None and link is not None and (draft := self._draft(link.draft_id)) is not None:
            told = " ".join(plain(draft, from_story(story, group)).split())
            if told and "“" not in told and not any(self._wording(told, reported)):
                text = told
        doubted = list(doubts(ticket, text, is_asked_for=link is not None))
        if self._from_customers and not ticket.marker:
            doubted.append("a customer wrote it")
        return NoteLine(
            ticket=ticket.key,
            group=group,
            text=text,
            people=int(fact.value) if fact is not None else None,
            url=ticket.url,
            widest=audience_of(ticket, barred, doubted),
            because=tuple(dict.fromkeys((*barred, *doubted))),
            draft_id=link.draft_id if link else "",
            item=link.item if link else "",
            fact_id=fact.id if fact else "",
            commits=tuple(commits),
        )

    def _walls(self, ticket: Ticket) -> Iterator[str]:
        yield from walls(ticket, self._denied)
        for above in ancestors(ticket, self._known):
            if above is None:
                yield "a part of a ticket that isn't known here"
            elif any(walls(above, self._denied)):
                yield f"a part of {above.key}, which is internal"

    def _wording(self, text: str, reported: Names) -> Iterator[str]:
        yield from wording_walls(text, self._names)
        if reported.in_text(text):
            yield "a name"
        if _repeats_record(self._bench, text):
            yield "words of a record"

    def _asked(self, links: Iterable[Link]) -> tuple[Link | None, StoryBlock | None, Fact | None]:
        """The item that the ticket does, its story, and how many people asked for it, where that still holds."""
        for link in links:
            draft = self._draft(link.draft_id) if link.relation is Relation.implements else None
            if draft is None or not link.item:
                continue
            story = next((one for one in draft.blocks() if isinstance(one, StoryBlock) and one.id == link.item), None)  # fmt: skip
            for claim_id, fact in asked_facts(draft, link.item):
                if fact.measure is Measure.people and (draft.id, claim_id) not in self._stale:
                    return link, story, fact
            if story is not None:
                return link, story, None
        return None, None, None

    def _draft(self, draft_id: str) -> Draft | None:
        if draft_id not in self._drafts:
            held = self._bench.catalog.drafts.get(self._bench.workspace, draft_id) if draft_id else None
            self._drafts[draft_id] = held
        return self._drafts[draft_id]


def _repeats_record(bench: Workbench, text: str) -> bool:
    """Whether six words in a row stand so in what a customer wrote."""
    words = folded(text).split()
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    if not runs:
        return False
    found = bench.catalog.lexical.search(bench.workspace, sorted(set(index_terms(text))), _LOOKED_AT)
    passages = bench.catalog.records.passages(bench.workspace, [name for name, _ in found])
    held = {one.record_id for one in passages.values()}
    for record in bench.catalog.records.get(bench.workspace, sorted(held)).values():
        if record.kind is RecordKind.customer and not record.source.startswith(_OWN_RECORDS):
            said = f" {' '.join(folded(record.raw).split())} "
            if any(f" {run} " in said for run in runs):
                return True
    return False


def _named(commits: Iterable[str], known: Mapping[str, Ticket]) -> dict[str, list[str]]:
    """Key → first lines of the commits that name it: `ABC-12`, or `#42` where keys are numbers."""
    found: dict[str, list[str]] = {}
    for message in commits:
        for key in keys_in(message):
            if key in known:
                found.setdefault(key, []).append(_first_line(message))
    return found


def keys_in(text: str) -> list[str]:
    """Keys of tickets that a text names, each once: `ABC-12` and `#42`."""
    found = [*_LETTERED.finditer(text), *_NUMBERED.finditer(text)]
    return list(dict.fromkeys(one[1] for one in found))


def _without_ticket(commits: Iterable[str], known: Mapping[str, Ticket]) -> Iterator[str]:
    for message in commits:
        if known.keys().isdisjoint(keys_in(message)) and _first_line(message):
            yield _first_line(message)


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0][:200]


def _natural(key: str) -> tuple[str, int]:
    letters = key.rstrip("0123456789")
    return letters, int(key[len(letters) :] or 0)
