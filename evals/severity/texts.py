"""The texts that the ranks of tickets are learned from and tested on: seeds, and whole reports."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

LEARNED = frozenset("ab")
"""Halves of the planted reports that weights are made from; the others are for tests alone."""


@dataclass(frozen=True)
class Planted:
    """A report whose severity is known."""

    half: str
    language: str
    is_critical: bool
    title: str
    body: str

    @property
    def text(self) -> str:
        """As a ticket's record holds it."""
        return f"{self.title}\n\n{self.body}"


def folder() -> Traversable:
    """Where they are."""
    return resources.files("evals.severity")


@cache
def planted() -> tuple[Planted, ...]:
    """Whole reports, critical ones first."""
    held = tomllib.loads(folder().joinpath("planted.toml").read_text("utf-8"))
    return tuple(
        Planted(one["half"], one["language"], kind == "critical", one["title"], one["body"])
        for kind in ("critical", "harmless")
        for one in held[kind]
    )


@cache
def lines() -> tuple[tuple[bool, str], ...]:
    """Seeds and one-sentence reports: whether critical, and the text."""
    found: list[tuple[bool, str]] = []
    is_critical = False
    for line in folder().joinpath("seeds.txt").read_text("utf-8").splitlines():
        if line in ("[critical]", "[other]"):
            is_critical = line == "[critical]"
        elif line and not line.startswith("#"):
            found.append((is_critical, line))
    held = reports()
    return (*found, *((kind == "critical", text) for kind in ("critical", "harmless") for text in held[kind]))


@cache
def reports() -> dict[str, list[str]]:
    """Reports of a sentence, under `critical` and `harmless`."""
    held: dict[str, list[str]] = tomllib.loads(folder().joinpath("reports.toml").read_text("utf-8"))
    return held
