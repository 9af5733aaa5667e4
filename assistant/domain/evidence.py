"""Quotes, the scope they may come from, and the evidence found for a request."""

import operator
from typing import Literal, Self

from pydantic import AwareDatetime, Field, FiniteFloat, model_validator

from assistant.domain.base import Frozen
from assistant.domain.facets import RecordType, Sentiment
from assistant.domain.record import RecordKind

Stance = Literal["problem", "praise", "neutral"]
"""What a sentence says of its subject: it hurts or is asked for; it works; neither."""


class Quote(Frozen):
    """A verbatim span of a raw record: `text == record.raw[start:end]`, always."""

    record_id: str
    revision: str
    start: int
    end: int
    text: str
    source: str = ""
    person: str | None = None
    said_at: AwareDatetime | None = None
    language: str = "und"
    anchor: str | None = None

    @model_validator(mode="after")
    def _length_fits(self) -> Self:
        if self.end - self.start != len(self.text) or self.start < 0 or not self.text:
            raise ValueError("a quote's offsets must span exactly its text")
        return self


class Scope(Frozen):
    """Which records may be used. Empty fields don't restrict."""

    kinds: tuple[RecordKind, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    segments: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Segment name → allowed values."""
    since: AwareDatetime | None = None
    """Inclusive."""
    until: AwareDatetime | None = None
    """Exclusive."""
    min_rating: FiniteFloat | None = None
    max_rating: FiniteFloat | None = None
    # Left out where they don't restrict: drafts of before facets keep their bytes.
    types: tuple[RecordType, ...] = Field(default=(), exclude_if=operator.not_)
    sentiments: tuple[Sentiment, ...] = Field(default=(), exclude_if=operator.not_)

    @property
    def is_empty(self) -> bool:
        return self == Scope()


class Hit(Frozen):
    """One search result: a passage, its best sentence as a quote, and how it was found."""

    record_id: str
    passage_id: str
    score: float
    quote: Quote
    dense: float | None = None
    """Cosine similarity of the passage to the question."""
    lexical: float | None = None
    """BM25 score of the passage, where a word of the question occurs in it."""
    stance: Stance = "neutral"


class Evidence(Frozen):
    """The ranked hits for a question in a scope, for and against."""

    question: str
    scope: Scope
    supporting: tuple[Hit, ...]
    opposing: tuple[Hit, ...] = ()
    candidates: int = 0
    """How many passages were looked at before the selection."""
