"""Quotes inside their records, as a reader sees them: a little before, the words, a little after."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.draft import Draft
from assistant.domain.evidence import Quote
from assistant.domain.personal.find import masked_piece
from assistant.domain.record import Record

_AROUND = 240
"""Characters of the record that are shown before and after a quote."""


@dataclass(frozen=True)
class Excerpt:
    """A quote between what stands around it in its record."""

    before: str
    words: str
    after: str


def excerpts_of(
    draft: Draft, records: Mapping[str, Record] | None, *, show_personal: bool
) -> dict[str, Excerpt]:
    """Quote id → excerpt, for quotes that their record still holds. Args: draft: as it is stored, without masks."""
    found = {}
    for name, quote in draft.quotes.items():
        record = (records or {}).get(quote.record_id)
        if record is not None and record.raw[quote.start : quote.end] == quote.text:
            found[name] = _excerpt(record.raw, quote, show_personal=show_personal)
    return found


def _excerpt(raw: str, quote: Quote, *, show_personal: bool) -> Excerpt:
    first, last = max(0, quote.start - _AROUND), min(len(raw), quote.end + _AROUND)

    def cut(start: int, end: int) -> str:
        return raw[start:end] if show_personal else masked_piece(raw, start, end)

    before = ("…" if first else "") + cut(first, quote.start)
    after = cut(quote.end, last) + ("…" if last < len(raw) else "")
    return Excerpt(before, cut(quote.start, quote.end), after)
