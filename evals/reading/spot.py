"""Places in a draft's prose where something stands that must not, and the findings about them."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from assistant.stores.port import CorpusRows
from evals.once import once_each
from evals.reading.prose import places
from evals.view import EvidenceView


class Spot(NamedTuple):
    """What was seen in a text: offsets, end exclusive, and a sentence about it."""

    start: int
    end: int
    message: str


Look = Callable[[str], Iterable[Spot]]


def blocking(grader: str, draft: Draft, look: Look, fix: str = "Take it out.") -> list[Finding]:
    """A blocking finding for each spot in the draft's prose. Steps and reasons repeat: each text is looked at once."""
    seen = {text: tuple(look(text)) for text in dict.fromkeys(place.text for place in places(draft))}
    return [
        Finding(
            grader=grader,
            severity=Severity.block,
            target=place.target,
            span=(spot.start, spot.end),
            message=spot.message,
            fix=fix,
        )
        for place in places(draft)
        for spot in seen[place.text]
    ]


def on_record(draft: Draft, view: EvidenceView) -> str:
    """What the draft's prose may name because somebody else did: the brief, the quotes, titles, sources, accounts, segments."""
    return "\n".join([_of_the_draft(draft, view), _listed(view.corpus)])


def words_on_record(draft: Draft, view: EvidenceView) -> frozenset[str]:
    """The words of `on_record`, casefolded."""
    return _words(_of_the_draft(draft, view)) | _words_of_names(view.corpus)


def _of_the_draft(draft: Draft, view: EvidenceView) -> str:
    titles = sorted({record.title for record in view.records.values() if record.title})
    return "\n".join([draft.brief, *(quote.text for quote in draft.quotes.values()), *titles])


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", text.casefold()))


@once_each
def _listed(corpus: CorpusRows) -> str:
    # 100,000 records have 20,000 accounts: sorting them for each draft takes 50 ms.
    return "\n".join(sorted(names_of(corpus)))


@once_each
def _words_of_names(corpus: CorpusRows) -> frozenset[str]:
    return _words(_listed(corpus))


@once_each
def names_of(corpus: CorpusRows) -> frozenset[str]:
    """Names of the corpus' sources and accounts, and the values of its segments."""
    values = {value for row in corpus.segments for value in row.values()}
    return frozenset({*values, *corpus.source, *(name for name in corpus.account if name)})
