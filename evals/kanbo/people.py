"""The people of the sample: who they are, where they write, and the accounts they belong to."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

import yaml

from evals.kanbo.dice import Dice

ACCOUNTS = {"starter": 188, "team": 142, "enterprise": 72}
"""Accounts by plan at scale 1."""
MAIL_SOURCES = ("support_tickets", "nps", "survey")


class _Names(TypedDict):
    first: list[str]
    last: list[str]


class _Companies(TypedDict):
    head: list[str]
    tail: list[str]
    town: list[str]


class _Data(TypedDict):
    en: _Names
    de: _Names
    ja: dict[str, list[list[str]]]
    companies: _Companies
    countries: list[str]
    roles: dict[str, list[str]]
    devices: dict[str, list[str]]


@cache
def name_data() -> _Data:
    """The lists that people and accounts are named from."""
    path = Path(__file__).parent / "texts" / "_names.yaml"
    return cast(_Data, yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Account:
    """A customer organisation."""

    name: str
    plan: str

    @property
    def domain(self) -> str:
        """Mail domain under the reserved `.example`."""
        return _slug(self.name) + ".example"


@dataclass(frozen=True)
class Person:
    """Someone who writes. `author` is how they appear in their one kind of file, so it identifies them."""

    author: str
    home: str
    """`mail` (tickets, NPS, survey), `review` or `chat`."""
    first: str
    account: Account | None
    role: str
    platform: str
    device: str
    country: str
    language: str
    days_behind: int
    apostrophe: str
    lower_case: bool
    sloppy: bool


def home_of(source: str) -> str:
    """Where people who write in that source are known from."""
    return "mail" if source in MAIL_SOURCES else {"app_reviews": "review", "team_chat": "chat"}[source]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass
class Population:
    """Makes people on demand, and remembers them so that they can write again."""

    seed: int
    scale: int
    people: dict[tuple[str, str], list[Person]] = field(default_factory=dict)
    """By home and language, in order of appearance."""

    def __post_init__(self) -> None:
        self._dice = Dice(self.seed, "people")
        self._authors: set[str] = set()
        plans = [plan for plan, count in ACCOUNTS.items() for _ in range(count * self.scale)]
        names = _company_names(len(plans), Dice(self.seed, "accounts"))
        self._untouched: dict[str, list[Account]] = {plan: [] for plan in ACCOUNTS}
        self._open: dict[str, list[Account]] = {plan: [] for plan in ACCOUNTS}
        for name, plan in zip(names, plans, strict=True):
            self._untouched[plan].append(Account(name, plan))

    def reserve(self, plan: str, count: int) -> list[Account]:
        """Accounts that nobody but the caller puts people in."""
        return [self._untouched[plan].pop() for _ in range(count)]

    def account(self, plan: str) -> Account:
        """An account for somebody new: an unused one at first, then one of those in use."""
        waiting, used = self._untouched[plan], self._open[plan]
        if waiting and (not used or self._dice.chance(0.62)):
            used.append(waiting.pop())
            return used[-1]
        return self._dice.pick(used)

    def known(self, home: str, language: str) -> list[Person]:
        """Everyone so far who writes there."""
        return self.people.setdefault((home, language), [])

    def create(
        self,
        home: str,
        *,
        account: Account | None = None,
        language: str = "en",
        platform: str | None = None,
        role: str | None = None,
    ) -> Person:
        """Somebody new, with a name that nobody else writes under."""
        dice = self._dice
        data = name_data()
        first, last, latin = _name(language, dice)
        platform = platform or dice.weighted(
            {"web": 1, "android": 6, "ios": 6}
            if home == "review"
            else {"web": 6, "desktop": 3, "ios": 1, "android": 1}
        )
        plan = account.plan if account else "starter"
        person = Person(
            author=self._author(home, first, last, latin, account),
            home=home,
            first=first,
            account=account,
            role=role or dice.pick(data["roles"][plan]),
            platform=platform,
            device=dice.pick(data["devices"].get(platform, [""])),
            country={"de": "DE", "ja": "JP"}.get(language) or dice.pick(data["countries"]),
            language=language,
            days_behind=dice.below(20) if platform in {"ios", "android", "desktop"} else 0,
            apostrophe=dice.weighted({"'": 70, "’": 22, "": 8}),
            lower_case=dice.chance(0.1),
            sloppy=dice.chance(0.16),
        )
        self.known(home, language).append(person)
        return person

    def _author(self, home: str, first: str, last: str, latin: str, account: Account | None) -> str:
        dice = self._dice
        given, family = latin.split("|")
        if home == "mail":
            local = dice.weighted(
                {f"{given}.{family}": 5, f"{given[0]}.{family}": 2, given: 1, f"{given}{family[0]}": 1}
            )
            domain = account.domain if account else "mail.example"
            return self._unique(local, f"@{domain}")
        if home == "chat":
            return self._unique(f"{first} {last}", "")
        if first == given or (given.isascii() and first.isascii()):
            styles = [
                f"{first} {last[0]}.",
                f"{first} {last}",
                f"{given}_{family}",
                f"{given}{dice.between(60, 99)}",
                f"{family}.{given[0]}",
            ]
        else:
            styles = [
                f"{first} {last}",
                f"{given}_{family}",
                f"{given}{dice.between(70, 99)}",
                f"{last}{first}" if not first.isascii() else last,
            ]
        return self._unique(dice.pick(styles), "")

    def _unique(self, stem: str, tail: str) -> str:
        name, number = stem + tail, 2
        while name.casefold() in self._authors:
            name = f"{stem}{number}{tail}"
            number += 1
        self._authors.add(name.casefold())
        return name


def _name(language: str, dice: Dice) -> tuple[str, str, str]:
    data = name_data()
    if language == "ja":
        first, last = dice.pick(data["ja"]["first"]), dice.pick(data["ja"]["last"])
        return first[0], last[0], f"{first[1]}|{last[1]}"
    names = data["de"] if language == "de" else data["en"]
    given, family = dice.pick(names["first"]), dice.pick(names["last"])
    return given, family, f"{_slug(given)}|{_slug(family).replace('-', '')}"


def _company_names(count: int, dice: Dice) -> list[str]:
    parts = name_data()["companies"]
    short = [f"{head} {tail}" for head in parts["head"] for tail in parts["tail"]]
    names = dice.shuffled(short)
    for town in parts["town"]:
        if len(names) >= count:
            break
        names += dice.shuffled(f"{name} {town}" for name in short)
    return names[:count]
