"""Reads the texts behind corpus rows: sentences with raw offsets, their stance and symptoms. Remembers what it read."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.domain.clean import clean
from assistant.domain.record import Passage, Record
from assistant.domain.text import content_words, sentences, stem
from assistant.drafting.phrases import Phrase, Symptom, phrases, symptoms
from assistant.search.matrix import CorpusMatrix
from assistant.search.stance import is_instruction_like, stance
from assistant.workbench import Workbench

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag))"
    r"(?: (?:there|all|team|everyone|support|\w+ team))?[,!. ]+)+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage; `start` and `end` are offsets into the record's raw text."""

    row: int
    """Row of the record in the corpus."""
    start: int
    end: int
    text: str
    """Cleaned."""
    stance: Literal["problem", "praise", "neutral"]

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of the content words."""
        return frozenset(stem(word) for word in content_words(self.text))

    @cached_property
    def phrases(self) -> list[Phrase]:
        return phrases(self.text)

    @cached_property
    def symptoms(self) -> list[Symptom]:
        return symptoms(self.text)


@dataclass(frozen=True)
class Saying:
    """A passage as it was read."""

    passage: int
    """Row of the passage in the corpus."""
    row: int
    """Row of its record."""
    text: str
    """Cleaned."""
    stance: Literal["problem", "praise", "neutral"]
    sentences: tuple[Sentence, ...]
    symptom_ids: frozenset[str]
    usable: bool
    """False for text that addresses a machine or says nothing; it is counted but never quoted."""


class Reader:
    """The texts of one workspace's current records. Not thread-safe: one per draft."""

    def __init__(self, bench: Workbench, matrix: CorpusMatrix) -> None:
        self.bench = bench
        self.matrix = matrix
        self._records: dict[int, Record] = {}
        self._sayings: dict[int, Saying] = {}

    def record(self, row: int) -> Record:
        """The record of a corpus row."""
        if row not in self._records:
            self._load([row])
        return self._records[row]

    def read(self, passages: list[int]) -> list[Saying]:
        """Read passages (rows of the corpus), in that order."""
        missing = [passage for passage in passages if passage not in self._sayings]
        rows = sorted(
            {int(self.matrix.passage_record[passage]) for passage in missing} - self._records.keys()
        )
        if rows:
            self._load(rows)
        if missing:
            ids = [self.matrix.rows.passage_ids[passage] for passage in missing]
            stored = self.bench.catalog.records.passages(self.bench.workspace, ids)
            for passage, passage_id in zip(missing, ids, strict=True):
                self._sayings[passage] = self._saying(passage, stored[passage_id])
        return [self._sayings[passage] for passage in passages]

    def _load(self, rows: list[int]) -> None:
        ids = [self.matrix.rows.record_ids[row] for row in rows]
        found = self.bench.catalog.records.get(self.bench.workspace, ids)
        for row, record_id in zip(rows, ids, strict=True):
            self._records[row] = found[record_id]

    def _saying(self, passage: int, stored: Passage) -> Saying:
        row = int(self.matrix.passage_record[passage])
        record = self._records[row]
        cleaned = clean(record.raw[stored.start : stored.end])
        share = self.matrix.rating_share(record.source, record.rating)
        parts = []
        for start, end in sentences(cleaned.text):
            if greeting := _GREETING.match(cleaned.text, start, end):
                start = greeting.end()
            raw_start, raw_end = cleaned.to_raw(start, end)
            text = cleaned.text[start:end]
            parts.append(Sentence(row, stored.start + raw_start, stored.start + raw_end, text, stance(text)))
        return Saying(
            passage=passage,
            row=row,
            text=cleaned.text,
            stance=stance(_GREETING.sub("", cleaned.text, count=1), share),
            sentences=tuple(parts),
            symptom_ids=frozenset(symptom.id for symptom in symptoms(cleaned.text)),
            usable=bool(_LETTERS.search(cleaned.text)) and not is_instruction_like(cleaned.text),
        )
