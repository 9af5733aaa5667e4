"""The one comment with evidence under a ticket: who asks for it, since when, in whose words, what speaks against it.

It is edited in place, which notifies nobody; the first one is written once enough people ask. Every number is counted and every quote is
compared with its record before the comment is kept.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from api.tickets.inert import inert_words
from assistant.chat.notes import filled
from assistant.chat.standing import Standing, standing_of
from assistant.domain.base import digest
from assistant.domain.evidence import Quote, Scope
from assistant.domain.personal.find import masked
from assistant.domain.ticket import Action, Connection, Effect, Link, Relation, Ticket
from assistant.drafting.paragraphs import readable
from assistant.workbench import Workbench

_TOPIC_CHARS = 1_000
"""About what the embedder reads of a text."""
_PLACE = ""
"""A link of a ticket to no draft at all holds the comment."""


def comment_on(bench: Workbench, connection: Connection, ticket: Ticket) -> Effect | None:
    """What is to be written under a ticket now. None where too few people ask for it, or the comment says it already.

    A comment that is there is kept up to date also where fewer people are left than it took to write it.
    """
    link = _link(bench, connection, ticket)
    found = standing_of(bench, topic_of(ticket), Scope())
    people = found.people if found else 0
    if link is None and people < connection.comment_at:
        return None
    text = _comment(bench, ticket, found)
    if link is not None and link.comment == text:
        return None
    return Effect(
        key=f"evidence/{connection.name}/{ticket.key}/{digest(text, link.comment if link else '', size=8)}",
        connection=connection.name,
        action=Action.comment,
        subject=f"evidence/{ticket.key}",
        ticket=ticket.key,
        comment=text,
        relation=Relation.evidence,
        made_at=datetime.now(UTC),
    )


def topic_of(ticket: Ticket) -> str:
    """What is asked about a ticket: its title and how its text begins. Logs behind it are no topic, and each of their words is looked up."""
    return f"{ticket.title}\n{ticket.body}".strip()[:_TOPIC_CHARS]


def evidence_of(bench: Workbench, ticket: Ticket) -> str:
    """What the comment would say now, however few people ask."""
    found = standing_of(bench, topic_of(ticket), Scope())
    if found is None:
        return "**Evidence:** nobody is found who speaks of this."
    return _comment(bench, ticket, found)


def _link(bench: Workbench, connection: Connection, ticket: Ticket) -> Link | None:
    known = bench.catalog.links.of_ticket(bench.workspace, connection.name, ticket.key)
    return next((one for one in known if one.relation is Relation.evidence and one.draft_id == _PLACE), None)


def _comment(bench: Workbench, ticket: Ticket, found: Standing | None) -> str:
    if found is None:
        return "**Evidence:** nobody is found any more who speaks of this."
    body = found.counted
    said = _verbatim(bench, (body.quotes[name] for name in found.said))
    contrary = _verbatim(bench, (body.quotes[name] for name in found.against))
    parts = ["**Evidence from customer feedback**"]
    parts += [" ".join(_sentences(bench, found))]
    parts += _quotes(bench, said)
    if contrary:
        parts += ["Against:", *_quotes(bench, contrary)]
    asked = len(found.said) + len(found.against)
    count = f"quotes verified {len(said) + len(contrary)}/{asked} · numbers counted {len(body.facts)}"
    as_of = next((fact.as_of for fact in body.facts.values() if fact.as_of), None)
    state = " · ".join(filter(None, (count, f"as of {as_of.date().isoformat()}" if as_of else "")))
    if bench.settings.public_url:
        where = f"{bench.settings.public_url.rstrip('/')}/tickets/{ticket.connection}/{ticket.key}"
        state = f"{state} · [all of it]({where})"
    return "\n\n".join([*parts, f"*{state}*"])


def _sentences(bench: Workbench, found: Standing) -> Iterator[str]:
    body = found.counted
    for name in body.claim_ids:
        claim = body.claims[name]
        if not claim.counter_quote_ids:
            yield _shown(bench, filled(body, claim.text))
    weight = found.weight
    if weight is not None and weight.holders:
        name = weight.segment.replace("_", " ")
        yield _shown(bench, f"Together they hold {weight.total:,.0f} of {weight.whole:,.0f} {name}.")


def _quotes(bench: Workbench, quotes: Iterable[Quote]) -> Iterator[str]:
    for quote in quotes:
        lines = "\n".join(f"> {_shown(bench, line)}" for line in quote.text.splitlines())
        day = quote.said_at.date().isoformat() if quote.said_at else ""
        yield f"{lines}\n> — {_shown(bench, ' · '.join(filter(None, (readable(quote.source), day))))}"


def _verbatim(bench: Workbench, quotes: Iterable[Quote]) -> list[Quote]:
    """Those that stand in their record as they are told. No other is shown."""
    held = list(quotes)
    records = bench.catalog.records.get(bench.workspace, [quote.record_id for quote in held])
    return [
        quote
        for quote in held
        if (record := records.get(quote.record_id)) and record.raw[quote.start : quote.end] == quote.text
    ]


def _shown(bench: Workbench, text: str) -> str:
    return inert_words(text if bench.settings.show_personal_data else masked(text))
