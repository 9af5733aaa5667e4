"""Sentences of connecting text that state something about the world instead of about the document. Pure functions."""

import re

from assistant.domain.text import content_words, sentences, stem

_ABOUT = """evidence record feedback scope theme brief draft document summary section table list page quote source claim fact number count target bound baseline
assumption question story requirement criterion priority risk goal metric scenario finding appendix below above following voice statement counter-evidence
measured log embedder interval label"""
_DOCUMENT = frozenset(stem(word) for word in _ABOUT.split())
_SAID = re.compile(
    r"\b(?:say|says|said|write|writes|wrote|written|stated|name|names|named|ask|asks|asked|mention\w*|speak|speaks|told|known|stands? out|rests?|means?|see)\b",
    re.IGNORECASE,
)


def states_the_world(text: str) -> list[tuple[int, int]]:
    """Spans of sentences that speak neither of the document and its evidence nor of what people say in it; questions don't state."""
    return [
        (start, end)
        for start, end in sentences(text)
        if len(content_words(text[start:end])) >= 2
        and not text[start:end].rstrip().endswith("?")
        and not _DOCUMENT & {stem(word) for word in content_words(text[start:end])}
        and not _SAID.search(text[start:end])
    ]
