"""The words that a draft may take from elsewhere: what its evidence says, what the person asked for, what things are called."""

import re

from assistant.domain.draft import Draft
from assistant.domain.text import content_words, stem

_NAMED = re.compile(r"«([^»]+)»")


def heard(draft: Draft) -> frozenset[str]:
    """Stems of the words of the draft's quotes, its brief, and the names of its themes and segments."""
    named = [name for one in draft.selections.values() for name in _NAMED.findall(one.rule)]
    said = [quote.text for quote in draft.quotes.values()]
    return frozenset(stem(word) for text in (draft.brief, *said, *named) for word in content_words(text))


def says_only(words: str, vocabulary: frozenset[str]) -> bool:
    """Whether all that words say was heard."""
    stems = {stem(word) for word in content_words(words)}
    return bool(stems) and stems <= vocabulary
