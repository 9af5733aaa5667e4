"""One pass over all rows of a table before anything is decided, so that no decision depends on their order.

Memory is bounded: per column a fixed number of distinct values, chosen by their hash.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from zlib import crc32

from ingest.port import Row
from ingest.values import DateOrder, is_blank, parse_date

_SAMPLE = 256
_SAMPLE_CHARS = 2_000
_MAX_DISTINCT = 501
_MAX_COLUMNS = 5_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w{2,}\Z")
_URL = re.compile(r"(?:https?://|www\.)\S+\Z")
_PATH = re.compile(r"/\S+\Z")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?%?\Z")
_DIGITS = re.compile(r"\d{1,3}(?:\.0)?")
_WORDS = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_ANY_ORDER = DateOrder(day_first=True, certain=False)


@dataclass
class Column:
    """What all rows together say about one column."""

    name: str
    filled: int = 0
    longest: int = 0
    chars: int = 0
    distinct: set[str] = field(default_factory=set)
    """Up to 501 distinct short values; that many mean: too many to count."""
    too_varied: bool = False
    _kept: dict[str, int] = field(default_factory=dict)
    _worst: list[tuple[int, str]] = field(default_factory=list)

    def see(self, value: str) -> None:
        """Count one filled cell."""
        self.filled += 1
        length = len(value)
        self.chars += length
        if length > self.longest:
            self.longest = length
        if not self.too_varied:
            self.distinct.add(value[:120])
            if len(self.distinct) >= _MAX_DISTINCT:
                self.too_varied = True
                self.distinct.clear()
        self._sample(value)

    def _sample(self, full: str) -> None:
        value = full[:_SAMPLE_CHARS]
        # The values with the smallest hashes: a sample that is the same for any order of the rows, with exact counts.
        if value in self._kept:
            self._kept[value] += 1
            return
        rank = -crc32(value.encode("utf-8", "surrogatepass"))
        if len(self._kept) < _SAMPLE:
            self._kept[value] = 1
            heappush(self._worst, (rank, value))
        elif (rank, value) > self._worst[0]:
            _, dropped = heappushpop(self._worst, (rank, value))
            del self._kept[dropped]
            self._kept[value] = 1

    def values(self) -> list[str]:
        """Sampled distinct values, sorted."""
        return sorted(self._kept)

    def counts(self) -> dict[str, int]:
        """Sampled distinct values with how often they occur; all of them where there are at most 256."""
        return dict(sorted(self._kept.items()))

    def share(self, test: "re.Pattern[str]") -> float:
        """Share of the sampled values that match."""
        values = self.values()
        return sum(1 for value in values if test.match(value.strip())) / len(values) if values else 0.0

    def repeats(self) -> float:
        """How often a value occurs on average."""
        return sum(self._kept.values()) / len(self._kept) if self._kept else 0.0

    def scale(self) -> int:
        """5 where all sampled values are whole numbers from 1 to 5, 10 from 0 to 10, else 0."""
        values = self.values()
        if not values or not all(_DIGITS.fullmatch(value.strip()) for value in values):
            return 0
        numbers = [int(float(value.strip())) for value in values]
        if max(numbers) <= 5 and min(numbers) >= 1:
            return 5
        return 10 if max(numbers) <= 10 else 0

    def features(self) -> "Features":
        """The column in numbers."""
        values = self.values()
        count = len(values) or 1
        words = [_word_count(value) for value in values]
        return Features(
            filled=self.filled,
            words=sum(words) / count,
            chars=self.chars / (self.filled or 1),
            longest=self.longest,
            repeats=self.repeats(),
            distinct=_MAX_DISTINCT if self.too_varied else len(self.distinct),
            dates=sum(parse_date(value, _ANY_ORDER) is not None for value in values) / count,
            numbers=self.share(_NUMBER),
            emails=self.share(_EMAIL),
            urls=self.share(_URL),
            paths=self.share(_PATH),
            scale=self.scale(),
        )


@dataclass(frozen=True)
class Features:
    """A column in numbers; shares are of distinct sampled values."""

    filled: int
    words: float
    chars: float
    longest: int
    repeats: float
    distinct: int
    dates: float
    numbers: float
    emails: float
    urls: float
    paths: float
    scale: int
    """The top of a rating scale that all values fit, 5 or 10; 0 where they don't."""


@dataclass(frozen=True)
class Survey:
    """All columns of a table, in order, and how many rows it has."""

    columns: dict[str, Column]
    rows: int
    readable: int
    problem: str = ""
    """Why the first of the others can't be read."""


def survey(names: Iterable[str], rows: Iterator[Row]) -> Survey:
    """Read all rows once."""
    columns = {name: Column(name) for name in names}
    total = readable = 0
    problem = ""
    for row in rows:
        total += 1
        readable += not row.problem
        problem = problem or row.problem
        for name, value in row.cells.items():
            if not value or is_blank(value):
                continue
            column = columns.get(name)
            if column is None:
                if len(columns) >= _MAX_COLUMNS:
                    continue
                column = columns[name] = Column(name)
            column.see(value)
    return Survey(columns, total, readable, problem)


def _word_count(value: str) -> float:
    if value.isascii():
        return len(value.split())
    wide = len(_WIDE.findall(value))
    return len(_WORDS.findall(_WIDE.sub(" ", value))) + wide / 2.5
