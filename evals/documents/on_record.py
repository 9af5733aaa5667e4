"""Looks a quotation up in the store: said verbatim, said otherwise (and what differs), or said by nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from assistant.domain.record import Record
from assistant.search.query import EVERYTHING, search
from assistant.workbench import Workbench
from evals.language.match import fold, quotes
from evals.language.negation import cut_negation

_READ_ALL = 50_000
"""Up to so many records every raw text is read, so that 'nobody said it' is certain: 20,000 take 3 s of CPU."""
_CHUNK = 2_000
_NEIGHBOURS = 8
_LIKE = 0.6
"""Share of a quotation's words that must stand in a record, in order, to call it that record's."""
_MOST_WORDS = 3_000
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_GAPS = re.compile(r"…|\.\.\.")


@dataclass(frozen=True)
class Look:
    """What was found of a quotation."""

    record: Record | None = None
    """Where it was said, or what comes nearest."""
    verbatim: bool = False
    differs: str = ""
    """What differs from the record's words, where it is one's at all."""
    share: float = 1.0
    """Of the quotation's words, how many stand there in order; for what differs."""
    nearest: str = ""
    """Words of the record beside it."""
    certain: bool = True
    """Whether every record was read."""


@dataclass
class OnRecord:
    """The texts of a workspace, read once for all quotations of a document."""

    bench: Workbench
    looked: int = 0
    _ids: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._ids = self.bench.corpus().record_ids

    @property
    def records(self) -> int:
        """How many records the workspace holds."""
        return len(self._ids)

    @property
    def reads_all(self) -> bool:
        """Whether every record is read for each quotation."""
        return self.records <= _READ_ALL

    def look(self, words: str, *, nearest: bool = True) -> Look:
        """Look a quotation up. Args: nearest: whether to search what comes nearest, if nobody said it so."""
        turned: Look | None = None
        for record in self._candidates(words):
            if quotes(words, record.raw, record.language):
                return Look(record, verbatim=True)
            turned = turned or Look(record, differs=_cut(words, record), nearest=_around(words, record))
        if turned is not None or not nearest:
            return turned or Look(certain=self.reads_all)
        return self._nearest(words)

    @cached_property
    def _texts(self) -> list[tuple[str, Record]]:
        held: list[tuple[str, Record]] = []
        for start in range(0, len(self._ids) if self.reads_all else 0, _CHUNK):
            found = self.bench.catalog.records.get(self.bench.workspace, self._ids[start : start + _CHUNK])
            held += [(fold(record.raw), record) for _, record in sorted(found.items())]
        return held

    def _candidates(self, words: str) -> Iterator[Record]:
        piece = max((fold(part) for part in _GAPS.split(words)), key=len, default="").rstrip(".,")
        if not piece:
            return
        held = self._texts if self.reads_all else [(fold(one.raw), one) for one in self._found(words, 50)]
        for text, record in held:
            if piece in text:
                yield record

    def _found(self, words: str, limit: int) -> list[Record]:
        hits = search(self.bench, words[:1_000], EVERYTHING, limit)
        held = self.bench.catalog.records.get(self.bench.workspace, [hit.record_id for hit in hits])
        return [held[hit.record_id] for hit in hits if hit.record_id in held]

    def _nearest(self, words: str) -> Look:
        hits = search(self.bench, words[:1_000], EVERYTHING, _NEIGHBOURS)
        held = self.bench.catalog.records.get(self.bench.workspace, [hit.record_id for hit in hits])
        best, share = Look(certain=self.reads_all), _LIKE
        for hit in hits:
            record = held.get(hit.record_id)
            if record is None:
                continue
            if best.record is None:
                # Nobody said anything like it: what comes nearest in meaning, as it was said.
                best = Look(record, nearest=hit.quote.text, certain=self.reads_all)
            like, differs, nearest = _compare(words, record.raw)
            if like >= share and (like > share or not best.differs):
                best = Look(record, differs=differs, share=like, nearest=nearest, certain=self.reads_all)
                share = like
        return best


def _around(words: str, record: Record) -> str:
    return _compare(words, record.raw)[2]


def _cut(words: str, record: Record) -> str:
    """Why words that stand in a record are no quotation of it."""
    whole, part = fold(record.raw), fold(words).rstrip(".,")
    at = whole.find(part)
    left_out = cut_negation(whole, at, at + len(part), record.language) if at >= 0 else ""
    return (
        f"the “{left_out}” beside it is left out"
        if left_out
        else "it begins or ends inside a word, or is cut"
    )


def _compare(words: str, raw: str) -> tuple[float, str, str]:
    """(share of the words that stand in the text in order, what differs, the text beside them)."""
    said = [match.group().casefold() for match in _WORD.finditer(words)]
    spans = [match.span() for match in _WORD.finditer(raw)][:_MOST_WORDS]
    text = [raw[start:end].casefold() for start, end in spans]
    if not said or not text:
        return 0.0, "", ""
    longest = SequenceMatcher(None, said, text, autojunk=False).find_longest_match()
    slack = 3 + len(said) // 4
    first = max(0, longest.b - longest.a - slack)
    last = min(len(text), longest.b - longest.a + len(said) + slack)
    codes = SequenceMatcher(None, said, text[first:last], autojunk=False).get_opcodes()
    kept = [code for code in codes if code[0] == "equal"]
    if not kept:
        return 0.0, "", ""
    begin, end = kept[0][3], kept[-1][4]
    told = [
        text_of
        for code in codes
        if (code[3] >= begin and code[4] <= end) or code[0] != "insert"
        for text_of in _difference(code, said, text[first:last])
    ]
    share = sum(code[2] - code[1] for code in kept) / len(said)
    nearest = raw[spans[first + begin][0] : spans[first + end - 1][1]]
    return share, "; ".join(told[:3]) or "its punctuation or its signs", nearest


def _difference(code: tuple[str, int, int, int, int], said: list[str], text: list[str]) -> Iterator[str]:
    kind, a, b, c, d = code
    mine, theirs = " ".join(said[a:b]), " ".join(text[c:d])
    if kind == "replace":
        yield f"“{mine}” stands for “{theirs}”"
    elif kind == "delete":
        yield f"“{mine}” was added"
    elif kind == "insert":
        yield f"“{theirs}” was left out"
