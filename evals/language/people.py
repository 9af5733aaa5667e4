"""Names of people in prose: runs of capitalised words that nobody on record uses, and whether they are told of as a person. Pure."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.domain.text import STOP_WORDS

_PART = r"[A-ZÀ-ÖØ-ÞŁŚŽČŠ][a-zà-öø-ÿłśžčšąęńćż]+(?:['’-][A-ZÀ-ÖØ-ÞŁŚŽČŠ]?[a-zà-öø-ÿłśžčšąęńćż]+)*"
_BETWEEN = r"(?: (?:[A-Z]\.|van|von|de|der|da|di|del|la|le|al|bin|ben|zu|dos|du|ter|den))*"
_RUN = re.compile(rf"(?<![\w'’-]){_PART}(?:{_BETWEEN} {_PART})+(?![\w-])")
_TITLED = re.compile(
    rf"(?<![\w'’-])(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Herrn?|Frau|Monsieur|Madame|Mme|Mlle|Se[ñn]or(?:a|ita)?|Sra?|Signora?)\.? {_PART}(?:{_BETWEEN} {_PART})*"
)
_TOLD_BEFORE = re.compile(
    r"(?:\b(?:contact|contacts|ask|call|e-?mail|write to|speak (?:to|with)|talk (?:to|with)|thanks to|according to|in the words of|(?:written|said|told|sent|reported|signed|filed|asked|raised|named|noted|confirmed) by"
    r"|says?|said|writes|wrote|asks|named|called|interview with|author|reporter|laut|nach|von)\b:?|[–—-])\s*\Z",
    re.IGNORECASE,
)
_TOLD_AFTER = re.compile(
    r"\s*(?:['’]s\b|\((?:[a-z]|\d)|,\s*(?:an?\b|the\b|our\b|head\b|chief\b|owner\b|lead\w*\b|director\b|manager\b|founder\b|[a-z]+er\b|[a-z]+ist\b|[a-z]+ant\b|c[etfop]o\b|who\b|vice\b|senior\b|aged?\b|\d)"
    r"|(?:also |even |once |himself |herself |themselves |then |just |has |had |have )*(?:wrote|writes?|written|says?|said|asks?|asked|tells?|told|reports?|reported|complain\w*|agree[sd]?|confirm\w*|calls?|called|claims?|claimed|wants?|wanted"
    r"|needs?|needed|suggests?|suggested|notes?|noted|mention\w*|sent|filed|raised|adds|added|thinks?|feels?|left|quit|churned|works?|lives?|loses?|lost|hates?|loves?|schrieb|schreibt|sagt|écrit|dit|escribe|dice)\b"
    r"|(?:of|from|at|bei|von|chez) [A-Z])"
)


class Named(NamedTuple):
    """A run of words that looks like a person's name. Offsets, end exclusive."""

    start: int
    end: int
    told: bool
    """Whether the sentence treats it as a person; else it may be the name of a thing."""


def people_named(text: str, known: Callable[[str], bool]) -> Iterator[Named]:
    """Names in a text. Args: known: whether somebody on record uses a word or a run of words."""
    taken: list[tuple[int, int]] = []
    for match in _TITLED.finditer(text):
        if not known(match.group()):
            taken.append(match.span())
            yield Named(*match.span(), True)
    for match in _RUN.finditer(text):
        start = match.start()
        first = match.group().split(" ", 1)
        if first[0].casefold() in STOP_WORDS or _TOLD_BEFORE.fullmatch(first[0]):
            # A capital at the beginning of a sentence names nobody.
            start += len(first[0]) + 1
        name = text[start : match.end()]
        overlaps = any(begin < match.end() and start < end for begin, end in taken)
        if overlaps or " " not in name or known(name) or any(known(part) for part in name.split()):
            continue
        told = _TOLD_BEFORE.search(text[:start]) or _TOLD_AFTER.match(text, match.end())
        yield Named(start, match.end(), told is not None)
