"""The words that name what people write about, in the language they write in."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from assistant.domain.languages import by_script, names_in, whole_names
from assistant.domain.text import content_words

_UNSPACED = frozenset({"ja", "zh"})
_CAPITALISED = "de"
"""Here nouns are written with a capital letter."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Said(Protocol):
    """A text as it was read."""

    @property
    def text(self) -> str:
        """Cleaned."""
        ...

    @property
    def language(self) -> str: ...


def name_words(text: str, language: str) -> list[str]:
    """Words of a text that may name its subject, in order. Args: text: in lower case."""
    code = by_script(text) if language == "und" else language
    return names_in(text, code) if code in _UNSPACED else content_words(text, language)


def named_by(question: str) -> tuple[str, ...]:
    """The words of a brief that name its subject."""
    words = name_words(question.casefold(), "und")
    whole = whole_names(Counter(words))
    return tuple(word for word in dict.fromkeys(words) if word in whole)


def as_written(label: str, sayings: Iterable[Said]) -> str:
    """A label as its language writes it: German nouns with a capital letter."""
    counts: dict[str, Counter[str]] = {word: Counter() for word in _WORD.findall(label)}
    for saying in sayings:
        if saying.language == _CAPITALISED:
            for word in _WORD.findall(saying.text):
                if word.casefold() in counts:
                    counts[word.casefold()][word] += 1
    forms = {
        word: min(found, key=lambda form: (-found[form], form)) for word, found in counts.items() if found
    }
    return _WORD.sub(lambda match: forms.get(match[0], match[0]), label)
