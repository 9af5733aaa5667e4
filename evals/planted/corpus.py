"""The planted corpora as records: which there are, what each holds, and files to import."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from itertools import cycle
from pathlib import Path

LANGUAGES = ("de", "fr", "es", "zh", "ja")
_MOST = date(2026, 6, 1)
_SPACED = frozenset({"de", "fr", "es"})


@dataclass(frozen=True)
class Topic:
    """What a corpus was made to say about one thing."""

    name: str
    english: str
    """A brief in English."""
    brief: str
    """The same in the corpus' language."""
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Planted:
    """One record with what it was made to be."""

    external_id: str
    text: str
    topic: str
    stance: str
    """`problem`, `wish` or `praise`."""
    person: str
    said_on: date


@dataclass(frozen=True)
class Corpus:
    """One language."""

    language: str
    topics: tuple[Topic, ...]
    records: tuple[Planted, ...]


@lru_cache(maxsize=len(LANGUAGES))
def corpus(language: str) -> Corpus:
    """The corpus of a language: three topics of 23 records, each from another person, over twelve weeks."""
    told = tomllib.loads(resources.files("evals.planted").joinpath(f"{language}.toml").read_text("utf-8"))
    names = [name for name, value in told.items() if isinstance(value, dict)]
    topics = tuple(Topic(n, told[n]["english"], told[n]["brief"], tuple(told[n]["questions"])) for n in names)
    texts = [(text, name, stance) for name in names for text, stance in _texts(told[name], language)]
    records = tuple(
        Planted(
            external_id=f"{language}-{number:03}",
            text=text,
            topic=name,
            stance=stance,
            person=f"{language}-person-{number:03}",
            said_on=_MOST - timedelta(days=(number * 37) % 84),
        )
        for number, (text, name, stance) in enumerate(texts)
    )
    return Corpus(language, topics, records)


def _texts(told: dict[str, list[str]], language: str) -> list[tuple[str, str]]:
    """Each trouble with two different costs, then wishes and praise."""
    between = " " if language in _SPACED else ""
    costs = cycle(told["costs"])
    troubles = [f"{trouble}{between}{next(costs)}" for trouble in [*told["troubles"], *told["troubles"]]]
    return [
        *((text, "problem") for text in troubles),
        *((text, "wish") for text in told["wishes"]),
        *((text, "praise") for text in told["praise"]),
    ]


def write_corpus(path: Path, *languages: str) -> Path:
    """Write the records of languages as a CSV file. Returns: its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "author", "date"])
        for language in languages:
            for one in corpus(language).records:
                writer.writerow([one.external_id, one.text, one.person, one.said_on.isoformat()])
    return path
