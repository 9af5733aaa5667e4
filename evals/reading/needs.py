"""The needs that a draft looked at, each with those whom it troubles and those who are content, as its selections say."""

import re
from typing import NamedTuple

from assistant.domain.draft import Draft
from assistant.domain.fact import Selection

_TROUBLED, _CONTENT = "complain, ask for something", "praise it"
_RULE = re.compile(rf"of those close to «(?P<name>[^»]+)»: the ones that (?P<side>{_TROUBLED}|{_CONTENT})")


class Need(NamedTuple):
    """Both sides of a need."""

    name: str
    troubled: Selection
    content: Selection


def needs(draft: Draft) -> list[Need]:
    """Needs of which both sides were looked for, in the order of their selections."""
    sides: dict[str, dict[str, Selection]] = {}
    for one in draft.selections.values():
        if rule := _RULE.match(one.rule):
            sides.setdefault(rule["name"], {}).setdefault(rule["side"], one)
    return [
        Need(name, held[_TROUBLED], held[_CONTENT])
        for name, held in sides.items()
        if _TROUBLED in held and _CONTENT in held
    ]
