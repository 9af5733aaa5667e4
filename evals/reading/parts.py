"""What the rule of a selection says that it holds: which need, and which part of it."""

import re
from enum import StrEnum

from assistant.domain.draft import Draft
from assistant.domain.fact import Selection
from evals.once import once_each
from evals.reading.selected import members_of

_LABEL = re.compile(r"«([^»]+)»")
NAMING = re.compile(r"\b(?:whose passage names|that name) (.+)\Z", re.DOTALL)
_LISTED = re.compile(r", | or | and ")


class Part(StrEnum):
    """Which of those that have a need a selection holds."""

    whole = "whole"
    troubled = "troubled"
    content = "content"
    judging = "judging"
    wishing = "wishing"
    naming = "naming"
    nobody = "nobody"
    other = "other"
    """A rule in other words than ours; nothing is concluded from it."""


_SAID = (
    ("the ones that complain, ask for something", Part.troubled),
    ("the ones that complain, ask or praise", Part.judging),
    ("the ones that praise it", Part.content),
    ("the ones that word the same wish", Part.wishing),
    ("records with a passage close to", Part.whole),
    ("none: ", Part.nobody),
)
WIDE = frozenset({Part.whole, Part.troubled, Part.judging})
"""Parts that a need may be told by as it is."""


@once_each
def part_of(selection: Selection) -> Part:
    """What of a need a selection holds, by its rule. One without records holds nobody, whatever it was searched for."""
    if not selection.record_ids:
        return Part.nobody
    if NAMING.search(selection.rule):
        return Part.naming
    return next((part for said, part in _SAID if said in selection.rule), Part.other)


@once_each
def label_of(selection: Selection) -> str:
    """The need that a rule names, casefolded; "" where it names none."""
    named = _LABEL.search(selection.rule)
    return named.group(1).casefold() if named else ""


@once_each
def names_of(selection: Selection) -> frozenset[str]:
    """What the passages of a part name, casefolded: `slowness`, `csv`."""
    listed = NAMING.search(selection.rule)
    return frozenset(_LISTED.split(listed.group(1).casefold())) if listed else frozenset()


@once_each
def needs_of(draft: Draft) -> dict[str, frozenset[str]]:
    """Selection → labels of the needs that hold all its records. Its own need's, and by chance those of others."""
    wide = [(label_of(one), members_of(one)) for one in draft.selections.values() if part_of(one) in WIDE]
    return {
        name: frozenset(label for label, members in wide if members_of(one) <= members)
        | ({label_of(one)} - {""})
        for name, one in draft.selections.items()
    }
