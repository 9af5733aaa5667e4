"""The inputs: real short texts, long reviews, and 100,000 distinct sentences, the same ones on every machine."""

import csv
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORDS = re.compile(r"[A-Za-z]{3}")
_LEAST_CHARS, _MOST_CHARS = 15, 240
_OPENINGS = (
    "Hi,",
    "Hello there,",
    "Second message:",
    "Still the same:",
    "From my phone:",
    "As I wrote yesterday,",
)
_CLOSINGS = (
    "Order {n}.",
    "My case is {n}.",
    "This was on day {n}.",
    "It says error {n}.",
    "I'm customer {n}.",
)
PLANS = ("free", "team", "pro", "business", "enterprise")
"""A fifth of the texts each, by position: a filter on one leaves 20 %."""


@dataclass(frozen=True)
class Texts:
    """Distinct texts of one source."""

    source: str
    texts: tuple[str, ...]


def short_texts(data: Path, count: int) -> tuple[str, ...]:
    """Distinct questions of banking77, the last third or so varied by an opening and a number to make up the count."""
    own = list(dict.fromkeys(_tidy(_column(data / "banking77", ("train.csv", "test.csv"), "text"))))
    return tuple(_varied(own, count, seed=11))


def reviews(data: Path) -> tuple[str, ...]:
    """Skytrax reviews, whole: about 110 words each."""
    own = dict.fromkeys(_tidy(_column(data / "skytrax", ("lounge.csv", "seat.csv"), "content")))
    return tuple(own)


def many_sentences(data: Path, count: int) -> tuple[Texts, ...]:
    """Distinct sentences of five data sets (about 87,000), and varied ones to make up the count.

    The test questions of banking77 are left out: they are what is asked.
    """
    seen: set[str] = set()
    found = [
        Texts(source, tuple(_fresh(texts, seen)))
        for source, texts in (
            ("banking77", _column(data / "banking77", ("train.csv",), "text")),
            ("clinc150", _clinc(data / "clinc150")),
            ("skytrax", _sentences(_column(data / "skytrax", ("lounge.csv", "seat.csv"), "content"))),
            ("garmin", _sentences(_column(data / "minibar", ("classes_garmin_connect.en.csv",), "data"))),
            ("gitbugs", _gitbugs(data / "gitbugs")),
        )
    ]
    have = sum(len(one.texts) for one in found)
    if have < count:
        own = [text for one in found for text in one.texts]
        extra = _varied(own, have + count, seed=13)[have:]
        found.append(Texts("varied", tuple(_fresh(extra, seen))[: count - have]))
    share = min(1.0, count / have)
    return tuple(Texts(one.source, one.texts[: round(len(one.texts) * share)]) for one in found)


def questions(data: Path, count: int) -> tuple[str, ...]:
    """Test questions of banking77, a seeded sample."""
    own = list(dict.fromkeys(_tidy(_column(data / "banking77", ("test.csv",), "text"))))
    return tuple(random.Random(17).sample(own, min(count, len(own))))


def write_csv(path: Path, texts: Sequence[str], first: int = 0) -> None:
    """Write texts as an export: `id`, `date`, `plan`, `text`. Args: first: number of the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "date", "plan", "text"])
        for number, text in enumerate(texts, first):
            day = f"2026-{1 + number % 9:02}-{1 + number % 28:02}"
            rows.writerow([f"T{number}", day, PLANS[number % len(PLANS)], text])


def _varied(own: Sequence[str], count: int, seed: int) -> list[str]:
    """The texts, then variations of them in their order, none twice."""
    dice = random.Random(seed)
    found = dict.fromkeys(own[:count])
    position = 0
    while len(found) < count:
        closing = dice.choice(_CLOSINGS).format(n=dice.randrange(1000, 99_999))
        found[f"{dice.choice(_OPENINGS)} {own[position % len(own)]} {closing}"] = None
        position += 1
    return list(found)


def _fresh(texts: Iterable[str], seen: set[str]) -> Iterator[str]:
    for text in _tidy(texts):
        key = text.casefold()
        if _LEAST_CHARS <= len(text) <= _MOST_CHARS and key not in seen and _WORDS.search(text):
            seen.add(key)
            yield text


def _tidy(texts: Iterable[str]) -> Iterator[str]:
    return (tidy for text in texts if (tidy := " ".join(text.split())))


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    return (sentence for text in texts for sentence in _SENTENCE_END.split(text))


def _column(folder: Path, names: Iterable[str], column: str) -> Iterator[str]:
    for name in names:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            yield from (row[column] or "" for row in csv.DictReader(file))


def _clinc(folder: Path) -> Iterator[str]:
    splits = json.loads((folder / "data_full.json").read_text(encoding="utf-8"))
    return (text for pairs in splits.values() for text, _ in pairs)


def _gitbugs(folder: Path) -> Iterator[str]:
    names = ("SeaMonkey_bugs.csv", "hadoop_bugs.csv")
    yield from _column(folder, names, "Summary")
    yield from _sentences(_column(folder, names, "Description"))
