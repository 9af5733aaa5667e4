"""Sentence data to texts: decks that use every sentence before one comes again, slots, recipes."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from evals.kanbo.dice import Dice
from evals.kanbo.entry import Entry
from evals.kanbo.weeks import EXPORT_RELEASE, RELEASES

_FOLDER = Path(__file__).parent / "texts"
_BRACES = re.compile(r"\{([^{}]*)\}")
_NOT_PARTS = {"slots", "subjects", "recipes", "language", "greetings", "thanks"}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
)
_ORDINALS = ("second", "second", "third", "fourth", "fifth", "sixth")
_NUMBERS = (
    "two weeks",
    "two weeks",
    "three weeks",
    "four weeks",
    "five weeks",
    "six weeks",
    "seven weeks",
    "two months",
)
_SHARED = {"lead": "review_leads", "intro": "intros"}
"""Parts that every theme has, and where their sentences are."""
_RECIPES = {
    "support_tickets": (
        "open detail? cost? ask?",
        "open cost ask?",
        "open ask",
        "open detail",
        "open detail? ask",
        "open",
        "intro open detail? cost?",
        "intro open ask",
    ),
    "app_reviews": (
        "short",
        "open cost?",
        "open ask?",
        "open",
        "short ask?",
        "lead open",
        "lead open cost?",
    ),
    "nps": ("short", "short", "open"),
    "survey": ("open", "open ask", "open cost", "short"),
    "team_chat": ("short", "open", "open detail?"),
}


@dataclass(frozen=True)
class Theme:
    """The sentences of one theme."""

    name: str
    parts: dict[str, list[str]]
    slots: dict[str, list[str]]
    subjects: list[str]
    recipes: dict[str, list[str]]
    greetings: list[str]
    thanks: list[str]


def _read(name: str) -> dict[str, object]:
    # The C loader reads the same YAML six times as fast; it is missing from some builds.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return cast(dict[str, object], yaml.load(text, Loader=loader))  # noqa: S506 - both loaders are the safe ones


@cache
def common() -> dict[str, list[str]]:
    """Greetings, closings, review leads and the edits of near duplicates, by name."""
    return {key: cast(list[str], value) for key, value in _read("_common").items() if key != "slots"}


@cache
def theme(name: str) -> Theme:
    """The sentences of that theme, with the common slots under its own."""
    data = _read(name)
    shared = cast(dict[str, list[str]], _read("_common")["slots"])
    return Theme(
        name=name,
        parts={key: _texts(value) for key, value in data.items() if key not in _NOT_PARTS},
        slots={
            key: _texts(value)
            for key, value in {**shared, **cast(dict[str, object], data.get("slots", {}))}.items()
        },
        subjects=_texts(data.get("subjects", [])),
        recipes=cast(dict[str, list[str]], data.get("recipes", {})),
        greetings=_texts(data.get("greetings", common()["greetings"])),
        thanks=_texts(data.get("thanks", common()["thanks"])),
    )


def _texts(value: object) -> list[str]:
    # YAML reads `no` and `5` as other types; every sentence here is text.
    return [str(item) for item in cast(list[object], value)]


@dataclass(frozen=True)
class Wording:
    """Sentences of one text, with the parts they are of and the slots that were filled."""

    subject: str
    sentences: tuple[str, ...]
    parts: frozenset[str]
    slots: dict[str, str]


@dataclass
class Writer:
    """Words entries. Keeps a deck of sentences per theme and part."""

    dice: Dice
    _decks: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def word(
        self, name: str, source: str, recipes: tuple[str, ...], extra: list[str], given: dict[str, str]
    ) -> Wording:
        """One text: a recipe of the theme for that source, filled.

        Args:
            name: the theme.
            source: the kind of file, which decides on length.
            recipes: used in place of the theme's, unless empty.
            extra: parts that must occur too, after the first sentence.
            given: slots that are known, for example the app version.
        """
        data = theme(name)
        chosen = self.dice.pick(recipes or tuple(data.recipes.get(source, ())) or _RECIPES[source])
        wanted = self._expand(chosen, data)
        at = next((index + 1 for index, part in enumerate(wanted) if part == "open"), 1)
        wanted[at:at] = extra
        slots = dict(given)
        sentences = [self._fill(self._draw(data, part), data, slots) for part in wanted]
        subject = self._fill(self.dice.pick(data.subjects), data, slots) if data.subjects else ""
        return Wording(upper_first(subject), tuple(sentences), frozenset(wanted) - _SHARED.keys(), slots)

    def line(self, options: list[str], name: str = "general_praise") -> str:
        """One of the options, filled with the slots of that theme."""
        return self._fill(self.dice.pick(options), theme(name), {})

    def _expand(self, recipe: str, data: Theme) -> list[str]:
        wanted = []
        for token in recipe.split():
            part = token.rstrip("?")
            if token.endswith("?") and self.dice.chance(0.5):
                continue
            if part in data.parts or part in _SHARED:
                wanted.append(part)
        return wanted or ["open"]

    def _draw(self, data: Theme, part: str) -> str:
        deck = self._decks.setdefault((data.name, part), [])
        if not deck:
            source = common()[_SHARED[part]] if part in _SHARED else data.parts[part]
            deck.extend(self.dice.shuffled(source))
        return deck.pop()

    def _fill(self, sentence: str, data: Theme, slots: dict[str, str]) -> str:
        starts_with_slot = sentence.startswith("{")
        while match := _BRACES.search(sentence):
            before, value = sentence[: match.start()], self._value(match.group(1), data, slots)
            if before[-2:] in {". ", "? ", "! "}:
                value = upper_first(value)
            sentence = before + value + sentence[match.end() :]
        return upper_first(sentence) if starts_with_slot and len(sentence.split()) > 2 else sentence

    def _value(self, name: str, data: Theme, slots: dict[str, str]) -> str:
        if "|" in name:
            return self.dice.pick(name.split("|"))
        if name not in slots:
            slots[name] = self.dice.pick(data.slots[name])
        return slots[name]


def upper_first(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def known_slots(entry: Entry) -> dict[str, str]:
    """What the person and the day decide, so that no text contradicts its row."""
    account = entry.person.account
    role = entry.person.role
    weeks = max(2, (entry.when.date() - RELEASES[EXPORT_RELEASE]).days // 7)
    return {
        "version": entry.version,
        "name": entry.person.first,
        "plan": account.plan if account else "starter",
        "account": account.name if account else "our company",
        "a_role": ("an " if role[0] in "aioAIO" else "a ") + role,
        "month": _MONTHS[entry.when.month - 2],
        "nth": _ORDINALS[min(weeks, len(_ORDINALS)) - 1],
        "weeks_since": _NUMBERS[min(weeks, len(_NUMBERS)) - 1],
    }
