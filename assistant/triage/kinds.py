"""What a ticket asks for, and which part of the product it is about."""

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.domain.facets import RecordType
from assistant.domain.record import Record
from assistant.domain.ticket import Ticket
from assistant.domain.triage import Alike, Rated, Severity, TicketType
from assistant.triage.severity import UNREAD
from assistant.workbench import Workbench

_NAMED = {
    TicketType.bug: r"bug|defect|incident|regression|crash|fehler|problem|type[:/ ]*bug|kind[:/ ]*bug|bogue|error",
    TicketType.feature: r"feature(?: request)?|enhancement|improvement|new feature|story|user story|wish\w*|epic|type[:/ ]*(?:feature|enhancement)|kind[:/ ]*feature|idea|suggestion|proposal|rfe",
    TicketType.question: r"question|support|help|help wanted|type[:/ ]*question|kind[:/ ]*question|discussion|frage",
    TicketType.task: r"task|sub-?task|chore|maintenance|refactor\w*|documentation|docs|test|build|ci",
}
_KINDS = {kind: re.compile(rf"(?:{names})\Z", re.IGNORECASE) for kind, names in _NAMED.items()}
_SAID = {
    RecordType.problem: TicketType.bug,
    RecordType.request: TicketType.feature,
    RecordType.question: TicketType.question,
}
_COMPONENT_LABEL = re.compile(
    r"(?:component|comp|area|module|product)\s*[:/=]\s*(\S.{0,80})\Z", re.IGNORECASE
)
LEAST_VOTES = 2
"""Tickets that must name a component before it is passed on."""
LEAST_SHARE = 0.6
LEAST_SCORE = 0.35


def type_of(bench: Workbench, ticket: Ticket, record: Record, rated: Rated) -> TicketType:
    """By the tracker's own word, then its labels, then what the record says; a failure is a bug."""
    for word in (ticket.kind, *ticket.labels):
        for kind, pattern in _KINDS.items():
            if pattern.match(word.strip()):
                return kind
    is_major = rated.severity in (Severity.critical, Severity.major)
    if is_major and rated.rule not in UNREAD:
        return TicketType.bug
    facets = bench.catalog.facets.get(bench.workspace, [record.id]).get(record.id)
    if facets is None or facets.type is None:
        return TicketType.bug if is_major else TicketType.task
    return _SAID.get(facets.type, TicketType.task)


def component_of(bench: Workbench, ticket: Ticket, alike: Sequence[Alike]) -> str:
    """The ticket's own component, or that of its labels, or what tickets of the same connection that are like it agree on; else empty."""
    if ticket.component:
        return ticket.component
    for label in ticket.labels:
        if match := _COMPONENT_LABEL.match(label.strip()):
            return match[1].strip()
    votes: defaultdict[str, float] = defaultdict(float)
    voters: defaultdict[str, int] = defaultdict(int)
    for one in alike:
        if one.connection != ticket.connection or one.score < LEAST_SCORE:
            continue
        known = bench.catalog.tickets.get(bench.workspace, one.connection, one.ticket)
        if known is not None and known.component:
            votes[known.component] += one.score
            voters[known.component] += 1
    if not votes:
        return ""
    best = min(votes, key=lambda name: (-votes[name], name))
    agreed = voters[best] >= LEAST_VOTES and votes[best] >= LEAST_SHARE * sum(votes.values())
    return best if agreed else ""
