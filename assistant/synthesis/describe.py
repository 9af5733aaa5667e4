"""Themes as people read them: counted, named and quoted over the records of now. Made again whenever anything changed."""

import numpy as np

from assistant.domain.base import digest
from assistant.domain.theme import NamedBy, Theme, ThemeSet
from assistant.jobs.port import Progress
from assistant.stores.port import CorpusRows
from assistant.stores.theme_port import ThemeState
from assistant.synthesis.exemplars import READ, exemplars_of
from assistant.synthesis.labels import labels_of
from assistant.synthesis.material import Material, Spoken
from assistant.synthesis.members import LEAST_STATEMENTS, Members, counted, members_of
from assistant.synthesis.tree import remembered


def stamp_of(corpus: CorpusRows, state: ThemeState) -> str:
    """Hash of everything that the themes of now are counted over."""
    ledger = corpus.ledger
    return digest(
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
    for done, one in enumerate(held):
        read.append(material.read(one.central[:READ].tolist()))
        progress(done, len(held), "reading themes")
    named = _named(held, read)
    themes = [
        _theme(material, one, name, keywords, central, len(everyone))
        for one, (name, keywords), central in zip(held, named, read, strict=True)
    ]
    return ThemeSet(
        run=state.run,
        stamp=stamp_of(material.matrix.rows, state),
        statements=len(material.rows.keys),
        waiting=len(customers) - len(np.unique(material.record[tree.leaf[material.rows.text] >= 0])),
        records=len(everything),
        people=len(everyone),
        changes=state.changes,
        themes=_in_order(themes),
    )


def _named(held: list[Members], read: list[list[Spoken]]) -> list[tuple[str, tuple[str, ...]]]:
    """Name and keywords of each theme: told from the others of its level, and the parts of a theme from each other."""
    found: list[tuple[str, tuple[str, ...]]] = [("", ())] * len(held)
    beside: dict[tuple[int, str | None], list[int]] = {}
    for place, one in enumerate(held):
        beside.setdefault((one.node.level, one.node.parent if one.node.level == 3 else None), []).append(
            place
        )
    for places in beside.values():
        for place, label in zip(places, labels_of([read[place] for place in places]), strict=True):
            found[place] = label.name, label.keywords
    return found


def _theme(
    material: Material,
    one: Members,
    label: str,
    keywords: tuple[str, ...],
    central: list[Spoken],
    everyone: int,
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
        quotes=exemplars_of(material, one, central),
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
