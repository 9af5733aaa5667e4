"""The small words of a language that show what the words beside them are."""

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True)
class Grammar:
    """Function words. Empty sets where a language isn't known: nothing can be told by them then."""

    determiners: frozenset[str] = frozenset()
    """Stand before a noun: the, my, no."""
    prepositions: frozenset[str] = frozenset()
    """Stand before a noun, too: of, with."""
    links: frozenset[str] = frozenset()
    """May stand inside a name: `number on the invoice`."""
    subjects: frozenset[str] = frozenset()
    """Stand before a verb: we, to, can."""
    marks: frozenset[str] = frozenset()
    """Stand before an adjective or a participle: is, very."""
    predicates: frozenset[str] = frozenset()
    """Stand behind a noun that is the subject: is, has."""
    objects: frozenset[str] = frozenset()
    """Stand behind a verb: me, the."""
    unfit: frozenset[str] = frozenset()
    """Name nothing: verbs and nouns that go with everything."""


@lru_cache(maxsize=1)
def _grammars() -> dict[str, Grammar]:
    told = tomllib.loads(resources.files("assistant.languages").joinpath("grammar.toml").read_text("utf-8"))
    known = {one.name for one in fields(Grammar)}
    return {
        code: Grammar(**{name: frozenset(words.split()) for name, words in table.items() if name in known})
        for code, table in told.items()
    }


def grammar_of(code: str) -> Grammar:
    """The grammar of a language. Args: code: `und` counts as English."""
    return _grammars().get("en" if code == "und" else code, _NONE)


_NONE = Grammar()
