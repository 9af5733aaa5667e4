"""Who asked for what a ticket or a draft does, and where to answer them: each person once, with the records that they wrote.

The people are those that a stored fact counts, and the list is compared with it. Nobody's name is known here: a person is a pseudonym,
and whoever answers finds them by the record in the system that it came from.
"""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from api.tickets.asked import asked_facts
from api.tickets.evidence_comment import topic_of
from assistant.chat.standing import standing_of
from assistant.domain.base import Frozen
from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.evidence import Scope
from assistant.domain.fact import Measure
from assistant.domain.personal.find import masked
from assistant.domain.record import Record
from assistant.domain.ticket import Relation
from assistant.errors import NotFound
from assistant.synthesis.priority.sheet import safe_text
from assistant.workbench import Workbench

HEADER = ("person", "accounts", "channel", "external_id", "url", "record_id", "said_at")


class Place(Frozen):
    """A record, and where in its own system somebody can be answered."""

    channel: str
    """The record's source."""
    record_id: str
    external_id: str = ""
    url: str = ""
    said_at: str = ""


class Asker(Frozen):
    """Somebody who asked."""

    person: str
    """Pseudonym; empty: a record whose author nobody knows, and who is counted by none."""
    accounts: tuple[str, ...] = ()
    places: tuple[Place, ...]


class Counted(Frozen):
    """A stored number, and how many people the list has of it."""

    draft_id: str = ""
    """Empty: counted now, of what search finds."""
    item: str = ""
    fact_id: str = ""
    said: int
    """By the fact."""
    listed: int


class Askers(Frozen):
    """All who asked."""

    people: int
    """Distinct known people of the list."""
    unknown: int
    """Records without a known author."""
    counted: tuple[Counted, ...]
    askers: tuple[Asker, ...]

    @property
    def agrees(self) -> bool:
        """Whether the list has as many people as each fact says. If not, records changed since: the draft is stale."""
        return all(one.said == one.listed for one in self.counted)


def of_draft(bench: Workbench, draft: Draft, item: str = "") -> Askers:
    """Who stands behind an item; without one, behind any of the draft. Raises: NotFound where it has no such item."""
    names = [one.id for one in draft.blocks() if isinstance(one, StoryBlock | RequirementBlock)]
    if item and item not in names:
        raise NotFound(f"{draft.id} has no '{item[:40]}'.", hint=f"It has {', '.join(names) or 'no items'}.")
    return _listed(bench, [one for name in ([item] if item else names) for one in _behind(draft, name)])


def of_ticket(bench: Workbench, connection: str, key: str) -> Askers:
    """Who stands behind a ticket: by what it is linked to; where it is linked to nothing, by what search finds for its words.

    Raises: NotFound where nothing was heard of the ticket and nothing is linked to it.
    """
    links = bench.catalog.links.of_ticket(bench.workspace, connection, key)
    held: list[tuple[Counted, tuple[str, ...]]] = []
    for link in links:
        draft = bench.catalog.drafts.get(bench.workspace, link.draft_id) if link.draft_id else None
        if draft is not None and link.relation is not Relation.duplicate:
            items = [link.item] if link.item else [one.id for one in draft.blocks() if isinstance(one, StoryBlock | RequirementBlock)]  # fmt: skip
            held += [one for name in items for one in _behind(draft, name)]
    if held:
        return _listed(bench, held)
    ticket = bench.catalog.tickets.get(bench.workspace, connection, key)
    if ticket is None:
        raise NotFound(f"Nothing was heard of {key[:40]} in '{connection[:40]}'.", hint="voxspec tickets lists those that are known.")  # fmt: skip
    found = standing_of(bench, topic_of(ticket), Scope())
    if found is not None:
        for fact in found.counted.facts.values():
            selection = found.counted.selections.get(fact.filter.selection or "")
            if fact.measure is Measure.people and selection is not None and fact.value == found.people:
                return _listed(bench, [(Counted(fact_id=fact.id, said=int(fact.value), listed=0), selection.record_ids)])  # fmt: skip
    return _listed(bench, [])


def _behind(draft: Draft, item: str) -> Iterable[tuple[Counted, tuple[str, ...]]]:
    """The first fact that counts an item's people, and the records that it counts."""
    for _, fact in asked_facts(draft, item):
        if fact.measure is Measure.people and fact.filter.selection is not None:
            told = Counted(draft_id=draft.id, item=item, fact_id=fact.id, said=int(fact.value), listed=0)
            yield told, draft.selections[fact.filter.selection].record_ids
            return


def _listed(bench: Workbench, held: list[tuple[Counted, tuple[str, ...]]]) -> Askers:
    rows = bench.columns()
    at = {name: place for place, name in enumerate(rows.record_ids)}
    person = {name: rows.person[at[name]] for _, ids in held for name in ids if name in at}
    accounts = {name: rows.account[at[name]] for name in person}
    records = bench.catalog.records.get(bench.workspace, sorted(person))
    counted = tuple(
        told.model_copy(update={"listed": len({person[name] for name in ids if name in person} - {None})})
        for told, ids in held
    )
    groups: dict[str, list[str]] = {}
    for name in sorted(person):
        groups.setdefault(person[name] or f"?{name}", []).append(name)
    open_text = bench.settings.show_personal_data
    askers = [_asker(who, names, accounts, records, open_text=open_text) for who, names in groups.items()]
    askers.sort(key=lambda one: (not one.person, one.person, one.places[0].record_id))
    known = sum(bool(one.person) for one in askers)
    return Askers(people=known, unknown=len(askers) - known, counted=counted, askers=tuple(askers))


def _asker(
    who: str,
    names: list[str],
    accounts: Mapping[str, str | None],
    records: Mapping[str, Record],
    *,
    open_text: bool,
) -> Asker:
    def shown(text: str | None) -> str:
        return (text or "") if open_text else masked(text or "")

    places = [
        Place(
            channel=one.source,
            record_id=one.id,
            external_id=shown(one.external_id),
            url=shown(one.url),
            said_at=one.said_at.isoformat() if one.said_at else "",
        )
        for name in names
        if (one := records.get(name)) is not None
    ]
    held = sorted({shown(account) for name in names if (account := accounts[name])})
    return Asker(person="" if who.startswith("?") else who, accounts=tuple(held), places=tuple(places))


def as_csv(found: Askers) -> bytes:
    """A row per record, for a spreadsheet: no cell is a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for one in found.askers:
        for place in one.places:
            row = (one.person, "; ".join(one.accounts), place.channel, place.external_id, place.url, place.record_id, place.said_at)  # fmt: skip
            writer.writerow([safe_text(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
