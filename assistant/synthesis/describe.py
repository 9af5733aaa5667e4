"""Themes as people read them: counted, named and quoted over the records of now. Made again whenever anything changed."""

from dataclasses import replace

import numpy as np

from assistant.domain.base import digest
from assistant.domain.personal.find import find_personal
from assistant.domain.theme import Exemplar, NamedBy, Theme, ThemeSet
from assistant.domain.theme_facts import ThemeFacts
from assistant.jobs.port import Progress
from assistant.search.instructions import is_instruction_like
from assistant.stores.port import CorpusRows
from assistant.stores.theme_port import ThemeState
from assistant.synthesis.areas import spread_of
from assistant.synthesis.exemplars import READ, exemplars_of
from assistant.synthesis.facts import facts_of
from assistant.synthesis.material import Material, Spoken
from assistant.synthesis.members import LEAST_STATEMENTS, Members, counted, members_of
from assistant.synthesis.titles import titles_of
from assistant.synthesis.tree import remembered

_SHOWN = 3
"""Goes up when the same themes would be shown differently."""


def stamp_of(corpus: CorpusRows, state: ThemeState) -> str:
    """Hash of everything that the themes of now are counted over."""
    ledger = corpus.ledger
    return digest(
        _SHOWN,
        corpus.snapshot,
        sorted(ledger.twins),
        sorted(ledger.apart),
        sorted(ledger.people.items()),
        state.run.model_dump(mode="json"),
        [node.model_dump(mode="json") for node in state.nodes],
        state.steered,
    )


def described(material: Material, state: ThemeState, progress: Progress) -> ThemeSet:
    """Count, name and quote every theme that has members, largest first within its parent."""
    tree = remembered(state.nodes, material.rows)
    customers = material.customers
    everything, everyone = counted(material, customers)
    held = [one for one in members_of(material, tree) if len(one.statements)]
    read: list[list[Spoken]] = []
    quotes: list[tuple[Exemplar, ...]] = []
    for done, one in enumerate(held):
        read.append(material.read(one.central[:READ].tolist()))
        # While its records are at hand: those of all themes are not.
        quotes.append(exemplars_of(material, one, read[-1]))
        progress(done, len(held), "reading themes")
    named = _named(held, read)
    facts, of_all = facts_of(material.matrix, [one.records for one in held], everything, customers)
    themes = [
        _theme(one, name, keywords, quoted, len(everyone), counted_facts)
        for one, (name, keywords), quoted, counted_facts in zip(held, named, quotes, facts, strict=True)
    ]
    return ThemeSet(
        run=state.run,
        stamp=stamp_of(material.matrix.rows, state),
        statements=len(material.rows.keys),
        waiting=len(customers) - len(np.unique(material.record[tree.leaf[material.rows.text] >= 0])),
        records=len(everything),
        people=len(everyone),
        changes=state.changes,
        facts=of_all,
        themes=_in_order(themes),
    )


def _named(held: list[Members], read: list[list[Spoken]]) -> list[tuple[str, tuple[str, ...]]]:
    """Name and keywords of each theme: told from the others of its level, and the parts of a theme from each other."""
    found: list[tuple[str, tuple[str, ...]]] = [("", ())] * len(held)
    beside: dict[tuple[int, str | None], list[int]] = {}
    # The larger theme has the first choice of a name.
    for place in sorted(range(len(held)), key=lambda place: _largest_first(held[place])):
        node = held[place].node
        beside.setdefault((node.level, node.parent if node.level == 3 else None), []).append(place)
    texts = [[_nameable(read[place]) for place in beside.get((level, None), [])] for level in (1, 2)]
    spread = spread_of(*([one for one in level if len(one) >= LEAST_STATEMENTS] for level in texts))
    parts: dict[str | None, list[str]] = {}
    # Areas come last: what their themes are called is what they may be called by.
    for (level, _), places in sorted(beside.items(), key=lambda one: (one[0][0] == 1, one[0][0])):
        labels = titles_of(
            [_nameable(read[place]) for place in places],
            [held[place].node.name for place in places],
            spread=spread,
            parts=[parts.get(held[place].node.id, []) for place in places] if level == 1 else (),
        )
        for place, label in zip(places, labels, strict=True):
            found[place] = label.name, label.keywords
            if level == 2 and len(held[place].statements) >= LEAST_STATEMENTS:
                parts.setdefault(held[place].node.parent, []).append(held[place].node.name or label.name)
    return found


def _largest_first(one: Members) -> tuple[int, int, str]:
    return -len(one.people), -len(one.records), one.node.id


def _nameable(sayings: list[Spoken]) -> list[Spoken]:
    """The same without what may name nothing: personal data, and text that gives orders to a machine.

    Half of an e-mail address is a word like others, and so is what an attacker wants to be read.
    """
    return [
        replace(one, text="" if is_instruction_like(one.text) else _without_personal(one.text))
        for one in sayings
    ]


def _without_personal(text: str) -> str:
    for span in reversed(find_personal(text)):
        text = f"{text[: span.start]} … {text[span.end :]}"
    return text


def _theme(
    one: Members,
    label: str,
    keywords: tuple[str, ...],
    quotes: tuple[Exemplar, ...],
    everyone: int,
    facts: ThemeFacts,
) -> Theme:
    node = one.node
    return Theme(
        id=node.id,
        level=node.level,
        parent=node.parent,
        name=node.name or label,
        named_by=node.named_by if node.name else NamedBy.keywords,
        summary=node.summary,
        keywords=keywords,
        statements=len(one.statements),
        records=len(one.records),
        people=len(one.people),
        share=len(one.people) / everyone if everyone else 0.0,
        is_single_voice=len(one.statements) < LEAST_STATEMENTS,
        quotes=quotes,
        facts=facts,
        removed=node.removed,
    )


def _in_order(themes: list[Theme]) -> tuple[Theme, ...]:
    """Each theme behind its parent, largest first."""
    below: dict[str | None, list[Theme]] = {}
    for theme in themes:
        below.setdefault(theme.parent, []).append(theme)
    found: list[Theme] = []

    def walk(parent: str | None) -> None:
        for theme in sorted(below.get(parent, ()), key=lambda one: (-one.people, -one.records, one.id)):
            found.append(theme)
            walk(theme.id)

    walk(None)
    return tuple(found)
