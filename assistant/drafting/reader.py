"""Reads the texts behind corpus rows: sentences with raw offsets, stance and symptoms. Remembers what it read."""

from collections import ChainMap
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from assistant.domain.clean import clean
from assistant.domain.evidence import Stance
from assistant.domain.record import Passage, Record
from assistant.domain.text import index_terms, sentences
from assistant.search.marks import Marks, greeting_end, marks_of, read_marks
from assistant.search.matrix import Bools, CorpusMatrix, Ints
from assistant.search.phrases import Phrase, Symptom, phrases, symptoms
from assistant.search.stance import DECIDES, stance
from assistant.stores.index_port import Vectors
from assistant.stores.moved import Moved
from assistant.stores.port import CorpusRows
from assistant.workbench import Workbench

_KEPT = 30_000
"""Passages that stay read between drafts over the same snapshot, about 2 kB each."""
_KEPT_RECORDS, _SHORT_RAW = 5_000, 10_000
"""So do records, which quotes are cut from, but no long documents: a draft of twenty quotes asked the catalog eight times, 1 ms each."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage; `start` and `end` are offsets into the record's raw text."""

    row: int
    """Row of the record in the corpus."""
    start: int
    end: int
    text: str
    """Cleaned."""
    language: str = "und"
    """Of its record."""

    @cached_property
    def stance(self) -> Stance:
        return stance(self.text, language=self.language)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of the content words."""
        return frozenset(index_terms(self.text, self.language))

    @cached_property
    def phrases(self) -> list[Phrase]:
        return phrases(self.text, self.language)

    @cached_property
    def symptoms(self) -> list[Symptom]:
        return symptoms(self.text, self.language)


@dataclass(frozen=True)
class Saying:
    """A passage as it was read."""

    passage: int
    """Row of the passage in the corpus."""
    row: int
    """Row of its record."""
    text: str
    """Cleaned."""
    sentences: tuple[Sentence, ...]
    symptom_ids: frozenset[str]
    language: str
    """Of its record."""
    usable: bool
    """False for text that addresses a machine or says nothing; it is neither counted nor quoted."""


@dataclass(frozen=True)
class Heard:
    """What passages say, by their marks, in the order that they were asked for."""

    passages: Ints
    rows: Ints
    """Their records."""
    stances: Ints
    """1 praise, -1 problem, 0 neither."""
    marks: Marks
    reported: Bools
    """Whether the record as a whole was read as a problem or a request without being content, and this passage is all of it."""

    @property
    def troubled(self) -> "Heard":
        """Those that complain, ask for something or name a failure; told by their words, or else by what they mean as a whole."""
        named = np.logical_or.reduce([*self.marks.symptoms.values(), self.marks.wish, self.reported])
        return self.where((self.stances < 0) | ((self.stances == 0) & named))

    @property
    def usable(self) -> "Heard":
        """Those that say something, and say it to people."""
        return self.where(self.marks.usable)

    @property
    def praise(self) -> "Heard":
        """Those whose words praise, a rating alone is not enough, and that name no failure and ask for nothing."""
        named = np.logical_or.reduce([*self.marks.symptoms.values(), self.marks.wish])
        return self.where((self.stances > 0) & (self.marks.score >= DECIDES) & ~named)

    def where(self, mask: np.ndarray) -> "Heard":
        """Some of them, in the same order."""
        held = self.passages[mask], self.rows[mask], self.stances[mask]
        return Heard(*held, self.marks.at(mask), self.reported[mask])

    def __len__(self) -> int:
        return len(self.passages)


_MARKS = "marks"


@dataclass(frozen=True)
class _KeptMarks:
    """Reading those of 110,000 passages takes 0.6 s."""

    marks: Marks

    def moved(self, moved: Moved, rows: CorpusRows) -> "_KeptMarks | None":
        written = [rows.marks[row] for row in moved.passages_come.tolist()]
        # Of before there were any: whoever reads the texts makes them.
        return _KeptMarks(self.marks.spliced(moved.passages, read_marks(written))) if all(written) else None


_RECORDS: "WeakKeyDictionary[CorpusMatrix, dict[int, Record]]" = WeakKeyDictionary()
_SAYINGS: "WeakKeyDictionary[CorpusMatrix, dict[int, Saying]]" = WeakKeyDictionary()


class Reader:
    """The texts of one workspace's current records. One per draft; what was read is shared by all over a snapshot."""

    def __init__(self, bench: Workbench, matrix: CorpusMatrix) -> None:
        self.bench = bench
        self.matrix = matrix
        self.shown: set[str] = set()
        """Sentences that the draft quotes, without their case: the same words of another person prove nothing new."""
        kept = _RECORDS.setdefault(matrix, {})
        if len(kept) > _KEPT_RECORDS:
            kept = _RECORDS[matrix] = {}
        self._kept_records = kept
        self._records: ChainMap[int, Record] = ChainMap({}, kept)
        self._sayings = _SAYINGS.setdefault(matrix, {})
        if len(self._sayings) > _KEPT:
            self._sayings = _SAYINGS[matrix] = {}

    def record(self, row: int) -> Record:
        """The record of a corpus row."""
        if row not in self._records:
            self._load([row])
        return self._records[row]

    def hear(self, passages: Ints) -> Heard:
        """The marks of passages (rows of the corpus), in that order; texts are read only where a passage has none."""
        return self._heard(passages, self.matrix.passage_record[passages], self._marks().at(passages))

    def unit_rows(self, passages: Ints) -> Vectors:
        """The vectors of passages, shape (passages, dimension)."""
        return self.matrix.unit_rows(passages)

    def _heard(self, passages: Ints, rows: Ints, marks: Marks) -> Heard:
        stances = marks.stance(self.matrix.rating_shares[rows]).astype(np.int64)
        return Heard(passages, rows, stances, marks, self._reported[rows])

    @cached_property
    def _reported(self) -> Bools:
        """Shape (records,)."""
        alone = np.bincount(self.matrix.passage_record, minlength=len(self.matrix.rows.record_ids)) == 1
        content = self.matrix.sentiment.among(("positive",))
        reported: Bools = self.matrix.type.among(("problem", "request")) & alone & ~content
        return reported

    def _marks(self) -> Marks:
        """The marks of all passages of the snapshot, as columns; kept as long as the snapshot is."""
        held = self.matrix.kept.get(_MARKS)
        if not isinstance(held, _KeptMarks):
            written = list(self.matrix.rows.marks) or [""] * len(self.matrix.rows.passage_ids)
            unknown = [passage for passage, text in enumerate(written) if not text]
            for passage, saying in zip(unknown, self.read(unknown), strict=True):
                written[passage] = marks_of(saying.text, saying.language)
            held = self.matrix.kept[_MARKS] = _KeptMarks(read_marks(written))
        return held.marks

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
            record = found[record_id]
            held = self._kept_records if len(record.raw) <= _SHORT_RAW else self._records
            held[row] = record

    def _saying(self, passage: int, stored: Passage) -> Saying:
        row = int(self.matrix.passage_record[passage])
        return self._said(passage, row, stored.start, stored.end, stored.marks)

    def _said(self, place: int, row: int, start: int, end: int, marks: str | None) -> Saying:
        """Read a span of a record's raw text."""
        language = self.matrix.rows.language[row]
        cleaned = clean(self._records[row].raw[start:end])
        parts = []
        for first, last in sentences(cleaned.text):
            own = greeting_end(cleaned.text, first, last)
            raw_start, raw_end = cleaned.to_raw(own, last)
            text = cleaned.text[own:last]
            parts.append(Sentence(row, start + raw_start, start + raw_end, text, language))
        _, named, flags = (marks or marks_of(cleaned.text, language)).split("|")
        ids = frozenset(named.split(","))
        return Saying(place, row, cleaned.text, tuple(parts), ids, language, "u" in flags)
