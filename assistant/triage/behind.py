"""What stands behind tickets: the quotes of the requirements that they do, and those of the comment with evidence under each.

A draft's quotes are spans of records, whose passages are in the catalog's vectors already. A comment is text that was sent: its quoted
lines are read.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.ids import record_id
from assistant.domain.ticket import Link, Relation
from assistant.search.matrix import CorpusMatrix
from assistant.stores.port import DraftStore
from assistant.triage.tickets import SOURCE
from assistant.workbench import Workbench

MOST = 12
"""Quotes of a ticket that are compared: those of a popular wish say the same."""
_QUOTED = re.compile(r"^>(?![ \t]*\u2014)[ \t]?(.*\S)", re.MULTILINE)
_ESCAPED = re.compile(r"\\([^\w\s])")
Span = tuple[str, int, int]
"""Id of a record, first and last character of its raw text."""
_cited: WeakKeyDictionary[DraftStore, dict[tuple[str, str, int], dict[str, list[Span]]]] = WeakKeyDictionary()
"""Spans by workspace, draft and version, then by item: a version never changes. No text is kept, which might be erased."""


@dataclass(frozen=True)
class Behind:
    """Evidence of tickets, by the ids of their own records."""

    spans: dict[str, list[Span]]
    said: dict[str, list[str]]
    """Quotes that only a comment holds."""

    def passages(self, bench: Workbench, matrix: CorpusMatrix) -> dict[str, list[int]]:
        """Rows of the passages that are quoted, by ticket; of a record that was erased since there are none."""
        rows = {ticket: list(_rows(matrix, spans)) for ticket, spans in self.spans.items()}
        names = {matrix.rows.passage_ids[row] for found in rows.values() for row, _ in found}
        known = bench.catalog.records.passages(bench.workspace, sorted(names))
        return {
            ticket: [
                row
                for row, (_, start, end) in found
                if (one := known.get(matrix.rows.passage_ids[row])) and one.start < end and start < one.end
            ]
            for ticket, found in rows.items()
        }

    def texts(self, bench: Workbench, tickets: Sequence[str]) -> dict[str, list[str]]:
        """What is quoted behind some tickets, in words."""
        names = {name for ticket in tickets for name, _, _ in self.spans.get(ticket, ())}
        records = bench.catalog.records.get(bench.workspace, sorted(names)) if names else {}
        return {
            ticket: [
                *(
                    records[name].raw[start:end]
                    for name, start, end in self.spans.get(ticket, ())
                    if name in records
                ),
                *self.said.get(ticket, ()),
            ]
            for ticket in tickets
            if ticket in self.spans or ticket in self.said
        }


def behind_tickets(bench: Workbench) -> Behind:
    """The evidence of all tickets that are linked to something. Raises: StoreError."""
    spans: defaultdict[str, dict[Span, None]] = defaultdict(dict)
    said: dict[str, list[str]] = {}
    for link in bench.catalog.links.links(bench.workspace):
        ticket = record_id(bench.workspace, f"{SOURCE}{link.connection}", link.ticket)
        if link.draft_id:
            spans[ticket].update(dict.fromkeys(_spans_of(bench, link)))
        elif link.relation is Relation.evidence and link.comment:
            said[ticket] = [_ESCAPED.sub(r"\1", line) for line in _QUOTED.findall(link.comment)][:MOST]
    return Behind({ticket: list(found)[:MOST] for ticket, found in spans.items() if found}, said)


def _rows(matrix: CorpusMatrix, spans: Sequence[Span]) -> Iterator[tuple[int, Span]]:
    for span in spans:
        record = matrix.row_of(span[0])
        if record is not None:
            first, last = matrix.passage_record.searchsorted([record, record + 1])
            yield from ((row, span) for row in range(int(first), int(last)))


def _spans_of(bench: Workbench, link: Link) -> list[Span]:
    held = _cited.setdefault(bench.catalog.drafts, {})
    key = (bench.workspace, link.draft_id, link.version)
    if key not in held:
        draft = bench.catalog.drafts.get(*key)
        held[key] = dict(_by_item(draft)) if draft is not None else {}
    return held[key].get(link.item, [])


def _by_item(draft: Draft) -> Iterator[tuple[str, list[Span]]]:
    blocks = [one for one in draft.blocks() if isinstance(one, StoryBlock | RequirementBlock)]
    for block in blocks:
        carried = [one for one in blocks if isinstance(one, RequirementBlock) and block.id in one.story_ids]
        claims = [
            draft.claims[name] for one in (block, *carried) for name in one.claim_ids if name in draft.claims
        ]
        quotes = [draft.quotes[name] for claim in claims for name in claim.quote_ids if name in draft.quotes]
        yield block.id, [(quote.record_id, quote.start, quote.end) for quote in quotes]
