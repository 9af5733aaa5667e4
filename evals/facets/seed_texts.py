"""The seed texts: read, filled in, and put together to longer ones. The same texts in the same order on every machine."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable

from assistant.domain.facets import RecordType

LANGUAGES = ("en", "fr", "de", "es", "zh", "ja")
COMPOSED = 1320
"""Texts of two or three seeds."""
_FILLS = 6
"""Texts of a seed with a placeholder."""
_HURRIED = 3
"""Every so many seeds are there a second time, without capitals."""
_SECTION = re.compile(r"\[(\w+)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_WRITTEN = ("en",) * 5 + ("fr", "de", "es")
"""Languages of the texts that are put together; in Chinese and Japanese sentences aren't parted by blanks."""
_PLANS: tuple[tuple[str, str], ...] = (
    ("praise problem", "problem"),
    ("praise problem", "problem"),
    ("praise request", "request"),
    ("problem request", "problem"),
    ("other problem", "problem"),
    ("other request", "request"),
    ("other praise", "praise"),
    ("praise praise", "praise"),
    ("praise praise praise", "praise"),
    ("problem problem", "problem"),
    ("problem problem problem", "problem"),
    ("other question", "question"),
    ("praise question", "question"),
    ("problem question", "problem"),
    ("request request", "request"),
    ("request praise", "request"),
    ("problem praise", "problem"),
    ("praise other", "praise"),
    ("other other", "other"),
    ("other other other", "other"),
    ("question question", "question"),
    ("request other", "request"),
)
"""What a text consists of → its type: a complaint weighs most, then a wish, then a question."""


@dataclass(frozen=True)
class Seed:
    """A text with its type."""

    group: str
    """Texts of one group are made from the same line: they are trained on or tested on together."""
    language: str
    type: RecordType
    text: str


def folder() -> Traversable:
    """Where the files are."""
    return resources.files("evals.facets").joinpath("seeds")


def all_seeds() -> list[Seed]:
    """Lines of every language, filled in; some of them without capitals; then those put together of them."""
    single = [seed for language in LANGUAGES for seed in _filled(language)]
    return [*single, *_plain(single), *_composed(single, COMPOSED)]


def _plain(single: Sequence[Seed]) -> list[Seed]:
    """Some of them as people write in a hurry: without capitals and without the last mark."""
    return [
        replace(seed, text=seed.text.lower().rstrip("?.!"))
        for number, seed in enumerate(single)
        if seed.language == "en" and number % _HURRIED == 0 and len(seed.text) > 1
    ]


def _filled(language: str) -> list[Seed]:
    sections = _sections(folder().joinpath(f"{language}.txt").read_text(encoding="utf-8"))
    found: list[Seed] = []
    for kind in RecordType:
        for number, line in enumerate(sections[kind.value]):
            group = f"{language}:{kind.value}:{number}"
            texts = _fills(line, sections, random.Random(group)) if _SLOT.search(line) else [line]
            found += [Seed(group, language, kind, text) for text in texts]
    return found


def _fills(line: str, words: Mapping[str, Sequence[str]], dice: random.Random) -> list[str]:
    def word(match: re.Match[str]) -> str:
        chosen = dice.choice(words[match[1].lower()])
        return chosen[0].upper() + chosen[1:] if match[1][0].isupper() else chosen

    return [_SLOT.sub(word, line) for _ in range(_FILLS)]


def _sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in text.splitlines():
        if match := _SECTION.fullmatch(line):
            section = found.setdefault(match[1], [])
        elif line and not line.startswith("#"):
            section.append(line)
    return found


def _composed(single: Sequence[Seed], count: int) -> list[Seed]:
    by: dict[tuple[str, str], list[Seed]] = {}
    for seed in single:
        by.setdefault((seed.language, seed.type.value), []).append(seed)
    dice = random.Random(1)
    found: list[Seed] = []
    for number in range(count):
        parts, kind = _PLANS[number % len(_PLANS)]
        language = dice.choice(_WRITTEN)
        chosen = [dice.choice(by[language, part]) for part in parts.split()]
        turn = "But " if language == "en" and parts == "praise problem" and number % 2 else ""
        text = f"{chosen[0].text} {turn}{' '.join(one.text for one in chosen[1:])}"
        found.append(Seed(chosen[0].group, language, RecordType(kind), text))
    return found
