"""Text that is about writing the text: there is nothing to add, it comes later, it stands elsewhere. English, German where simple."""

import re

from assistant.domain.text import content_words, stem
from evals.language.references import without_references

_WORDS = """add added write wrote written rewrite note noted mention mentioned say said describe described discuss discussed talk agree agreed explain fill filled
complete completed insert provide provided supply supplied update updated draft drafted edit elaborate expand follow follows come comes coming arrive
deliver continue continued see refer consult check cf find found look text section paragraph chapter content detail details information info word
words line sentence page wiki document doc link file appendix sheet slide deck ticket thread folder drive intranet meeting workshop call email mail
minutes memo presentation spec specification attachment here there now later soon next time moment present currently today tomorrow week month sprint
release round iteration version shortly meanwhile yet still date stage point step further nothing none anything something everything n/a na applicable
relevant available special particular specific noteworthy comment remark obvious obviously self-explanatory evident known usual standard common clear
same previous last above below before already elsewhere blank empty intentionally deliberately left leave space reserved placeholder watch pending
outstanding awaiting tbd hier folgt folgen später noch nichts ergänzen siehe seite dokument abschnitt inhalt besprochen bekannt oben unten nächste
woche bald"""
_OF_WRITING = frozenset(stem(word) for word in _WORDS.split())
"""An honest `Nothing stands out` or `No record speaks of this` says something of the evidence; none of these words does."""


def says_only_where(text: str) -> bool:
    """Whether a text says nothing but that it is elsewhere, to come, or not needed."""
    if re.search(r"\{\w+\}", text):
        return False
    return all(stem(word) in _OF_WRITING for word in content_words(without_references(text)))
